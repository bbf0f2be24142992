/* One DC is asked in one turn: S by its GUID, the DSAs by theirs. "Absent" is said only of an entry
 * that came back with something else, and never where its access list hides the value from us. */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/access.h"
#include "src/directory/turn.h"
#include "src/jobs/copies_parts.h"
#include "src/jobs/second_word.h"

#include <stdlib.h>

static const char *const server_attributes[] = {
    "objectClass", "objectGUID", "isDeleted", "serverReference", "nTSecurityDescriptor", NULL};
static const char *const dsa_attributes[] = {"objectClass", "objectGUID", "isDeleted",
                                             "msDS-isRODC", NULL};

static void say(struct copy_asked *dc, enum copy_state state, const char *why)
{
    dc->state = state;
    mem_set(&dc->why, why);
}

/* Why a DC did not answer, short enough for a cell. */
static char *reason(const struct err *err, int each_ms)
{
    switch (err->code) {
    case ERR_TIMED_OUT:
        return str_format("no answer in %d s", (each_ms + 999) / 1000);
    case ERR_NO_SUCH_HOST:
        return mem_text("no such host");
    case ERR_NAME_SERVICE:
        return mem_text("its name could not be resolved");
    case ERR_REFUSED:
        return mem_text("refuses connections");
    case ERR_UNREACHABLE:
        return mem_text("no way there");
    case ERR_LOST:
        return mem_text("closed the connection");
    case ERR_NO_PRINCIPAL:
        return mem_text("Kerberos does not know it");
    case ERR_NO_KDC:
        return mem_text("no Kerberos server answers");
    case ERR_NO_TICKET:
    case ERR_TICKET_EXPIRED:
        return mem_text("the ticket has run out");
    default:
        return mem_text(err->kind == ERR_CREDENTIALS ? "refused the sign-in" : err->text);
    }
}

void copy_fail(struct copy_asked *dc, int each_ms, struct err *err)
{
    char *why = reason(err, each_ms);
    say(dc, COPY_UNREACHABLE, why);
    free(why);
    err_free(err);
}

/* ---- the answers ---- */

static bool is_hidden(const struct entry *entry, const struct server *there)
{
    const struct attribute *sd = entry_attribute(entry, "nTSecurityDescriptor");
    return sd && sd->count == 1 &&
           access_may_read_reference(sd->values[0].bytes, sd->values[0].len,
                                     &there->token_groups) == FLAG_NO;
}

static void take_entry(struct copy_asked *dc, const struct entry *entry, const struct server *there)
{
    struct dn_link link;
    if (entry_flag(entry, "isDeleted")) {
        say(dc, COPY_NO_OBJECT, "deleted there");
    } else if (entry_link(entry, "serverReference", &link)) {
        say(dc, COPY_VALUE, NULL);
        dc->value = link;
    } else if (!entry_has(entry, "objectClass") || is_hidden(entry, there)) {
        say(dc, COPY_UNREADABLE, "not readable for this sign-in");
    } else {
        say(dc, COPY_ABSENT, NULL);
    }
}

void copy_take(struct copy_asked *dc, int each_ms, const struct turn *turn, size_t slot,
               const struct server *there)
{
    const struct result *result = turn_result(turn, slot);
    const struct entry *entry = turn_entry(turn, slot);
    if (entry)
        take_entry(dc, entry, there);
    else if (turn_part(turn, slot) == PART_ABSENT)
        say(dc, COPY_NO_OBJECT, NULL);
    else if (result && err_is(result->err, ERR_TIMED_OUT))
        copy_fail(dc, each_ms, err_copy(result->err));
    else
        say(dc, COPY_UNREADABLE,
            result && result->err ? result->err->text : "not readable for this sign-in");
}

static void take_named(struct copy_asked *dc, const struct turn *turn, size_t first)
{
    for (size_t i = 0; i < dc->named_count; i++) {
        struct facts_named_dsa *named = &dc->named[i];
        const struct entry *entry = turn_entry(turn, first + i);
        if (entry && entry_is_class(entry, "nTDSDSA")) {
            named->state = entry_flag(entry, "isDeleted") ? DSA_TOMBSTONED : DSA_LIVE;
            mem_set(&named->dn, entry->name.dn);
        } else if (turn_part(turn, first + i) == PART_ABSENT) {
            named->state = DSA_NOWHERE;
        }
    }
}

/* What it knows of the accounts of its own domain. */
static void take_words(struct copy_asked *dc, const struct turn *turn, size_t first,
                       const char *domain)
{
    for (size_t i = 0; i < dc->account_count; i++) {
        struct copy_account *account = &dc->accounts[i];
        if (!dn_equal(account->domain, domain))
            continue;
        account->word = word_take(turn, first, &account->guid, account->dn, &account->bearer);
        first += WORD_SLOTS;
    }
}

/* ---- the questions ---- */

size_t copy_turn(struct turn *turn, const struct guid *server)
{
    size_t slot = turn_guid(turn, server, server_attributes);
    turn->searches[slot].dacl = true;
    return slot;
}

static struct err *ask(struct copy_errand *errand, struct session *session)
{
    struct turn turn = TURN_INIT;
    struct copy_asked *dc = &errand->dc;
    const char *domain = session_server(session)->domain_dn;
    size_t server = copy_turn(&turn, &errand->server);
    size_t own = turn_guid(&turn, &dc->runs_as, dsa_attributes);
    size_t named = turn.count;
    for (size_t i = 0; i < dc->named_count; i++)
        turn_guid(&turn, &dc->named[i].guid, dsa_attributes);
    size_t words = turn.count;
    for (size_t i = 0; i < dc->account_count; i++)
        if (dn_equal(dc->accounts[i].domain, domain))
            word_ask(&turn, &dc->accounts[i].guid, dc->accounts[i].dn);
    struct err *err = turn_run(&turn, session);
    if (!err) {
        const struct entry *entry = turn_entry(&turn, own);
        dc->read_only =
            dc->read_only ||
            (entry && (entry_is_class(entry, "nTDSDSARO") || entry_flag(entry, "msDS-isRODC")));
        copy_take(dc, errand->each_ms, &turn, server, session_server(session));
        take_named(dc, &turn, named);
        take_words(dc, &turn, words, domain);
    }
    turn_release(&turn);
    return err;
}

/* Who answers. False: not the DSA that was meant; its copy is not that DSA's. */
static bool identify(struct copy_asked *dc, const struct server *there)
{
    dc->answered = there->has_dsa_guid;
    dc->runs_as = there->dsa_guid;
    dc->account = mem_text(there->ldap_service);
    dc->proven = there->kerberos || there->tls;
    dc->read_only = there->read_only == FLAG_YES;
    if (server_catalog_port(there)) {
        say(dc, COPY_UNREADABLE, "a global catalog's port");
        return false;
    }
    if (!dc->answered) {
        say(dc, COPY_UNREADABLE, "does not say which DSA it is");
        return false;
    }
    if (guid_is_null(&dc->dsa) || guid_equal(&dc->dsa, &dc->runs_as))
        return true;
    say(dc, COPY_UNREACHABLE, "another DSA answers under this name");
    return false;
}

struct session *copy_open(struct copy_asked *dc, int each_ms, struct cancel *cancel)
{
    struct deadlines deadlines = {each_ms, each_ms, each_ms, each_ms, each_ms};
    struct session *session = NULL;
    struct err *err = session_open(&dc->signin, &deadlines, cancel, &session);
    if (err) {
        copy_fail(dc, each_ms, err);
        return NULL;
    }
    session_forbid_writes(session);
    if (identify(dc, session_server(session)))
        return session;
    session_close(session);
    return NULL;
}

void copy_ask(struct copy_errand *errand, struct cancel *cancel)
{
    errand->ran = true;
    struct session *session = copy_open(&errand->dc, errand->each_ms, cancel);
    struct err *err = session ? ask(errand, session) : NULL;
    if (err)
        copy_fail(&errand->dc, errand->each_ms, err);
    session_close(session);
}
