/* What a refused modify means; pure, for write.c and its tests. */
#ifndef DCMEND_WRITE_PARTS_H
#define DCMEND_WRITE_PARTS_H

#include "src/base/err.h"
#include "src/model/change.h"

/* The meaning of LDAP result `code` to a change, from the product's diagnostic text (NULL allowed)
 * and the first referral (NULL). code is not success. The words stay in err->said. */
struct err *write_refusal(const char *host, const struct change *change, int code, const char *said,
                          const char *referral);

#endif
