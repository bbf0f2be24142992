/* Letters that move, as hands know them from less, tig and vi. */
#include "ui/widgets/widget.h"

enum term_key widget_key(const struct term_event *event)
{
    static const struct {
        char letter;
        enum term_key key;
    } letters[] = {
        {'j', TERM_DOWN}, {'k', TERM_UP},   {'g', TERM_HOME},
        {'G', TERM_END},  {' ', TERM_PGDN}, {'b', TERM_PGUP},
    };
    for (size_t i = 0; event->key == TERM_CHAR && i < sizeof letters / sizeof *letters; i++)
        if (event->rune == (uint32_t)letters[i].letter)
            return letters[i].key;
    return event->key;
}
