/* Error codes and event ids: what they mean, and which are ours. */
#ifndef DCMEND_INTAKE_CODES_H
#define DCMEND_INTAKE_CODES_H

#include "src/model/subject.h"

#include <stdbool.h>

enum { ERROR_NO_SERVER_REFERENCE = 8589, ERROR_DOMAIN_GONE = 8603 };

const char *code_text(long code); /* what it means, in a few words; NULL when not known */
long plain_code(long number);     /* an HRESULT or NTSTATUS made a Win32 code where it is one */

bool event_is_ours(long id, enum subject_source *out); /* out NULL: not wanted */
const char *event_text(long id); /* what another event is about; NULL when not known */
bool event_is_known(long id);    /* one of both */

#endif
