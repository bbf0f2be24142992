/* libldap for everyone who reads. The names of its modifying calls are poisoned here, and this is
 * the only header through which the sources that talk LDAP reach <ldap.h> (tests/lint holds that);
 * write.c alone defines DCMEND_WRITE_SITE. */
#ifndef DCMEND_WIRE_H
#define DCMEND_WIRE_H

#include <lber.h>
#include <ldap.h>

#ifndef DCMEND_WRITE_SITE
#pragma GCC poison ldap_modify_ext ldap_modify_ext_s ldap_add_ext ldap_add_ext_s
#pragma GCC poison ldap_delete_ext ldap_delete_ext_s ldap_rename ldap_rename_s
#pragma GCC poison ldap_passwd ldap_passwd_s ldap_txn_start ldap_txn_start_s ldap_txn_end
#pragma GCC poison ldap_extended_operation ldap_extended_operation_s
#endif

#endif
