/* Names and ownership of the report of one change. */
#include "src/model/report.h"

#include "src/base/mem.h"

#include <stdlib.h>

const char *apply_state_name(enum apply_state state)
{
    static const char *const names[] = {
#define X(id, name) [id] = name,
        APPLY_STATES(X)
#undef X
    };
    return names[state];
}

const char *apply_step_name(enum apply_step_kind kind)
{
    static const char *const names[] = {
#define X(id, name) [id] = name,
        APPLY_STEPS(X)
#undef X
    };
    return names[kind];
}

void apply_report_init(struct apply_report *report)
{
    *report = (struct apply_report){.state = APPLY_NOTHING_SENT, .unlocked_ms = -1};
}

void apply_report_release(struct apply_report *report)
{
    free(report->journal_id);
    free(report->first_identity);
    for (size_t i = 0; i < report->step_count; i++)
        free(report->steps[i].text);
    free(report->steps);
    for (size_t i = 0; i < report->difference_count; i++) {
        free(report->differences[i].what);
        free(report->differences[i].shown);
        free(report->differences[i].found);
    }
    free(report->differences);
    free(report->journal_path);
    free(report->journal_trouble);
    free(report->host);
    free(report->answer);
    dn_link_release(&report->value);
    err_free(report->err);
    apply_report_init(report);
}

static void copy_lists(struct apply_report *to, const struct apply_report *from)
{
    to->steps = NULL, to->step_count = 0;
    for (size_t i = 0; i < from->step_count; i++) {
        struct apply_step *step = MEM_PUSH(to->steps, to->step_count);
        *step = from->steps[i];
        step->text = mem_text(from->steps[i].text);
    }
    to->differences = NULL, to->difference_count = 0;
    for (size_t i = 0; i < from->difference_count; i++) {
        const struct apply_difference *d = &from->differences[i];
        apply_report_differs(to, d->what, d->shown, d->found);
    }
}

void apply_report_copy(struct apply_report *to, const struct apply_report *from)
{
    *to = *from;
    to->journal_id = mem_text(from->journal_id);
    to->first_identity = mem_text(from->first_identity);
    copy_lists(to, from);
    to->journal_path = mem_text(from->journal_path);
    to->journal_trouble = mem_text(from->journal_trouble);
    to->host = mem_text(from->host);
    to->answer = mem_text(from->answer);
    dn_link_copy(&to->value, &from->value);
    to->err = err_copy(from->err);
}

struct apply_step *apply_report_step(struct apply_report *report, enum apply_step_kind kind)
{
    struct apply_step *step = MEM_PUSH(report->steps, report->step_count);
    step->kind = kind;
    return step;
}

void apply_report_differs(struct apply_report *report, const char *what, const char *shown,
                          const char *found)
{
    struct apply_difference *d = MEM_PUSH(report->differences, report->difference_count);
    d->what = mem_text(what);
    d->shown = mem_text(shown ? shown : "(absent)");
    d->found = mem_text(found ? found : "(absent)");
}
