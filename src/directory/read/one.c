/* The facts about one DSA. Each round says what follows from what is known, and what is open goes
 * out in one turn:
 *   1  N by its GUID, what is the same for the whole forest, the DCs around the judged one
 *   2  S above N, servers of its name, accounts by N's GUID and S's name   (or: what is this GUID?)
 *   3  servers and accounts by S's host name, the link's target, the DSAs below the twins, the DSAs
 *      that the accounts' SPNs name, the servers that hold them
 *   4  what the third found
 * A name instead of a GUID takes a turn or two before these. Where N is deleted and its machine is
 * a DC again, that DSA is asked about in the same reading: much is known by then. */
#include "src/directory/read/reading.h"

#include "src/base/mem.h"
#include "src/model/host.h"

#include <stdlib.h>

enum { ROUNDS_MOST = 12 }; /* against a server that lies */

/* ---- what comes from the subject ---- */

/* B13: a report gave this GUID, and an event in the same text names another DSA. */
static bool is_contradicted(const struct subject *subject, const struct subject_dsa *dsa,
                            const struct guid *asked)
{
    for (size_t i = 0; dsa->hypothesis && i < subject->count; i++) {
        const struct subject_dsa *other = &subject->dsas[i];
        if (!other->hypothesis && other->has_guid && !guid_equal(&other->guid, asked))
            return true;
    }
    return false;
}

static char *destination_name(struct reading *r, const struct subject *subject)
{
    enum part part;
    if (subject->destination || !subject->has_destination_dsa)
        return mem_text(subject->destination);
    const struct entry *entry = known_dsa(r, &subject->destination_dsa, GRADE_PLACE, &part);
    char *server = entry ? dn_parent(entry->name.dn) : NULL;
    char *name = server ? dn_rdn_value(server) : NULL;
    free(server);
    return name;
}

static void take_subject(struct reading *r, const struct subject *subject,
                         const struct subject_dsa *dsa, struct facts *facts)
{
    facts->destination = destination_name(r, subject);
    if (dsa->forest && r->here->forest && !host_equal(dsa->forest, r->here->forest))
        mem_set(&facts->other_forest, dsa->forest);
    mem_set(&facts->other_fault, dsa->other_fault);
    facts->conflict = is_contradicted(subject, dsa, &facts->asked);
    facts_copies_from(r, subject, facts);
}

/* ---- rounds ---- */

/* Blocks. What is open goes out; true: there is more to know by it. */
static bool ask_on(struct reading *r, int round, struct err **err)
{
    if (*err || r->open_count == 0)
        return false;
    if (round < ROUNDS_MOST)
        *err = ask(r);
    else
        ask_no_more(r);
    return !*err;
}

struct one {
    const struct subject *subject;
    const struct subject_dsa *dsa;
    struct facts *facts;
};

static struct err *take_one(struct reading *r, const struct one *one)
{
    struct guid guid;
    struct err *err;
    facts_release(one->facts);
    facts_init(one->facts);
    bool known = meant(r, one->dsa, &guid, &err);
    if (err)
        return err;
    if (known)
        facts_from(r, &guid, one->facts);
    else
        facts_forest(r, one->facts);
    take_subject(r, one->subject, one->dsa, one->facts);
    return NULL;
}

/* Blocks. */
static struct err *read_one(struct reading *r, const struct one *one)
{
    struct err *err;
    int round = 0;
    do
        err = take_one(r, one);
    while (ask_on(r, round++, &err));
    if (err)
        facts_release(one->facts);
    return err;
}

/* A deleted DSA's successor: the one that the verdict names. Blocks. */
static void read_successor(struct reading *r, const struct guid *dsa, struct facts *facts)
{
    struct subject subject = {.dsas = NULL};
    struct subject_dsa *picked = subject_add(&subject, SUBJECT_PICKED);
    struct one one = {&subject, picked, facts};
    picked->has_guid = true;
    picked->guid = *dsa;
    err_free(read_one(r, &one)); /* N's own facts stand without it */
    subject_release(&subject);
}

struct err *gather(struct session *session, const struct subject *subject, size_t which,
                   struct facts *facts, struct facts *successor)
{
    struct reading r;
    struct one one = {subject, &subject->dsas[which], facts};
    facts_init(facts);
    if (successor)
        facts_init(successor);
    reading_start(&r, session);
    struct err *err = read_one(&r, &one);
    if (!err && successor && facts->dsa.deleted && facts->successor_count > 0)
        read_successor(&r, &facts->successors[0].dsa_guid, successor);
    reading_end(&r);
    return err;
}

/* ---- what is added later ---- */

bool gather_wants_accounts(const struct facts *facts)
{
    return facts->dsa.domain_dn && facts->domain_live != PART_ABSENT &&
           facts->accounts_part == PART_NO_ANSWER && !facts->accounts_from;
}

struct err *gather_accounts(struct session *other, struct facts *facts)
{
    struct reading r;
    struct err *err = NULL;
    int round = 0;
    char *name = facts->srv.cn ? dn_unmarked(facts->srv.cn) : NULL;
    reading_start(&r, other);
    r.judged = false;
    do {
        facts_accounts_from(&r, facts, name);
        facts_target_from(&r, facts);
    } while (ask_on(&r, round++, &err));
    reading_end(&r);
    free(name);
    return err;
}

bool gather_wants_target(const struct facts *facts)
{
    return facts->srv.reference == PART_PRESENT && facts->srv.reference_link.has_guid &&
           facts->target.part == PART_NO_ANSWER;
}

struct err *gather_target(struct session *other, struct facts *facts)
{
    struct reading r;
    struct err *err = NULL;
    int round = 0;
    reading_start(&r, other);
    r.judged = false;
    do
        facts_target_from(&r, facts);
    while (ask_on(&r, round++, &err));
    reading_end(&r);
    return err;
}

struct err *gather_account(struct session *session, struct facts *facts, const struct dn_link *link,
                           enum part *part)
{
    struct reading r;
    struct err *err = NULL;
    struct question question = {.ask = ASK_ACCOUNT, .guid = &link->guid};
    reading_start(&r, session);
    r.judged = r.here->has_dsa_guid && guid_equal(&r.here->dsa_guid, &facts->server.dsa_guid);
    (void)answer_to(&r, question);
    (void)ask_on(&r, 0, &err);
    const struct answer *answer = answer_to(&r, question);
    const struct entry *entry = err ? NULL : answer_entry(answer);
    *part = answer->part == PART_ABSENT && !holds_object(r.here, link->dn) ? PART_NO_ANSWER
                                                                           : answer->part;
    if (entry)
        facts_account_take(&r, facts, entry, 0);
    reading_end(&r);
    return err;
}

struct err *gather_links(struct session *session, struct facts *facts)
{
    struct reading r;
    struct err *err = NULL;
    int round = 0;
    reading_start(&r, session);
    do
        facts_links_from(&r, facts);
    while (ask_on(&r, round++, &err));
    if (!err)
        facts_others_finish(facts);
    reading_end(&r);
    return err;
}

struct err *gather_all_partners(struct session *session, struct facts *facts)
{
    struct reading r;
    struct err *err = NULL;
    int round = 0;
    reading_start(&r, session);
    do
        err = facts_copies_all(&r, facts);
    while (ask_on(&r, round++, &err));
    reading_end(&r);
    return err;
}
