/* A page of lines -> records. reader.c has the way of a line, report.c what replication reports are
 * made of, document.c JSON and XML, writer.c how a line is put into a record, table.c tables. */
#ifndef DCMEND_INTAKE_READER_H
#define DCMEND_INTAKE_READER_H

#include "src/base/str.h"
#include "src/remedy/intake/formats.h"
#include "src/remedy/intake/record.h"
#include "src/remedy/intake/undress.h"

/* Adds what the page holds to *records, which points into the page, and into `owned` where a text
 * had to be put together. */
void read_page(const struct page *page, struct records *records, struct strs *owned);

/* --- writer.c: the lines of one record; a label without a value is that of the next line --- */
struct writer {
    struct record *record;
    enum role pending;
    struct slice labels[ROLE_ATTRIBUTE + 1]; /* the first label of each role */
};
/* [from, end) of a line whose text begins at start. */
void write_line(struct writer *writer, const char *start, const char *from, const char *end,
                size_t number);
/* Makes out what a finished record is. */
void finish_record(struct writer *writer);
void put_event_id(struct record *record, const char *start, const char *end, bool prose);

/* --- table.c: rows of a table with a head (CSV, tabs, Markdown, Format-Table) or of a known one */
enum { MAX_COLUMNS = 40 };
struct table {
    size_t columns;                                /* 0: none is open */
    char separator;                                /* '\0': columns of fixed width */
    size_t starts[MAX_COLUMNS], ends[MAX_COLUMNS]; /* of the ruler below each head */
    struct slice heads[MAX_COLUMNS];
    enum role roles[MAX_COLUMNS + 1];
    bool extra;    /* an event's text stands in a last column without a head */
    bool showrepl; /* repadmin's own */
    int patience;  /* broken rows that are still put up with */
};
/* Opens a table at lines[*at], or reads a row of the open one. True: lines were taken, *at is
 * behind them; *row says that *out is a record. */
bool table_line(struct table *table, const struct page *page, size_t *at, struct strs *owned,
                struct record *out, bool *row);

/* --- the reader --- */
enum { MAX_DEPTH = 16, MAX_SHORT = 3000 };
struct open_document {
    struct record record;
    struct writer writer;
    size_t first; /* of the records within it */
};

struct reader {
    const struct page *page;
    struct records *records;
    struct strs *owned;
    size_t at; /* the next line */
    struct record record;
    struct writer writer;
    bool open;
    size_t began;  /* the index of its first line */
    bool blank;    /* a blank line stands in it */
    bool dsa_line; /* a paragraph in which a label says that a GUID is a DSA's */
    /* the report that is read */
    struct place here; /* who made it */
    bool tested;       /* by dcdiag: its events are this DC's */
    size_t since;      /* the first record of the dcdiag test that is read */
    enum cut part; /* of a report; CUT_REPORT: none yet, CUT_OTHER: nothing in it is a partner */
    struct table table;
    struct open_document documents[MAX_DEPTH];
    size_t depth, floor; /* floor: that of the string that is read as a text; 0: none */
};
void close_record(struct reader *r);
void open_record(struct reader *r, enum record_kind kind, size_t number);
struct segment first_label(const struct line *line); /* ROLE_NONE: it has none */
bool labels_dsa(const struct segment *s);            /* "DSA object GUID: ..." in any language */
void put_piece(struct reader *r, const struct line *line, enum role role, struct slice text);

/* --- report.c; true: the line is done with --- */
bool head_line(struct reader *r, const struct line *line);
bool format_line(struct reader *r, const struct line *line);
bool dsa_line(struct reader *r, const struct line *line);
bool attempt_line(struct reader *r, const struct line *line);

/* --- document.c --- */
void open_document(struct reader *r, const struct line *line);
void close_document(struct reader *r);
void open_text(struct reader *r, const struct line *line);
void close_text(struct reader *r);

#endif
