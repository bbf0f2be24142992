/* Writing goes through OpenLDAP's own ldif_sput(), which knows when a value needs base64 and where
 * lines are folded. Reading is our own and stricter than LDIF: exactly one modify record, one
 * attribute, whole values, no URLs (libldap's reader opens them, and prints what it dislikes). */
#include "src/remedy/ldif.h"

#include "src/base/mem.h"
#include "src/base/text.h"

#include <lber.h>
#include <ldif.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Adds text, with the prefix in front of each of its lines. */
static void add_lines(struct str *out, const char *prefix, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        str_add(out, prefix);
        str_addn(out, text, len);
        str_addc(out, '\n');
        text += len + (text[len] == '\n');
    }
}

static void add_value(struct str *out, const char *prefix, const char *name, const char *value)
{
    size_t len = strlen(value);
    if (ldif_is_not_printable(value, len)) {
        char *clean = text_clean(value, len);
        char *comment = str_format("# %s: %s\n", name, clean);
        add_lines(out, prefix, comment);
        free(comment);
        free(clean);
    }
    char *buffer = mem_zero(1, LDIF_SIZE_NEEDED(strlen(name), len) + 2);
    char *end = buffer;
    ldif_sput(&end, LDIF_PUT_VALUE, name, value, len);
    *end = '\0';
    add_lines(out, prefix, buffer);
    free(buffer);
}

void ldif_add(struct str *out, const char *prefix, const char *dn, const struct change *change)
{
    char value[CHANGE_VALUE];
    add_value(out, prefix, "dn", dn ? dn : "");
    add_value(out, prefix, "changetype", "modify");
    for (size_t i = 0; i < change->count; i++) {
        add_value(out, prefix, change_how_name(change->steps[i].how), CHANGE_ATTRIBUTE);
        add_value(out, prefix, CHANGE_ATTRIBUTE, change_value(&change->steps[i], value));
        add_lines(out, prefix, "-\n");
    }
}

void ldif_change(struct str *out, const struct plan *plan)
{
    struct change change = change_of(plan);
    ldif_add(out, "", plan->object_dn, &change);
}

void ldif_inverse(struct str *out, const struct plan *plan)
{
    struct change change = change_inverse(plan);
    ldif_add(out, "", plan->object_dn, &change);
}

void ldif_both(struct str *out, const struct plan *plan)
{
    struct change inverse = change_inverse(plan);
    char *host = text_clean_z(plan->host);
    str_addf(out, "# The change, for %s. Nothing was written.\n", host);
    ldif_change(out, plan);
    str_addf(out, "\n# The way back%s:\n",
             plan->replace ? " (the old value dangled and cannot come back)" : "");
    ldif_add(out, "# ", plan->object_dn, &inverse);
    free(host);
}

void ldif_modify_release(struct ldif_modify *modify)
{
    free(modify->dn);
    free(modify->removed);
    free(modify->added);
    *modify = (struct ldif_modify){.dn = NULL};
}

/* The next logical line: physical lines joined, comments left out. False at the end. A blank line
 * gives an empty text. */
static bool next_line(const char **at, const char *end, struct str *line)
{
    while (*at < end) {
        str_clear(line);
        bool comment = **at == '#';
        do {
            const char *stop = memchr(*at, '\n', (size_t)(end - *at));
            size_t len = (size_t)((stop ? stop : end) - *at);
            str_addn(line, *at, len && (*at)[len - 1] == '\r' ? len - 1 : len);
            *at += len + (stop ? 1 : 0);
        } while (*at < end && **at == ' ' && ++*at);
        if (!comment)
            return true;
    }
    return false;
}

/* No NUL may come out. Owned by the caller, or NULL. */
static char *decode_base64(const char *text)
{
    struct str bytes = STR_INIT;
    if (text_add_base64(&bytes, text, strlen(text)) && !memchr(bytes.text, '\0', bytes.len))
        return str_steal(&bytes);
    str_release(&bytes);
    return NULL;
}

/* "name: value" with base64 undone; false for anything else. Both owned by the caller. */
static bool split_line(const struct str *line, char **name, char **value)
{
    *name = *value = NULL;
    const char *colon = strchr(str_text(line), ':');
    if (!colon || strlen(str_text(line)) != line->len)
        return false;
    bool encoded = colon[1] == ':';
    const char *at = colon + 1 + encoded;
    if (*at == '<')
        return false;
    at += strspn(at, " ");
    *name = mem_textn(line->text, (size_t)(colon - line->text));
    *value = encoded ? decode_base64(at) : mem_text(at);
    return *value != NULL;
}

enum place { AT_DN, AT_TYPE, AT_STEP, AT_VALUE, AT_DASH, AT_END };
struct reader {
    enum place place;
    char **target; /* where the value of the step goes */
    struct ldif_modify *out;
};

static bool take_step(struct reader *r, const char *name, const char *value)
{
    r->target = str_same_case(name, "delete") && !r->out->removed && !r->out->added
                    ? &r->out->removed
                : str_same_case(name, "add") && !r->out->added ? &r->out->added
                                                               : NULL;
    r->place = AT_VALUE;
    return r->target && str_same_case(value, CHANGE_ATTRIBUTE);
}

static bool take_pair(struct reader *r, const char *name, const char *value)
{
    switch (r->place) {
    case AT_DN:
        if (str_same_case(name, "version"))
            return str_same(value, "1");
        r->place = AT_TYPE;
        r->out->dn = mem_text(value);
        return str_same_case(name, "dn") && *value;
    case AT_TYPE:
        r->place = AT_STEP;
        return str_same_case(name, "changetype") && str_same_case(value, "modify");
    case AT_STEP:
        return take_step(r, name, value);
    case AT_VALUE:
        *r->target = mem_text(value);
        r->place = AT_DASH;
        return str_same_case(name, CHANGE_ATTRIBUTE) && *value;
    default:
        return false;
    }
}

static bool take_line(struct reader *r, const struct str *line)
{
    if (line->len == 0) {
        if (r->place == AT_STEP || r->place == AT_DASH)
            r->place = AT_END;
        return r->place == AT_DN || r->place == AT_END;
    }
    if (str_same(line->text, "-") && r->place == AT_DASH) {
        r->place = AT_STEP;
        return true;
    }
    char *name, *value;
    bool good = split_line(line, &name, &value) && take_pair(r, name, value);
    free(name);
    free(value);
    return good;
}

const char *ldif_read(const char *text, size_t len, struct ldif_modify *out)
{
    *out = (struct ldif_modify){.dn = NULL};
    struct reader r = {.place = AT_DN, .out = out};
    struct str line = STR_INIT;
    bool good = true;
    for (const char *at = text, *end = text + len; good && next_line(&at, end, &line);)
        good = take_line(&r, &line);
    str_release(&line);
    if (good && r.place != AT_VALUE && (out->removed || out->added))
        return NULL;
    bool empty = !out->dn;
    ldif_modify_release(out);
    return empty ? "it holds no LDIF record"
                 : "its LDIF record is not one plain change of " CHANGE_ATTRIBUTE;
}
