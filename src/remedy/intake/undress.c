/* The way of a text to plain lines; undress.h has the steps. Markup may hold a document whose
 * strings hold markup again, so the middle steps are repeated while one of them finds something. */
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

static void clean_again(struct str *text)
{
    struct str again = STR_INIT;
    bool unreadable = false;
    clean_bytes(str_text(text), text->len, true, &again, &unreadable);
    str_release(text);
    *text = again;
}

static bool take_coat_off(struct str *text)
{
    static bool (*const steps[])(const struct str *text,
                                 struct str *out) = {decode_quoted_printable,
                                                     flatten_xml,
                                                     decode_entities,
                                                     decode_entities, /* "&amp;#45;" */
                                                     strip_tags,
                                                     flatten_json,
                                                     restore_ends};
    bool any = strip_prefix(text);
    for (size_t i = 0; text->len && i < sizeof steps / sizeof *steps; i++) {
        struct str out = STR_INIT, old = *text;
        if (steps[i](text, &out)) {
            *text = out;
            out = old;
            any = true;
        }
        str_release(&out);
    }
    if (any)
        clean_again(text); /* what was written as an entity or an escape */
    return any;
}

void undress(const char *bytes, size_t len, struct page *out)
{
    struct str text = STR_INIT;
    bool unreadable = false;
    *out = (struct page){.lines = NULL};
    if (len > INTAKE_MAX_BYTES) {
        strs_own(&out->notes, str_format("The text has %zu MiB; only the first %d MiB were read.",
                                         len >> 20, INTAKE_MAX_BYTES >> 20));
        len = INTAKE_MAX_BYTES;
    }
    clean_bytes(bytes, len, false, &text, &unreadable);
    if (unreadable)
        strs_add(&out->notes, "Some characters of the text could not be read (it is neither UTF-8"
                              " nor UTF-16); names with them are not used.");
    for (int coats = 0; coats < MAX_COATS && text.len && take_coat_off(&text); coats++)
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
