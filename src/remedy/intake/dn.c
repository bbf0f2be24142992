/* A DN in the middle of a text: where it ends, and which of the four things it names that matter
 * here (an NTDS Settings object, a server object, a computer, anything else). It is read by hand
 * and not by libldap because its end has to be found, because pasted ones are cut short, hold
 * spaces behind commas or lack a comma ("DC=contosoDC=com" stands in the article itself). What is
 * kept as a DN has passed dn_is_valid(). */
#include "src/remedy/intake/tokens.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/model/dn.h"

#include <stdlib.h>
#include <string.h>

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_label_char(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || (c & 0x80);
}

/* "CN=": the length of the attribute's name; 0 when text does not start so. */
static size_t attribute_length(const char *text)
{
    size_t len = 0;
    while (len < 20 && is_letter(text[len]))
        len++;
    return len > 0 && text[len] == '=' ? len : 0;
}

static bool is_attribute(const struct found_rdn *rdn, const char *name)
{
    return rdn->attribute_len == strlen(name) && str_starts_case(rdn->attribute, name);
}

static bool is_value(const struct found_rdn *rdn, const char *value)
{
    return rdn->value_len == strlen(value) && str_starts_case(rdn->value, value);
}

/* A DC component ends where a host label would; "DC" in front of '=' belongs to the next one. */
static size_t component_length(const char *value, bool *lacks_comma)
{
    size_t len = 0;
    while (is_label_char(value[len]))
        len++;
    *lacks_comma = len > 2 && value[len] == '=' && str_starts_case(value + len - 2, "DC=");
    return *lacks_comma ? len - 2 : len;
}

enum { MAX_VALUE = 300 }; /* a name of 64 characters and a mark; keeps hostile texts cheap */

/* An '=' within a value is written "\=" by AD: a plain one belongs to what follows in the text. */
static bool ends_value(char c)
{
    return c == ',' || c == '\0' || c == ';' || c == '"' || c == '<' || c == '>' || c == '|' ||
           c == '=' || c == '\t';
}

static size_t value_length(const char *value)
{
    size_t len = 0;
    while (len < MAX_VALUE && !ends_value(value[len]))
        len += value[len] == '\\' && value[len + 1] ? 2 : 1;
    while (len > 0 && value[len - 1] == ' ')
        len--;
    return len;
}

static size_t scan_rdn(const char *text, struct found_rdn *out, bool *lacks_comma)
{
    size_t name = attribute_length(text);
    *lacks_comma = false;
    if (name == 0)
        return 0;
    *out = (struct found_rdn){.attribute = text, .attribute_len = name, .value = text + name + 1};
    out->value_len = is_attribute(out, "DC") ? component_length(out->value, lacks_comma)
                                             : value_length(out->value);
    return out->value_len ? name + 1 + out->value_len : 0;
}

/* The value's length without "\0ADEL:..." or "\0ACNF:..." (one backslash or two). */
static size_t unmarked_length(const struct found_rdn *rdn, const char **mark)
{
    *mark = NULL;
    for (size_t i = 0; i + 7 < rdn->value_len; i++) {
        const char *at = rdn->value + i;
        if (*at != '\\')
            continue;
        const char *hex = at + (at[1] == '\\' ? 2 : 1);
        if (str_starts_case(hex, "0ADEL:") || str_starts_case(hex, "0ACNF:")) {
            *mark = hex + 2;
            return i;
        }
    }
    return rdn->value_len;
}

static bool is_ntds_settings(const struct found_rdn *rdn)
{
    const char *mark;
    struct found_rdn plain = *rdn;
    plain.value_len = unmarked_length(rdn, &mark);
    return is_value(&plain, "NTDS Settings");
}

static enum dn_kind kind_of(const struct found_dn *dn)
{
    const struct found_rdn *rdn = dn->rdns;
    if (dn->count < 2 || !is_attribute(&rdn[0], "CN"))
        return DN_OTHER;
    if (is_ntds_settings(&rdn[0]))
        return dn->count == 2 || is_value(&rdn[2], "Servers") ? DN_NTDS : DN_OTHER;
    if (is_value(&rdn[1], "Servers"))
        return DN_SERVER;
    for (size_t i = 0; i < dn->count; i++)
        if (is_value(&rdn[i], "Configuration"))
            return DN_OTHER;
    return dn->complete && !is_attribute(&rdn[1], "DC") ? DN_COMPUTER : DN_OTHER;
}

/* A DN cut short ends at the first space of its last value: what follows is prose. */
static void cut_prose(struct found_dn *dn, const char *text)
{
    static const char settings[] = "NTDS Settings";
    struct found_rdn *last = &dn->rdns[dn->count - 1];
    size_t common = 0;
    while (common < last->value_len && settings[common] &&
           (last->value[common] | 0x20) == (settings[common] | 0x20))
        common++;
    if (common < last->value_len) { /* more than "NTDS Settings" or a part of it */
        size_t from = settings[common] ? 0 : common;
        const char *space = memchr(last->value + from, ' ', last->value_len - from);
        last->value_len = space ? (size_t)(space - last->value) : last->value_len;
    }
    dn->len = (size_t)(last->value + last->value_len - text);
}

bool dn_scan(const char *text, struct found_dn *out)
{
    *out = (struct found_dn){.kind = DN_OTHER};
    const char *at = text;
    bool lacks_comma, too_long = false;
    struct found_rdn rdn;
    for (size_t len; !too_long && (len = scan_rdn(at, &rdn, &lacks_comma)) > 0;) {
        out->rdns[out->count++] = rdn;
        too_long = out->count == MAX_RDNS;
        out->complete = is_attribute(&rdn, "DC");
        out->repaired = out->repaired || lacks_comma;
        out->len = (size_t)(at + len - text);
        at += len;
        const char *next = skip_blanks(at);
        if (*next != ',' && !lacks_comma)
            break;
        at = lacks_comma ? at : skip_blanks(next + 1);
    }
    if (out->count == 0)
        return false;
    if (!out->complete)
        cut_prose(out, text);
    out->kind = too_long ? DN_OTHER : kind_of(out);
    return true;
}

/* The RDN's value for people: without marks, unescaped. NULL when it holds unreadable bytes. */
static char *rdn_name(const struct found_rdn *rdn)
{
    const char *mark;
    size_t len = unmarked_length(rdn, &mark);
    char *value = mem_textn(rdn->value, len);
    if (strchr(value, '\\')) {
        char *dn = str_format("CN=%s", value), *plain = dn_rdn_value(dn);
        free(dn);
        free(value);
        value = plain;
    }
    if (value && (!*value || strstr(value, "\xEF\xBF\xBD"))) {
        free(value);
        return NULL;
    }
    return value;
}

/* The DN's text from RDN `first` on; NULL when it is no whole, readable DN. */
static char *dn_text(const struct found_dn *dn, size_t first)
{
    struct str s = STR_INIT;
    for (size_t i = first; i < dn->count; i++) {
        const struct found_rdn *rdn = &dn->rdns[i];
        str_add(&s, i > first ? "," : "");
        str_addn(&s, rdn->attribute, rdn->attribute_len + 1);
        for (size_t k = 0; k < rdn->value_len; k++)
            if (rdn->value[k] != '\\' || !str_starts_case(rdn->value + k, "\\\\0A"))
                str_addc(&s, rdn->value[k]);
    }
    if (dn->complete && !strstr(str_text(&s), "\xEF\xBF\xBD") && dn_is_valid(str_text(&s)))
        return str_steal(&s);
    str_release(&s);
    return NULL;
}

static void set_if_empty(char **field, char *text)
{
    if (*field)
        free(text);
    else
        *field = text;
}

static void fill_mark(struct subject_dsa *dsa, const struct found_rdn *rdn, bool own)
{
    const char *mark;
    unmarked_length(rdn, &mark);
    if (!mark)
        return;
    dsa->deleted_mark = dsa->deleted_mark || str_starts_case(mark, "DEL:");
    if (own && !dsa->has_guid)
        dsa->has_guid = guid_parse_prefix(mark + 4, strnlen(mark + 4, 37), &dsa->guid);
}

void dn_fill(struct subject_dsa *dsa, const struct found_dn *dn)
{
    size_t server = dn->kind == DN_NTDS ? 1 : 0;
    if (dn->kind == DN_OTHER)
        return;
    if (dn->kind == DN_NTDS) {
        set_if_empty(&dsa->ntds_dn, dn_text(dn, 0));
        fill_mark(dsa, &dn->rdns[0], true);
    }
    set_if_empty(&dsa->server, rdn_name(&dn->rdns[server]));
    if (dn->kind == DN_COMPUTER)
        return;
    fill_mark(dsa, &dn->rdns[server], false);
    set_if_empty(&dsa->server_dn, dn_text(dn, server));
    if (dn->count > server + 2)
        set_if_empty(&dsa->site, rdn_name(&dn->rdns[server + 2]));
}
