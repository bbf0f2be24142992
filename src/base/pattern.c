/* PCRE2 over bytes, compiled to machine code where the system lets it. Two things keep hostile
 * text cheap: a table of the bytes that a match can begin with, and a limit of its own way back
 * and forth: a text that goes beyond it does not fit. */
#include "src/base/pattern.h"

#include "src/base/mem.h"

#include <pthread.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { MATCH_LIMIT = 20000, MAX_GROUPS = 8 };

struct pattern_compiled {
    pcre2_code *code;
    bool begins[256]; /* a match can begin with this byte */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of what is here */
static pcre2_match_data *match;
static pcre2_match_context *limits;

static pcre2_code *compile(const char *text, uint32_t how)
{
    int error;
    PCRE2_SIZE at;
    how |= PCRE2_CASELESS | PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_UTF;
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, how, &error, &at, NULL);
    if (!code)
        abort(); /* a fault of ours in the text, or no memory */
    return code;
}

/* Only of a pattern that is not anchored does PCRE2 say what it begins with. */
static void find_begins(const char *text, bool begins[256])
{
    pcre2_code *code = compile(text, 0);
    const uint8_t *bits = NULL;
    uint32_t kind = 0, first = 0;
    pcre2_pattern_info(code, PCRE2_INFO_FIRSTCODETYPE, &kind);
    pcre2_pattern_info(code, PCRE2_INFO_FIRSTCODEUNIT, &first);
    pcre2_pattern_info(code, PCRE2_INFO_FIRSTBITMAP, &bits);
    bool letter = (first | 0x20) >= 'a' && (first | 0x20) <= 'z';
    for (uint32_t c = 0; c < 256; c++)
        begins[c] = kind == 1 ? c == first || (letter && (c ^ first) == 0x20)
                              : !bits || (bits[c / 8] >> c % 8 & 1);
    pcre2_code_free(code);
}

static struct pattern_compiled *learn(const char *text)
{
    struct pattern_compiled *compiled = mem_zero(1, sizeof *compiled);
    compiled->code = compile(text, PCRE2_ANCHORED);
    pcre2_jit_compile(compiled->code, PCRE2_JIT_COMPLETE); /* else it is interpreted */
    find_begins(text, compiled->begins);
    if (!match) {
        match = pcre2_match_data_create(1 + MAX_GROUPS, NULL);
        limits = pcre2_match_context_create(NULL);
        if (!match || !limits)
            abort();
        pcre2_set_match_limit(limits, MATCH_LIMIT);
    }
    return compiled;
}

size_t pattern_parts(struct pattern *pattern, const char *text, size_t len, struct slice *parts,
                     size_t count)
{
    struct pattern_compiled *compiled = atomic_load(&pattern->compiled);
    if (!len || (compiled && !compiled->begins[(unsigned char)*text]))
        return 0;
    pthread_mutex_lock(&lock);
    if (!compiled && !(compiled = atomic_load(&pattern->compiled)))
        atomic_store(&pattern->compiled, compiled = learn(pattern->text));
    int groups = pcre2_match(compiled->code, (PCRE2_SPTR)text, len, 0, 0, match, limits);
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(match);
    size_t used = groups < 0 ? 0 : ends[1];
    for (size_t i = 0; i < count && used; i++) {
        const PCRE2_SIZE *part = ends + 2 * (i + 1);
        bool fits = i + 1 < (size_t)groups && part[0] != PCRE2_UNSET;
        parts[i] =
            fits ? (struct slice){text + part[0], part[1] - part[0]} : (struct slice){NULL, 0};
    }
    pthread_mutex_unlock(&lock);
    return used;
}

size_t pattern_length(struct pattern *pattern, const char *text, size_t len)
{
    return pattern_parts(pattern, text, len, NULL, 0);
}
