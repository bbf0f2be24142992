/* What wizard.c (events), wizard_sign_in.c and wizard_steps.c (Enter and Esc, step by step) share.
 */
#ifndef DCMEND_WIZARD_PARTS_H
#define DCMEND_WIZARD_PARTS_H

#include "src/remedy/wizard.h"

/* wizard.c: dropping what no longer holds */
void wizard_clear_error(struct wizard *w);
void wizard_drop_plan(struct wizard *w);
void wizard_drop_report(struct wizard *w);
void wizard_drop_judgement(struct wizard *w);
void wizard_drop_subject(struct wizard *w);

/* wizard_list.c */
enum wizard_effect wizard_listed(struct wizard *w, struct dsa_list *list);
void wizard_use_list(struct wizard *w); /* for the subject, as far as it was read */
void wizard_drop_list(struct wizard *w);

/* wizard_undo.c: the undo's own DSA has been read, its plan goes to Confirm under its own rules */
enum wizard_effect wizard_continue_undo(struct wizard *w);
bool wizard_leaves_undo(const struct wizard *w); /* Esc leads to the journal now */
enum wizard_effect wizard_leave_undo(struct wizard *w);
enum wizard_step wizard_before_confirm(const struct wizard *w); /* an undo has no Propose */

/* wizard_sign_in.c */
enum wizard_effect wizard_connected(struct wizard *w, struct server *server);
enum wizard_effect wizard_lost(struct wizard *w, struct err *err); /* err is taken over */
void wizard_stay_away(struct wizard *w); /* Connect is left without a sign-in */

/* wizard_steps.c */
enum wizard_effect wizard_connect_to(struct wizard *w, const char *host, enum wizard_step resume);
enum wizard_effect wizard_go_on(struct wizard *w); /* connected: to where it was wished for */
enum wizard_effect wizard_read_dsa(struct wizard *w);
enum wizard_effect wizard_move_to_destination(struct wizard *w);
enum wizard_effect wizard_locate(struct wizard *w); /* as far as it goes without the operator */
/* host: the DC to judge it on, which is not gone to unseen; NULL: the connected one. */
enum wizard_effect wizard_judge_guid(struct wizard *w, const struct guid *guid, const char *host);
enum wizard_effect wizard_show_confirm(struct wizard *w, bool typeable);
enum wizard_effect wizard_next(struct wizard *w, bool typeable);
enum wizard_effect wizard_back(struct wizard *w);

#endif
