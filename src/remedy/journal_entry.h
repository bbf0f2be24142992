/* One journal entry as text: comment lines for people ("#!KEY value"), the change in comment lines,
 * the inverse as the only live LDIF record, then one "#!STATE" line for each thing that happened.
 * Pure; jobs/journal.h keeps the files. */
#ifndef DCMEND_JOURNAL_ENTRY_H
#define DCMEND_JOURNAL_ENTRY_H

#include "src/base/err.h"
#include "src/model/plan.h"

#include <stdbool.h>
#include <time.h>

#define JOURNAL_STATES(X)                                                                          \
    X(JOURNAL_NONE, "incomplete") /* no state line: cut off */                                     \
    X(JOURNAL_INTENDED, "intended")                                                                \
    X(JOURNAL_APPLIED, "applied")                                                                  \
    X(JOURNAL_REFUSED, "refused")                                                                  \
    X(JOURNAL_UNKNOWN, "unknown")                                                                  \
    X(JOURNAL_VERIFIED, "verified")

enum journal_state {
#define X(id, name) id,
    JOURNAL_STATES(X)
#undef X
};
const char *journal_state_name(enum journal_state state);

/* All texts are owned, clean where they come from comment lines; NULL when the file has none. */
struct journal_entry {
    char *id;      /* "20261122T150311Z-LIVDC02" */
    char *path;    /* as opened */
    bool busy;     /* a running dcmend is at work on it */
    char *problem; /* why it cannot be used (damaged, foreign, unreadable); NULL: it can */
    time_t when;   /* 0: unknown */
    char *date;    /* as written */
    char *dc;
    struct guid dc_guid; /* its NTDS Settings object */
    char *forest, *identity, *first_identity, *login, *ticket, *verdict, *name, *site, *undo_of;
    char *object_dn; /* exact, from the record */
    struct guid object, dsa_guid;
    struct dn_link old, new; /* exact where the record holds them; dn NULL: absent */
    bool replace;            /* the old value dangled and was replaced: it cannot come back */
    bool account_checked;
    enum journal_state state;
    bool settled;             /* an unknown one that was looked at; no more can be found out */
    char *state_date, *words; /* of the last state; words are the server's own, cleaned */
};
void journal_entry_release(struct journal_entry *entry);

/* Who does it, for the comment lines. */
struct journal_author {
    time_t when;
    const char *login;          /* "uid 1000 (kayla), SUDO_USER joe" */
    const char *first_identity; /* NULL: the plan's identity did the reading too */
};
/* The whole entry with the state "intended" as its last line. */
void journal_entry_write(struct str *out, const struct plan *plan,
                         const struct journal_author *author);
/* "#!STATE refused 2026-11-22T15:03:12Z words" with its newline. */
void journal_entry_state_line(struct str *out, enum journal_state state, bool settled, time_t when,
                              const char *words);

/* Reads the text into entry (id, path, busy stay as they are). False when it is no journal entry at
 * all; a damaged one gives true and a problem. */
bool journal_entry_read(const char *text, size_t len, struct journal_entry *entry);

/* Applied, not known to be verified: intended, applied, or unknown and not settled. */
bool journal_entry_is_unfinished(const struct journal_entry *entry);

/* "20261122T150311Z-LIVDC02": safe in any file system, at most 80 bytes. */
char *journal_entry_new_id(const struct plan *plan, time_t when);
bool journal_entry_id_is_safe(const char *id); /* the same alphabet, no leading dot */

/* The change that the entry records, as a draft that is never to be sent: for verifying. */
struct err *journal_entry_plan(const struct journal_entry *entry, struct plan **out);
/* Its inverse, as a draft: the caller sets host, host_dsa and identity to the session's, and the
 * ticket, before it freezes. ERR_OPERATOR when there is nothing that could be undone. */
struct err *journal_entry_undo_plan(const struct journal_entry *entry, struct plan **out);

#endif
