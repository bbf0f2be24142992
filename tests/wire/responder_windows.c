/* A Windows DC as public specifications and dumps show it (MS-ADTS; Server 2022). */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/model/dn.h"
#include "tests/wire/responder_parts.h"

#include <string.h>

/* S-1-5-21-1-2-3-1104: the user alone, neither Everyone nor Authenticated Users. */
static const char user_sid[] = "\1\5\0\0\0\0\0\5\25\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\120\4\0\0";

void windows_root(struct responder_entry *root)
{
    /* of a Server 2022, below 1.2.840.113556.1.4 */
    static const int controls[] = {319,  801,  473,  528,  417,  619,  841,  529,  805,  521,
                                   970,  1338, 474,  1339, 1340, 1413, 1504, 1852, 802,  1907,
                                   1948, 1974, 1341, 2026, 2064, 2065, 2066, 2090, 2205, 2204,
                                   2206, 2211, 2239, 2255, 2256, 2309, 2330, 2354};
    static const char *const lists[][2] = {{"supportedCapabilities", "1.2.840.113556.1.4.1791"},
                                           {"supportedCapabilities", "1.2.840.113556.1.4.1935"},
                                           {"supportedCapabilities", "1.2.840.113556.1.4.2080"},
                                           {"supportedCapabilities", "1.2.840.113556.1.4.2237"},
                                           {"supportedControl", "2.16.840.1.113730.3.4.9"},
                                           {"supportedControl", "2.16.840.1.113730.3.4.10"},
                                           {"supportedSASLMechanisms", "GSS-SPNEGO"},
                                           {"supportedSASLMechanisms", "EXTERNAL"},
                                           {"supportedSASLMechanisms", "DIGEST-MD5"}};
    responder_clear(root, "supportedControl");
    for (size_t i = 0; i < sizeof controls / sizeof *controls; i++) {
        char *oid = str_format("1.2.840.113556.1.4.%d", controls[i]);
        responder_value(root, "supportedControl", oid);
        free(oid);
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        responder_value(root, lists[i][0], lists[i][1]);
    responder_set(root, "isGlobalCatalogReady", "FALSE");
    responder_clear(root, "tokenGroups");
    responder_bytes(root, "tokenGroups", user_sid, sizeof user_sid - 1);
}

/* Recycled, whether or not there is a Recycle Bin. */
void windows_tombstone(struct responder_entry *entry)
{
    responder_set(entry, "isRecycled", "TRUE");
    responder_clear(entry, "primaryGroupID");
    responder_clear(entry, "sAMAccountType");
}

static bool is_indexed(const char *attribute)
{
    static const char *const indexed[] = {
        "objectGUID",           "sAMAccountName", "cn",
        "servicePrincipalName", "primaryGroupID", "msDFSR-ComputerReference",
        "frsComputerReference", "objectClass",    "objectCategory"};
    for (size_t i = 0; i < sizeof indexed / sizeof *indexed; i++)
        if (str_same_case(attribute, indexed[i]))
            return true;
    return false;
}

/* One part of an AND is enough; an OR needs it of each. */
static bool index_answers(const struct filter *filter)
{
    bool all = filter->kid_count > 0, any = false;
    if (filter->tag != LDAP_FILTER_AND && filter->tag != LDAP_FILTER_OR)
        return filter->attribute && filter->tag != LDAP_FILTER_PRESENT &&
               is_indexed(filter->attribute);
    for (size_t i = 0; i < filter->kid_count; i++) {
        bool answers = index_answers(&filter->kids[i]);
        all = all && answers;
        any = any || answers;
    }
    return filter->tag == LDAP_FILTER_AND ? any : all;
}

bool windows_walks(struct responder *responder, const struct filter *filter, const char *base)
{
    const struct responder_attribute *domain =
        tree_attribute(responder_root(responder), "defaultNamingContext");
    return responder->windows && domain && dn_equal(base, domain->values[0].bytes) &&
           !index_answers(filter);
}

/* The nearest object above a DN; nothing is said of one above a GUID. */
static const char *best_match(struct responder *responder, const char *dn)
{
    const char *best = "";
    for (size_t i = 0; i < responder->entry_count; i++) {
        const struct responder_entry *entry = responder->entries[i];
        if (*entry->dn && tree_visible(entry, false) && strlen(entry->dn) > strlen(best) &&
            dn_is_under(dn, entry->dn))
            best = entry->dn;
    }
    return best;
}

char *windows_words(struct responder *responder, int code, const char *dn)
{
    if (!responder->windows)
        return NULL;
    if (code == LDAP_REFERRAL)
        return mem_text("0000202B: RefErr: DSID-0310082F, data 0, 1 access points\n\tref 1: "
                        "'gc._msdcs.contoso.com:3268'\n");
    if (code == LDAP_NO_SUCH_OBJECT)
        return str_format("0000208D: NameErr: DSID-03100238, problem 2001 (NO_OBJECT), data 0, "
                          "best match of:\n\t'%s'\n",
                          best_match(responder, dn));
    return NULL;
}

void responder_put_said(struct responder *responder, BerElement *ber, const char *said)
{
    struct berval text = {.bv_len = said ? strlen(said) : 0, .bv_val = said ? (char *)said : ""};
    if (responder->windows && text.bv_len > 0)
        text.bv_len++;
    ber_printf(ber, "O", &text);
}
