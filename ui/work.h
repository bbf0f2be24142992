/* The wizard's tasks as the desks run them: a record that carries what the task needs there and
 * what came out. None holds a session: that stays with its desk. */
#ifndef DCMEND_WORK_H
#define DCMEND_WORK_H

#include "src/base/str.h"
#include "src/directory/ticket.h"
#include "src/jobs/copies.h"
#include "src/jobs/desk.h"
#include "src/model/facts.h"
#include "src/model/plan.h"
#include "src/model/report.h"
#include "src/model/server.h"
#include "src/model/subject.h"

struct find_work {     /* DC discovery by DNS SRV */
    char *domain;      /* NULL: this machine's own */
    struct strs hosts; /* out */
};
struct copies_work {
    struct guid asked; /* the DSA they are for */
    struct copies copies;
};
struct inspect_work {
    struct subject subject;
    size_t which;
    bool picked;
    bool full;                  /* the other DCs' copies too, before it is judged */
    const char *source;         /* --source; NULL */
    struct facts facts;         /* out */
    struct copies_work *copies; /* out: the other DCs to be asked beside it */
};
struct apply_work {
    struct plan *plan; /* in and out: its state moves */
    struct subject subject;
    size_t which;
    const char *source;         /* --source; NULL */
    struct apply_report report; /* in and out */
};

/* connect: a struct server, who answers; ticket: a struct ticket_look; verify: an apply_work. */
extern const struct task_kind work_connect, work_find, work_ticket, work_inspect, work_copies,
    work_apply, work_verify;

struct server *connect_work_new(void);
struct find_work *find_work_new(const char *domain);
struct ticket_look *ticket_work_new(void);
struct inspect_work *inspect_work_new(const struct subject *subject, size_t which, bool picked);
struct apply_work *apply_work_new(const struct plan *plan, const struct subject *subject,
                                  size_t which, const struct apply_report *report);

#endif
