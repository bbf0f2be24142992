#include "src/directory/libraries.h"

#include "src/directory/wire.h"

#include <gnutls/gnutls.h>
#include <sasl/sasl.h>

void libraries_tell(struct record *record)
{
    LDAPAPIInfo info = {.ldapai_info_version = LDAP_API_INFO_VERSION};
    const char *vendor;
    int version;
    if (ldap_get_option(NULL, LDAP_OPT_API_INFO, &info) == LDAP_OPT_SUCCESS) {
        record_ours(record, "libldap", "%s %d", info.ldapai_vendor_name,
                    info.ldapai_vendor_version);
        ldap_memfree(info.ldapai_vendor_name);
        ber_memvfree((void **)info.ldapai_extensions);
    }
    sasl_version(&vendor, &version);
    record_ours(record, "libsasl", "%s %d.%d.%d", vendor, version >> 24, version >> 16 & 0xFF,
                version & 0xFFFF);
    record_ours(record, "kerberos", "%s (built with)", DCMEND_KRB5);
    record_ours(record, "gnutls", "%s", gnutls_check_version(NULL));
}
