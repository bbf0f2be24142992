/* What keys do: one table of actions with key, footer word and help sentence. A screen lists the
 * actions it offers, most important first; footer, help page and the meaning of a key all come from
 * that list, so that they cannot disagree. j, k, g, G, b, n, N and the blank are no action's: they
 * move in every list and page (widget_key(), pager_find()). */
#ifndef DCMEND_KEYS_H
#define DCMEND_KEYS_H

#include "src/base/str.h"
#include "ui/term.h"

/* action, key, rune, how the key is called, footer word, help sentence */
#define KEYS_ACTIONS(X)                                                                            \
    X(ACTION_ENTER, TERM_ENTER, 0, "Enter", "go on", "Takes the recommended action.")              \
    X(ACTION_BACK, TERM_ESC, 0, "Esc", "back",                                                     \
      "Goes one step back, or calls off what is running.")                                         \
    X(ACTION_NEXT, TERM_TAB, 0, "Tab", "next", "Goes to the next field, pane or finding.")         \
    X(ACTION_PREV, TERM_BACKTAB, 0, "Shift-Tab", "previous",                                       \
      "Goes to the previous field or pane.")                                                       \
    X(ACTION_BROWSE, TERM_CHAR, 't', "t", "browse", "Shows the tree of sites and servers.")        \
    X(ACTION_CHECK, TERM_CHAR, 'c', "c", "check all", "Checks every server of the forest.")        \
    X(ACTION_LDIF, TERM_CHAR, 'l', "l", "LDIF", "Shows the change, and its undo, as LDIF.")        \
    X(ACTION_COMMANDS, TERM_CHAR, 'm', "m", "commands", "Shows commands for a DC's console.")      \
    X(ACTION_ACCOUNTS, TERM_CHAR, 'a', "a", "accounts",                                            \
      "Lists the accounts that could be meant, each with its proof.")                              \
    X(ACTION_SORT, TERM_CHAR, 'v', "v", "faults first", "Sorts by fault, or by name again.")       \
    X(ACTION_PARTNERS, TERM_CHAR, 'i', "i", "partners", "Lists the replication partners.")         \
    X(ACTION_FILTER, TERM_CHAR, '/', "/", "filter", "Shows only what contains the text typed.")    \
    X(ACTION_FIND, TERM_CHAR, '/', "/", "find",                                                    \
      "Finds text in the page; n and N: next, previous.")                                          \
    X(ACTION_GOTO, TERM_CHAR, ':', ":", "go to", "Goes to the object that a GUID or text names.")  \
    X(ACTION_DELETED, TERM_CHAR, 'd', "d", "deleted", "Shows or hides deleted objects.")           \
    X(ACTION_FOLLOW, TERM_CHAR, 'f', "f", "follow DN", "Goes to the object that the value names.") \
    X(ACTION_COPY, TERM_CHAR, 'y', "y", "copy", "Copies the value to your clipboard (OSC 52).")    \
    X(ACTION_REFRESH, TERM_CHAR, 'r', "r", "read again", "Reads everything anew.")                 \
    X(ACTION_SAVE, TERM_CHAR, 's', "s", "save", "Saves what is shown to a file.")                  \
    X(ACTION_EVERY_DC, TERM_CHAR, 'e', "e", "every DC", "Asks every DC for its copy.")             \
    X(ACTION_JOURNAL, TERM_CHAR, 'u', "u", "undo",                                                 \
      "Lists the journal: each change can be undone.")                                             \
    X(ACTION_HOME, TERM_CHAR, 'w', "w", "new repair", "Starts over with another error.")           \
    X(ACTION_OTHER_DC, TERM_CHAR, 'o', "o", "other DC", "Connects to another DC.")                 \
    X(ACTION_STAY, TERM_CHAR, 'h', "h", "judge here", "Judges the copy of the connected DC.")      \
    X(ACTION_PASSWORD, TERM_CHAR, 'p', "p", "password", "Signs in with a password.")               \
    X(ACTION_SAVE_TYPED, TERM_CTRL, 's', "Ctrl-S", "save",                                         \
      "Saves what is shown, also while typing.")                                                   \
    X(ACTION_LEAVE, TERM_CTRL, 'c', "Ctrl-C", "leave", "Leaves dcmend, also while typing.")        \
    X(ACTION_HELP, TERM_CHAR, '?', "?", "help", "Explains this screen and its keys.")              \
    X(ACTION_QUIT, TERM_CHAR, 'q', "q", "quit", "Leaves dcmend.")

enum action {
    ACTION_NONE,
#define X(action, key, rune, name, word, help) action,
    KEYS_ACTIONS(X)
#undef X
        ACTION_COUNT
};

struct keys_offer {
    enum action action;
    const char *word; /* for the footer; NULL: the table's */
};

/* What the event means among the offers; ACTION_NONE for anything else. While something is typed
 * (typing) letters are text, never actions; F1 is help always. */
enum action keys_action(const struct keys_offer *offers, size_t count,
                        const struct term_event *event, bool typing);

/* The footer as text: as many offers, in their order, as fit into the columns; `?` and `q` are
 * always kept, and no offer is cut in its middle. While typing, letter keys are left out, and help
 * is F1. */
char *keys_footer(const struct keys_offer *offers, size_t count, int columns, bool typing);
void keys_footer_draw(struct term *term, struct rect rect, const struct keys_offer *offers,
                      size_t count, bool typing);

/* "  Enter      Takes the recommended action." and so on, one line an offer. */
void keys_help(struct strs *lines, const struct keys_offer *offers, size_t count);
const char *keys_name(enum action action); /* "Enter", "b", "?" */

#endif
