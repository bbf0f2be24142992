/* The way of a text to plain lines; undress.h has the steps. Markup may hold a document whose
 * strings hold markup again, so the steps are repeated while one of them finds something. */
#include "src/remedy/intake/undress.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_COATS = 4 };

bool next_line(struct slice *rest, struct slice *line)
{
    size_t len = strcspn(rest->at, "\n\v");
    *line = (struct slice){rest->at, len};
    if (!rest->len)
        return false;
    len += len < rest->len;
    *rest = (struct slice){rest->at + len, rest->len - len};
    return true;
}

static bool apply(bool (*step)(const struct str *text, struct str *out), struct str *text)
{
    struct str out = STR_INIT, old = *text;
    bool off = text->len && step(text, &out);
    *text = off ? out : old;
    str_release(off ? &old : &out);
    return off;
}

static bool take_coat_off(struct str *text)
{
    bool any = strip_prefix(text);
    any = apply(decode_quoted_printable, text) || any;
    any = apply(flatten_xml, text) || any;
    any = apply(decode_entities, text) || any;
    any = apply(decode_entities, text) || any; /* "&amp;#45;" */
    any = apply(strip_tags, text) || any;
    any = apply(flatten_json, text) || any;
    any = apply(restore_ends, text) || any;
    return any && apply(clean_again, text);
}

void undress(const char *bytes, size_t len, struct page *out)
{
    struct str text = STR_INIT;
    *out = (struct page){.lines = NULL};
    if (len > INTAKE_MAX_BYTES) {
        strs_own(&out->notes, str_format("The text has %zu MiB; only the first %d MiB were read.",
                                         len >> 20, INTAKE_MAX_BYTES >> 20));
        len = INTAKE_MAX_BYTES;
    }
    if (!clean_bytes(bytes, len, &text))
        strs_add(&out->notes, "Some characters of the text could not be read (it is neither UTF-8"
                              " nor UTF-16); names with them are not used.");
    for (int coats = 0; coats < MAX_COATS && take_coat_off(&text); coats++)
        ;
    unwrap(&text, out);
    str_release(&text);
}

void page_release(struct page *page)
{
    free(page->lines);
    str_release(&page->text);
    strs_release(&page->notes);
    *page = (struct page){.lines = NULL};
}
