/* Error codes and event ids: which numbers are one, and which are ours. */
#ifndef DCMEND_INTAKE_CODES_H
#define DCMEND_INTAKE_CODES_H

#include "src/model/subject.h"
#include "src/remedy/intake/tokens.h"

#include <stdbool.h>

enum { ERROR_NO_SERVER_REFERENCE = 8589, ERROR_DOMAIN_GONE = 8603 };

bool code_is_fault(long code); /* one of both */
/* A number is a code where it is ours, and where what stands around it says so. */
bool is_code(const struct token *token, const char *start, long *code);
/* The code that [value, end) of a line states, one of ours before any other. */
bool find_code(const char *start, const char *value, const char *end, long *code);

long event_id(const char *value, const char *end);     /* 1411, 0xC0000583 and the like; 0: none */
bool event_is_ours(long id, enum subject_source *out); /* out NULL: not wanted */
const char *event_text(long id); /* what another event is about; NULL when not known */
bool event_is_known(long id);    /* one of both */

#endif
