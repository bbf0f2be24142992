/* The wizard's jobs as the workers run them: a record that carries what the job needs there and
 * what came out back. While a job runs, its record owns the session. */
#ifndef DCMEND_WORK_H
#define DCMEND_WORK_H

#include "src/base/err.h"
#include "src/base/str.h"
#include "src/directory/session.h"
#include "src/jobs/copies.h"
#include "src/jobs/worker.h"
#include "src/model/facts.h"
#include "src/model/plan.h"
#include "src/model/report.h"
#include "src/model/subject.h"

struct connect_work {
    struct signin signin;
    bool forbid_writes;
    struct session *session; /* out */
    struct err *err;         /* out */
};
struct find_work {     /* DC discovery by DNS SRV */
    struct strs hosts; /* out */
    struct err *err;   /* out */
};
struct inspect_work {
    struct session *session;
    struct subject subject;
    size_t which;
    bool picked;
    bool full;          /* the other DCs' copies too, before it is judged */
    const char *source; /* --source; NULL */
    struct facts facts; /* out */
    struct err *err;    /* out */
};
struct apply_work {
    struct session *session; /* apply: the connected one; verify: made by the job */
    struct signin signin;    /* verify: how to sign in again */
    struct plan *plan;       /* in and out: its state moves */
    struct subject subject;
    size_t which;
    bool verify;
    const char *source;         /* --source; NULL */
    bool by_password;           /* no second sign-in without asking */
    struct apply_report report; /* out */
};

struct copies_work {
    struct guid asked; /* the DSA they are for */
    struct copies copies;
};

extern const struct job_kind work_connect, work_find, work_inspect, work_apply, work_copies;

struct connect_work *connect_work_new(const struct signin *signin, bool forbid_writes);
struct find_work *find_work_new(void);
struct inspect_work *inspect_work_new(struct session *session, const struct subject *subject,
                                      size_t which, bool picked);
struct apply_work *apply_work_new(struct session *session, const struct signin *signin,
                                  const struct plan *plan, const struct subject *subject,
                                  size_t which, bool verify);

/* Asks with the session's ticket; touches no network yet. */
struct copies_work *copies_work_new(const struct session *session, const struct facts *facts,
                                    const char *source);

/* Takes the session out of a record of any of these kinds; NULL when it has none. */
struct session *work_take_session(const struct job_kind *kind, void *work);

#endif
