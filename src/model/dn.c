/* libldap's ldap_str2dn() does the parsing (its pure string functions are the exemption that
 * design.md section 1 names); this file only takes the result apart. */
#include "src/model/dn.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"

#include <ldap.h>
#include <stdlib.h>
#include <string.h>

static bool is_utf8(LDAPDN dn)
{
    for (int i = 0; dn[i]; i++)
        for (int k = 0; dn[i][k]; k++) {
            const struct berval *value = &dn[i][k]->la_value;
            if (!(dn[i][k]->la_flags & LDAP_AVA_BINARY) &&
                !text_is_utf8(value->bv_val, value->bv_len))
                return false;
        }
    return true;
}

/* What is no UTF-8, escaped or not, is no DN: libldap would read it, but not write it again. */
static bool parse(const char *dn, LDAPDN *out)
{
    *out = NULL;
    if (!dn || !*dn || ldap_str2dn(dn, out, LDAP_DN_FORMAT_LDAPV3) != LDAP_SUCCESS || !*out)
        return false;
    if (is_utf8(*out))
        return true;
    ldap_dnfree(*out);
    *out = NULL;
    return false;
}

static char *print(LDAPDN dn)
{
    char *text = NULL;
    if (ldap_dn2str(dn, &text, LDAP_DN_FORMAT_LDAPV3 | LDAP_DN_PRETTY) != LDAP_SUCCESS)
        return NULL;
    char *copy = mem_text(text);
    ldap_memfree(text);
    return copy;
}

bool dn_is_valid(const char *dn)
{
    LDAPDN parsed;
    bool ok = parse(dn, &parsed);
    ldap_dnfree(parsed);
    return ok;
}

/* The bytes of dn behind the first unescaped comma, as the server wrote them. */
static const char *behind_first_rdn(const char *dn)
{
    bool quoted = false;
    for (; *dn; dn++) {
        if (*dn == '\\' && dn[1])
            dn++;
        else if (*dn == '"')
            quoted = !quoted;
        else if (*dn == ',' && !quoted)
            return dn + 1 + strspn(dn + 1, " ");
    }
    return NULL;
}

char *dn_ancestor(const char *dn, int levels)
{
    if (!dn_is_valid(dn))
        return NULL;
    for (; dn && levels > 0; levels--)
        dn = behind_first_rdn(dn);
    return dn && *dn ? mem_text(dn) : NULL;
}

char *dn_site(const char *server_dn)
{
    char *site = dn_ancestor(server_dn, 2), *name = site ? dn_rdn_value(site) : NULL;
    free(site);
    return name;
}

char *dn_parent(const char *dn)
{
    return dn_ancestor(dn, 1);
}

char *dn_rdn_value(const char *dn)
{
    LDAPDN parsed;
    char *value = NULL;
    if (parse(dn, &parsed) && parsed[0] && parsed[0][0])
        value = mem_textn(parsed[0][0]->la_value.bv_val, parsed[0][0]->la_value.bv_len);
    ldap_dnfree(parsed);
    return value;
}

/* A normal form to compare: values unescaped and escaped again by libldap, ASCII lowered. */
static char *normal(const char *dn)
{
    LDAPDN parsed;
    char *text = parse(dn, &parsed) ? print(parsed) : NULL;
    ldap_dnfree(parsed);
    char *lowered = text ? str_lower(text) : NULL;
    free(text);
    return lowered;
}

bool dn_equal(const char *a, const char *b)
{
    if (a && b && strcmp(a, b) == 0)
        return dn_is_valid(a); /* the usual case: one parse instead of two normal forms */
    char *x = normal(a), *y = normal(b);
    bool same = x && y && strcmp(x, y) == 0;
    free(x);
    free(y);
    return same;
}

bool dn_is_under(const char *dn, const char *base)
{
    char *x = normal(dn), *y = normal(base);
    bool under = false;
    if (x && y) {
        size_t lx = strlen(x), ly = strlen(y);
        under = lx >= ly && strcmp(x + lx - ly, y) == 0 && (lx == ly || x[lx - ly - 1] == ',');
    }
    free(x);
    free(y);
    return under;
}

/* A value made fit to stand in an RDN. */
static char *escape(const char *value)
{
    struct str s = STR_INIT;
    size_t len = strlen(value);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)value[i];
        bool edge = (i == 0 && (c == ' ' || c == '#')) || (i + 1 == len && c == ' ');
        if (c < 0x20 || c == 0x7F)
            str_addf(&s, "\\%02X", c);
        else if (edge || strchr(",+\"\\<>;=", c))
            str_addf(&s, "\\%c", c);
        else
            str_addc(&s, (char)c);
    }
    return str_steal(&s);
}

char *dn_child(const char *attribute, const char *value, const char *parent)
{
    char *escaped = escape(value);
    char *dn = str_format("%s=%s,%s", attribute, escaped, parent);
    free(escaped);
    return dn;
}

char *dn_to_dns(const char *dn)
{
    LDAPDN parsed;
    struct str s = STR_INIT;
    if (parse(dn, &parsed)) {
        for (int i = 0; parsed[i]; i++) {
            LDAPAVA *ava = parsed[i][0];
            bool dc = ava->la_attr.bv_len == 2 && strncasecmp(ava->la_attr.bv_val, "DC", 2) == 0;
            if (!dc) {
                str_clear(&s);
                continue;
            }
            if (s.len)
                str_addc(&s, '.');
            str_addn(&s, ava->la_value.bv_val, ava->la_value.bv_len);
        }
    }
    ldap_dnfree(parsed);
    if (s.len)
        return str_steal(&s);
    str_release(&s);
    return NULL;
}

char *dn_from_dns(const char *dns)
{
    struct str s = STR_INIT;
    while (*dns) {
        size_t len = strcspn(dns, ".");
        char *label = mem_textn(dns, len), *escaped = escape(label);
        if (len)
            str_addf(&s, "%sDC=%s", s.len ? "," : "", escaped);
        free(label);
        free(escaped);
        dns += len + (dns[len] == '.');
    }
    return str_steal(&s);
}

enum dn_mark dn_first_mark(const char *dn)
{
    enum dn_mark mark = DN_PLAIN;
    char *raw = dn_rdn_value(dn);
    if (raw && str_find_case(raw, "\nDEL:"))
        mark = DN_DELETED;
    else if (raw && str_find_case(raw, "\nCNF:"))
        mark = DN_CONFLICT;
    free(raw);
    return mark;
}

/* A conflict object that was deleted later carries both marks: the name ends at the first. */
char *dn_unmarked(const char *raw)
{
    const char *deleted = str_find_case(raw, "\nDEL:"), *conflict = str_find_case(raw, "\nCNF:");
    const char *at = deleted && (!conflict || deleted < conflict) ? deleted : conflict;
    return at ? mem_textn(raw, (size_t)(at - raw)) : mem_text(raw);
}

char *dn_plain_rdn(const char *dn)
{
    char *raw = dn_rdn_value(dn), *name = raw ? dn_unmarked(raw) : NULL;
    free(raw);
    return name;
}

bool dn_parse_extended(const char *text, struct dn_link *out)
{
    *out = (struct dn_link){.has_guid = false};
    while (*text == '<') {
        const char *end = strchr(text, '>');
        if (!end)
            break;
        if (str_starts_case(text, "<GUID=")) {
            char *guid = mem_textn(text + 6, (size_t)(end - text) - 6);
            out->has_guid = guid_parse(guid, &out->guid) || guid_parse_wire_hex(guid, &out->guid);
            free(guid);
        } else if (str_starts_case(text, "<SID=")) {
            free(out->sid);
            out->sid = mem_textn(text + 5, (size_t)(end - text) - 5);
        }
        text = end + 1;
        text += *text == ';';
    }
    out->dn = mem_text(text);
    if (*text && *text != '<') /* a bracket that is not closed is no DN */
        return true;
    dn_link_release(out);
    return false;
}

void dn_link_release(struct dn_link *link)
{
    free(link->sid);
    free(link->dn);
    *link = (struct dn_link){.has_guid = false};
}

void dn_link_copy(struct dn_link *to, const struct dn_link *from)
{
    *to = *from;
    to->sid = mem_text(from->sid);
    to->dn = mem_text(from->dn);
}

char *dn_link_told(const struct dn_link *link, const struct dn_link *beside)
{
    enum { DIGITS = 8 };
    char guid[GUID_TEXT];
    bool twins = link->dn && beside && beside->dn && link->has_guid &&
                 !(beside->has_guid && guid_equal(&link->guid, &beside->guid)) &&
                 dn_equal(link->dn, beside->dn);
    return twins ? str_format("%s (GUID %.*s)", link->dn, DIGITS, guid_text(&link->guid, guid))
                 : mem_text(link->dn);
}
