/* One sign-in on the same DC's port 3268, and one turn there. Another DSA that answers under the
 * name, or a port that does not answer, proves nothing. */
#include "src/jobs/own_catalog.h"

#include "src/base/mem.h"
#include "src/directory/turn.h"
#include "src/jobs/elsewhere.h"
#include "src/jobs/second_word.h"

#include <stdlib.h>

enum { CATALOG_PORT = 3268, CATALOG_TLS = 3269, EACH_MS = 5000 };

static bool is_wanted(const struct facts *facts, const struct facts_account *account)
{
    return account->here == PART_NOT_ASKED && !account->deleted && account->domain_dn &&
           !dn_equal(account->domain_dn, facts->server.domain_dn);
}

static bool is_worth_asking(const struct facts *facts)
{
    bool catalog = facts->here_options_known && (facts->here_options & DSA_IS_GC);
    for (size_t i = 0; i < facts->account_count; i++)
        if (is_wanted(facts, &facts->accounts[i]))
            return catalog && !server_catalog_port(&facts->server);
    return false;
}

static struct session *open_catalog(struct session *session, const struct facts *facts)
{
    struct signin way;
    char *why = NULL;
    if (!session_signin_elsewhere(session, facts->server.host, &way))
        return NULL;
    way.port = way.transport == TRANSPORT_LDAPS ? CATALOG_TLS : CATALOG_PORT;
    struct session *catalog =
        elsewhere_open(session, &way, 1, EACH_MS, session_cancel(session), &why);
    const struct server *there = catalog ? session_server(catalog) : NULL;
    if (there && !(there->has_dsa_guid && facts->server.has_dsa_guid &&
                   guid_equal(&there->dsa_guid, &facts->server.dsa_guid))) {
        session_close(catalog);
        catalog = NULL;
    }
    signin_release(&way);
    free(why);
    return catalog;
}

static void ask(const struct facts *facts, struct turn *turn)
{
    for (size_t i = 0; i < facts->account_count; i++) {
        if (is_wanted(facts, &facts->accounts[i]))
            word_ask(turn, &facts->accounts[i].guid, facts->accounts[i].dn);
    }
}

static void take(struct facts_account *account, const struct turn *turn, size_t slot)
{
    const struct entry *entry = turn_entry(turn, slot);
    enum part part = turn_part(turn, slot);
    struct guid bearer;
    if (part != PART_PRESENT && part != PART_ABSENT)
        return;
    account->here = part;
    if (entry) {
        account->here_deleted = entry_flag(entry, "isDeleted");
        mem_set(&account->here_dn, entry->name.dn);
    }
    word_take(turn, slot, &account->guid, account->dn, &bearer);
    account->here_dn_taken = !guid_is_null(&bearer);
}

static void take_all(struct facts *facts, const struct turn *turn)
{
    size_t slot = 0;
    for (size_t i = 0; i < facts->account_count; i++) {
        if (!is_wanted(facts, &facts->accounts[i]))
            continue;
        take(&facts->accounts[i], turn, slot);
        slot += WORD_SLOTS;
    }
}

void own_catalog_ask(struct session *session, struct facts *facts)
{
    struct session *catalog = is_worth_asking(facts) ? open_catalog(session, facts) : NULL;
    if (!catalog)
        return;
    struct turn turn = TURN_INIT;
    session_set_cancel(catalog, session_cancel(session));
    ask(facts, &turn);
    struct err *err = turn_run(&turn, catalog);
    if (!err)
        take_all(facts, &turn);
    err_free(err);
    turn_release(&turn);
    session_close(catalog);
}
