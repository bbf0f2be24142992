/* Whether a security descriptor lets somebody read one attribute of its object (MS-DTYP 2.4.4 to
 * 2.4.6, MS-ADTS 5.1.3.3). Pure; the bytes may be hostile. */
#ifndef DCMEND_ACCESS_H
#define DCMEND_ACCESS_H

#include "src/base/str.h"
#include "src/model/server.h"

#include <stddef.h>

/* A binary SID as text ("S-1-5-21-..."), owned by the caller; NULL when it is none. */
char *access_sid_text(const void *bytes, size_t len);

/* For serverReference of a server object. `sids` is the reader's whole token. FLAG_UNKNOWN: the
 * descriptor is damaged, the token is empty, or a conditional entry decides. */
enum server_flag access_may_read_reference(const void *descriptor, size_t len,
                                           const struct strs *sids);

/* The same for servicePrincipalName of a computer account. */
enum server_flag access_may_read_spns(const void *descriptor, size_t len, const struct strs *sids);

#endif
