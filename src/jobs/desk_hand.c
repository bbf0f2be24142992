/* The thread's side of a desk: the session, one task after the other, and the end. */
#include "src/base/log.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/jobs/desk_parts.h"
#include "src/model/guid.h"

#include <stdlib.h>

struct cancel *task_cancel(struct task *task)
{
    return task->cancel;
}

void task_progress(struct task *task, size_t done)
{
    pthread_mutex_lock(&task->desks->lock);
    task->progress = done;
    task->moved = true;
    desks_wake(task->desks);
    pthread_mutex_unlock(&task->desks->lock);
}

/* ---- the session ---- */

static struct err *wants_password(const char *host)
{
    return err_next(err_new(ERR_CREDENTIALS, ERR_LOST, "The connection to %s has ended.", host),
                    "Type the password to sign in there again; it is sent once.");
}

/* Somebody else who answers, or who is asked, is a new sign-in, and the operator's to decide. */
static struct err *check_same(struct hand *hand)
{
    const struct server *now = session_server(hand->session), *first = &hand->first;
    if (!first->host) {
        server_copy(&hand->first, now);
        return NULL;
    }
    bool dsa = first->has_dsa_guid == now->has_dsa_guid &&
               (!now->has_dsa_guid || guid_equal(&first->dsa_guid, &now->dsa_guid));
    if (dsa && str_same(first->identity, now->identity))
        return NULL;
    struct err *err =
        dsa ? err_new(ERR_CREDENTIALS, ERR_CHANGED, "The ticket is %s's now, no longer %s's.",
                      now->identity ? now->identity : "nobody",
                      first->identity ? first->identity : "nobody")
            : err_new(ERR_NETWORK, ERR_CHANGED, "Another domain controller answers as %s now.",
                      first->host);
    session_close(hand->session);
    hand->session = NULL;
    return err_next(err, "Sign in anew to go on there.");
}

static struct err *sign_in(struct hand *hand, struct task *task)
{
    if (!hand->signs_in || (hand->session && !session_lost(hand->session)))
        return NULL;
    session_close(hand->session);
    hand->session = NULL;
    if (hand->spent) {
        task->by_password = true;
        return wants_password(hand->signin.host);
    }
    struct err *err = session_open(&hand->signin, &deadlines_default, task->cancel, &hand->session);
    hand->spent = hand->signin.password != NULL; /* it is sent once */
    secret_free(hand->signin.password);
    hand->signin.password = NULL;
    if (err)
        return err;
    if (hand->forbid_writes)
        session_forbid_writes(hand->session);
    return check_same(hand);
}

static struct err *run(struct hand *hand, struct task *task)
{
    struct err *err = sign_in(hand, task);
    task->signed_out = err != NULL;
    if (err)
        return err;
    if (hand->session)
        session_set_cancel(hand->session, task->cancel);
    err = task->kind->run(task, hand->session, task->work);
    if (hand->session)
        session_set_cancel(hand->session, NULL);
    return err;
}

/* It ended, or nothing came over it for a whole deadline. */
static bool was_lost(const struct hand *hand, const struct task *task)
{
    bool lost = !task->signed_out && hand->session && session_lost(hand->session);
    return lost && (err_is(task->err, ERR_LOST) || err_is(task->err, ERR_TIMED_OUT));
}

static void carry_out(struct hand *hand, struct task *task)
{
    log_line("task %s begins", task->kind->name);
    task->err = run(hand, task);
    if (was_lost(hand, task) && !cancel_raised(task->cancel) && task->kind->again &&
        task->kind->again(task->work)) {
        err_free(task->err);
        task->err = run(hand, task);
    }
    log_line("task %s ends", task->kind->name);
}

/* ---- its life; under the lock where nothing else is said ---- */

/* The next task; NULL: this hand is no longer needed. Without a session nothing is kept by waiting.
 */
static struct task *next_task(struct hand *hand)
{
    while (hand->desk && !hand->desk->queue && hand->session)
        pthread_cond_wait(&hand->desks->changed, &hand->desks->lock);
    struct task *task = hand->desk ? hand->desk->queue : NULL;
    if (task)
        hand->desk->queue = task->next;
    hand->task = task;
    return task;
}

/* What the next hand at this desk has to know. */
static void note_sign_in(struct hand *hand)
{
    struct desk *desk = hand->desk;
    desk->spent = hand->spent;
    if (!desk->first.host && hand->first.host)
        server_copy(&desk->first, &hand->first);
}

/* Told, or dropped without the lock. */
static void put_away(struct hand *hand, struct task *task)
{
    hand->task = NULL;
    if (hand->desk)
        note_sign_in(hand);
    if (hand->desk && !task->off_since) {
        task_append(&hand->desks->ended, task);
        desks_wake(hand->desks);
        return;
    }
    pthread_mutex_unlock(&hand->desks->lock);
    task_drop(task);
    pthread_mutex_lock(&hand->desks->lock);
}

/* The last word is said under the lock: after it desks_free() may be through with everything. */
static void end_hand(struct hand *hand)
{
    struct desks *desks = hand->desks;
    struct hand **at = &desks->hands;
    if (hand->desk)
        hand->desk->hand = NULL;
    hand->desk = NULL;
    pthread_mutex_unlock(&desks->lock);
    session_close(hand->session);
    server_release(&hand->first);
    signin_release(&hand->signin);
    pthread_mutex_lock(&desks->lock);
    while (*at != hand)
        at = &(*at)->next;
    *at = hand->next;
    free(hand);
    pthread_cond_broadcast(&desks->changed);
    pthread_mutex_unlock(&desks->lock);
}

void *hand_main(void *argument)
{
    struct hand *hand = argument;
    struct desks *desks = hand->desks;
    struct task *task;
    pthread_mutex_lock(&desks->lock);
    while ((task = next_task(hand))) {
        pthread_mutex_unlock(&desks->lock);
        carry_out(hand, task);
        pthread_mutex_lock(&desks->lock);
        put_away(hand, task);
    }
    end_hand(hand);
    return NULL;
}
