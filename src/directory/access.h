/* Whether a security descriptor lets somebody read one attribute of its object (MS-DTYP 2.4.4 to
 * 2.4.6, MS-ADTS 5.1.3.3). Pure; the bytes may be hostile. */
#ifndef DCMEND_ACCESS_H
#define DCMEND_ACCESS_H

#include "src/base/str.h"
#include "src/model/guid.h"
#include "src/model/server.h"

#include <stddef.h>

/* `tree` is the way from the object's class down to the attribute: schemaIDGUIDs of the class, of
 * the property set if there is one, and of the attribute. `sids` is the reader's whole token.
 * FLAG_UNKNOWN: the descriptor is damaged, the token is empty, or a conditional entry decides. */
enum server_flag access_may_read(const void *descriptor, size_t len, const struct strs *sids,
                                 const struct guid *tree, size_t levels);

/* A binary SID as text ("S-1-5-21-..."), owned by the caller; NULL when it is none. */
char *access_sid_text(const void *bytes, size_t len);

/* The same for serverReference of a server object. */
enum server_flag access_may_read_reference(const void *descriptor, size_t len,
                                           const struct strs *sids);

/* The same for servicePrincipalName of a computer account. */
enum server_flag access_may_read_spns(const void *descriptor, size_t len, const struct strs *sids);

#endif
