/* The wizard as a state machine: wizard_update(wizard, event) -> effect. Events are meanings, not
 * keys; an effect is a wish that ui/app turns into a job. No screen, clock, file, thread or network
 * is known here, so "can apply be reached without confirm?" is a unit test. */
#ifndef DCMEND_WIZARD_H
#define DCMEND_WIZARD_H

#include "src/base/err.h"
#include "src/model/dsa_list.h"
#include "src/model/facts.h"
#include "src/model/plan.h"
#include "src/model/report.h"
#include "src/model/server.h"
#include "src/model/subject.h"
#include "src/model/verdict.h"

#include <stdbool.h>
#include <stddef.h>

#define WIZARD_STEPS(X)                                                                            \
    X(STEP_CONNECT, "Connect")                                                                     \
    X(STEP_SYMPTOM, "Symptom")                                                                     \
    X(STEP_LOCATE, "Locate")                                                                       \
    X(STEP_INSPECT, "Inspect")                                                                     \
    X(STEP_PROPOSE, "Propose")                                                                     \
    X(STEP_CONFIRM, "Confirm")                                                                     \
    X(STEP_APPLY, "Apply")                                                                         \
    X(STEP_REPORT, "Report")

enum wizard_step {
#define X(id, name) id,
    WIZARD_STEPS(X)
#undef X
        STEP_COUNT
};
const char *const *wizard_step_names(void);

/* What is under way. One thing at a time. */
enum wizard_wait { WAIT_NOTHING, WAIT_CONNECT, WAIT_READ, WAIT_APPLY, WAIT_VERIFY };

struct wizard {
    bool read_only; /* Confirm cannot be reached */
    enum wizard_step step;
    enum wizard_wait waiting;
    struct err *error; /* what went wrong last, shown on the step it concerns; NULL */

    bool connected;
    bool other_name; /* the DC that answers is called otherwise than was asked for: Connect says so
                      */
    struct server server;
    char *host; /* the DC wished for: being connected to, or connected */

    struct subject subject; /* count 0: none yet */
    struct err *subject_error;
    size_t which;  /* the DSA of the subject that is looked at */
    bool picked;   /* the operator chose it among several */
    bool stay;     /* the operator judges this DC although another logged the error */
    bool straight; /* after reading, go on to Inspect: opened from a list or a successor */
    char *there;   /* the DC whose copy a list shows it on; NULL: no list said */
    enum wizard_step resume;  /* where a new sign-in goes back to */
    bool held;                /* Connect asks because the connection was lost: the place is kept */
    enum wizard_wait awaited; /* what was under way then, and is wished for still */

    bool listed; /* the connected DC's answer is here, whatever it is: not asked again */
    struct dsa_list list;

    bool completing; /* the other DCs' copies are being read beside it */
    bool going;      /* Enter on Propose came before they were in: on to Confirm once they are */
    bool typeable;   /* of that Enter, or of the last reading */
    bool judged;
    struct facts facts;
    struct verdict verdict;
    bool chosen; /* the operator chose this account instead of the proposed one */
    struct guid choice;

    char *first_identity; /* who read before somebody else signed in to write; NULL */
    char *ticket;
    struct plan *plan;    /* frozen from Confirm on */
    struct plan *undo;    /* waits for the reading of its DSA; then becomes the plan */
    struct verdict after; /* undo: how the DSA will be judged afterwards */
    struct apply_report report;
    bool reported; /* a change was tried: report is filled */
};

enum wizard_event_kind {
    EVENT_CONNECT,   /* host: connect to it */
    EVENT_CONNECTED, /* server (taken over) */
    EVENT_FAILED,    /* err (taken over): what was awaited failed */
    EVENT_LOST,      /* err (taken over): the connection is gone, only the operator can make one */
    EVENT_SUBJECT,   /* subject and err (both taken over, err may be NULL): the text was read */
    EVENT_NEXT,      /* Enter: the recommended action */
    EVENT_BACK,      /* Esc */
    EVENT_COVERED,   /* a page lies over the step: an Enter that waits is forgotten */
    EVENT_QUIT,
    EVENT_PICK,      /* index: this DSA of the subject */
    EVENT_STAY,      /* judge the connected DC, not the event's */
    EVENT_OTHER,     /* host: this DC logs the error */
    EVENT_JUDGE,     /* guid: judge this DSA (from a list); text: on that DC, NULL: on this one */
    EVENT_READ,      /* facts (taken over): read anew, or for the first time */
    EVENT_COMPLETED, /* complete(context, facts): what was read beside it goes into the facts */
    EVENT_LISTED,    /* list (taken over): the DSAs of the forest; empty, why: they were not read */
    EVENT_AGAIN,     /* read the same DSA again */
    EVENT_CHOOSE,    /* index: this account instead of the proposed one */
    EVENT_TYPED,     /* text: typed on Confirm, followed by Enter */
    EVENT_REPORT,    /* report (taken over): Apply or verify ended */
    EVENT_RESUME,    /* signing in as somebody else: keep the place */
    EVENT_NEW,       /* start over with another error */
    EVENT_SETTLE,    /* plan and report (taken over): an unfinished change is looked after */
    EVENT_UNDO       /* plan (taken over): the inverse of a journalled change */
};

struct wizard_event {
    enum wizard_event_kind kind;
    const char *text; /* host, or what was typed */
    size_t index;
    struct guid guid;
    struct server *server;
    struct subject *subject;
    struct facts *facts;
    struct dsa_list *list;
    struct apply_report *report;
    struct err *err;
    struct plan *plan;
    void (*complete)(void *context, struct facts *facts); /* NULL: nothing came */
    void *context;
    bool typeable; /* with EVENT_NEXT and EVENT_READ: this terminal can type the server's name */
};

enum wizard_effect {
    EFFECT_NONE,
    EFFECT_ASK_SIGN_IN, /* show the Connect screen: host is wizard->host, or unknown */
    EFFECT_CONNECT,     /* to wizard->host, with the sign-in at hand */
    EFFECT_READ,        /* gather wizard->subject.dsas[wizard->which] */
    EFFECT_COMPLETE,    /* read the other DCs' copies beside it */
    EFFECT_CANCEL,      /* call off what is under way */
    EFFECT_CONFIRM,     /* Confirm is about to be painted: journal name, pending keys discarded */
    EFFECT_APPLY,       /* carry out wizard->plan */
    EFFECT_VERIFY,      /* settle an unknown outcome on a new connection */
    EFFECT_JOURNAL,     /* call off what is under way, and show the journal: an undo was left */
    EFFECT_QUIT
};

void wizard_init(struct wizard *wizard, bool read_only, const char *ticket);
void wizard_release(struct wizard *wizard);
enum wizard_effect wizard_update(struct wizard *wizard, const struct wizard_event *event);

/* What Locate waits for; WANT_NOTHING: it is done, Enter goes on. */
enum wizard_want {
    WANT_NOTHING,
    WANT_PICK,   /* the text names several DSAs */
    WANT_MOVE,   /* another DC logged the event, or is the list's: Enter connects there */
    WANT_READING /* being read, or to be read (again, after an error) */
};
enum wizard_want wizard_locate_wants(const struct wizard *wizard);
/* What Enter will do on Inspect. */
enum wizard_go { GO_PROPOSE, GO_REPORT, GO_SUCCESSOR, GO_MOVE, GO_PARTNER };
enum wizard_go wizard_inspect_goes(const struct wizard *wizard);
/* GO_PARTNER's DC: the judged one is read-only, and this one takes the change. NULL: none is known.
 */
const char *wizard_partner(const struct wizard *wizard);
/* The DSAs of the forest would help, and the connected DC can be asked: names for several that are
 * given by their GUIDs, or those that a GUID cut short may mean. */
bool wizard_wants_list(const struct wizard *wizard);
/* The DC that logged the error is known and is not the one that is connected. */
bool wizard_wrong_dc(const struct wizard *wizard);
/* The report is of a change whose outcome is not known: Enter looks again what became of it. */
bool wizard_may_look_again(const struct wizard *wizard);
/* Something may have been written and is not settled: the program must not be left. */
bool wizard_must_stay(const struct wizard *wizard);

#endif
