/* Every screen on terminals that can do less, and with a directory that means ill: nothing raw
 * reaches the terminal. */
#include "tests/screens/stage.h"
#include "tests/suite.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/remedy/diagnose.h"
#include "src/remedy/transcript.h"
#include "ui/batch_text.h"

#include <check.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static struct stage *s;

/* --- terminals --- */

static const struct {
    const char *type, *locale;
    bool ascii, no_colour;
} terminals[] = {
    {"vt100", "C.UTF-8", false, false},
    {"linux", "C.UTF-8", false, false},
    {"screen", "C.UTF-8", false, false},
    {"tmux-256color", "C", false, false},
    {"xterm-256color", "C.UTF-8", true, false},
    {"xterm-256color", "C.UTF-8", false, true},
    {"vt100", "C", false, true},
};

static void look(enum wizard_step step, const char *text)
{
    ck_assert_int_eq(s->app.wizard.step, step);
    ck_assert_msg(stage_has(s, text), "\"%s\" is not on the screen:\n%s", text, harness_text(s->h));
}

static bool all_ascii(struct harness *h)
{
    size_t len;
    const char *raw = harness_raw(h, &len);
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)raw[i] >= 0x80)
            return false;
    return true;
}

START_TEST(on_lesser_terminals)
{
    for (size_t t = 0; t < sizeof terminals / sizeof *terminals; t++) {
        ck_assert_ptr_nonnull(setlocale(LC_ALL, terminals[t].locale));
        struct term_options options = {.type = terminals[t].type,
                                       .ascii = terminals[t].ascii,
                                       .no_colour = terminals[t].no_colour};
        s = stage_open_with(&options, 24, 80, false);
        stage_go(s, STEP_INSPECT, stage_missing);
        look(STEP_INSPECT, "LIVDC01 has no serverReference on LONDC01.");
        look(STEP_INSPECT, "[Inspect]");
        stage_key(s, TERM_ENTER);
        look(STEP_PROPOSE, "+ CN=LivDC01,OU=Domain Controllers,DC=contoso,DC=com");
        stage_key(s, TERM_ENTER);
        look(STEP_CONFIRM, "Type LIVDC01 to apply:");
        stage_type_by_hand(s, "LIVDC01");
        stage_key(s, TERM_ENTER);
        stage_report(s, APPLY_VERIFIED);
        stage_show(s);
        look(STEP_REPORT, "VERIFIED on LONDC01");
        stage_char(s, 't');
        look(STEP_REPORT, "Sites of contoso.com");
        if (terminals[t].ascii || strcmp(terminals[t].locale, "C") == 0)
            ck_assert(all_ascii(s->h));
        stage_close(s);
        harness_plain_locale();
    }
}
END_TEST

/* --- a hostile directory --- */

/* The rules above the footer and below the head, and no raw byte of what the directory said. */
static void frame_is_whole(const char *step)
{
    int rows = term_size(s->app.term).rows;
    const char *rule = "\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80";
    ck_assert_msg(strncmp(harness_row(s->h, rows - 2), rule, 9) == 0, "%s:\n%s", step,
                  harness_text(s->h));
    ck_assert(!harness_raw_has(s->h, "\033]0;gotcha"));
    ck_assert(!harness_raw_has(s->h, "\007"));
    ck_assert(!harness_raw_has(s->h, "\xE2\x80\xAE"));
    ck_assert(!harness_raw_has(s->h, "\xC2\x9B"));
}

START_TEST(hostile_values_are_harmless)
{
    for (size_t i = 0; i < STAGE_SIZES; i++)
        for (int step = STEP_LOCATE; step < STEP_COUNT; step++) {
            s = stage_open(stage_sizes[i].rows, stage_sizes[i].cols, false);
            stage_go(s, (enum wizard_step)step, stage_hostile);
            frame_is_whole(wizard_step_names()[step]);
            for (int key = 0; key < 30; key++)
                stage_key(s, key % 3 ? TERM_DOWN : TERM_PGDN);
            frame_is_whole(wizard_step_names()[step]);
            ck_assert(strstr(harness_row(s->h, 0), "londc01") != NULL);
            stage_close(s);
        }
}
END_TEST

#define FORGED "VERIFIED on LONDC01"

static void forge(char **name)
{
    char *text = str_format("%s\n" FORGED "\r\n" FORGED, *name ? *name : "X");
    free(*name);
    *name = text;
}

/* Every name there is claims to be a line of its own. */
static void forge_all(struct facts *facts)
{
    char **const names[] = {
        &facts->server.identity, &facts->asked_is,     &facts->dsa.dn,       &facts->srv.cn,
        &facts->srv.dn,          &facts->srv.site,     &facts->srv.dns_host, &facts->dns_target,
        &facts->removed_by,      &facts->other_forest,
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        forge(names[i]);
    for (size_t i = 0; i < facts->account_count; i++) {
        forge(&facts->accounts[i].dn);
        forge(&facts->accounts[i].sam);
        forge(&facts->accounts[i].dns_host);
    }
    for (size_t i = 0; i < facts->copy_count; i++) {
        forge(&facts->copies[i].server);
        forge(&facts->copies[i].why);
        forge(&facts->copies[i].value.dn);
    }
    for (size_t i = 0; i < facts->link_count; i++)
        forge(&facts->links[i].partner);
}

static void make_disabled(struct facts *facts)
{
    stage_medium(facts);
    facts->accounts[0].uac |= 2;
}

static void (*const makes[])(struct facts *) = {
    make_disabled,  stage_missing, stage_medium,  stage_ambiguous,   stage_wrong,
    stage_dangling, stage_deleted, stage_unknown, stage_no_computer, build_healthy,
};
enum { MAKES = sizeof makes / sizeof *makes };
static int made;

static void make_forged(struct facts *facts)
{
    makes[made](facts);
    forge_all(facts);
}

/* Wherever it stands, the newline before it is to be seen as well. */
static void no_line_is_forged(const char *text, const char *where)
{
    for (const char *at = text; (at = strstr(at, FORGED)); at++)
        ck_assert_msg(at - text > 2 && strncmp(at - 2, "0A", 2) == 0, "%s, verdict %d:\n%.2000s",
                      where, made, at - text > 200 ? at - 200 : text);
}

/* Wide screens, so that no line is wrapped just there. */
START_TEST(a_name_makes_no_line)
{
    for (made = 0; made < MAKES; made++)
        for (int step = STEP_LOCATE; step < STEP_COUNT; step++) {
            if (step == STEP_APPLY)
                continue;
            s = stage_open(60, 2000, false);
            stage_go(s, step == STEP_REPORT ? STEP_INSPECT : (enum wizard_step)step, make_forged);
            if (step == STEP_REPORT && !s->app.wizard.verdict.writable)
                stage_key(s, TERM_ENTER);
            no_line_is_forged(harness_text(s->h), wizard_step_names()[step]);
            stage_char(s, step == STEP_CONFIRM ? 'x' : 'a');
            stage_key(s, TERM_ENTER); /* an account, where there is one */
            no_line_is_forged(harness_text(s->h), "accounts");
            stage_close(s);
        }
}
END_TEST

START_TEST(a_name_makes_no_line_in_a_report)
{
    for (made = 0; made < MAKES; made++) {
        struct facts facts;
        struct verdict verdict;
        struct str text = STR_INIT;
        make_forged(&facts);
        diagnose(&facts, &verdict);
        struct transcript transcript = {.facts = &facts, .verdict = &verdict, .when = BUILD_NOW};
        transcript_write(&text, false, &transcript);
        transcript_write(&text, true, &transcript);
        transcript_commands(&text, &transcript);
        batch_text_finding(&text, &facts, &verdict, NULL, 80, true);
        no_line_is_forged(str_text(&text), "report");
        str_release(&text);
        verdict_release(&verdict);
        facts_release(&facts);
    }
}
END_TEST

START_TEST(a_name_that_cannot_be_typed_is_not_asked_for)
{
    ck_assert_ptr_nonnull(setlocale(LC_ALL, "C"));
    struct term_options options = {.type = "xterm"};
    s = stage_open_with(&options, 24, 80, false);
    stage_go(s, STEP_PROPOSE, stage_missing);
    mem_set(&s->app.wizard.facts.srv.cn, "M\xC3\xBCNCHEN");
    stage_key(s, TERM_ENTER);
    ck_assert_int_eq(s->app.wizard.step, STEP_CONFIRM);
    look(STEP_CONFIRM, "Type 9b7fab3d to apply:");
    stage_close(s);
    harness_plain_locale();
}
END_TEST

START_TEST(resizing_loses_nothing)
{
    s = stage_open(24, 80, false);
    stage_go(s, STEP_CONFIRM, stage_missing);
    stage_type_by_hand(s, "LIVD");
    stage_resize(s, 15, 60);
    look(STEP_CONFIRM, "Type LIVDC01 to apply: LIVD");
    stage_resize(s, 5, 20);
    stage_resize(s, 40, 120);
    look(STEP_CONFIRM, "Type LIVDC01 to apply: LIVD");
    stage_resize(s, 24, 80);
    stage_type_by_hand(s, "C01");
    stage_key(s, TERM_ENTER);
    ck_assert_uint_eq(s->effects[EFFECT_APPLY], 1);
    stage_close(s);
}
END_TEST

static Suite *hostile_suite(void)
{
    Suite *suite = suite_create("hostile");
    TCase *tests = tcase_create("hostile");
    tcase_add_checked_fixture(tests, stage_enter_home, stage_leave_home);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, on_lesser_terminals);
    tcase_add_test(tests, hostile_values_are_harmless);
    tcase_add_test(tests, a_name_that_cannot_be_typed_is_not_asked_for);
    tcase_add_test(tests, a_name_makes_no_line);
    tcase_add_test(tests, a_name_makes_no_line_in_a_report);
    tcase_add_test(tests, resizing_loses_nothing);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(hostile_suite());
}
