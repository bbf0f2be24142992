/* XML -> lines, as json.c does it: an event or another object is a document, the text of an
 * element a line "name: text", the name being that of its Name (or N) attribute where it has one.
 * Read by hand: pasted XML is cut short, quoted or broken more often than not, and no entity but
 * the plain ones is ever expanded. */
#include "src/remedy/intake/undress.h"

#include "src/base/text.h"

#include <string.h>

enum { MAX_TAG = 2000, MAX_LABEL = 64 };

struct xml {
    const char *at, *end;
    struct str *out;
    char label[MAX_LABEL + 1];
    bool labelled; /* the label was written */
    int documents;
};

/* An object of its own: an event, an item of PowerShell's ConvertTo-Xml or Export-Clixml. */
static bool is_document(const char *name, size_t len)
{
    static const char *const names[] = {"Event", "Object", "Obj", "row", "record", "item"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (len == strlen(names[i]) && str_starts_case(name, names[i]))
            return true;
    return false;
}

static void put_mark(struct xml *x, char mark)
{
    str_addc(x->out, SOFT_END);
    str_addc(x->out, mark);
    str_addc(x->out, SOFT_END);
    x->documents += mark == DOCUMENT ? 1 : -1;
}

/* Name="Server" within a tag. */
static bool read_name(const char *tag, size_t len, struct xml *x)
{
    static const char *const attributes[] = {" Name=", " N="};
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        const char *at = memmem(tag, len, attributes[i], strlen(attributes[i]));
        if (!at)
            continue;
        at += strlen(attributes[i]);
        size_t room = (size_t)(tag + len - at);
        const char *close = room > 1 ? memchr(at + 1, *at, room - 1) : NULL;
        if (!close || (*at != '"' && *at != '\'') || close - at > MAX_LABEL)
            continue;
        memcpy(x->label, at + 1, (size_t)(close - at) - 1);
        x->label[close - at - 1] = '\0';
        return true;
    }
    return false;
}

static void open_tag(struct xml *x, const char *name, size_t len, const char *tag, size_t tag_len)
{
    bool closed = tag_len > 1 && tag[tag_len - 2] == '/';
    const char *time = memmem(tag, tag_len, "SystemTime=", 11);
    x->labelled = false;
    if (time)
        str_addf(x->out, "\vSystemTime: %.*s\v", (int)strcspn(time + 12, "\"'>"), time + 12);
    if (is_document(name, len) && !closed) {
        put_mark(x, DOCUMENT);
        x->label[0] = '\0';
    } else if (!read_name(tag, tag_len, x)) {
        len = len < MAX_LABEL ? len : MAX_LABEL;
        memcpy(x->label, name, len);
        x->label[len] = '\0';
    }
}

static void close_tag(struct xml *x, const char *name, size_t len)
{
    x->label[0] = '\0';
    x->labelled = false;
    if (is_document(name, len) && x->documents > 0)
        put_mark(x, DOCUMENT_END);
    else
        str_addc(x->out, SOFT_END);
}

/* At '<': the length of the tag, or of a comment, a declaration or CDATA's marks; 0: no tag. */
static size_t take_tag(struct xml *x)
{
    const char *at = x->at;
    size_t room = (size_t)(x->end - at);
    if (room > 9 && memcmp(at, "<![CDATA[", 9) == 0)
        return 9;
    const char *close = memchr(at, '>', room < MAX_TAG ? room : MAX_TAG);
    if (!close || !(at[1] == '/' || at[1] == '!' || at[1] == '?' ||
                    ((at[1] | 0x20) >= 'a' && (at[1] | 0x20) <= 'z')))
        return 0;
    const char *name = at + 1 + (at[1] == '/');
    size_t len = strcspn(name, " \t\n\v/>"), tag = (size_t)(close - at) + 1;
    const char *colon = memchr(name, ':', len);
    if (colon) {
        len -= (size_t)(colon + 1 - name);
        name = colon + 1;
    }
    if (at[1] == '/')
        close_tag(x, name, len);
    else if (at[1] != '!' && at[1] != '?')
        open_tag(x, name, len, at, tag);
    for (const char *c = at; c < close; c++)
        if (*c == '\n')
            str_addc(x->out, '\n');
    return tag;
}

static void put_text(struct xml *x)
{
    uint32_t rune;
    if (!x->labelled && x->label[0] && !strchr(" \t\n\v", *x->at)) {
        str_addf(x->out, "%c%s: ", SOFT_END, x->label);
        x->labelled = true;
    }
    size_t len = *x->at == '&' ? read_entity(x->at, &rune) : 0;
    if (len)
        text_add_rune(x->out, rune);
    else if (x->end - x->at >= 3 && memcmp(x->at, "]]>", 3) == 0)
        len = 3;
    else
        str_addc(x->out, *x->at);
    x->at += len ? len : 1;
}

/* Where XML begins that is worth a reading. */
static const char *find_start(const char *text, size_t len)
{
    static const char *const marks[] = {"<Event>", "<Event ", "<Events",  ":Event ",
                                        "<?xml",   "<Objs",   "<Objects", "<Obj "};
    const char *first = NULL;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const char *at = memmem(text, len, marks[i], strlen(marks[i]));
        if (at && (!first || at < first))
            first = at;
    }
    while (first && first > text && *first != '<')
        first--;
    return first && *first == '<' ? first : NULL;
}

bool flatten_xml(struct str *text)
{
    struct str out = STR_INIT;
    const char *start = text->len ? find_start(text->text, text->len) : NULL;
    struct xml x = {.end = str_text(text) + text->len, .out = &out};
    if (!start)
        return false;
    str_addn(&out, text->text, (size_t)(start - text->text));
    for (x.at = start; x.at < x.end;) {
        size_t len = *x.at == '<' ? take_tag(&x) : 0;
        if (len)
            x.at += len;
        else
            put_text(&x);
    }
    while (x.documents > 0)
        put_mark(&x, DOCUMENT_END);
    str_release(text);
    *text = out;
    return true;
}
