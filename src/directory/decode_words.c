/* Tables only: each attribute has either names for single numbers or names for bits; where the
 * class decides, the row says which. Bits without a name are shown as hex. */
#include "src/directory/decode_words.h"

#include <inttypes.h>
#include <stddef.h>

struct word {
    uint32_t number;
    const char *text;
};

static const struct word account_bits[] = {
    {0x2, "disabled"},
    {0x8, "home folder required"},
    {0x10, "locked out"},
    {0x20, "no password required"},
    {0x40, "may not change its password"},
    {0x80, "reversible password"},
    {0x200, "user"},
    {0x800, "domain trust"},
    {0x1000, "workstation or server"},
    {0x2000, "domain controller"},
    {0x10000, "password never expires"},
    {0x40000, "smart card required"},
    {0x80000, "trusted for delegation"},
    {0x100000, "not delegated"},
    {0x200000, "DES keys only"},
    {0x400000, "no pre-authentication"},
    {0x800000, "password expired"},
    {0x1000000, "may act for others"},
    {0x4000000, "read-only DC"},
    {0, NULL},
};

static const struct word account_types[] = {
    {0x10000000, "group"},    {0x20000000, "local group"},  {0x30000000, "user"},
    {0x30000001, "computer"}, {0x30000002, "domain trust"}, {0, NULL},
};

static const struct word primary_groups[] = {
    {512, "Domain Admins"},
    {513, "Domain Users"},
    {514, "Domain Guests"},
    {515, "Domain Computers"},
    {516, "Domain Controllers"},
    {521, "Read-only Domain Controllers"},
    {0, NULL},
};

static const struct word levels[] = {
    {0, "Windows 2000"},           {1, "Windows Server 2003 interim"},
    {2, "Windows Server 2003"},    {3, "Windows Server 2008"},
    {4, "Windows Server 2008 R2"}, {5, "Windows Server 2012"},
    {6, "Windows Server 2012 R2"}, {7, "Windows Server 2016"},
    {10, "Windows Server 2025"},   {0, NULL},
};

static const struct word instance_bits[] = {
    {0x1, "head of a partition"},
    {0x2, "not instantiated"},
    {0x4, "writable"},
    {0x8, "partition above is held"},
    {0x10, "arriving for the first time"},
    {0x20, "being removed"},
    {0, NULL},
};

static const struct word group_bits[] = {
    {0x1, "built in"},  {0x2, "global"},          {0x4, "domain local"},
    {0x8, "universal"}, {0x80000000, "security"}, {0, NULL},
};

static const struct word system_bits[] = {
    {0x02000000, "stays in place when deleted"},
    {0x04000000, "may not be moved"},
    {0x08000000, "may not be renamed"},
    {0x10000000, "may be moved within limits"},
    {0x20000000, "may be moved"},
    {0x40000000, "may be renamed"},
    {0x80000000, "may not be deleted"},
    {0, NULL},
};

static const struct word cross_reference_bits[] = {
    {0x1, "partition of this forest"},
    {0x2, "domain"},
    {0x4, "not in the global catalog"},
    {0, NULL},
};

static const struct word attribute_bits[] = {
    {0x1, "not replicated"},
    {0x2, "in the global catalog"},
    {0x4, "constructed"},
    {0x10, "part of the base schema"},
    {0, NULL},
};

static const struct word dsa_bits[] = {
    {0x1, "global catalog"},
    {0x2, "inbound replication disabled"},
    {0x4, "outbound replication disabled"},
    {0x8, "connections not translated"},
    {0x10, "SPNs not registered"},
    {0x20, "makes its own topology"},
    {0, NULL},
};

static const struct word connection_bits[] = {
    {0x1, "made by the KCC"},       {0x2, "two-way"},
    {0x4, "own notification rule"}, {0x8, "notifies"},
    {0x10, "not compressed"},       {0x20, "schedule set by hand"},
    {0x40, "read-only topology"},   {0, NULL},
};

static const struct word site_bits[] = {
    {0x1, "no topology within the site"},
    {0x2, "no clean-up of topology"},
    {0x4, "no minimum hops"},
    {0x8, "stale servers not detected"},
    {0x10, "no topology between sites"},
    {0x20, "group memberships cached"},
    {0x40, "topology of Windows Server 2003"},
    {0x100, "bridgeheads not chosen at random"},
    {0x200, "schedules spread"},
    {0x400, "redundant connections"},
    {0, NULL},
};

static const struct {
    const char *attribute;
    const char *object_class; /* NULL: on any class */
    const struct word *words;
    bool bits;
} rows[] = {
    {"userAccountControl", NULL, account_bits, true},
    {"msDS-User-Account-Control-Computed", NULL, account_bits, true},
    {"sAMAccountType", NULL, account_types, false},
    {"primaryGroupID", NULL, primary_groups, false},
    {"msDS-Behavior-Version", NULL, levels, false},
    {"instanceType", NULL, instance_bits, true},
    {"groupType", NULL, group_bits, true},
    {"systemFlags", "crossRef", cross_reference_bits, true},
    {"systemFlags", "attributeSchema", attribute_bits, true},
    {"systemFlags", NULL, system_bits, true},
    {"options", "nTDSDSA", dsa_bits, true},
    {"options", "nTDSDSARO", dsa_bits, true},
    {"options", "nTDSConnection", connection_bits, true},
    {"options", "nTDSSiteSettings", site_bits, true},
};

static void add_bits(const struct word *words, uint32_t bits, struct str *out)
{
    const char *comma = "";
    for (; words->text; words++) {
        if ((bits & words->number) != words->number)
            continue;
        str_addf(out, "%s%s", comma, words->text);
        bits &= ~words->number;
        comma = ", ";
    }
    if (bits)
        str_addf(out, "%s0x%" PRIX32, comma, bits);
}

static const char *find_name(const struct word *words, uint32_t number)
{
    for (; words->text; words++)
        if (words->number == number)
            return words->text;
    return NULL;
}

bool words_add(const char *object_class, const char *attribute, int64_t number, struct str *out)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!str_same_case(rows[i].attribute, attribute) ||
            (rows[i].object_class && !str_same_case(rows[i].object_class, object_class)))
            continue;
        if (number < INT32_MIN || number > UINT32_MAX)
            return false;
        uint32_t value = (uint32_t)number; /* AD prints bit 31 as a sign */
        const char *name = rows[i].bits ? NULL : find_name(rows[i].words, value);
        if (!name && (!rows[i].bits || value == 0))
            return false;
        str_addf(out, "%" PRId64 " (", number);
        if (name)
            str_add(out, name);
        else
            add_bits(rows[i].words, value, out);
        str_addc(out, ')');
        return true;
    }
    return false;
}
