/* Who sits at this terminal, and the line about each modify in the system's log. */
#ifndef DCMEND_AUDIT_H
#define DCMEND_AUDIT_H

#include "src/model/plan.h"
#include "src/model/report.h"

/* "uid 1000 (kayla)", with ", SUDO_USER joe" behind it where sudo says so; clean, owned by the
 * caller. May block (name service). */
char *audit_login(void);

/* One line to syslog (authpriv, notice) and to the --log file: outcome, DC, object, old and new
 * value, identities, login, ticket, journal entry. */
void audit_modify(const struct plan *plan, const struct apply_report *report, const char *login);

#endif
