/* A DN in the middle of a text: where it ends, and which of the four things it names that matter
 * here (an NTDS Settings object, a server object, a computer, anything else). It is read by hand
 * and not by libldap because its end has to be found, because pasted ones are cut short, hold
 * spaces behind commas or lack a comma ("DC=contosoDC=com" stands in the article itself). What is
 * kept of a DN has been read by model/dn. */
#include "src/remedy/intake/tokens.h"

#include "src/base/mem.h"
#include "src/base/pattern.h"
#include "src/base/str.h"
#include "src/model/dn.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_RDN = 330 }; /* a name of 64 characters and a mark */
#define COMPONENT "[a-z0-9_\x80-\xFF-]"

static const char settings[] = "NTDS Settings";

static bool is_text(struct slice s, const char *text)
{
    return s.len == strlen(text) && strncasecmp(s.at, text, s.len) == 0;
}

/* "CN=Servers": what stands behind it; NULL: text does not begin so. A DC component ends where a
 * host label would; "DC" in front of '=' belongs to the next one. An '=' within a value is written
 * "\=" by AD: a plain one belongs to what follows in the text. */
static const char *scan_rdn(const char *text, struct found_rdn *out)
{
    static struct pattern rdn = {.text = "(?|(DC)=(" COMPONENT "+(?=DC=)|" COMPONENT "++)|"
                                         "(?!DC=)([a-z]{1,20})=((?:\\\\.|[^,;\"<>|=\t]){1,300}+))"};
    struct slice parts[2];
    if (!pattern_parts(&rdn, text, strnlen(text, MAX_RDN), parts, 2))
        return NULL;
    *out = (struct found_rdn){parts[0], parts[1]};
    while (out->value.len > 0 && out->value.at[out->value.len - 1] == ' ')
        out->value.len--;
    return out->value.len ? out->value.at + out->value.len : NULL;
}

/* A mark of a deleted or conflicting object may stand behind it. */
static bool is_ntds_settings(const struct found_rdn *rdn)
{
    static struct pattern name = {.text = "NTDS Settings(\\\\|$)"};
    return pattern_length(&name, rdn->value.at, rdn->value.len) > 0;
}

static enum dn_kind kind_of(const struct found_dn *dn)
{
    const struct found_rdn *rdn = dn->rdns;
    if (dn->count < 2 || !is_text(rdn[0].attribute, "CN"))
        return DN_OTHER;
    if (is_ntds_settings(&rdn[0]))
        return dn->count == 2 || is_text(rdn[2].value, "Servers") ? DN_NTDS : DN_OTHER;
    if (is_text(rdn[1].value, "Servers"))
        return DN_SERVER;
    for (size_t i = 0; i < dn->count; i++)
        if (is_text(rdn[i].value, "Configuration"))
            return DN_OTHER;
    return dn->complete && !is_text(rdn[1].attribute, "DC") ? DN_COMPUTER : DN_OTHER;
}

/* A DN cut short ends at the first space of its last value: what follows is prose. */
static void cut_prose(struct found_dn *dn, const char *text)
{
    struct found_rdn *last = &dn->rdns[dn->count - 1];
    size_t name = strlen(settings) < last->value.len ? strlen(settings) : last->value.len;
    if (strncasecmp(last->value.at, settings, name) != 0) /* nor a part of it, where a line ends */
        name = 0;
    const char *space = memchr(last->value.at + name, ' ', last->value.len - name);
    last->value.len = space ? (size_t)(space - last->value.at) : last->value.len;
    dn->len = (size_t)(last->value.at + last->value.len - text);
}

bool dn_scan(const char *text, struct found_dn *out)
{
    const char *at = text, *end;
    *out = (struct found_dn){.kind = DN_OTHER};
    while (out->count < MAX_RDNS && (end = scan_rdn(at, &out->rdns[out->count]))) {
        out->complete = is_text(out->rdns[out->count++].attribute, "DC");
        out->len = (size_t)(end - text);
        at = skip_blanks(end);
        if (*at == ',') {
            at = skip_blanks(at + 1);
        } else if (at == end && out->complete && str_starts_case(at, "DC=")) {
            out->repaired = true;
        } else {
            break;
        }
    }
    if (out->count && !out->complete)
        cut_prose(out, text);
    out->kind = out->count < MAX_RDNS ? kind_of(out) : DN_OTHER;
    return out->count > 0;
}

/* NULL when it is no DN to libldap. */
static char *dn_text(const struct found_dn *dn)
{
    struct str s = STR_INIT;
    for (size_t i = 0; i < dn->count; i++) {
        const struct found_rdn *rdn = &dn->rdns[i];
        str_addf(&s, "%s%.*s=", i ? "," : "", (int)rdn->attribute.len, rdn->attribute.at);
        for (size_t k = 0; k < rdn->value.len; k++)
            if (!str_starts_case(rdn->value.at + k, "\\\\0A")) /* one of two backslashes */
                str_addc(&s, rdn->value.at[k]);
    }
    if (dn_is_valid(str_text(&s)))
        return str_steal(&s);
    str_release(&s);
    return NULL;
}

/* Takes text over; nothing unreadable comes in. */
static void set_if_empty(char **field, char *text)
{
    if (*field || !text || !*text || strstr(text, "\xEF\xBF\xBD"))
        free(text);
    else
        *field = text;
}

/* "\0ADEL:" and, of the object itself, the GUID behind it. */
static void fill_mark(struct subject_dsa *dsa, const char *dn, bool own)
{
    char *raw = dn_rdn_value(dn);
    const char *mark = raw ? strchr(raw, '\n') : NULL;
    dsa->deleted_mark = dsa->deleted_mark || (mark && str_starts_case(mark, "\nDEL:"));
    if (own && !dsa->has_guid && mark && strlen(mark) > 5)
        dsa->has_guid = guid_parse_prefix(mark + 5, strlen(mark + 5), &dsa->guid);
    free(raw);
}

void dn_fill(struct subject_dsa *dsa, const struct found_dn *dn)
{
    bool ntds = dn->kind == DN_NTDS;
    char *whole = dn->kind != DN_OTHER ? dn_text(dn) : NULL;
    char *server = dn_ancestor(whole, ntds), *site = dn_ancestor(server, 2);
    set_if_empty(&dsa->server, dn_plain_rdn(server));
    if (ntds)
        fill_mark(dsa, whole, true);
    if (dn->kind != DN_COMPUTER) {
        fill_mark(dsa, server, false);
        set_if_empty(&dsa->site, dn_plain_rdn(site));
    }
    bool keeps = dn->complete && dn->kind != DN_COMPUTER;
    set_if_empty(&dsa->server_dn, keeps ? mem_text(server) : NULL);
    set_if_empty(&dsa->ntds_dn, keeps && ntds ? mem_text(whole) : NULL);
    free(whole);
    free(server);
    free(site);
}
