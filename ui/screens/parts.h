/* What several screens use: building pages from errors, verdicts and plans, and the few calls that
 * the app makes into single screens. */
#ifndef DCMEND_SCREENS_PARTS_H
#define DCMEND_SCREENS_PARTS_H

#include "ui/app.h"
#include "ui/widgets/list.h"
#include "ui/widgets/pager.h"

/* One clean line; what is longer than anything honest is cut, and says so. NULL gives "". */
char *page_clean(const char *text);
/* A cleaned line on a page. Formats take raw directory text: the result is cleaned, and one line.
 */
void page_put(struct pager *page, enum style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same for a text of ours that has several lines. */
void page_lines(struct pager *page, enum style style, const char *text);
void page_pair(struct pager *page, const char *label, enum style style, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* A mark (tick, cross, bullet) with a text hanging beside it. */
void page_item(struct app *app, struct pager *page, enum glyph glyph, enum style style,
               const char *format, ...) __attribute__((format(printf, 5, 6)));
void page_title(struct pager *page, const char *text);      /* a blank line and a quiet heading */
void page_error(struct pager *page, const struct err *err); /* NULL: nothing */
void page_waiting(struct app *app, struct pager *page, const char *what); /* "... 3 s, Esc" */

bool page_can_type(struct app *app, const struct facts *facts); /* the server's name, here */

/* The verdict's parts, as Inspect, Propose and Report show them. */
enum style verdict_style(const struct verdict *verdict);
void page_dsa(struct app *app, struct pager *page);
void page_copies(struct app *app, struct pager *page);
void page_evidence(struct app *app, struct pager *page); /* the account, its level, the ticks */
void page_proof(struct app *app, struct pager *page);    /* the same without the account's DN */
void page_candidates(struct app *app, struct pager *page);
void page_blockers(struct app *app, struct pager *page);
void page_side(struct app *app, struct pager *page);
void page_advice(struct app *app, struct pager *page);
const char *page_advice_text(const struct wizard *w); /* what it says; NULL: nothing */
/* Old against new; what both DNs end in is set in plain, so that the eye finds what differs. The
 * same DN twice says which object each is. */
void page_change(struct pager *page, const struct dn_link *old, const struct dn_link *new);
void page_proposal(struct pager *page, const struct wizard *w); /* of the verdict */
void page_unfold(struct str *ldif); /* its long lines whole: a page wraps by itself */
void page_show_ldif(struct app *app, const struct plan *plan); /* and its undo, as a page */
/* "NAME in FOLDER": paths wrap badly. */
void page_file(struct pager *page, const char *label, const char *path, const char *after);

/* One or two sentences on top: where one is and what Enter will do. Takes its rows off rect, and a
 * blank one where there is room. */
void page_intro(struct app *app, struct rect *rect, enum style style, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* How long something has been read that is not the wizard's own reading. */
void page_reading(struct app *app, struct pager *page, const char *what);
/* "3-20 of 2001" at the right of a row, where not all of the list is seen. */
void page_list_place(struct app *app, const struct list *list, struct rect row);
/* Whether the explanation can stand beside the data (NULL: no page) at this size, both built
 * already: it takes no room that a DN or a GUID of the data needs. */
bool page_fits_beside(const struct pager *page, struct pager *aside, struct rect rect);
/* The data, and the explanation beside it (aside NULL: none). */
void page_draw_beside(struct app *app, struct pager *page, struct pager *aside, struct rect rect);

/* A page whose text is built anew for each drawing but keeps its place. */
void page_begin(struct pager *page);
bool page_keys(struct pager *page, const struct term_event *event); /* scrolling; true: used */
/* The view that the key stands for, over the present screen; false: it stands for none. */
bool page_opens(struct app *app, enum action action);

/* A DC's short name (src/model/dc_name.h), clean; owned by the caller. */
char *short_dc(const struct wizard *w, const char *host);

/* several.c: what tells several DSAs of a text apart. */
char *several_name(const struct subject_dsa *dsa); /* "LIVDC02, site Liverpool"; "": nobody knows */
char *several_logged_by(const struct subject_dsa *dsa); /* "londc01 and 2 more DCs"; "" */
void several_describe(struct pager *page, const struct subject_dsa *dsa);
/* What is looked up on the DC, or became of it. */
void several_say(struct app *app, struct pager *page);

/* Calls into single screens. */
void symptom_set_text(struct app *app, const char *text, size_t len);

/* partners.c: read once for a connection; what Symptom says of them. */
void partner_list_read(struct app *app, bool quietly);
void partner_list_say(struct app *app, struct pager *page);
void partner_list_release(struct app *app);

/* How one signed in last, kept in $XDG_CONFIG_HOME/dcmend/last (never a password). */
void remember_signin(struct app *app, const struct signin *signin);
struct remembered {
    char *host, *user, *kind, *cacert; /* NULL: nothing is kept */
};
void recall_signin(struct app *app, app_done *recalled); /* gets a struct remembered */
const char *connect_kind(const struct signin *signin);   /* connect.c: its word there */

#endif
