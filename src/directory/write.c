/* The write site: the only file that may name a modifying call of libldap.
 *
 * Everything that can be checked without the network is checked here once more, whatever the caller
 * did: the plan was confirmed, its undo is on disk, the session may write and is protected, and the
 * DC is the planned one. The object is named by its GUID, so a server that was renamed or moved in
 * between is still the same. The old value is part of the request and thus the lock. From the
 * moment the request leaves, only an answer to this very request tells the outcome: anything else
 * is ERR_LOST, "unknown". */
#define DCMEND_WRITE_SITE
#include "src/directory/write.h"

#include "src/base/clock.h"
#include "src/directory/dial.h"
#include "src/directory/search.h"
#include "src/directory/session_parts.h"
#include "src/directory/wire.h"
#include "src/directory/write_parts.h"
#include "src/model/change.h"
#include "src/model/proof.h"

#include <stdlib.h>

static struct err *bug(const char *what)
{
    return err_next(err_new(ERR_INTERNAL, ERR_OTHER, "Nothing was sent: %s.", what),
                    "This is a fault of the program; please report it.");
}

static struct err *check_plan(const struct plan *plan, const struct journal_proof *proof)
{
    if (!plan_is_confirmed(plan))
        return bug(plan->state > PLAN_CONFIRMED ? "the plan was sent before"
                                                : "the plan was not confirmed");
    if (!journal_proof_is_of(proof, plan))
        return bug("the journal did not vouch for this plan");
    if (change_of(plan).count == 0 || guid_is_null(&plan->object))
        return bug("the plan changes nothing");
    if (plan->replace && !plan->second_prompt)
        return bug("a replacement without a lock was not confirmed twice");
    return NULL;
}

static struct err *check_session(const struct session *session, const struct plan *plan)
{
    const struct server *server = session_server(session);
    if (session_writes_forbidden(session))
        return err_next(
            err_new(ERR_OPERATOR, ERR_USAGE, "Nothing was sent: this session is read-only."),
            "Start without --read-only to make changes.");
    if (session_lost(session))
        return err_next(err_new(ERR_NETWORK, ERR_UNREACHABLE,
                                "Nothing was sent: the connection to %s was lost before.",
                                server->host),
                        "Connect again; everything is then read again.");
    if (server_catalog_port(server))
        return err_next(err_new(ERR_OPERATOR, ERR_USAGE,
                                "Nothing was sent: a global catalog's port takes no changes."),
                        "Connect to port 389 or 636.");
    if (!server_protected(server))
        return err_next(err_new(ERR_CREDENTIALS, ERR_WEAK_PROTECTION,
                                "Nothing was sent: the connection is not protected."),
                        "Sign in with Kerberos, or over TLS.");
    if (!server->has_dsa_guid || !guid_equal(&server->dsa_guid, &plan->host_dsa))
        return err_next(err_new(ERR_DIRECTORY, ERR_CHANGED,
                                "Nothing was sent: %s is not the DC that was shown.", server->host),
                        "Connect again and look at the plan again.");
    if (server->read_only == FLAG_YES)
        return err_next(err_new(ERR_DIRECTORY, ERR_REFERRAL,
                                "Nothing was sent: %s is a read-only DC.", server->host),
                        "Connect to a writable DC.");
    return NULL;
}

static int op_of(enum change_how how)
{
    return how == CHANGE_ADD      ? LDAP_MOD_ADD
           : how == CHANGE_DELETE ? LDAP_MOD_DELETE
                                  : LDAP_MOD_REPLACE;
}

/* Hands the one request to the wire; libldap's code. */
static int send_change(struct session *session, const struct plan *plan,
                       const struct change *change, int *msgid)
{
    char *values[2][2] = {{NULL}}, attribute[] = CHANGE_ATTRIBUTE, forms[2][CHANGE_VALUE];
    LDAPMod mods[2], *list[3] = {NULL};
    for (size_t i = 0; i < change->count; i++) {
        values[i][0] = (char *)change_value(&change->steps[i], forms[i]);
        mods[i] = (LDAPMod){.mod_op = op_of(change->steps[i].how),
                            .mod_type = attribute,
                            .mod_vals.modv_strvals = values[i]};
        list[i] = &mods[i];
    }
    char *base = search_guid_base(&plan->object);
    session->stream.deadline = clock_ms() + session->deadlines.write;
    session->counts.turns++;
    session->counts.requests++;
    session->counts.modifies++;
    int rc = ldap_modify_ext(session->ld, base, list, NULL, NULL, msgid);
    free(base);
    return rc;
}

/* The request left, or may have: takes over what is known of why no answer came. What has not
 * reached the DC by now must not reach it behind the operator's back. */
static struct err *unknown(struct session *session, struct err *why)
{
    bool silent = err_is(why, ERR_TIMED_OUT);
    struct err *err = err_next(
        err_new(ERR_NETWORK, silent ? ERR_TIMED_OUT : ERR_LOST,
                "The change was sent, but no answer from %s arrived.",
                session_server(session)->host),
        "Whether it was made is not known: verify it on a new connection. It is never sent twice.");
    stream_forget(&session->stream);
    if (why) {
        err_said(err, why->said ? why->said : why->text);
        err->ldap = why->ldap;
    }
    err_free(why);
    session_mark_lost(session);
    return err;
}

static struct err *read_answer(struct session *session, const struct plan *plan,
                               const struct change *change, LDAPMessage *message)
{
    char *said = NULL, *referral = NULL;
    struct err *err = NULL;
    int code = ldap_msgtype(message) == LDAP_RES_MODIFY
                   ? session_result(session, message, &said, &referral)
                   : LDAP_DECODING_ERROR;
    if (code == LDAP_DECODING_ERROR)
        err = unknown(session, NULL);
    else if (code != LDAP_SUCCESS)
        err = write_refusal(session_server(session)->host, change, code, said, referral);
    if (err_is(err, ERR_UNKNOWN_TARGET))
        err = write_unknown_target(err, session_server(session)->host, plan);
    free(said);
    free(referral);
    return err;
}

/* libldap could not hand it over, and the stream saw no byte leave. */
static struct err *not_sent(struct session *session, int code)
{
    struct err *err = err_next(err_new(ERR_NETWORK, ERR_UNREACHABLE,
                                       "Nothing was sent: the connection to %s is gone.",
                                       session_server(session)->host),
                               "Connect again; everything is then read again.");
    session_mark_lost(session);
    err->ldap = code;
    return err_said(err, ldap_err2string(code));
}

static struct err *send_and_wait(struct session *session, const struct plan *plan,
                                 const struct change *change)
{
    LDAPMessage *message = NULL;
    int msgid = -1;
    unsigned long long before = session->stream.bytes_out;
    int rc = send_change(session, plan, change, &msgid);
    if (rc != LDAP_SUCCESS && session->stream.bytes_out == before)
        return not_sent(session, rc);
    if (rc != LDAP_SUCCESS)
        return unknown(session, session_lost_err(session));
    struct err *err = session_wait(session, msgid, session->deadlines.write, false, &message);
    if (err)
        return unknown(session, err);
    err = read_answer(session, plan, change, message);
    ldap_msgfree(message);
    return err;
}

/* Which object this very DC knows by that DN, asked now. */
static bool knows_by_dn(struct session *session, const struct dn_link *link)
{
    static const char *const attributes[] = {"objectClass", NULL};
    struct search search;
    struct result result;
    search_init(&search, SCOPE_BASE, link->dn, attributes, "(objectClass=*)");
    search_run(session, &search, 1, &result);
    const struct dn_link *found = !result.err && result.count == 1 ? &result.entries[0].name : NULL;
    bool same = found && found->has_guid && link->has_guid && guid_equal(&found->guid, &link->guid);
    result_release(&result);
    search_release(&search);
    return same;
}

/* A DC that does not take a value by its GUID (21) gets the DN, where it has just shown that it
 * knows the same object by it. The refused request has changed nothing. */
static struct err *send_plan(struct session *session, const struct plan *plan)
{
    struct change change = change_of(plan);
    struct change_step *last = &change.steps[change.count - 1];
    struct err *err = send_and_wait(session, plan, &change);
    if (!err || err->ldap != LDAP_INVALID_SYNTAX || !last->by_guid || session_lost(session) ||
        !knows_by_dn(session, last->link))
        return err;
    err_free(err);
    last->by_guid = false;
    return send_and_wait(session, plan, &change);
}

struct err *write_reference(struct session *session, struct plan *plan,
                            const struct journal_proof *proof)
{
    struct err *err = check_plan(plan, proof);
    if (!err)
        err = check_session(session, plan);
    if (err)
        return err;
    if (!plan_mark_sent(plan))
        return bug("the plan cannot be sent");
    struct cancel *cancel = session->cancel;
    session_set_cancel(session, NULL); /* a write is never called off */
    err = send_plan(session, plan);
    session_set_cancel(session, cancel);
    if (!err)
        plan_mark_applied(plan);
    return err;
}
