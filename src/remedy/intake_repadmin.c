/* What repadmin prints around its reports: the banner in front of each, which names the DC asked.
 */
#include "src/remedy/intake_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>
#include <string.h>

static const char banner[] = "Repadmin:";

bool intake_banner_starts(const char *text)
{
    text = intake_skip(text);
    return str_starts_case(text, banner) && strchr(text, '/') && strlen(text) < 400;
}

static bool is_named(const char *word)
{
    return intake_is_host(word) && !str_same_case(word, "localhost") &&
           word[strspn(word, "0123456789.")] != '\0';
}

/* A word of the banner without quotes, a link's brackets or the sentence's point. */
static char *next_word(const char **at)
{
    *at += strspn(*at, " \t\"'(");
    size_t len = strcspn(*at, " \t\"'()<,;"), bare = len;
    const char *word = *at;
    while (bare > 0 && word[bare - 1] == '.')
        bare--;
    *at += len + strcspn(*at + len, " \t"); /* the rest of the word is a link to itself */
    return mem_textn(word, bare);
}

/* "... against full DC dcsrv01": the word behind "DC". Where the language puts it elsewhere, the
 * only word with a host name's points. */
static char *banner_host(const char *text)
{
    char *behind = NULL, *dotted = NULL;
    bool is_next = false, several = false;
    while (*(text += strspn(text, " \t\"'("))) {
        char *word = next_word(&text);
        if (is_named(word) && is_next && !behind)
            mem_set(&behind, word);
        if (is_named(word) && strchr(word, '.')) {
            several = several || dotted;
            mem_set(&dotted, word);
        }
        is_next = str_same_case(word, "DC");
        free(word);
    }
    if (behind || several)
        mem_set(&dotted, behind);
    free(behind);
    return dotted;
}

void intake_banner_line(struct intake *in, const struct intake_line *line,
                        struct intake_lines ahead)
{
    struct str text = STR_INIT;
    struct intake_line next;
    str_add(&text, intake_skip(line->text) + strlen(banner));
    bool cut = line->len > 3 && str_same_case(line->text + line->len - 3, " DC");
    if (cut && intake_next_filled(&ahead, &next) && next.len <= INTAKE_MAX_NAME)
        str_addf(&text, " %s", next.text); /* wrapped in front of the name */
    free(in->banner);
    in->banner = banner_host(str_text(&text));
    in->banner_line = line->number;
    in->failcache = str_find_case(line->text, "/failcache") != NULL;
    str_release(&text);
}
