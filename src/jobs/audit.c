/* One line of key="value" pairs. Values come from the directory and the environment: they are
 * cleaned, and a quote in them is shown as \22, so that no value can pose as another key. */
#include "src/jobs/audit.h"

#include "src/base/log.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

char *audit_login(void)
{
    struct str text = STR_INIT;
    struct passwd entry, *found = NULL;
    char buffer[4096];
    uid_t uid = getuid();
    const char *sudo = getenv("SUDO_USER");
    str_addf(&text, "uid %lu", (unsigned long)uid);
    if (getpwuid_r(uid, &entry, buffer, sizeof buffer, &found) == 0 && found)
        str_addf(&text, " (%s)", found->pw_name);
    if (sudo && *sudo)
        str_addf(&text, ", SUDO_USER %s", sudo);
    char *clean = text_clean_z(str_text(&text));
    str_release(&text);
    return clean;
}

static void add_pair(struct str *line, const char *key, const char *value)
{
    if (!value || !*value)
        return;
    char *clean = text_clean_z(value);
    str_addf(line, " %s=\"", key);
    for (const char *c = clean; *c; c++) {
        if (*c == '"')
            str_add(line, "\\22");
        else
            str_addc(line, *c);
    }
    str_addc(line, '"');
    free(clean);
}

static char *line_of(const struct plan *plan, const struct apply_report *report, const char *login)
{
    struct str line = STR_INIT;
    char guid[GUID_TEXT];
    str_addf(&line, "modify serverReference %s", apply_state_name(report->state));
    add_pair(&line, "dc", plan->host);
    add_pair(&line, "object", plan->object_dn);
    add_pair(&line, "guid", guid_text(&plan->object, guid));
    add_pair(&line, "old", plan->old.dn ? plan->old.dn : "(absent)");
    add_pair(&line, "new", plan->new.dn ? plan->new.dn : "(absent)");
    add_pair(&line, "identity", plan->identity);
    add_pair(&line, "first-identity", report->first_identity);
    add_pair(&line, "login", login);
    add_pair(&line, "ticket", plan->ticket);
    add_pair(&line, "undo-of", plan->undo_of);
    add_pair(&line, "journal", report->journal_id);
    add_pair(&line, "answered", report->answer);
    if (report->err)
        add_pair(&line, "said", report->err->said ? report->err->said : report->err->text);
    return str_steal(&line);
}

void audit_modify(const struct plan *plan, const struct apply_report *report, const char *login)
{
    char *line = line_of(plan, report, login);
    openlog("dcmend", LOG_PID | LOG_NDELAY, LOG_AUTHPRIV);
    syslog(LOG_AUTHPRIV | LOG_NOTICE, "%s", line);
    closelog();
    log_line("%s", line);
    free(line);
}
