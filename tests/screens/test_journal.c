/* The journal as a screen: what was changed, the difference it made, and the way to its undo and
 * back, whatever the files hold. */
#include "tests/screens/stage.h"
#include "tests/suite.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/jobs/journal.h"
#include "src/remedy/diagnose.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST "20261122T150311Z-LIVDC01"
#define SECOND "20261122T150312Z-LIVDC01"
#define JOURNAL ".local/state/dcmend/journal"

static struct stage *s;

static void see(const char *text)
{
    ck_assert_msg(stage_has(s, text), "\"%s\" is not on the screen:\n%s", text, harness_text(s->h));
}

static void hides(const char *text)
{
    ck_assert_msg(!stage_has(s, text), "\"%s\" is on the screen:\n%s", text, harness_text(s->h));
}

static const struct screen_ops *top(void)
{
    return s->app.depth ? s->app.stack[s->app.depth - 1].ops : NULL;
}

/* The repair of a missing value, as apply() journals it. */
static void keep(const char *id, enum journal_state state, const char *undo_of, const char *dc)
{
    struct facts facts;
    struct verdict verdict;
    struct journal_author author = {.when = 1795359791, .login = "uid 1000 (kayla)"};
    struct journal_proof *proof = NULL;
    struct journal *journal = NULL;
    stage_missing(&facts);
    diagnose(&facts, &verdict);
    struct plan *plan = plan_new(&facts, &verdict, "INC-20411");
    plan->undo = undo_of != NULL;
    plan->undo_of = mem_text(undo_of);
    if (dc)
        mem_set(&plan->host, dc);
    ck_assert_ptr_null(journal_open(&journal));
    ck_assert_ptr_null(journal_begin(journal, id, plan, &author, &proof));
    if (state != JOURNAL_INTENDED)
        ck_assert_ptr_null(journal_mark(journal, id, state, NULL));
    journal_proof_free(proof);
    journal_close(journal);
    plan_free(plan);
    verdict_release(&verdict);
    facts_release(&facts);
}

static void open_with(struct stage_size size, bool read_only)
{
    s = stage_open(size.rows, size.cols, read_only);
    stage_go(s, STEP_SYMPTOM, NULL);
    stage_key(s, TERM_TAB);
    stage_char(s, 'u');
    ck_assert_msg(top() == &screen_journal, "%s", harness_text(s->h));
}

static const struct stage_size sizes[] = {{24, 80}, {15, 60}, {40, 120}};
enum { SIZES = sizeof sizes / sizeof *sizes };

START_TEST(a_change_is_listed_with_its_difference)
{
    keep(FIRST, JOURNAL_VERIFIED, NULL, NULL);
    open_with(sizes[_i], false);
    see("2026-11-22");
    see("LIVDC01");
    see("verified");
    see("- (absent)");
    see("+ CN=LivDC01,OU=Domain Controllers,");
    ck_assert(strstr(stage_footer(s), "Enter undo it"));
    if (sizes[_i].rows > 15)
        see("LONDC01");
    stage_char(s, 'l');
    see("add: serverReference");
    stage_key(s, TERM_ESC);
    ck_assert_ptr_eq(top(), &screen_journal);
    stage_key(s, TERM_ESC);
    ck_assert_ptr_null(top());
    stage_close(s);
}
END_TEST

/* The DC is asked first; Confirm wants the name, and there is no Propose before it. */
START_TEST(enter_leads_to_confirm_and_esc_back)
{
    keep(FIRST, JOURNAL_VERIFIED, NULL, NULL);
    keep(SECOND, JOURNAL_REFUSED, NULL, NULL);
    open_with(sizes[_i], false);
    stage_key(s, TERM_DOWN);
    for (int i = 0; i < 2; i++) {
        stage_key(s, TERM_ENTER);
        ck_assert_uint_eq(s->effects[EFFECT_READ], 1 + (unsigned)i);
        stage_facts(s, build_healthy);
        stage_show(s);
        ck_assert_int_eq(s->app.wizard.step, STEP_CONFIRM);
        see("The undo of a change on LONDC01.");
        if (sizes[_i].cols == 80) {
            see("LIVDC01 has no serverReference on LONDC01.");
            see("Replication from LIVDC01 to LONDC01 fails with 8589 again");
        }
        see("to apply:");
        stage_key(s, TERM_ESC);
        ck_assert_ptr_eq(top(), &screen_journal);
        ck_assert_ptr_null(s->app.wizard.plan);
        see("verified");
        ck_assert(strstr(stage_footer(s), "Enter undo it")); /* the same one is chosen */
    }
    stage_key(s, TERM_ESC);
    ck_assert_int_eq(s->app.wizard.step, STEP_INSPECT);
    ck_assert_uint_eq(s->effects[EFFECT_APPLY], 0);
    stage_close(s);
}
END_TEST

START_TEST(an_undo_is_applied_by_its_name_alone)
{
    keep(FIRST, JOURNAL_VERIFIED, NULL, NULL);
    open_with(sizes[0], false);
    stage_key(s, TERM_ENTER);
    stage_facts(s, build_healthy);
    stage_show(s);
    stage_key(s, TERM_ENTER);
    ck_assert_uint_eq(s->effects[EFFECT_APPLY], 0);
    stage_type_by_hand(s, s->app.wizard.plan->prompt);
    stage_key(s, TERM_ENTER);
    ck_assert_uint_eq(s->effects[EFFECT_APPLY], 1);
    stage_report(s, APPLY_VERIFIED);
    stage_show(s);
    see("VERIFIED on LONDC01: the value is gone.");
    stage_char(s, 'u'); /* and the Report leads to the journal */
    ck_assert_ptr_eq(top(), &screen_journal);
    stage_close(s);
}
END_TEST

/* Whoever leaves while its DSA is read is back in the journal, and no undo is left over. */
START_TEST(leaving_early_forgets_the_undo)
{
    keep(FIRST, JOURNAL_VERIFIED, NULL, NULL);
    open_with(sizes[0], false);
    stage_key(s, TERM_ENTER);
    ck_assert_int_eq(s->app.wizard.waiting, WAIT_READ);
    stage_key(s, TERM_ESC);
    ck_assert_ptr_eq(top(), &screen_journal);
    ck_assert_int_eq(s->app.wizard.waiting, WAIT_NOTHING);
    ck_assert_ptr_null(s->app.wizard.undo);
    stage_key(s, TERM_ESC);
    ck_assert_int_eq(s->app.wizard.step, STEP_SYMPTOM);
    ck_assert_uint_eq(s->app.wizard.subject.count, 0);
    stage_close(s);
}
END_TEST

/* Of another DC: that one is connected to, and Esc from its form leads back as well. */
START_TEST(another_dc_is_connected_to)
{
    keep(FIRST, JOURNAL_VERIFIED, NULL, "mandc01.contoso.com");
    open_with(sizes[0], false);
    s->app.wizard.server.dsa_guid.bytes[0] ^= 1;
    unsigned before = s->effects[EFFECT_CONNECT];
    stage_key(s, TERM_ENTER);
    ck_assert_uint_eq(s->effects[EFFECT_CONNECT], before + 1);
    ck_assert_str_eq(s->app.wizard.host, "mandc01.contoso.com");
    stage_key(s, TERM_ESC); /* the connecting is called off */
    ck_assert_int_eq(s->app.wizard.step, STEP_CONNECT);
    stage_key(s, TERM_ESC);
    ck_assert_ptr_eq(top(), &screen_journal);
    stage_close(s);
}
END_TEST

START_TEST(what_was_undone_says_so)
{
    keep(FIRST, JOURNAL_VERIFIED, NULL, NULL);
    keep(SECOND, JOURNAL_VERIFIED, FIRST, NULL);
    open_with(sizes[_i], false);
    see("verified, an undo");
    see("verified, undone");
    ck_assert(strstr(stage_footer(s), "Enter make it again"));
    stage_key(s, TERM_DOWN);
    ck_assert(!strstr(stage_footer(s), "Enter"));
    stage_key(s, TERM_ENTER);
    see("was undone already");
    ck_assert_ptr_eq(top(), &screen_journal);
    ck_assert_uint_eq(s->effects[EFFECT_READ], 0);
    stage_close(s);
}
END_TEST

START_TEST(an_empty_journal_says_where_it_would_be)
{
    open_with(sizes[_i], false);
    see("No change is journalled in");
    hides("Enter");
    stage_key(s, TERM_ENTER);
    keep(FIRST, JOURNAL_VERIFIED, NULL, NULL);
    stage_char(s, 'r');
    see("verified");
    stage_close(s);
}
END_TEST

START_TEST(an_unreadable_journal_says_what_to_do)
{
    mkdir("elsewhere", 0700);
    mkdir(".local", 0700), mkdir(".local/state", 0700), mkdir(".local/state/dcmend", 0700);
    ck_assert_int_eq(symlink("../../../elsewhere", JOURNAL), 0);
    open_with(sizes[_i], false);
    see("no folder");
    see("mend the folder");
    hides("Enter");
    stage_close(s);
}
END_TEST

static void put(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

START_TEST(a_damaged_entry_is_listed_with_its_reason)
{
    keep(FIRST, JOURNAL_VERIFIED, NULL, NULL);
    put(JOURNAL "/" SECOND ".ldif", "#!DCMEND-JOURNAL 1\n#!NAME LIVDC01\n");
    open_with(sizes[_i], false);
    see("cut off");
    see("cannot be used");
    see("may still stand");
    ck_assert(!strstr(stage_footer(s), "Enter"));
    stage_key(s, TERM_ENTER);
    ck_assert_uint_eq(s->effects[EFFECT_READ], 0);
    stage_key(s, TERM_DOWN);
    see("- (absent)");
    stage_close(s);
}
END_TEST

/* A file is as foreign as the directory: it moves no cursor and forges no line. */
START_TEST(a_hostile_entry_is_text)
{
    keep(FIRST, JOURNAL_VERIFIED, NULL, "\033[2J\033]0;gotcha\007\xE2\x80\xAEX\r\nVERIFIED on Y");
    char *path = str_format("%s/%s.ldif", JOURNAL, FIRST);
    FILE *file = fopen(path, "a");
    fputs("#!IDENTITY \033[1;1H\033[7mVERIFIED\xC2\x9B"
          "31m\xFF\n#!TICKET \033]52;c;AAAA\007\n",
          file);
    fclose(file);
    free(path);
    open_with(sizes[_i], false);
    see("gotcha");
    const char *row = harness_row(s->h, 0);
    ck_assert(strstr(row, "londc01.contoso.com"));
    for (int i = 0; i < sizes[_i].rows; i++)
        ck_assert(strncmp(harness_row(s->h, i) + 1, "VERIFIED", 8) != 0);
    stage_close(s);
}
END_TEST

START_TEST(read_only_undoes_nothing)
{
    keep(FIRST, JOURNAL_VERIFIED, NULL, NULL);
    open_with(sizes[0], true);
    ck_assert(!strstr(stage_footer(s), "Enter"));
    stage_key(s, TERM_ENTER);
    see("read-only");
    ck_assert_uint_eq(s->effects[EFFECT_READ], 0);
    stage_close(s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("journal");
    TCase *tests = tcase_create("journal");
    tcase_add_checked_fixture(tests, stage_enter_home, stage_leave_home);
    tcase_add_loop_test(tests, a_change_is_listed_with_its_difference, 0, SIZES);
    tcase_add_loop_test(tests, enter_leads_to_confirm_and_esc_back, 0, SIZES);
    tcase_add_test(tests, an_undo_is_applied_by_its_name_alone);
    tcase_add_test(tests, leaving_early_forgets_the_undo);
    tcase_add_test(tests, another_dc_is_connected_to);
    tcase_add_loop_test(tests, what_was_undone_says_so, 0, SIZES);
    tcase_add_loop_test(tests, an_empty_journal_says_where_it_would_be, 0, SIZES);
    tcase_add_loop_test(tests, an_unreadable_journal_says_what_to_do, 0, SIZES);
    tcase_add_loop_test(tests, a_damaged_entry_is_listed_with_its_reason, 0, SIZES);
    tcase_add_loop_test(tests, a_hostile_entry_is_text, 0, SIZES);
    tcase_add_test(tests, read_only_undoes_nothing);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
