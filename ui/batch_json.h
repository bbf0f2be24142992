/* What was found about one DSA as JSON: the fields of design.md section 2, which programs rely on.
 * New fields may be added; none changes its meaning. */
#ifndef DCMEND_BATCH_JSON_H
#define DCMEND_BATCH_JSON_H

#include "src/base/err.h"
#include "src/base/str.h"
#include "src/model/facts.h"
#include "src/model/verdict.h"

#include <jansson.h>
#include <time.h>

/* {"schema":1,"version":"..","checked_at":".."}: how every object begins. */
json_t *batch_json_object(void);
/* The object for one DSA; the caller's reference. */
json_t *batch_json_finding(const struct facts *facts, const struct verdict *verdict);
/* ... "error":"One sentence. The next step.","error_code":"refused"} */
json_t *batch_json_error(const struct err *err);

/* Text for a field; NULL gives null. A DN stays as the server gave it, as long as that is UTF-8; a
 * sentence is cleaned. */
json_t *batch_json_dn(const char *dn);
json_t *batch_json_text(const char *sentence);
json_t *batch_json_time(time_t when); /* "2026-11-22T15:03:11Z"; 0 gives null */

/* Adds the object and a newline, all on one line and without a control character: what jansson
 * leaves as it is but a terminal would obey stands as \uXXXX. Steals the reference. */
void batch_json_add(struct str *out, json_t *object);

#endif
