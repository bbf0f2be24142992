/* What stands in every directory, and names nobody. */
#include "src/remedy/anonymize_parts.h"

#include <string.h>

/* Blanks between them; lower case. Types and attributes of DNs and filters; classes; containers and
 * accounts that each forest has; services of SPNs; what a rootDSE says; values; top-level domains.
 */
static const char known[] =
    "cn ou dc guid sid objectclass objectguid objectsid objectcategory dnshostname "
    "samaccountname serviceprincipalname serverreference serverreferencebl primarygroupid "
    "msdfsr-computerreference frscomputerreference invocationid ncname systemflags isdeleted "
    "useraccountcontrol msds-hasdomainncs msds-hasmasterncs hasmasterncs options "
    "top person organizationalperson user computer server ntdsdsa ntdsdsaro applicationsettings "
    "crossref crossrefcontainer site sitescontainer serverscontainer domain domaindns leaf "
    "configuration dmd msdfsr-member msdfsr-topology ntfrsmember ntfrssettings container group "
    "contact samdomain samdomainbase msds-managedserviceaccount msds-groupmanagedserviceaccount "
    "foreignsecurityprincipal organizationalunit nttdsservice ntdsservice lostandfound "
    "inetorgperson "
    "sites servers ntds settings partitions schema services windows nt directory service system "
    "dfsr-globalsettings topology volume file replication controllers lostandfoundconfig deleted "
    "objects users computers builtin default-first-site-name domaindnszones forestdnszones "
    "ntds-dsa ntds-dsa-ro member dfsr dfsr-localsettings subscriptions sysvol subscription cnf del "
    "administrator administrators guest krbtgt "
    "ldap ldaps host gc dns cifs http https rpc termsrv wsman restrictedkrbhost kadmin changepw "
    "nfs ftp ntfrs-88f5d2bd-b646-11d2-a6d3-00c04fc9b232 dfsr-12f9a27c-bf97-4787-9364-d31b6c55eb04 "
    "e3514235-4b06-11d1-ab04-00c04fc2dcd2 gssapi gss-spnego external digest-md5 ntlm enterprise "
    "samba team www org "
    "true false com net local lan corp internal int edu gov home localdomain arpa ";

bool words_are_known(const char *folded)
{
    size_t len = strlen(folded);
    for (const char *at = strstr(known, folded); at; at = strstr(at + 1, folded))
        if ((at == known || at[-1] == ' ') && at[len] == ' ')
            return true;
    return false;
}

/* What AD makes of a name that two accounts were given: "$DUPLICATE-44f". */
static bool is_duplicate(const char *folded)
{
    return strncmp(folded, "duplicate-", strlen("duplicate-")) == 0;
}

/* "20261122150311", "2026-11-22T15", "11Z", "0x200": no letters but a time's. */
static bool is_number(const char *folded)
{
    size_t len = strlen(folded);
    return *folded >= '0' && *folded <= '9' &&
           (strspn(folded, "0123456789-tz") == len ||
            (folded[1] == 'x' && strspn(folded + 2, "0123456789abcdef") == len - 2));
}

bool words_are_bytes(const char *attribute)
{
    static const char *const names[] = {"objectGUID",          "invocationId", "objectSid",
                                        "tokenGroups",         "repsFrom",     "repsTo",
                                        "nTSecurityDescriptor"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_same_case(attribute, names[i]))
            return true;
    return false;
}

bool words_stay(const char *folded)
{
    struct guid guid;
    return strlen(folded) < 2 || *folded == '_' || is_number(folded) || words_are_known(folded) ||
           guid_parse(folded, &guid) || is_duplicate(folded) ||
           (strncmp(folded, "s-1-", 4) == 0 && strncmp(folded, "s-1-5-21-", 9) != 0);
}
