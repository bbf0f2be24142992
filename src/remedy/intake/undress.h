/* Pasted bytes -> plain lines: what a channel put around a text is taken off, until nothing more
 * comes off. Pure. Memory: a few times the text's. */
#ifndef DCMEND_INTAKE_UNDRESS_H
#define DCMEND_INTAKE_UNDRESS_H

#include "src/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    INTAKE_MAX_BYTES = 16 << 20, /* of a pasted text; the rest is left out, and said so */
    INTAKE_MAX_NAME = 255        /* bytes of a host, site or server name */
};

/* What the steps write between lines. No text holds these characters: control characters of the
 * paste became spaces. */
enum {
    SOFT_END = '\v',       /* ends a line of which the pasted text has none there ("\n" in JSON) */
    DOCUMENT = '\x1E',     /* a line of its own: an object of a JSON or XML document begins; its
                              path within the document follows */
    DOCUMENT_END = '\x1F', /* the same: it ends */
    TEXT = '\x1C',         /* a string of it begins that holds records of its own */
    TEXT_END = '\x1D'
};

struct line {
    const char *text; /* NUL-terminated, no spaces at its end */
    size_t len;
    size_t number; /* 1-based, in the pasted text */
};
struct page {
    struct str text;
    struct line *lines;
    size_t count;
    struct strs notes; /* what was lost, for the operator */
};

/* *out is owned by the caller. */
void undress(const char *bytes, size_t len, struct page *out);
void page_release(struct page *page);

/* Takes the first line off: it goes up to line->at[line->len]. False: none is left. */
bool next_line(struct slice *rest, struct slice *line);

/* --- the steps, in their order; each takes a text of '\n' and SOFT_END lines --- */

/* clean.c: UTF-8 with one kind of dash, quote, space and line end. False: not all is readable. */
bool clean_bytes(const char *bytes, size_t len, struct str *out);
bool strip_prefix(struct str *text);
/* These make another text of one. False: nothing comes off it, *out is of no use. */
bool decode_quoted_printable(const struct str *text, struct str *out); /* markup.c */
bool flatten_xml(const struct str *text, struct str *out);
bool decode_entities(const struct str *text, struct str *out); /* markup.c */
bool strip_tags(const struct str *text, struct str *out);      /* markup.c */
bool flatten_json(const struct str *text, struct str *out);
bool restore_ends(const struct str *text, struct str *out); /* lost, or written "\\n" */
bool clean_again(const struct str *text, struct str *out);
/* unwrap.c: joins broken GUIDs, DNs and host names, and cuts the text into lines. */
void unwrap(const struct str *text, struct page *out);

#endif
