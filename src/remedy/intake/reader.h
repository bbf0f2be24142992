/* A page of lines -> records. */
#ifndef DCMEND_INTAKE_READER_H
#define DCMEND_INTAKE_READER_H

#include "src/base/str.h"
#include "src/remedy/intake/formats.h"
#include "src/remedy/intake/record.h"
#include "src/remedy/intake/undress.h"

/* Adds what the page holds to *records, which points into the page, and into `owned` where a text
 * had to be put together. */
void read_page(const struct page *page, struct records *records, struct strs *owned);

/* --- what reader.c and table.c share --- */

/* Writes the lines of one record: a label without a value is that of the next line. */
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

/* --- table.c: rows of a table with a head (CSV, tabs, Markdown, Format-Table) or of a known one */
enum { MAX_COLUMNS = 40 };
struct table {
    size_t columns; /* 0: none is open */
    char separator; /* '\0': columns of fixed width, parted at cuts[] */
    size_t cuts[MAX_COLUMNS + 1];
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

/* repadmin /replsum: rows "NAME  >60 days  5 / 5  100  (8589) text". table: 0 none seen, 1 of
 * sources, 2 of destinations. True: it was one of its lines. */
bool replsum_line(int *table, const struct line *line, const char *lower, struct records *records);

/* --- the reader: reader.c has the way of a line, report.c and around.c what reports are made of */
enum { MAX_DEPTH = 16, MAX_SHORT = 3000 };
enum section { SECTION_NONE, SECTION_INBOUND, SECTION_OUTBOUND, SECTION_FAILURES, SECTION_OTHER };

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
    size_t began;             /* the index of its first line */
    bool blank;               /* a blank line stands in it */
    bool dsa_line, attempted; /* "DSA object GUID:" stands in it; '@' was seen */
    bool command;             /* CUT_PARTNER outside of a report */
    enum subject_source fills;
    /* the report that is read */
    struct place here;
    bool tested; /* by dcdiag: its events are this DC's */
    bool failcache, samba;
    enum section section;
    size_t since; /* the first record of the dcdiag test that is read */
    struct table table;
    int replsum;
    struct open_document documents[MAX_DEPTH];
    size_t depth, floor; /* floor: that of the string that is read as a text; 0: none */
};

void put_event_id(struct record *record, const char *start, const char *end, bool prose);
enum subject_source report_source(const struct reader *r);
bool is_rule(const char *text);
bool has_word(const char *text, const char *word);
bool is_dsa_line(const struct line *line);
const struct line *filled_line(const struct page *page, size_t *at);
bool read_head(const struct line *line, struct slice *site, struct slice *host);
bool report_follows(const struct page *page, size_t at);
bool same_host(struct slice a, struct slice b);
void start_report(struct reader *r, const struct line *line, struct slice site, struct slice host);
void next_section(struct reader *r, const struct line *line);
void open_partner(struct reader *r, enum subject_source source, size_t number);
void before_dsa_line(struct reader *r, const struct line *line);
void put_own_guid(struct reader *r, const struct line *line);
struct slice read_when(const char *text);
bool attempt_line(struct reader *r, const struct line *line);
bool banner_line(struct reader *r, const struct line *line);
bool tested_line(struct reader *r, const struct line *line);
bool tail_line(struct reader *r, const struct line *line);
void translated_pair(struct reader *r, const struct line *line);
void failure_time(struct reader *r, const struct line *line);
void finding_line(struct reader *r, const struct line *line);
bool format_line(struct reader *r, const struct format *format, const struct taken *taken,
                 const struct line *line);
bool syncall_line(struct reader *r, const struct line *line);
void close_record(struct reader *r);
void open_record(struct reader *r, enum record_kind kind, size_t number);
void open_document(struct reader *r, const struct line *line);
void close_document(struct reader *r);
void open_text(struct reader *r, const struct line *line);
void close_text(struct reader *r);

#endif
