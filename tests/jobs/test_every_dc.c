/* The forest as every DC holds it: DCs played by responders, one of which holds another copy, does
 * not know a DSA, keeps silent, refuses, or is not who it should be. */
#include "src/jobs/every_dc.h"

#include "src/base/mem.h"
#include "tests/suite.h"
#include "tests/wire/gather_lab.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DCS = 5 };
static const char *const names[DCS] = {"DC1", "LIVDC02", "DC3", "DC4", "DC5"};

/* Each responder shows the whole forest, and is the DC of its number in it. */
struct world {
    struct responder *dcs[DCS];
    struct responder_dc object[DCS][DCS]; /* of the DC, about a DC; not about DC1 */
    struct session *session;
    struct every_dc every;
    size_t told, of;
    int silent_ms;
};

static struct responder *play(struct world *w, size_t own)
{
    struct responder *dc = responder_new();
    struct responder_entry *root = responder_root(dc);
    for (size_t i = 1; i < DCS; i++)
        w->object[own][i] = responder_add_dc(dc, names[i], i == 1 ? "Liverpool" : "Main");
    if (own == 0)
        return dc;
    char *ntds = str_format("CN=NTDS Settings,CN=%s,CN=Servers,CN=%s," SITES, names[own],
                            own == 1 ? "Liverpool" : "Main");
    char *lower = str_lower(names[own]), *host = str_format("%s.contoso.com", lower);
    responder_clear(root, "dsServiceName");
    responder_link(root, "dsServiceName", ntds);
    responder_set(root, "dnsHostName", host);
    free(ntds);
    free(lower);
    free(host);
    return dc;
}

static void start(struct world *w)
{
    *w = (struct world){.silent_ms = 3000};
    for (size_t i = 0; i < DCS; i++)
        w->dcs[i] = play(w, i);
}

static void end(struct world *w)
{
    every_dc_release(&w->every);
    session_close(w->session);
    for (size_t i = 0; i < DCS; i++)
        responder_free(w->dcs[i]);
}

static bool reach(void *context, const char *host, struct signin *out)
{
    struct world *w = context;
    for (size_t i = 0; i < DCS; i++) {
        size_t len = strlen(names[i]);
        if (strncasecmp(host, names[i], len) == 0 && host[len] == '.') {
            responder_signin(w->dcs[i], out);
            return true;
        }
    }
    return false;
}

static void tell(void *context, size_t done, size_t total)
{
    struct world *w = context;
    w->told = done;
    w->of = total;
}

static void run(struct world *w)
{
    struct every_dc_way way = {.silent_ms = w->silent_ms,
                               .each_ms = 2 * w->silent_ms,
                               .progress = tell,
                               .context = w,
                               .reach = reach};
    w->session = responder_session(w->dcs[0], 5000);
    ck_assert_ptr_null(every_dc_run(w->session, NULL, &way, &w->every));
    ck_assert_uint_eq(w->every.dc_count, DCS);
    ck_assert_uint_eq(w->of, DCS - 1);
    ck_assert_uint_eq(w->told, DCS - 1);
}

static const struct every_dc_dc *dc_named(const struct world *w, const char *name)
{
    for (size_t i = 0; i < w->every.dc_count; i++)
        if (strncasecmp(w->every.dcs[i].server, name, strlen(name)) == 0)
            return &w->every.dcs[i];
    ck_abort_msg("%s is not listed", name);
    return NULL;
}

/* "dc1=value! dc3,dc4=absent": by group, '!' where the finding is shown. */
static char *spread(const struct world *w, size_t finding)
{
    struct every_dc_groups groups;
    struct str text = STR_INIT;
    every_dc_groups(&w->every, &w->every.scan.items[finding], &groups);
    for (size_t i = 0; i < groups.count; i++) {
        const struct every_dc_group *group = &groups.items[i];
        str_add(&text, i ? " " : "");
        for (size_t n = 0; n < group->count; n++) {
            const char *server = w->every.dcs[group->dcs[n]].server;
            str_add(&text, n ? "," : "");
            str_addn(&text, server, strcspn(server, "."));
        }
        str_addf(&text, "=%s%s", copy_state_name(group->state), group->shows ? "!" : "");
    }
    every_dc_groups_release(&groups);
    return str_steal(&text);
}

static void expect_one(const struct world *w, enum verdict_kind kind, bool differ,
                       const char *wanted)
{
    ck_assert_uint_eq(w->every.scan.count, 1);
    const struct verdict *verdict = &w->every.scan.items[0].verdict;
    ck_assert_msg(verdict->kind == kind, "%s", verdict_name(verdict->kind));
    ck_assert(findings_has(&verdict->side, SIDE_COPIES_DIFFER) == differ);
    char *text = spread(w, 0);
    ck_assert_msg(strcmp(text, wanted) == 0, "%s", text);
    free(text);
}

static void clear_link(struct world *w, size_t dc)
{
    responder_clear(w->object[dc][1].server, "serverReference");
    responder_clear(w->object[dc][1].computer, "serverReferenceBL");
}

START_TEST(all_is_well)
{
    struct world w;
    start(&w);
    run(&w);
    ck_assert_uint_eq(w.every.scan.count, 0);
    ck_assert_uint_eq(w.every.difference_count + w.every.dsa_count, 0);
    ck_assert_uint_eq(w.every.read, DCS);
    ck_assert_int_eq(every_dc_status(&w.every), 0);
    end(&w);
}
END_TEST

/* The heart: the DC that suffers alone lacks the link, and another one was asked. */
START_TEST(one_copy_alone_is_broken)
{
    struct world w;
    start(&w);
    clear_link(&w, 3);
    run(&w);
    expect_one(&w, VERDICT_HEALTHY, true, "dc1,livdc02,dc3,dc5=value dc4=absent!");
    ck_assert_str_eq(scan_word(&w.every.scan.items[0].verdict), "other copies");
    ck_assert_int_eq(every_dc_status(&w.every), 1);
    end(&w);
}
END_TEST

START_TEST(the_first_copy_alone_is_broken)
{
    struct world w;
    start(&w);
    clear_link(&w, 0);
    run(&w);
    expect_one(&w, VERDICT_MISSING, true, "dc1=absent! livdc02,dc3,dc4,dc5=value");
    end(&w);
}
END_TEST

START_TEST(all_copies_are_broken)
{
    struct world w;
    start(&w);
    for (size_t i = 0; i < DCS; i++)
        clear_link(&w, i);
    run(&w);
    expect_one(&w, VERDICT_MISSING, false, "dc1,livdc02,dc3,dc4,dc5=absent!");
    ck_assert_uint_eq(w.every.difference_count, 0);
    end(&w);
}
END_TEST

START_TEST(each_other_value_is_a_group)
{
    struct world w;
    start(&w);
    for (size_t i = 2; i < 4; i++) {
        responder_clear(w.object[i][1].server, "serverReference");
        responder_link(w.object[i][1].server, "serverReference",
                       "CN=DC5,OU=Domain Controllers," DOMAIN);
    }
    responder_gone(w.object[4][1].server);
    run(&w);
    expect_one(&w, VERDICT_HEALTHY, true, "dc1,livdc02=value dc3,dc4=value! dc5=no-object!");
    end(&w);
}
END_TEST

START_TEST(a_dsa_that_only_some_know)
{
    struct world w;
    start(&w);
    responder_tombstone(w.object[2][1].ntds);
    (void)responder_add_dc(w.dcs[3], "NEWDC", "Main");
    (void)responder_add_dc(w.dcs[4], "NEWDC", "Main");
    run(&w);
    ck_assert_uint_eq(w.every.dsa_count, 2);
    const struct every_dc_dsa *gone = &w.every.dsas[0], *new = &w.every.dsas[1];
    ck_assert(gone->first_knows && gone->dc_count == 1);
    ck_assert_str_eq(w.every.dcs[gone->dcs[0]].server, "dc3.contoso.com");
    ck_assert_ptr_nonnull(strstr(gone->dn, "LIVDC02"));
    ck_assert(!new->first_knows &&new->dc_count == 2);
    ck_assert_ptr_nonnull(strstr(new->dn, "NEWDC"));
    ck_assert_int_eq(every_dc_status(&w.every), 1);
    end(&w);
}
END_TEST

/* Silent, refusing and lying ones hold nobody up, and say why. */
START_TEST(who_was_not_read)
{
    struct timespec from, to;
    struct world w;
    start(&w);
    w.silent_ms = 1000;
    responder_fault(w.dcs[1], FAULT_STALL, OP_SEARCH, 2);
    responder_bind_answer(w.dcs[2], 49, "no");
    responder_clear(responder_root(w.dcs[3]), "dsServiceName");
    responder_link(responder_root(w.dcs[3]), "dsServiceName",
                   "CN=NTDS Settings,CN=DC5,CN=Servers,CN=Main," SITES);
    clear_link(&w, 4);
    clock_gettime(CLOCK_MONOTONIC, &from);
    run(&w);
    clock_gettime(CLOCK_MONOTONIC, &to);
    ck_assert_int_lt((int)(to.tv_sec - from.tv_sec), 5);
    ck_assert_uint_eq(w.every.read, 2);
    ck_assert_str_eq(dc_named(&w, "LIVDC02")->why, "no answer in 1 s");
    ck_assert_str_eq(dc_named(&w, "DC3")->why, "refused the sign-in");
    ck_assert_str_eq(dc_named(&w, "DC4")->why, "another DSA answers under this name");
    ck_assert_int_eq(dc_named(&w, "DC4")->state, COPY_UNREACHABLE);
    ck_assert_int_eq(every_dc_status(&w.every), 2);
    expect_one(&w, VERDICT_HEALTHY, true, "dc1=value dc5=absent!");
    end(&w);
}
END_TEST

/* A link that may not be read is not missing. */
START_TEST(what_may_not_be_read_is_no_difference)
{
    struct world w;
    start(&w);
    clear_link(&w, 3);
    responder_search_answer(w.dcs[3], responder_guid(w.object[3][1].server), NULL, 50, "no", 0);
    run(&w);
    ck_assert_uint_eq(w.every.scan.count, 0);
    ck_assert_ptr_nonnull(strstr(dc_named(&w, "DC4")->why, "1 server object is not readable"));
    ck_assert_int_eq(dc_named(&w, "DC4")->state, COPY_UNREADABLE);
    ck_assert_int_eq(every_dc_status(&w.every), 2);
    end(&w);
}
END_TEST

/* A DC that makes things up does not fill the memory. */
START_TEST(differences_are_bounded)
{
    struct world w;
    start(&w);
    for (int i = 0; i < 2100; i++) {
        char *dn = str_format("CN=NTDS Settings,CN=X%d,CN=Servers,CN=Main," SITES, i);
        responder_value(responder_entry(w.dcs[3], dn, NULL), "objectClass", "nTDSDSA");
        free(dn);
    }
    run(&w);
    ck_assert_uint_eq(w.every.dsa_count, 0);
    ck_assert_uint_eq(w.every.read, DCS - 1);
    ck_assert_ptr_nonnull(strstr(dc_named(&w, "DC4")->why, "more than 2000"));
    end(&w);
}
END_TEST

/* Without a ticket nobody else is asked, and each says so. */
START_TEST(after_a_simple_bind)
{
    struct every_dc_way way = {.silent_ms = 1000};
    struct world w;
    start(&w);
    w.session = responder_session(w.dcs[0], 5000);
    ck_assert_ptr_null(every_dc_run(w.session, NULL, &way, &w.every));
    ck_assert_uint_eq(w.every.read, 1);
    ck_assert_ptr_nonnull(strstr(dc_named(&w, "DC3")->why, "ticket"));
    ck_assert_int_eq(dc_named(&w, "DC3")->state, COPY_NOT_ASKED);
    ck_assert_int_eq(every_dc_status(&w.every), 2);
    end(&w);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("every_dc");
    TCase *tests = tcase_create("every_dc");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, all_is_well);
    tcase_add_test(tests, one_copy_alone_is_broken);
    tcase_add_test(tests, the_first_copy_alone_is_broken);
    tcase_add_test(tests, all_copies_are_broken);
    tcase_add_test(tests, each_other_value_is_a_group);
    tcase_add_test(tests, a_dsa_that_only_some_know);
    tcase_add_test(tests, who_was_not_read);
    tcase_add_test(tests, what_may_not_be_read_is_no_difference);
    tcase_add_test(tests, differences_are_bounded);
    tcase_add_test(tests, after_a_simple_bind);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
