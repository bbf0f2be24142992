/* What `check --every-dc` adds to the page and to the JSON object: who holds what, DSAs that only
 * some DCs know, and the DCs that were not read. */
#ifndef DCMEND_UI_BATCH_EVERY_H
#define DCMEND_UI_BATCH_EVERY_H

#include "src/base/str.h"
#include "src/jobs/every_dc.h"

#include <jansson.h>
#include <stdbool.h>

/* "dcs" and "dsas_on_some" of the object; "on" and "elsewhere" of a finding. */
void batch_every_json(json_t *object, const struct every_dc *every);
void batch_every_json_finding(json_t *object, const struct every_dc *every,
                              const struct scan_finding *finding);

/* The sections below the table; nothing where all is the same. */
void batch_every_text(struct str *out, const struct every_dc *every, int columns, bool plain);

#endif
