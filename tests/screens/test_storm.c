/* Storms of keys over all screens, with answers that come, or fail, at random: no crash, and
 * nothing is applied whose name was not typed. */
#include "tests/screens/stage.h"
#include "tests/suite.h"

#include "src/base/mem.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

static struct stage *s;

static unsigned random_below(unsigned *seed, unsigned below)
{
    *seed = *seed * 1103515245u + 12345u;
    return (*seed >> 16) % below;
}

static void (*const makes[])(struct facts *) = {
    stage_missing, stage_missing, stage_missing,     stage_medium,  stage_wrong, stage_dangling,
    stage_deleted, stage_unknown, stage_no_computer, build_healthy, stage_long,  stage_ambiguous,
};
enum { MAKES = sizeof makes / sizeof *makes };

/* What the wizard waits for comes, or fails. */
static void answer(unsigned *seed)
{
    struct wizard *w = &s->app.wizard;
    bool fails = random_below(seed, 6) == 0;
    if (w->waiting == WAIT_APPLY || w->waiting == WAIT_VERIFY)
        stage_report(s, (enum apply_state)random_below(seed, APPLY_NOT_APPLIED + 1));
    else if (w->waiting != WAIT_NOTHING && fails)
        stage_failed(s, "It did not answer.");
    else if (w->waiting == WAIT_CONNECT)
        stage_connected(s);
    else if (w->waiting == WAIT_READ)
        stage_facts(s, makes[random_below(seed, MAKES)]);
    else if (w->step == STEP_SYMPTOM && random_below(seed, 2))
        stage_subject(s, fails ? "mandc01" : "londc01", 1 + random_below(seed, 2));
}

/* All but the digits 0 and 1: every name that Confirm asks for has one, so none can come about. */
static void random_letter(unsigned *seed)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz?/ 23456789-,=";
    uint32_t rune = (unsigned char)letters[random_below(seed, sizeof letters - 1)];
    bool saving = s->app.depth == 0 && s->app.wizard.step == STEP_REPORT;
    if (rune == '/' && saving)
        rune = 'y'; /* no files outside the test's home */
    stage_char(s, random_below(seed, 40) ? rune : 0x4E2D);
}

static void random_key(unsigned *seed)
{
    static const struct stage_size odd[] = {{24, 80}, {15, 60}, {40, 120}, {16, 200}, {3, 10}};
    unsigned what = random_below(seed, 100);
    if (what < 40)
        random_letter(seed);
    else if (what < 60)
        stage_key(s, TERM_ENTER);
    else if (what < 85)
        stage_key(s, (enum term_key)(TERM_UP + random_below(seed, TERM_DELETE - TERM_UP + 1)));
    else if (what < 87)
        stage_paste(s,
                    random_below(seed, 2) ? "LIVDC01\r\n" : "9b7fab3d-e792-0000-0000-000001000000");
    else if (what < 88 && s->app.depth == 1 && s->app.stack[0].ops == &screen_browse)
        stage_object(s, "LIVDC0002");
    else if (what < 90) {
        const struct stage_size *size = &odd[random_below(seed, sizeof odd / sizeof *odd)];
        stage_resize(s, size->rows, size->cols);
    } else {
        answer(seed);
    }
    s->app.quit = false;
}

/* One block of keys begins at a random step, so that none is starved; the next with a new program.
 */
enum { STORM_KEYS = 10000, BLOCK = 250 };

static unsigned begin_block(unsigned *seed, bool read_only)
{
    static const struct stage_size sizes[] = {{24, 80}, {15, 60}, {40, 120}};
    const struct stage_size *size = &sizes[random_below(seed, STAGE_SIZES)];
    s = stage_open(size->rows, size->cols, read_only);
    enum wizard_step step = (enum wizard_step)random_below(seed, STEP_COUNT);
    stage_go(s, step, makes[random_below(seed, MAKES)]);
    return s->effects[EFFECT_APPLY]; /* on the way there the name was typed */
}

static unsigned first_seed(void)
{
    const char *given = getenv("DCMEND_SEED");
    return given ? (unsigned)strtoul(given, NULL, 10) : 20261122u;
}

static void storm(unsigned seed, bool read_only)
{
    unsigned confirms = 0;
    for (int keys = 0; keys < STORM_KEYS; keys += BLOCK) {
        unsigned applied = begin_block(&seed, read_only);
        for (int i = 0; i < BLOCK; i++)
            random_key(&seed);
        ck_assert_uint_eq(s->effects[EFFECT_APPLY], applied);
        confirms += s->effects[EFFECT_CONFIRM];
        stage_close(s);
    }
    ck_assert_uint_eq(confirms > 0, !read_only); /* it did come there, or could not */
}

START_TEST(a_storm_of_keys)
{
    storm(first_seed(), false);
}
END_TEST

START_TEST(a_storm_of_keys_read_only)
{
    storm(first_seed() + 1, true);
}
END_TEST

/* --- with the name typed now and then: each change has its name, and read-only none --- */

static void type_the_name(unsigned *typed)
{
    char *name = mem_text(plan_wanted(s->app.wizard.plan));
    for (int k = 0; k < 80; k++)
        stage_key(s, TERM_BACKSPACE);
    stage_type_by_hand(s, name);
    stage_key(s, TERM_ENTER);
    free(name);
    ++*typed;
}

static void storm_with_names(unsigned seed, bool read_only)
{
    unsigned all = 0;
    for (int keys = 0; keys < STORM_KEYS / 4; keys += BLOCK) {
        unsigned applied = begin_block(&seed, read_only), typed = 0;
        for (int i = 0; i < BLOCK; i++) {
            bool confirm = s->app.depth == 0 && s->app.wizard.step == STEP_CONFIRM;
            if (confirm && s->app.wizard.plan && random_below(&seed, 3) == 0)
                type_the_name(&typed);
            else
                random_key(&seed);
            ck_assert_uint_le(s->effects[EFFECT_APPLY] - applied, typed);
        }
        all += s->effects[EFFECT_APPLY];
        stage_close(s);
    }
    ck_assert_uint_eq(all > 0, !read_only);
}

START_TEST(a_storm_with_names)
{
    storm_with_names(first_seed() + 2, false);
}
END_TEST

START_TEST(a_storm_with_names_read_only)
{
    storm_with_names(first_seed() + 3, true);
}
END_TEST

/* Browse on top, over and over, with the servers of a forest. */
START_TEST(a_storm_in_browse)
{
    unsigned seed = first_seed() + 4;
    for (int keys = 0; keys < STORM_KEYS / 2; keys += BLOCK) {
        unsigned applied = begin_block(&seed, false);
        for (int i = 0; i < BLOCK; i++) {
            if (s->app.depth == 0)
                stage_browse(s, 5, 100);
            random_key(&seed);
        }
        ck_assert_uint_eq(s->effects[EFFECT_APPLY], applied);
        stage_close(s);
    }
}
END_TEST

static Suite *storm_suite(void)
{
    Suite *suite = suite_create("storm");
    TCase *tests = tcase_create("storm");
    tcase_add_checked_fixture(tests, stage_enter_home, stage_leave_home);
    tcase_set_timeout(tests, 100);
    tcase_add_test(tests, a_storm_of_keys);
    tcase_add_test(tests, a_storm_of_keys_read_only);
    tcase_add_test(tests, a_storm_with_names);
    tcase_add_test(tests, a_storm_with_names_read_only);
    tcase_add_test(tests, a_storm_in_browse);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    printf("first seed: %u (DCMEND_SEED)\n", first_seed());
    return suite_run(storm_suite());
}
