/* regcomp() in the locale C: there a range holds what it says, and libc runs an automaton over
 * bytes. re_match() of GNU takes a text with its length, where regexec() wants an end. */
#include "src/base/pattern.h"

#include "src/base/mem.h"

#include <locale.h>
#include <pthread.h>
#include <regex.h>
#include <stdlib.h>

struct pattern_compiled {
    regex_t regex;
};

static struct pattern_compiled *compile(const char *text)
{
    struct pattern_compiled *compiled = mem_zero(1, sizeof *compiled);
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0), before = uselocale(c);
    if (regcomp(&compiled->regex, text, REG_EXTENDED | REG_ICASE))
        abort(); /* a fault of ours in the text */
    uselocale(before);
    freelocale(c);
    return compiled;
}

size_t pattern_length(struct pattern *pattern, const char *text, size_t len)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    if (!pattern->compiled)
        pattern->compiled = compile(pattern->text);
    regex_t *regex = &pattern->compiled->regex;
    pthread_mutex_unlock(&lock);
    regoff_t used = re_match(regex, text, (regoff_t)len, 0, NULL);
    return used > 0 ? (size_t)used : 0;
}
