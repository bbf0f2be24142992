/* The journal: one LDIF file for each change, in $XDG_STATE_HOME/dcmend/journal (0700, files 0600).
 * An entry is on disk, file and folder, before the change is sent; what happens then is appended.
 * All functions block on the disk: a worker's calls. Errors are ERR_LOCAL, ERR_JOURNAL. */
#ifndef DCMEND_JOURNAL_H
#define DCMEND_JOURNAL_H

#include "src/base/err.h"
#include "src/model/plan.h"
#include "src/model/proof.h"
#include "src/remedy/journal_entry.h"

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* The folder's path, for Confirm; nothing is created or checked but the environment. */
struct err *journal_folder(char **path);
/* Opens the folder of that name ("journal", "reports") beside it, for files in it; *fd is
 * close-on-exec, *path owned by the caller. With create false a folder that is not there gives *fd
 * -1 and success. Refused: a symlink, a foreign owner, a folder that others may write. */
struct err *state_folder_open(const char *name, bool create, int *fd, char **path);
/* The id that the entry will have, made when the plan is frozen, for Confirm and journal_begin().
 */
char *journal_new_id(const struct plan *plan, time_t when);

/* An open journal. While it is open its entry is marked busy for every other dcmend (flock). */
struct journal;

/* Opens the folder, creating it where it is missing. */
struct err *journal_open(struct journal **out);
void journal_close(struct journal *journal); /* NULL is fine */

/* Writes the intent: the whole entry, flushed, then the folder, flushed. Only then is *proof set
 * (free with journal_proof_free()). An id that is taken gets "-2", ... behind it. On error no entry
 * is left behind. */
struct err *journal_begin(struct journal *journal, const char *id, const struct plan *plan,
                          const struct journal_author *author, struct journal_proof **proof);
const char *journal_id(const struct journal *journal);   /* of the entry begun; NULL before */
const char *journal_path(const struct journal *journal); /* its file */

/* Appends a state to an entry of the folder and flushes it. words: the server's own; may be NULL.
 */
struct err *journal_mark(struct journal *journal, const char *id, enum journal_state state,
                         const char *words);
/* The same for an outcome that was looked at and cannot be told any more: it is no longer offered
 * as unfinished. */
struct err *journal_settle(struct journal *journal, const char *id, enum journal_state state,
                           const char *words);

struct journal_list {
    struct journal_entry *items;
    size_t count;
};
void journal_list_release(struct journal_list *list);
/* The newest 20,000 entries, newest first (by the time in their names). Files that are no entries
 * are passed over, damaged ones carry their problem. No journal yet: an empty list. */
struct err *journal_list(struct journal_list *out);
/* The entry of the list that took this one back and was not taken back itself; NULL: none. */
const struct journal_entry *journal_undone_by(const struct journal_list *list,
                                              const struct journal_entry *entry);
struct err *journal_list_unfinished(struct journal_list *out);
/* One entry by its id (".ldif" allowed), or by a path where the text holds a '/'. */
struct err *journal_read(const char *id_or_path, struct journal_entry *out);

/* "verified, undone": how the entry stands, in words. Owned by the caller. */
char *journal_state_words(const struct journal_list *list, const struct journal_entry *entry);
/* The undo of an entry of the list: a draft, see journal_entry_undo_plan(). ERR_OPERATOR: it was
 * undone already. Needs no disk. */
struct err *journal_undo_entry(const struct journal_list *list, const struct journal_entry *entry,
                               struct plan **plan);
/* The same by its id or path. */
struct err *journal_undo(const char *name, struct plan **plan);

#endif
