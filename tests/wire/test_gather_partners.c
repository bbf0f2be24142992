/* Which other DCs are worth asking, in which order, and that finding them costs no turn; and the
 * partners that fail with 8589. */
#include "src/base/mem.h"
#include "src/jobs/failing.h"
#include "tests/suite.h"
#include "tests/wire/gather_lab.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { REPS = 208 };

/* A link of the judged DC with this DSA, as Samba keeps it (repsFrom v1, without a name). */
static void add_link(struct lab *lab, const char *attribute, const char *nc,
                     const struct responder_entry *ntds, unsigned result, unsigned char failures)
{
    unsigned char blob[REPS] = {1};
    struct guid guid;
    ck_assert(guid_parse(responder_guid(ntds), &guid));
    memcpy(blob + 160, guid.bytes, sizeof guid.bytes);
    blob[12] = failures;
    blob[32] = (unsigned char)result;
    blob[33] = (unsigned char)(result >> 8);
    responder_bytes(responder_find(lab->responder, nc), attribute, blob, sizeof blob);
}

static void expect_copies(const struct lab *lab, const char *const *names, size_t count)
{
    ck_assert_uint_eq(lab->facts.copy_count, count);
    for (size_t i = 0; i < count; i++) {
        const struct facts_copy *copy = &lab->facts.copies[i];
        ck_assert_msg(strcmp(copy->server, names[i]) == 0, "%zu: %s", i, copy->server);
        ck_assert_msg(copy->is_here == (strcmp(names[i], "dc1.contoso.com") == 0), "%zu", i);
        ck_assert_msg(copy->is_source == (strcmp(names[i], "livdc02.contoso.com") == 0), "%zu", i);
        ck_assert(copy->is_here || copy->state == COPY_NOT_ASKED);
        ck_assert_ptr_null(copy->why);
    }
}

static void set_pdc(struct lab *lab, const char *server)
{
    char *ntds = str_format("CN=NTDS Settings,%s", server);
    responder_link(responder_find(lab->responder, DOMAIN), "fSMORoleOwner", ntds);
    free(ntds);
}

START_TEST(in_their_order)
{
    static const char *const names[] = {"dc1.contoso.com", "livdc02.contoso.com", "br5.contoso.com",
                                        "dc3.contoso.com", "hq6.contoso.com"};
    struct lab lab;
    lab_start(&lab);
    struct responder_dc mate = responder_add_dc(lab.responder, "DC3", "Main");
    struct responder_dc rodc = responder_add_dc(lab.responder, "RO4", "Main");
    struct responder_dc branch = responder_add_dc(lab.responder, "BR5", "Branch");
    struct responder_dc dead = responder_add_dc(lab.responder, "BR7", "Branch");
    responder_add_dc(lab.responder, "HQ6", "Head");
    responder_add_dc(lab.responder, "FAR8", "Far");
    responder_value(rodc.ntds, "msDS-isRODC", "TRUE");
    responder_tombstone(dead.ntds);
    add_link(&lab, "repsFrom", DOMAIN, branch.ntds, 0, 0);
    add_link(&lab, "repsFrom", CONFIG, branch.ntds, 0, 0);
    add_link(&lab, "repsFrom", DOMAIN, dead.ntds, 0, 0);
    add_link(&lab, "repsFrom", DOMAIN, lab.dc.ntds, 8589, 9);
    add_link(&lab, "repsFrom", DOMAIN, mate.ntds, 0, 0);
    set_pdc(&lab, "CN=HQ6,CN=Servers,CN=Head," SITES);
    lab_read(&lab);
    /* the site mate is an inbound partner too, and stands where that puts it */
    expect_copies(&lab, names, 5);
    lab_end(&lab);
}
END_TEST

START_TEST(the_one_that_logged_it_on_top)
{
    static const struct {
        const char *destination;
        const char *first;
        bool known;
    } cases[] = {
        {"FAR8", "far8.contoso.com", true},
        {"far8.contoso.com", "far8.contoso.com", true},
        {"livdc02.contoso.com", "livdc02.contoso.com", true},
        {"gone.contoso.com", "gone.contoso.com", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lab lab;
        lab_start(&lab);
        responder_add_dc(lab.responder, "FAR8", "Far");
        lab.subject.destination = mem_text(cases[i].destination);
        lab_read(&lab);
        const struct facts_copy *copy = &lab.facts.copies[0];
        ck_assert_str_eq(copy->server, cases[i].first);
        ck_assert(copy->is_dest && !copy->is_here && lab.facts.copies[1].is_here);
        ck_assert_int_eq(!guid_is_null(&copy->dsa_guid), cases[i].known);
        for (size_t n = 1; n < lab.facts.copy_count; n++)
            ck_assert(!lab.facts.copies[n].is_dest);
        lab_end(&lab);
    }
}
END_TEST

START_TEST(sixteen_are_enough)
{
    struct lab lab;
    lab_start(&lab);
    for (int i = 0; i < 30; i++) {
        char *name = str_format("MATE%d", i);
        responder_add_dc(lab.responder, name, "Main");
        free(name);
    }
    lab_read(&lab);
    ck_assert_uint_eq(lab.facts.copy_count, 17);
    ck_assert_ptr_null(gather_all_partners(lab.session, &lab.facts));
    ck_assert_uint_eq(lab.facts.copy_count, 32);
    ck_assert_ptr_null(gather_all_partners(lab.session, &lab.facts));
    ck_assert_uint_eq(lab.facts.copy_count, 32);
    lab_end(&lab);
}
END_TEST

START_TEST(without_a_host_name)
{
    struct lab lab;
    lab_start(&lab);
    struct responder_dc mate = responder_add_dc(lab.responder, "DC3", "Main");
    responder_clear(mate.server, "dNSHostName");
    responder_clear(lab.dc.server, "dNSHostName");
    lab_read(&lab);
    ck_assert_uint_eq(lab.facts.copy_count, 3);
    ck_assert_str_eq(lab.facts.copies[1].server, "LIVDC02");
    ck_assert_ptr_null(lab.facts.copies[1].why); /* it has the name of its GUID */
    ck_assert_str_eq(lab.facts.copies[1].site, "Liverpool");
    ck_assert_str_eq(lab.facts.copies[2].server, "DC3");
    ck_assert_str_eq(lab.facts.copies[2].site, "Main");
    ck_assert_ptr_nonnull(lab.facts.copies[2].why);
    lab_end(&lab);
}
END_TEST

/* A deleted DSA's server object matters nowhere. */
START_TEST(not_for_a_tombstone)
{
    struct lab lab;
    lab_start(&lab);
    responder_add_dc(lab.responder, "DC3", "Main");
    responder_tombstone(lab.dc.ntds);
    lab_read(&lab);
    ck_assert_uint_eq(lab.facts.copy_count, 1);
    lab_end(&lab);
}
END_TEST

/* ---- the partners that fail ---- */

START_TEST(those_with_8589_first)
{
    struct lab lab;
    struct failing failing;
    lab_start(&lab);
    struct responder_dc fine = responder_add_dc(lab.responder, "AFINE", "Main");
    struct responder_dc bad = responder_add_dc(lab.responder, "BBAD", "Main");
    struct responder_dc dead = responder_add_dc(lab.responder, "CDEAD", "Main");
    responder_tombstone(dead.ntds);
    add_link(&lab, "repsFrom", DOMAIN, fine.ntds, 0, 0);
    add_link(&lab, "repsFrom", DOMAIN, bad.ntds, 1722, 3);
    add_link(&lab, "repsTo", DOMAIN, dead.ntds, 8589, 7);
    add_link(&lab, "repsFrom", DOMAIN, lab.dc.ntds, 8589, 7);
    add_link(&lab, "repsTo", DOMAIN, lab.dc.ntds, 8589, 2);
    add_link(&lab, "repsFrom", CONFIG, lab.dc.ntds, 8589, 9);
    add_link(&lab, "repsTo", CONFIG, lab.dc.ntds, 0, 0);
    lab.session = lab_session(lab.responder, 0);
    unsigned before = session_counts(lab.session).turns;
    ck_assert_ptr_null(failing_read(lab.session, &failing));
    ck_assert_uint_eq(session_counts(lab.session).turns - before, 2);
    ck_assert_int_eq(failing.part, PART_PRESENT);
    ck_assert_uint_eq(failing.count, 4);
    ck_assert_uint_eq(failing.with_8589, 2);
    static const char *const order[] = {"CDEAD", "LIVDC02", "BBAD", "AFINE"};
    for (size_t i = 0; i < 4; i++)
        ck_assert_str_eq(failing.partners[i].name, order[i]);
    const struct failing_partner *partner = &failing.partners[1];
    ck_assert_str_eq(partner->site, "Liverpool");
    ck_assert_uint_eq(partner->contexts, 2);
    ck_assert_uint_eq(partner->failures, 9);
    ck_assert(partner->inbound && partner->outbound && !partner->deleted);
    ck_assert(failing.partners[0].deleted && !failing.partners[0].inbound);
    failing_release(&failing);
    lab_end(&lab);
}
END_TEST

/* Windows shows nothing to those who may not see it: that is not "no partners". */
START_TEST(a_missing_right_is_told)
{
    struct lab lab;
    struct failing failing;
    lab_start(&lab);
    lab.session = lab_session(lab.responder, 0);
    ck_assert_ptr_null(failing_read(lab.session, &failing));
    ck_assert_int_eq(failing.part, PART_DENIED);
    ck_assert_uint_eq(failing.count, 0);
    failing_release(&failing);
    lab_end(&lab);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gather_partners");
    TCase *tests = tcase_create("gather_partners");
    tcase_add_test(tests, in_their_order);
    tcase_add_test(tests, the_one_that_logged_it_on_top);
    tcase_add_test(tests, sixteen_are_enough);
    tcase_add_test(tests, without_a_host_name);
    tcase_add_test(tests, not_for_a_tombstone);
    tcase_add_test(tests, those_with_8589_first);
    tcase_add_test(tests, a_missing_right_is_told);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
