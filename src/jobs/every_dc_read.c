/* One DC's copy, compared entry by entry as it comes: nothing of it is kept but what differs. What
 * it does not hold, and what it may not show, are told apart at the end by one question each. */
#include "src/jobs/every_dc_parts.h"

#include "src/base/clock.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/turn.h"

#include <stdlib.h>

enum { DIFFERENCES_MOST = 2000, ASKED_AT_ONCE = 100 };

static bool same_value(const struct every_dc_server *row, enum copy_state state,
                       const struct dn_link *value)
{
    if (row->state != state)
        return false;
    if (state != COPY_VALUE)
        return true;
    return row->value.has_guid && value->has_guid ? guid_equal(&row->value.guid, &value->guid)
                                                  : dn_equal(row->value.dn, value->dn);
}

static struct every_dc_difference *add_difference(struct every_errand *errand, size_t server,
                                                  enum copy_state state)
{
    if (errand->difference_count >= DIFFERENCES_MOST) {
        errand->too_many = true;
        return NULL;
    }
    struct every_dc_difference *difference =
        MEM_PUSH(errand->differences, errand->difference_count);
    difference->server = server;
    difference->state = state;
    return difference;
}

/* ---- what comes ---- */

static void compare_server(void *context, const struct entry *entry)
{
    struct every_errand *errand = context;
    struct dn_link link = {.has_guid = false};
    struct guid guid;
    size_t at = entry_identity(entry, &guid) ? forest_list_find(&errand->list->by_server, &guid)
                                             : INDEX_END;
    if (at == INDEX_END || errand->seen[at])
        return;
    errand->seen[at] = true;
    enum copy_state state = entry_link(entry, "serverReference", &link) ? COPY_VALUE : COPY_ABSENT;
    struct every_dc_difference *difference = same_value(&errand->list->servers[at], state, &link)
                                                 ? NULL
                                                 : add_difference(errand, at, state);
    if (difference && state == COPY_VALUE)
        dn_link_copy(&difference->value, &link);
    if (state == COPY_VALUE)
        dn_link_release(&link);
}

static void note_stranger(struct every_errand *errand, const struct guid *dsa, const char *dn)
{
    for (size_t i = 0; i < errand->stranger_count; i++)
        if (guid_equal(&errand->strangers[i].dsa, dsa))
            return;
    if (errand->stranger_count >= DIFFERENCES_MOST) {
        errand->too_many = true;
        return;
    }
    *MEM_PUSH(errand->strangers, errand->stranger_count) = (struct stranger){*dsa, mem_text(dn)};
}

static void note_dsa(void *context, const struct entry *entry)
{
    struct every_errand *errand = context;
    struct guid guid;
    if (!entry_identity(entry, &guid))
        return;
    size_t at = forest_list_find(&errand->list->by_dsa, &guid);
    if (at == INDEX_END)
        note_stranger(errand, &guid, entry->name.dn);
    else
        errand->known[at] = true;
}

/* ---- what did not come ---- */

static void add_unseen(struct every_errand *errand)
{
    for (size_t i = 0; i < errand->list->count && !errand->too_many; i++)
        if (!errand->seen[i] && !guid_is_null(&errand->list->servers[i].server))
            (void)add_difference(errand, i, COPY_NO_OBJECT);
}

/* Takes the answers to `count` questions from `first` on. */
static void settle(struct every_errand *errand, const struct turn *turn, size_t *at,
                   const struct session *session)
{
    for (size_t slot = 0; slot < turn->count; slot++, (*at)++) {
        while (errand->differences[*at].state == COPY_VALUE)
            (*at)++;
        struct every_dc_difference *difference = &errand->differences[*at];
        struct copy_asked answer = {.state = COPY_NOT_ASKED};
        copy_take(&answer, errand->silent_ms, turn, slot, session_server(session));
        difference->state = answer.state;
        difference->value = answer.value;
        free(answer.why);
    }
}

static struct err *ask_again(struct every_errand *errand, struct session *session)
{
    struct err *err = NULL;
    size_t at = 0, next = 0;
    while (!err && next < errand->difference_count) {
        struct turn turn = TURN_INIT;
        for (; next < errand->difference_count && turn.count < ASKED_AT_ONCE; next++)
            if (errand->differences[next].state != COPY_VALUE)
                (void)copy_turn(&turn,
                                &errand->list->servers[errand->differences[next].server].server);
        err = turn_run(&turn, session);
        if (!err)
            settle(errand, &turn, &at, session);
        turn_release(&turn);
    }
    return err;
}

/* What turned out to be the same after all goes; what may not be read is counted. */
static size_t sift(struct every_errand *errand)
{
    size_t kept = 0, unreadable = 0;
    for (size_t i = 0; i < errand->difference_count; i++) {
        struct every_dc_difference *difference = &errand->differences[i];
        if (same_value(&errand->list->servers[difference->server], difference->state,
                       &difference->value)) {
            dn_link_release(&difference->value);
            continue;
        }
        unreadable += difference->state == COPY_UNREADABLE || difference->state == COPY_UNREACHABLE;
        errand->differences[kept++] = *difference;
    }
    errand->difference_count = kept;
    return unreadable;
}

/* ---- together ---- */

static void say(struct every_errand *errand, char *why)
{
    errand->dc.state = COPY_UNREADABLE;
    free(errand->dc.why);
    errand->dc.why = why;
}

static struct err *run_lists(struct every_errand *errand, struct session *session)
{
    struct search searches[FOREST_SEARCHES];
    struct result results[FOREST_SEARCHES];
    struct err *err = NULL;
    forest_searches(session_server(session), searches);
    searches[0].each = compare_server;
    searches[1].each = note_dsa;
    searches[0].context = searches[1].context = errand;
    search_run_bulk(session, searches, FOREST_SEARCHES, results, NULL, NULL);
    for (size_t i = 0; i < FOREST_SEARCHES; i++) {
        if (!err && results[i].err)
            err = err_copy(results[i].err);
        else if (!err && !results[i].complete)
            err = err_new(ERR_DIRECTORY, ERR_LIMIT, "not all of it came");
        result_release(&results[i]);
        search_release(&searches[i]);
    }
    return err;
}

static void compare(struct every_errand *errand, struct session *session)
{
    struct err *err = run_lists(errand, session);
    if (!err)
        add_unseen(errand);
    if (!err && !errand->too_many)
        err = ask_again(errand, session);
    size_t unreadable = !err && !errand->too_many ? sift(errand) : 0;
    if (err && err->kind == ERR_DIRECTORY)
        say(errand, mem_text(err->text));
    else if (err)
        copy_fail(&errand->dc, errand->silent_ms, err_copy(err));
    else if (errand->too_many)
        say(errand, str_format("differs in more than %d places: check it by itself",
                               (int)DIFFERENCES_MOST));
    else if (unreadable > 0)
        say(errand, str_format("%zu server object%s not readable for this sign-in", unreadable,
                               unreadable == 1 ? " is" : "s are"));
    errand->compared = !err && !errand->too_many;
    errand->read = errand->compared && unreadable == 0;
    err_free(err);
}

void every_dc_read(struct every_errand *errand, struct cancel *cancel)
{
    int64_t since = clock_ms();
    errand->ran = true;
    errand->seen = mem_zero(errand->list->count, sizeof *errand->seen);
    errand->known = mem_zero(errand->list->count, sizeof *errand->known);
    struct session *session = copy_open(&errand->dc, errand->silent_ms, cancel);
    if (session)
        compare(errand, session);
    session_close(session);
    errand->ms = (long)(clock_ms() - since);
}
