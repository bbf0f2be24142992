/* Where the operator keeps the certificates of trusted authorities and revocation lists: the only
 * settings of ldap.conf and LDAPTLS_* that are honoured. */
#ifndef DCMEND_CERTIFICATE_PLACES_H
#define DCMEND_CERTIFICATE_PLACES_H

#include "src/base/err.h"

struct certificate_places {
    char *authorities;     /* file, PEM; the system's bundle when nothing was said */
    char *authorities_dir; /* folder, or NULL */
    char *revoked;         /* file of CRLs, PEM, or NULL */
};

/* Reads /etc/openldap/ldap.conf, /etc/ldap/ldap.conf, ~/ldaprc, ~/.ldaprc and $LDAPCONF in this
 * order (never ./ldaprc), then LDAPTLS_CACERT, LDAPTLS_CACERTDIR and LDAPTLS_CRLFILE; named (NULL:
 * none) takes the place of all authorities. ERR_LOCAL: a
 * file that was named cannot be read. Blocks on files only. */
struct err *certificate_places_find(const char *named, struct certificate_places *places);
/* One file in ldap.conf's syntax; one that is not there counts as empty. */
void certificate_places_read(struct certificate_places *places, const char *path);
void certificate_places_release(struct certificate_places *places);

#endif
