/* The table is walked for everything: the meaning of a key, the footer, the help page. */
#include "ui/keys.h"

#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    enum term_key key;
    uint32_t rune;
    const char *name, *word, *help;
} table[ACTION_COUNT] = {
#define X(action, key, rune, name, word, help) [action] = {key, rune, name, word, help},
    KEYS_ACTIONS(X)
#undef X
};

enum { NARROW = 40 };

static int gap(int columns) /* between two offers */
{
    return columns < NARROW ? 2 : 3;
}

const char *keys_name(enum action action)
{
    return action == ACTION_NONE ? "" : table[action].name;
}

static bool is_meant(enum action action, const struct term_event *event)
{
    if (action == ACTION_HELP && event->key == TERM_F && event->rune == 1)
        return true;
    bool has_rune = event->key == TERM_CHAR || event->key == TERM_CTRL;
    return table[action].key == event->key && (!has_rune || table[action].rune == event->rune);
}

static bool is_letter(enum action action)
{
    return table[action].key == TERM_CHAR;
}

enum action keys_action(const struct keys_offer *offers, size_t count,
                        const struct term_event *event, bool typing)
{
    if (event->kind != TERM_KEY || (typing && event->key == TERM_CHAR))
        return ACTION_NONE;
    for (size_t i = 0; i < count; i++)
        if (offers[i].action != ACTION_NONE && is_meant(offers[i].action, event))
            return offers[i].action;
    return ACTION_NONE;
}

/* --- the footer --- */

static const char *word_of(const struct keys_offer *offer)
{
    return offer->word ? offer->word : table[offer->action].word;
}

/* While letters are text, help has its other key. */
static const char *name_of(const struct keys_offer *offer, bool typing)
{
    return typing && offer->action == ACTION_HELP ? "F1" : table[offer->action].name;
}

static int width_of(const struct keys_offer *offer, bool typing)
{
    return text_width(name_of(offer, typing)) + 1 + text_width(word_of(offer));
}

/* quit: q is kept, too. */
static bool is_kept(const struct keys_offer *offer, bool quit)
{
    return offer->action == ACTION_HELP || (quit && offer->action == ACTION_QUIT);
}

static bool is_shown(const struct keys_offer *offer, bool typing)
{
    return offer->action == ACTION_HELP ||
           (offer->action != ACTION_NONE && !(typing && is_letter(offer->action)));
}

/* How many of the offers that may be left out fit beside those that may not. */
static size_t how_many(const struct keys_offer *offers, size_t count, int columns, bool typing,
                       bool quit)
{
    int used = 0;
    size_t fit = 0;
    for (size_t i = 0; i < count; i++)
        if (is_kept(&offers[i], quit) && is_shown(&offers[i], typing))
            used += width_of(&offers[i], typing) + gap(columns);
    for (size_t i = 0; i < count; i++) {
        if (is_kept(&offers[i], quit) || !is_shown(&offers[i], typing))
            continue;
        used += width_of(&offers[i], typing) + gap(columns);
        if (used - gap(columns) > columns)
            break;
        fit++;
    }
    return fit;
}

/* Calls put(data, key, word) for each offer that is in the footer. */
static void each_offer(const struct keys_offer *offers, size_t count, int columns, bool typing,
                       void (*put)(void *data, const char *key, const char *word), void *data)
{
    bool quit = true;
    size_t left = how_many(offers, count, columns, typing, true);
    size_t without = how_many(offers, count, columns, typing, false);
    if (left < 2 && without > left) { /* what Enter does, and what comes next, matters more */
        left = without;
        quit = false;
    }
    for (size_t i = 0; i < count; i++) {
        bool kept = is_kept(&offers[i], quit);
        if (!is_shown(&offers[i], typing) || (!kept && left == 0))
            continue;
        left -= !kept;
        put(data, name_of(&offers[i], typing), word_of(&offers[i]));
    }
}

static void add_to_text(void *data, const char *key, const char *word)
{
    struct str *s = data;
    str_addf(s, "%s%s %s", s->len ? "   " : "", key, word);
}

char *keys_footer(const struct keys_offer *offers, size_t count, int columns, bool typing)
{
    struct str s = STR_INIT;
    each_offer(offers, count, columns, typing, add_to_text, &s);
    str_add(&s, "");
    return str_steal(&s);
}

struct painter {
    struct term *term;
    struct rect rect;
    int at;
};

static void paint(void *data, const char *key, const char *word)
{
    struct painter *p = data;
    int end = p->rect.cols;
    if (p->at > 0)
        p->at += gap(end);
    p->at += term_put(p->term, p->rect.row, p->rect.col + p->at, STYLE_KEY, key, end - p->at) + 1;
    p->at += term_put(p->term, p->rect.row, p->rect.col + p->at, STYLE_TEXT, word, end - p->at);
}

void keys_footer_draw(struct term *term, struct rect rect, const struct keys_offer *offers,
                      size_t count, bool typing)
{
    struct painter p = {.term = term, .rect = rect};
    each_offer(offers, count, rect.cols, typing, paint, &p);
}

void keys_help(struct strs *lines, const struct keys_offer *offers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        enum action action = offers[i].action;
        if (action == ACTION_NONE)
            continue;
        const char *word = offers[i].word && !is_kept(&offers[i], true) ? offers[i].word : NULL;
        strs_own(lines, str_format("  %-10s %s%s%s", table[action].name, table[action].help,
                                   word ? "  Here: " : "", word ? word : ""));
    }
}
