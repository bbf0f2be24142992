/* What the files of the Scan screen share: the findings as rows of a list that stays, each with
 * what became of it, and the screen's own state. */
#ifndef DCMEND_SCAN_PARTS_H
#define DCMEND_SCAN_PARTS_H

#include "src/jobs/every_dc.h"
#include "ui/screens/parts.h"
#include "ui/widgets/field.h"

/* --- the task: scan_work.c --- */

struct scan_work {
    bool every_dc;
    char *host;            /* out: the DC whose copy was judged, by its own name */
    struct every_dc every; /* out; without every_dc its scan alone */
};
extern const struct task_kind work_scan;
struct scan_work *scan_work_new(bool every_dc);
/* How many DCs were asked, of how many, as a task's progress says it. */
void scan_progress(size_t progress, size_t *done, size_t *total);

/* --- the rows: scan_rows.c --- */

/* since it was found; word, style */
#define SCAN_BECAME(X)                                                                             \
    X(BECAME_NOTHING, "", STYLE_QUIET, GLYPH_COUNT)                                                \
    X(BECAME_UNKNOWN, "unknown", STYLE_WARN, GLYPH_BULLET)                                         \
    X(BECAME_REPAIRED, "repaired", STYLE_OK, GLYPH_TICK)                                           \
    X(BECAME_RIGHT, "already right", STYLE_OK, GLYPH_TICK)                                         \
    X(BECAME_REFUSED, "refused", STYLE_WARN, GLYPH_CROSS)

enum scan_became {
#define X(id, word, style, glyph) id,
    SCAN_BECAME(X)
#undef X
};

struct scan_row { /* of the finding of the same number */
    enum scan_became became;
    char *why; /* raw; NULL */
};

struct scan_rows {
    char *host;            /* whose copy was judged */
    struct every_dc every; /* every.scan; the rest where every DC was asked */
    bool every_dc;
    struct scan_row *rows;
    size_t *order, shown; /* what the filter leaves, in the order of the list: finding numbers */
    char *filter;         /* NULL: none */
    bool by_name;         /* not the repairable ones first */
    size_t at;            /* the finding that the wizard has; SCAN_NONE */
};
#define SCAN_NONE ((size_t)-1)

void scan_rows_release(struct scan_rows *rows);
/* Takes over what the work brought; what became of a DSA that is found again is kept. */
void scan_rows_take(struct scan_rows *rows, struct scan_work *work);
void scan_rows_filter(struct scan_rows *rows, const char *text);
void scan_rows_sort(struct scan_rows *rows, bool by_name);
size_t scan_rows_find(const struct scan_rows *rows, const struct guid *dsa);
/* A finding's server, else its GUID; raw, owned. */
char *scan_rows_name(const struct scan_rows *rows, size_t index);
/* What the wizard knows of the finding it has. */
void scan_rows_note(struct scan_rows *rows, const struct wizard *w);
/* Where it is to be judged: the connected DC where its copy shows the finding, else one whose copy
 * does, writable ones first. Borrowed. */
const char *scan_rows_dc(const struct scan_rows *rows, size_t index, const char *connected);
size_t scan_rows_done(const struct scan_rows *rows);
/* The first one after `at`, in the order of the list, of which nothing became yet. */
size_t scan_rows_next(const struct scan_rows *rows);
const char *scan_became_word(enum scan_became became);
enum style scan_became_style(enum scan_became became);
enum glyph scan_became_glyph(enum scan_became became); /* GLYPH_COUNT: none */
/* All of it as the text of a file. */
char *scan_rows_text(const struct scan_rows *rows, const struct server *server);

/* --- the screen: scan.c, and what it shows: scan_draw.c --- */

struct scan_screen {
    struct app *app;
    struct scan_rows rows;
    bool known, asked_every; /* asked_every: the reading under way asks every DC */
    struct err *err;
    bool typing; /* the filter */
    bool sites;  /* there is room for them */
    struct field field;
    struct list list;
    struct pager page;
    char *cell[5];
    char *word; /* of the key for the next one */
};
void scan_done(struct app *app, void *work, struct err *err); /* a struct scan_work */

void scan_draw(struct app *app, void *state, struct rect rect);
void scan_draw_row(void *screen, size_t at, struct list_row *row);
bool scan_is_reading(const struct scan_screen *screen);
const struct scan_finding *scan_finding_at(const struct scan_screen *screen, size_t index);
bool scan_chosen(const struct scan_screen *screen, size_t *index); /* a finding's number */
const char *scan_connected(const struct app *app);                 /* the DC's own name; or NULL */
/* It is judged on another DC than the connected one: *dc, borrowed. */
bool scan_is_elsewhere(const struct scan_screen *screen, size_t index, const char **dc);

#endif
