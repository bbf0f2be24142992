#include "tests/wire/facts_text.h"

#include "src/base/mem.h"
#include "src/base/str.h"

#include <stdlib.h>
#include <string.h>

/* ---- single values ---- */

static void number(struct str *s, const char *name, long long value)
{
    str_addf(s, "%s %lld\n", name, value);
}

static void text(struct str *s, const char *name, const char *value)
{
    str_addf(s, "%s %s\n", name, value ? value : "-");
}

static void guid(struct str *s, const char *name, const struct guid *value)
{
    char written[GUID_TEXT];
    text(s, name, guid_text(value, written));
}

static void value_of(struct str *s, const char *name, const struct dn_link *value)
{
    text(s, name, value->dn);
    if (value->has_guid)
        guid(s, name, &value->guid);
}

/* ---- lists ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sorted(struct str *s, const char *name, struct strs *rows)
{
    if (rows->count > 0)
        qsort(rows->items, rows->count, sizeof *rows->items, by_text);
    number(s, name, (long long)rows->count);
    for (size_t i = 0; i < rows->count; i++)
        str_add(s, rows->items[i]);
    strs_release(rows);
}

static void others(struct str *s, const char *name, const struct facts_other *list, size_t count)
{
    struct strs rows = {NULL, 0};
    for (size_t i = 0; i < count; i++) {
        struct str row = STR_INIT;
        guid(&row, "  other", &list[i].guid);
        text(&row, "   dn", list[i].dn);
        text(&row, "   cn", list[i].cn);
        text(&row, "   host", list[i].dns_host);
        if (list[i].has_dsa)
            guid(&row, "   dsa", &list[i].dsa_guid);
        text(&row, "   dsa dn", list[i].dsa_dn);
        value_of(&row, "   reference", &list[i].reference);
        strs_own(&rows, str_steal(&row));
    }
    sorted(s, name, &rows);
}

static void named(struct str *s, const struct facts_account *account)
{
    struct strs rows = {NULL, 0};
    for (size_t i = 0; i < account->named_count; i++) {
        struct str row = STR_INIT;
        guid(&row, "  dsa", &account->named[i].guid);
        number(&row, "   state", account->named[i].state);
        text(&row, "   dn", account->named[i].dn);
        strs_own(&rows, str_steal(&row));
    }
    sorted(s, " named", &rows);
}

static void lists(struct str *s, const struct facts_account *account)
{
    struct strs rows = {NULL, 0};
    for (size_t i = 0; i < account->spns.count; i++)
        strs_own(&rows, str_format("  %s\n", account->spns.items[i]));
    sorted(s, " spns", &rows);
    for (size_t i = 0; i < account->sysvol_count; i++) {
        struct str row = STR_INIT;
        guid(&row, "  dsa", &account->sysvol_dsas[i]);
        strs_own(&rows, str_steal(&row));
    }
    sorted(s, " sysvol", &rows);
    named(s, account);
    others(s, " holders", account->holders, account->holder_count);
}

static void here(struct str *s, const struct facts_account *account)
{
    number(s, " live", account->live);
    number(s, " here", account->here);
    number(s, " here deleted", account->here_deleted);
    text(s, " here dn", account->here_dn);
    number(s, " here dn taken", account->here_dn_taken);
}

static void account(struct str *s, const struct facts_account *account)
{
    guid(s, " account", &account->guid);
    text(s, " dn", account->dn);
    text(s, " domain", account->domain_dn);
    text(s, " sam", account->sam);
    text(s, " host", account->dns_host);
    number(s, " flags",
           account->is_computer | account->deleted << 1 | account->recyclable << 2 |
               account->has_uac << 3 | account->group_hidden << 4 | account->catalog_only << 5 |
               account->is_target << 6 | account->held_by_s << 7 | account->sysvol_member << 8);
    number(s, " uac", account->uac);
    number(s, " group", account->primary_group);
    number(s, " spns part", account->spns_part);
    number(s, " holders part", account->holders_part);
    lists(s, account);
}

static void accounts(struct str *s, const struct facts *facts, bool shared)
{
    struct strs rows = {NULL, 0};
    for (size_t i = 0; i < facts->account_count; i++) {
        struct str row = STR_INIT;
        account(&row, &facts->accounts[i]);
        if (!shared)
            here(&row, &facts->accounts[i]);
        strs_own(&rows, str_steal(&row));
    }
    sorted(s, "accounts", &rows);
}

/* ---- the whole ---- */

static void dsa(struct str *s, const struct facts_dsa *dsa)
{
    number(s, "dsa", dsa->part);
    number(s, "deleted", dsa->deleted);
    number(s, "is dsa", dsa->is_dsa);
    guid(s, "guid", &dsa->guid);
    text(s, "dn", dsa->dn);
    number(s, "read only", dsa->read_only);
    number(s, "domain part", dsa->domain);
    text(s, "domain", dsa->domain_dn);
    number(s, "options", dsa->options);
    number(s, "created", dsa->created);
    number(s, "changed", dsa->changed);
}

static void srv(struct str *s, const struct facts_server *srv, bool shared)
{
    number(s, "srv", srv->part);
    number(s, "deleted", srv->deleted);
    number(s, "is server", srv->is_server);
    guid(s, "guid", &srv->guid);
    text(s, "dn", srv->dn);
    text(s, "cn", srv->cn);
    text(s, "site", srv->site);
    text(s, "host", srv->dns_host);
    number(s, "reference", srv->reference);
    value_of(s, "value", &srv->reference_link);
    number(s, "changed", srv->changed);
    if (shared)
        return;
    number(s, "may read", srv->may_read);
    number(s, "rights", srv->rights);
    number(s, "may write", srv->may_write);
}

static void target(struct str *s, const struct facts_target *target)
{
    number(s, "target", target->part);
    number(s, "deleted", target->deleted);
    number(s, "recyclable", target->recyclable);
    number(s, "computer", target->is_computer);
    text(s, "kind", target->kind);
    guid(s, "guid", &target->guid);
    number(s, "has guid", target->has_guid);
    text(s, "dn", target->dn);
    text(s, "asked at", target->asked_at);
}

static void copies(struct str *s, const struct facts *facts)
{
    for (size_t i = 0; i < facts->copy_count; i++) {
        const struct facts_copy *copy = &facts->copies[i];
        text(s, "copy", copy->server);
        guid(s, " dsa", &copy->dsa_guid);
        number(s, " state", copy->state);
        value_of(s, " value", &copy->value);
        text(s, " why", copy->why);
        number(s, " flags",
               copy->proven | copy->is_source << 1 | copy->is_here << 2 | copy->is_dest << 3 |
                   copy->is_picked << 4 | copy->read_only << 5);
    }
}

static void links(struct str *s, const struct facts *facts)
{
    struct strs rows = {NULL, 0};
    for (size_t i = 0; i < facts->link_count; i++) {
        const struct facts_link *l = &facts->links[i];
        strs_own(&rows,
                 str_format("  %d %s %s %d %u %lld %lld\n", l->outbound,
                            l->partner ? l->partner : "-", l->nc ? l->nc : "-", l->result,
                            l->failures, (long long)l->last_attempt, (long long)l->last_success));
    }
    sorted(s, "links", &rows);
}

static void forest(struct str *s, const struct facts *facts)
{
    text(s, "server", facts->server.dns_host);
    guid(s, "asked", &facts->asked);
    number(s, "domain live", facts->domain_live);
    number(s, "accounts part", facts->accounts_part);
    text(s, "accounts from", facts->accounts_from);
    number(s, "replication", facts->replication);
    number(s, "all fail", facts->every_inbound_fails);
    number(s, "options known", facts->here_options_known);
    number(s, "options", facts->here_options);
    text(s, "removed by", facts->removed_by);
    number(s, "removed at", facts->removed_at);
    number(s, "tombstone days", facts->tombstone_days);
}

static void alone(struct str *s, const struct facts *facts)
{
    number(s, "survey", facts->survey);
    number(s, "server read only", facts->server.read_only);
    text(s, "asked is", facts->asked_is);
    text(s, "accounts why", facts->accounts_why);
    text(s, "destination", facts->destination);
    text(s, "other forest", facts->other_forest);
    number(s, "other dc", facts->other_dc_read);
    number(s, "conflict", facts->conflict);
    copies(s, facts);
}

char *facts_text(const struct facts *facts, bool shared)
{
    struct str s = STR_INIT;
    forest(&s, facts);
    dsa(&s, &facts->dsa);
    srv(&s, &facts->srv, shared);
    target(&s, &facts->target);
    accounts(&s, facts, shared);
    others(&s, "twins", facts->twins, facts->twin_count);
    others(&s, "successors", facts->successors, facts->successor_count);
    links(&s, facts);
    if (!shared)
        alone(&s, facts);
    return str_steal(&s);
}
