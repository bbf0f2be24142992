/* XML -> lines, as json.c does it: an event or another object is a document, the text of an
 * element a line "name: text", the name being that of its Name (or N) attribute where it has one.
 * Read by hand: pasted XML is cut short, quoted or broken more often than not. Entities are left
 * to markup.c, which expands none but the plain ones. */
#include "src/remedy/intake/undress.h"

#include "src/base/pattern.h"

#include <string.h>

enum { MAX_TAG = 2000 };

struct xml {
    struct str *out;
    struct slice label; /* of the text that comes, until it is written */
    int documents;
};

static void open_or_close(struct xml *x, struct slice tag)
{
    /* Whether it closes; its name; whether that is an object's of its own: an event, an item of
     * PowerShell's ConvertTo-Xml or Export-Clixml. */
    static struct pattern parts = {
        .text = "<(/)?(?:[^: \t\n\v/>]*+:)?((Event|Object|Obj|row|record|item)?[^ \t\n\v/>]*+)"};
    static struct pattern time = {.text = ".*?SystemTime=(?|\"([^\"]*)\"|'([^']*)')"};
    static struct pattern named = {.text = ".*? N(?:ame)?=(?|\"([^\"]*)\"|'([^']*)')"};
    enum { CLOSING, NAME, OBJECT, PARTS };
    struct slice part[PARTS], when, label;
    bool closed = tag.at[tag.len - 2] == '/';
    pattern_parts(&parts, tag.at, tag.len, part, PARTS);
    bool closing = part[CLOSING].at;
    if (pattern_parts(&time, tag.at, tag.len, &when, 1))
        str_addf(x->out, "\vSystemTime: %.*s\v", (int)when.len, when.at);
    bool is_document = part[OBJECT].len && part[OBJECT].len == part[NAME].len && !closed;
    x->label = pattern_parts(&named, tag.at, tag.len, &label, 1) ? label : part[NAME];
    if (closing || is_document)
        x->label.len = 0;
    if (is_document && (!closing || x->documents > 0)) {
        str_addf(x->out, "\v%c\v", closing ? DOCUMENT_END : DOCUMENT);
        x->documents += closing ? -1 : 1;
    } else if (closing) {
        str_addc(x->out, SOFT_END);
    }
}

/* At '<': a tag, a comment, a declaration or CDATA's mark is read; its length, 0: it is none. */
static size_t read_tag(struct xml *x, const char *at)
{
    static struct pattern any = {.text = "<[a-z/?!][^<>]*>"};
    size_t len = pattern_length(&any, at, strnlen(at, MAX_TAG));
    if (strncmp(at, "<![CDATA[", 9) == 0)
        return 9;
    if (len && !strchr("?!", at[1]))
        open_or_close(x, (struct slice){at, len});
    for (size_t i = 0; i < len; i++)
        if (at[i] == '\n')
            str_addc(x->out, '\n');
    return len;
}

/* Where XML begins that is worth a reading. */
static const char *find_start(const char *text)
{
    static struct pattern start = {.text = "<([a-z0-9]+:)?(Events?[ >]|\\?xml|Obj)"};
    for (const char *at = text; (at = strchr(at, '<')); at++)
        if (pattern_length(&start, at, strnlen(at, 32)))
            return at;
    return NULL;
}

bool flatten_xml(const struct str *text, struct str *out)
{
    const char *at = find_start(text->text);
    struct xml x = {.out = out};
    if (!at)
        return false;
    str_addn(out, text->text, (size_t)(at - text->text));
    while (*at) {
        size_t len = *at == '<' ? read_tag(&x, at) : strncmp(at, "]]>", 3) == 0 ? 3 : 0;
        if (!len) {
            bool blank = strchr(" \t\n\v", *at);
            if (x.label.len && !blank) {
                str_addf(out, "\v%.*s: ", (int)x.label.len, x.label.at);
                x.label.len = 0;
            }
            len = blank ? 1 : 1 + strcspn(at + 1, "<]");
            str_addn(out, at, len);
        }
        at += len;
    }
    for (; x.documents > 0; x.documents--)
        str_addf(out, "\v%c\v", DOCUMENT_END);
    return true;
}
