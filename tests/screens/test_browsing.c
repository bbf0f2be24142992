/* Browse: the tree, its badges, the filter, going to what a text names, following values; with the
 * servers of a large forest, and with names that are none. */
#include "tests/screens/stage.h"
#include "tests/suite.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "ui/screens/browse_parts.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct stage *s;

static void setup(void)
{
    harness_plain_locale();
}

static void open_at(size_t size, bool read_only, size_t sites, size_t servers)
{
    s = stage_open(stage_sizes[size].rows, stage_sizes[size].cols, read_only);
    stage_go(s, STEP_SYMPTOM, NULL);
    stage_browse(s, sites, servers);
}

static void see(const char *text)
{
    ck_assert_msg(stage_has(s, text), "\"%s\" is not on the screen:\n%s", text, harness_text(s->h));
}

static void see_not(const char *text)
{
    ck_assert_msg(!stage_has(s, text), "\"%s\" is on the screen:\n%s", text, harness_text(s->h));
}

static void selected_is(const char *name)
{
    struct browse_screen *b = s->app.stack[0].state;
    size_t index = forest_find(&b->forest, tree_selected(b->tree));
    ck_assert_uint_ne(index, FOREST_NONE);
    ck_assert_str_eq(b->forest.nodes.nodes[index].name, name);
}

START_TEST(the_tree_and_its_badges)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_at(i, false, 3, 60);
        see("Site000");
        see("60 servers, 6 faults");
        see("2 faults");
        ck_assert_int_eq(strncmp(stage_footer(s), "Enter open", 10), 0);
        stage_key(s, TERM_DOWN);
        stage_key(s, TERM_RIGHT);
        see("LIVDC0001");
        see("missing");
        stage_key(s, TERM_UP);
        stage_key(s, TERM_ENTER);
        see("LIVDC0000"); /* not cut */
        see("LIVDC0003");
        see("no NTDS");
        stage_close(s);
    }
}
END_TEST

START_TEST(verdicts_become_badges)
{
    open_at(0, false, 1, 12);
    see("LIVDC0001"); /* few enough to be shown at once */
    see("2 faults");
    see_not("wrong");
    struct browse_screen *b = s->app.stack[0].state;
    ck_assert(b->judge); /* a small forest, unasked */
    stage_key(s, TERM_DOWN);
    stage_verdicts(s, 12);
    ck_assert(!b->judge);
    see("4 faults");
    see("wrong");
    see("8589 now");
    ck_assert_int_eq(b->forest.badges[forest_find_name(&b->forest, "LIVDC0002")], BADGE_OK);
    ck_assert_int_eq(b->forest.badges[forest_find_name(&b->forest, "LIVDC0003")], BADGE_NO_NTDS);
    selected_is("LIVDC0000"); /* it stays where it was */
    stage_char(s, '/');
    stage_type(s, "wrong");
    see("1 of 12 shown");
    stage_close(s);
}
END_TEST

START_TEST(a_large_forest_is_judged_when_asked)
{
    open_at(2, false, 3, 600);
    struct browse_screen *b = s->app.stack[0].state;
    ck_assert(!b->judge);
    stage_char(s, 'c');
    ck_assert(b->judge);
    stage_verdicts(s, 600);
    see("600 servers, 62 faults");
    stage_close(s);
}
END_TEST

START_TEST(the_filter_finds_parts)
{
    static const struct {
        const char *typed, *shows;
    } cases[] = {
        {"dc0041", "LIVDC0041"},
        {"LIVDC0042.contoso", "LIVDC0042"},
        {"missing", "LIVDC0001"},
        {"no ntds", "LIVDC0003"},
        {"nothing-like-it", "Nothing contains this text"},
    };
    for (size_t i = 0; i < STAGE_SIZES; i++)
        for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
            open_at(i, false, 3, 60);
            stage_char(s, '/');
            stage_type(s, cases[c].typed);
            see(cases[c].shows);
            see("of 60 shown");
            stage_key(s, TERM_ENTER);
            see(cases[c].shows);
            stage_key(s, TERM_ESC);
            see("60 servers");
            ck_assert_uint_eq(s->app.depth, 1);
            stage_key(s, TERM_ESC);
            ck_assert_uint_eq(s->app.depth, 0);
            stage_close(s);
        }
}
END_TEST

START_TEST(a_part_of_a_guid_finds_its_server)
{
    char text[GUID_TEXT];
    struct guid guid = build_guid(20044), dsa = build_guid(40013);
    open_at(0, false, 3, 60);
    stage_char(s, '/');
    stage_type(s, guid_text(&guid, text) + 24);
    see("LIVDC0044");
    see("1 of 60 shown");
    stage_key(s, TERM_ESC);
    stage_char(s, '/');
    stage_type(s, guid_text(&dsa, text)); /* its server is opened for it */
    see("LIVDC0013");
    see("NTDS Settings");
    stage_close(s);
}
END_TEST

START_TEST(going_to_what_a_text_names)
{
    char text[GUID_TEXT];
    struct guid guid = build_guid(20033), dsa = build_guid(40017);
    guid_text(&guid, text);
    char *braces = str_format("{%s}", text), *wire = mem_zero(33, 1);
    for (int i = 0; i < 16; i++)
        snprintf(wire + 2 * (size_t)i, 3, "%02x", guid.bytes[i]);
    const char *spellings[] = {text, braces, wire, "livdc0033", "LIVDC0033.contoso.com"};
    open_at(0, false, 3, 60);
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        stage_key(s, TERM_HOME);
        stage_char(s, ':');
        stage_type(s, spellings[i]);
        stage_key(s, TERM_ENTER);
        selected_is("LIVDC0033");
    }
    guid_text(&dsa, text);
    char *event = str_format("Event ID: 1411\nComputer: LONDC01.contoso.com\nDirectory service:\n"
                             "%s._msdcs.contoso.com\nError value:\n8589\n",
                             text);
    stage_paste(s, event); /* at any time */
    selected_is("NTDS Settings");
    stage_key(s, TERM_HOME);
    stage_char(s, ':');
    stage_paste(s, event);
    selected_is("NTDS Settings");
    see("LIVDC0017");
    stage_char(s, ':');
    stage_type(s, "nothing of the kind");
    stage_key(s, TERM_ENTER);
    ck_assert_ptr_nonnull(s->app.notice);
    free(event);
    free(braces);
    free(wire);
    stage_close(s);
}
END_TEST

START_TEST(faults_first)
{
    open_at(0, false, 3, 60);
    stage_key(s, TERM_DOWN);
    stage_key(s, TERM_RIGHT);
    stage_char(s, 'v');
    see("Faults come first.");
    int fault, fine, col;
    harness_find(s->h, "LIVDC0031", &fault, &col);
    harness_find(s->h, "LIVDC0004", &fine, &col);
    ck_assert_int_lt(fault, fine);
    stage_char(s, 'v');
    harness_find(s->h, "LIVDC0031", &fault, &col);
    harness_find(s->h, "LIVDC0004", &fine, &col);
    ck_assert_int_gt(fault, fine);
    stage_close(s);
}
END_TEST

START_TEST(values_are_whole)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_at(i, true, 3, 60);
        stage_object(s, "LIVDC0002");
        see("LIVDC0002");
        see("server");
        see("absent");
        stage_key(s, TERM_TAB);
        stage_key(s, TERM_DOWN);
        stage_key(s, TERM_DOWN);
        stage_key(s, TERM_ENTER); /* distinguishedName */
        see("Value");
        see("CN=LIVDC0002,CN=Servers,CN=Site001,CN=Sites");
        stage_key(s, TERM_ESC);
        stage_key(s, TERM_DOWN);
        stage_char(s, 'f'); /* serverReferenceBL names server 4 */
        selected_is("LIVDC0004");
        stage_key(s, TERM_ESC);
        selected_is("LIVDC0002");
        stage_key(s, TERM_ESC); /* to the tree */
        stage_key(s, TERM_ESC);
        ck_assert_uint_eq(s->app.depth, 0);
        stage_close(s);
    }
}
END_TEST

START_TEST(enter_judges_or_shows)
{
    open_at(0, false, 3, 60);
    stage_key(s, TERM_DOWN);
    stage_key(s, TERM_RIGHT);
    stage_key(s, TERM_DOWN);
    ck_assert_int_eq(strncmp(stage_footer(s), "Enter inspect", 13), 0);
    stage_key(s, TERM_ENTER);
    ck_assert(!app_is_covered(&s->app));
    ck_assert_uint_eq(s->effects[EFFECT_READ], 1);
    stage_facts(s, stage_missing);
    stage_show(s);
    ck_assert_int_eq(s->app.wizard.step, STEP_INSPECT);
    stage_key(s, TERM_ESC);
    ck_assert(app_is_covered(&s->app));
    selected_is("LIVDC0001");
    stage_close(s);
}
END_TEST

/* Enter on Propose waits for the other copies; b leads back to Browse, and not to Confirm below it.
 */
START_TEST(an_enter_that_waits_is_forgotten)
{
    struct facts facts;
    open_at(0, false, 3, 60);
    stage_key(s, TERM_DOWN);
    stage_key(s, TERM_RIGHT);
    stage_key(s, TERM_DOWN);
    stage_key(s, TERM_ENTER);
    stage_missing(&facts);
    app_event(&s->app, &(struct wizard_event){.kind = EVENT_READ, .facts = &facts});
    facts_release(&facts);
    stage_key(s, TERM_ENTER);
    stage_key(s, TERM_ENTER);
    ck_assert(s->app.wizard.going);
    stage_char(s, 't');
    ck_assert_uint_eq(s->app.depth, 1);
    selected_is("LIVDC0001");
    app_send(&s->app, EVENT_COMPLETED);
    ck_assert_int_eq(s->app.wizard.step, STEP_PROPOSE);
    stage_close(s);
}
END_TEST

/* Look only: the verdict, its proof and its advice, and no key that leads to a write or away. */
START_TEST(looking_only_is_told_why)
{
    for (size_t i = 0; i < STAGE_SIZES; i++)
        for (int browse = 0; browse < 2; browse++) {
            s = stage_open(stage_sizes[i].rows, stage_sizes[i].cols, true);
            stage_go(s, STEP_SYMPTOM, NULL);
            s->options.command = browse ? COMMAND_BROWSE : COMMAND_WIZARD;
            stage_browse(s, 3, 60);
            stage_key(s, TERM_DOWN);
            stage_key(s, TERM_RIGHT);
            stage_key(s, TERM_DOWN);
            ck_assert_int_eq(strncmp(stage_footer(s), "Enter inspect", 13), 0);
            stage_key(s, TERM_ENTER);
            ck_assert_uint_eq(s->effects[EFFECT_READ], 1);
            stage_facts(s, stage_missing);
            stage_show(s);
            see("READ ONLY");
            see("LIVDC01 has no serverReference on LONDC01.");
            if (stage_sizes[i].rows > 20)
                see("CN=LivDC01,OU=Domain Controllers");
            stage_key(s, TERM_ENTER);
            ck_assert_int_eq(s->app.wizard.step, STEP_REPORT);
            see("Nothing was written");
            if (stage_sizes[i].rows > 20)
                see("--read-only");
            ck_assert_ptr_null(s->app.wizard.plan);
            ck_assert(!browse || !strstr(stage_footer(s), "new repair"));
            stage_key(s, TERM_ESC); /* to where one was */
            selected_is("LIVDC0001");
            ck_assert(!s->app.quit);
            stage_key(s, TERM_ESC);
            ck_assert_int_eq(s->app.quit, browse);
            stage_close(s);
        }
}
END_TEST

static void show(unsigned number)
{
    char *name = str_format("LIVDC%04u", number);
    struct browse_screen *b = s->app.stack[0].state;
    stage_char(s, ':');
    stage_type(s, name);
    stage_key(s, TERM_ENTER);
    stage_object(s, name);
    b->detail.object.node.guid = build_guid(20000 + number);
    stage_show(s);
    free(name);
}

START_TEST(the_detail_says_why_it_is_red)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_at(i, false, 1, 12);
        show(1);
        see("missing: no"); /* wrapped where it is narrow */
        show(2);
        see_not("missing: no");
        stage_verdicts(s, 12);
        show(5);
        see("wrong: it names");
        stage_close(s);
    }
}
END_TEST

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* 2,000 servers in one site, and in a hundred: opening, scrolling, filtering. The limits are wide:
 * they are for linear searches within linear searches, under a sanitizer. */
START_TEST(a_large_forest_has_no_delay)
{
    for (size_t sites = 1; sites <= 100; sites += 99) {
        double begin = seconds();
        open_at(0, false, sites, 2000);
        stage_key(s, TERM_RIGHT);
        for (int i = 0; i < 200; i++)
            stage_key(s, i % 3 ? TERM_DOWN : TERM_PGDN);
        stage_key(s, TERM_END);
        stage_char(s, 'v');
        stage_char(s, '/');
        stage_type(s, "livdc1");
        see("1000 of 2000 shown");
        for (int i = 0; i < 6; i++)
            stage_key(s, TERM_BACKSPACE);
        see("2000 servers, 200 faults");
        stage_key(s, TERM_ESC);
        ck_assert_msg(seconds() - begin < 5, "%g s", seconds() - begin);
        stage_close(s);
    }
}
END_TEST

START_TEST(hostile_names_stay_in_their_place)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_at(i, false, 1, 30);
        stage_key(s, TERM_RIGHT);
        stage_object(s, "EVIL\\1B]0;gotcha\\07");
        stage_char(s, '/');
        stage_type(s, "evil");
        see("EVIL\\1B[2J");
        ck_assert(!harness_raw_has(s->h, "\033]0;gotcha"));
        ck_assert(!harness_raw_has(s->h, "\xE2\x80\xAE"));
        see("londc01");
        see_not("gotcha\007");
        stage_close(s);
    }
}
END_TEST

static Suite *browsing_suite(void)
{
    Suite *suite = suite_create("browsing");
    TCase *tests = tcase_create("browsing");
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, the_tree_and_its_badges);
    tcase_add_test(tests, verdicts_become_badges);
    tcase_add_test(tests, a_large_forest_is_judged_when_asked);
    tcase_add_test(tests, the_filter_finds_parts);
    tcase_add_test(tests, a_part_of_a_guid_finds_its_server);
    tcase_add_test(tests, going_to_what_a_text_names);
    tcase_add_test(tests, faults_first);
    tcase_add_test(tests, values_are_whole);
    tcase_add_test(tests, enter_judges_or_shows);
    tcase_add_test(tests, an_enter_that_waits_is_forgotten);
    tcase_add_test(tests, looking_only_is_told_why);
    tcase_add_test(tests, the_detail_says_why_it_is_red);
    tcase_add_test(tests, a_large_forest_has_no_delay);
    tcase_add_test(tests, hostile_names_stay_in_their_place);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(browsing_suite());
}
