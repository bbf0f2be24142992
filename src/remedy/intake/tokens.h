/* What needs no language: GUIDs in every spelling, DNs and numbers in the middle of a text. */
#ifndef DCMEND_INTAKE_TOKENS_H
#define DCMEND_INTAKE_TOKENS_H

#include "src/base/ascii.h"
#include "src/base/str.h"
#include "src/model/guid.h"
#include "src/model/subject.h"

#include <stdbool.h>
#include <stddef.h>

enum { MAX_RDNS = 24, MAX_FOREST = 255 };

/* --- dn.c --- */
struct found_rdn {
    struct slice attribute, value;
};
enum dn_kind { DN_OTHER, DN_NTDS, DN_SERVER, DN_COMPUTER };
struct found_dn {
    struct found_rdn rdns[MAX_RDNS];
    size_t count;
    enum dn_kind kind;
    bool complete; /* ends in DC= components */
    bool repaired; /* a missing comma was put in */
    size_t len;    /* bytes of the text */
};
bool dn_scan(const char *text, struct found_dn *out); /* text starts with "CN=" or the like */
void dn_fill(struct subject_dsa *dsa, const struct found_dn *dn); /* what is empty in it */

/* --- tokens.c: a text word by word --- */
enum token_kind { TOKEN_GUID, TOKEN_DN, TOKEN_NUMBER };
struct token {
    enum token_kind kind;
    const char *at;
    size_t len;
    struct guid guid;
    bool msdcs; /* "<guid>._msdcs" */
    bool weak;  /* 32 hex digits without a label: may be anything */
    bool wire;  /* bytes in the order of the wire, told by their spelling alone */
    bool hex;
    long number;
    const char *forest; /* behind ._msdcs.; forest_len 0 when there is none */
    size_t forest_len;
    /* From here on only set where the kind says so: there is a token for every word. */
    struct found_dn dn;
};
struct scan {
    const char *start, *at, *end; /* start: of the line, for what stands in front of a word */
};
bool next_token(struct scan *scan, struct token *out);

const char *skip_blanks(const char *text); /* past spaces and tabs */
/* One of the words, which blanks part, is in [from, end), in any case. */
enum where { ANYWHERE, AT_START, AT_END };
bool has_word_of(const char *words, enum where where, const char *from, const char *end);
/* "8589", "8,589", "-2146893022", "0x218d": what stands behind it; NULL: no number. */
const char *read_number(const char *at, const char *end, long *out);

/* --- guids.c: a GUID at a text; false or 0: none there, or an interface's --- */
/* With its dashes, and "._msdcs.contoso.com" behind it. */
bool read_guid_name(const char *start, const char *at, struct token *token);
/* 16 bytes in the order of the wire, with or without marks between them; its length. */
size_t read_guid_bytes(const char *text, struct guid *out);
bool read_guid_base64(const char *text, struct guid *out); /* "m3+rPeeSkUO423HfUywUkw==" */
bool is_guid_label(const char *start, const char *at);     /* "objectGUID: " stands before at */
/* "9531985d-...-e811": a GUID that was cut short; its length. */
size_t cut_guid(const char *text);
bool is_misread_guid(const char *text); /* a GUID but for letters that are no digits */

#endif
