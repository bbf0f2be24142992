/* The writing half. Every text that came from outside is cleaned, so no value can end its line and
 * pose as another; exact bytes stand in the LDIF record alone, in base64 where need be. The first
 * state line comes last: an entry without one was not written to its end. */
#include "src/remedy/journal_entry.h"

#include "src/base/mem.h"
#include "src/base/text.h"
#include "src/remedy/ldif.h"

#include <stdlib.h>
#include <string.h>

const char *journal_state_name(enum journal_state state)
{
    static const char *const names[] = {
#define X(id, name) [id] = name,
        JOURNAL_STATES(X)
#undef X
    };
    return names[state];
}

enum date_form { DATE_ISO, DATE_STAMP };

static void add_date(struct str *out, time_t when, enum date_form form)
{
    struct tm tm;
    char text[32] = "";
    if (gmtime_r(&when, &tm) && form == DATE_ISO)
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
    else if (gmtime_r(&when, &tm))
        strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &tm);
    str_add(out, text);
}

static void add_clean(struct str *out, const char *text)
{
    text_add_clean(out, text ? text : "", text ? strlen(text) : 0);
}

static void line(struct str *out, const char *key, const char *value)
{
    str_addf(out, "#!%s ", key);
    add_clean(out, value && *value ? value : "(none)");
    str_addc(out, '\n');
}

static void guid_line(struct str *out, const char *key, const struct guid *guid)
{
    char text[GUID_TEXT];
    line(out, key, guid_text(guid, text));
}

static void link_lines(struct str *out, const char *key, const struct dn_link *link)
{
    char guid[GUID_TEXT];
    line(out, key, link->dn ? link->dn : "(absent)");
    if (link->dn && link->has_guid)
        str_addf(out, "#!%s-GUID %s\n", key, guid_text(&link->guid, guid));
}

static void add_heading(struct str *out, const struct plan *plan,
                        const struct journal_author *author)
{
    char guid[GUID_TEXT];
    str_add(out, "#!DCMEND-JOURNAL 1\n#!DATE ");
    add_date(out, author->when, DATE_ISO);
    str_add(out, "\n#!DC ");
    add_clean(out, plan->host);
    str_addf(out, " %s\n", guid_text(&plan->host_dsa, guid));
    line(out, "FOREST", plan->forest);
    line(out, "IDENTITY", plan->identity);
    if (author->first_identity)
        line(out, "FIRST-IDENTITY", author->first_identity);
    line(out, "LOGIN", author->login);
    line(out, "TICKET", plan->ticket);
    line(out, "VERDICT", verdict_name(plan->verdict));
    if (plan->undo)
        line(out, "UNDO-OF", plan->undo_of);
    line(out, "NAME", plan->name);
    line(out, "SITE", plan->site);
}

static void add_change(struct str *out, const struct plan *plan)
{
    struct change change = change_of(plan);
    line(out, "OBJECT", plan->object_dn);
    guid_line(out, "OBJECT-GUID", &plan->object);
    guid_line(out, "DSA-GUID", &plan->dsa_guid);
    link_lines(out, "OLD", &plan->old);
    link_lines(out, "NEW", &plan->new);
    if (plan->replace)
        line(out, "HOW", "replaced without a lock: the old value dangled");
    if (plan->account_checked)
        line(out, "ACCOUNT", "held by this DC");
    str_add(out, "#\n# The change:\n");
    ldif_add(out, "#   ", plan->object_dn, &change);
}

static void add_inverse(struct str *out, const struct plan *plan)
{
    str_add(out, "#\n# The way back, the only live record of this file (dcmend undo, or\n"
                 "# ldapmodify -f FILE on the same DC).");
    if (plan->replace)
        str_add(out, " The old value dangled and cannot come\n# back: this only removes the new "
                     "one.");
    str_add(out, "\n");
    ldif_inverse(out, plan);
}

void journal_entry_state_line(struct str *out, enum journal_state state, bool settled, time_t when,
                              const char *words)
{
    str_addf(out, "#!STATE %s ", journal_state_name(state));
    add_date(out, when, DATE_ISO);
    if (settled)
        str_add(out, " settled");
    if (words && *words) { /* the server's own must not pass for our mark */
        str_add(out, !settled && strncmp(words, "settled", 7) == 0 ? " - " : " ");
        add_clean(out, words);
    }
    str_add(out, "\n");
}

void journal_entry_write(struct str *out, const struct plan *plan,
                         const struct journal_author *author)
{
    add_heading(out, plan, author);
    add_change(out, plan);
    add_inverse(out, plan);
    journal_entry_state_line(out, JOURNAL_INTENDED, false, author->when, NULL);
}

static bool safe_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

char *journal_entry_new_id(const struct plan *plan, time_t when)
{
    struct str id = STR_INIT;
    add_date(&id, when, DATE_STAMP);
    str_addc(&id, '-');
    const char *name = plan->name ? plan->name : "";
    size_t len = strlen(name);
    for (size_t at = 0; at < len && id.len < 80;) {
        uint32_t rune;
        size_t used = text_rune(name + at, len - at, &rune);
        str_addc(&id, used == 1 && safe_byte(name[at]) ? name[at] : '_');
        at += used;
    }
    return str_steal(&id);
}

bool journal_entry_id_is_safe(const char *id)
{
    size_t len = strlen(id);
    for (size_t i = 0; i < len; i++)
        if (!safe_byte(id[i]))
            return false;
    return len > 0 && len <= 100 && id[0] != '.';
}
