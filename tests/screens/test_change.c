/* From Confirm to the report: nothing but the typed name applies, what was done can be seen at a
 * glance, and the report is a file. */
#include "tests/screens/stage.h"
#include "tests/suite.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/remedy/transcript.h"

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct stage *s;

static void open_at(size_t size, enum wizard_step step, void (*make)(struct facts *))
{
    s = stage_open(stage_sizes[size].rows, stage_sizes[size].cols, false);
    stage_go(s, step, make);
    ck_assert_int_eq(s->app.wizard.step, step);
}

static void see(const char *text)
{
    ck_assert_msg(stage_has(s, text), "\"%s\" is not on the screen:\n%.3000s", text,
                  harness_text(s->h));
}

static void scroll_to(const char *text, const char *stays)
{
    for (int i = 0; i < 60 && !stage_has(s, text); i++) {
        stage_key(s, TERM_DOWN);
        if (stays)
            see(stays);
    }
    see(text);
}

/* --- Confirm --- */

START_TEST(confirm_shows_the_change_and_the_prompt)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_at(i, STEP_CONFIRM, stage_wrong);
        see("One change on LONDC01. Nothing has been written yet.");
        see("- CN=Someone,CN=Users,DC=contoso,DC=com");
        see("+ CN=LivDC01,OU=Domain Controllers,DC=contoso,DC=com");
        see("Type LIVDC01 to apply:");
        scroll_to("kayla@CONTOSO.COM, who may write", "Type LIVDC01 to apply:");
        scroll_to("20261122T150311Z-LIVDC01.ldif", "Type LIVDC01 to apply:");
        scroll_to("INC-20411", "Type LIVDC01 to apply:");
        stage_close(s);
    }
}
END_TEST

/* A name that the locale cannot type: what is typed instead is on the page. */
START_TEST(digits_to_type_are_shown)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_at(i, STEP_CONFIRM, stage_missing);
        char guid[GUID_TEXT];
        guid_text(&s->app.wizard.plan->dsa_guid, guid);
        s->app.wizard.plan->state = PLAN_DRAFT;
        plan_set_prompt(s->app.wizard.plan, PROMPT_GUID);
        stage_show(s);
        scroll_to(guid, "Type 9b7fab3d to apply:");
        stage_close(s);
    }
}
END_TEST

START_TEST(long_names_can_be_scrolled_to)
{
    open_at(1, STEP_CONFIRM, stage_long);
    see("+ CN=LIVDC01,OU=Liverpool Main Exchange Building Third");
    see("Type LIVDC01 to apply:");
    scroll_to("object", "Type LIVDC01 to apply:");
    scroll_to("INC-20411", "Type LIVDC01 to apply:");
    stage_key(s, TERM_PGUP);
    stage_key(s, TERM_PGUP);
    stage_key(s, TERM_PGUP);
    see("One change on LONDC01.");
    stage_close(s);
}
END_TEST

START_TEST(nothing_but_the_name_applies)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_at(i, STEP_CONFIRM, stage_missing);
        stage_key(s, TERM_ENTER);
        stage_pause();
        stage_type_by_hand(s, "y");
        stage_key(s, TERM_ENTER);
        see("That is not LIVDC01.");
        see("Nothing was written. Type it again, or press Esc.");
        see("Type LIVDC01 to apply:");
        stage_pause();
        stage_type_by_hand(s, "LIVDC0");
        stage_key(s, TERM_ENTER);
        stage_paste(s, "LIVDC01");
        see("A paste is not taken here");
        stage_key(s, TERM_ENTER);
        stage_paste(s, "LIVDC01\n");
        ck_assert_uint_eq(s->effects[EFFECT_APPLY], 0);
        ck_assert_int_eq(s->app.wizard.step, STEP_CONFIRM);
        stage_pause();
        stage_type_by_hand(s, "livdc01");
        ck_assert_uint_eq(s->effects[EFFECT_APPLY], 0);
        stage_key(s, TERM_ENTER);
        ck_assert_uint_eq(s->effects[EFFECT_APPLY], 1);
        ck_assert_int_eq(s->app.wizard.step, STEP_APPLY);
        stage_close(s);
    }
}
END_TEST

static bool discards(enum term_key key)
{
    const struct term_event event = {.kind = TERM_KEY, .key = key};
    app_handle(&s->app, &event);
    bool flush = s->app.flush;
    stage_show(s);
    return flush;
}

/* Its lines are discarded with what came along. */
START_TEST(a_paste_that_comes_as_keys_does_not_apply)
{
    open_at(0, STEP_CONFIRM, stage_missing);
    ck_assert(discards(TERM_ENTER));
    stage_type_by_hand(s, "some text");
    ck_assert(discards(TERM_ENTER));
    ck_assert_uint_eq(s->effects[EFFECT_APPLY], 0);
    stage_type_by_hand(s, "LIVDC01"); /* whoever answers at once is heard */
    ck_assert(!discards(TERM_ENTER));
    ck_assert_uint_eq(s->effects[EFFECT_APPLY], 1);
    stage_close(s);
}
END_TEST

START_TEST(escape_writes_nothing)
{
    open_at(0, STEP_CONFIRM, stage_missing);
    stage_type_by_hand(s, "LIVDC01");
    stage_key(s, TERM_ESC);
    ck_assert_int_eq(s->app.wizard.step, STEP_PROPOSE);
    stage_key(s, TERM_ENTER);
    ck_assert_int_eq(s->app.wizard.step, STEP_CONFIRM);
    stage_key(s, TERM_ENTER); /* the name typed before is gone */
    ck_assert_uint_eq(s->effects[EFFECT_APPLY], 0);
    stage_close(s);
}
END_TEST

START_TEST(a_second_confirmation_says_why)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_at(i, STEP_CONFIRM, stage_medium);
        see("1 of 2: Type LIVDC01 to apply:");
        see("careful");
        see("the proof is medium");
        stage_type_by_hand(s, "LIVDC01");
        stage_key(s, TERM_ENTER);
        ck_assert_uint_eq(s->effects[EFFECT_APPLY], 0);
        see("2 of 2: Type the account's name, LIVDC01, to apply:");
        see("the proof is medium");
        stage_type_by_hand(s, "LIVDC01");
        stage_key(s, TERM_ENTER);
        ck_assert_uint_eq(s->effects[EFFECT_APPLY], 1);
        stage_close(s);
    }
}
END_TEST

/* --- Apply --- */

START_TEST(apply_cannot_be_left)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_at(i, STEP_APPLY, stage_missing);
        see("Writing on londc01.contoso.com");
        see("send the change");
        stage_key(s, TERM_ESC);
        see("Leaving would not stop it.");
        stage_char(s, 'q');
        see("Leaving would not stop it.");
        ck_assert_int_eq(s->app.wizard.step, STEP_APPLY);
        ck_assert_uint_eq(s->effects[EFFECT_CANCEL], 0);
        stage_report(s, APPLY_VERIFIED);
        stage_show(s);
        ck_assert(!stage_has(s, "awaited"));
        stage_close(s);
    }
}
END_TEST

START_TEST(apply_shows_how_far_it_is)
{
    open_at(0, STEP_APPLY, stage_missing);
    see("read everything again ...");
    s->app.asked[PLACE_WIZARD].progress = STEP_MODIFY;
    stage_show(s);
    see("send the change ...");
    ck_assert(!stage_has(s, "again ..."));
    stage_close(s);
}
END_TEST

/* --- Report --- */

START_TEST(verified_at_a_glance)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_at(i, STEP_REPORT, stage_missing);
        int row, col;
        see("VERIFIED on LONDC01");
        harness_find(s->h, "VERIFIED", &row, &col);
        ck_assert_int_le(row, 3);
        see("replication");
        see("waiting for the next attempt of LONDC01");
        see("+ CN=LivDC01,OU=Domain Controllers,DC=contoso,DC=com");
        scroll_to("20261122T150311Z-LIVDC01.ldif", NULL);
        stage_close(s);
    }
}
END_TEST

static const struct {
    enum apply_state state;
    const char *says;
} endings[] = {
    {APPLY_NOTHING_SENT, "NOTHING SENT to LONDC01"}, {APPLY_REFUSED, "REFUSED by LONDC01"},
    {APPLY_APPLIED, "APPLIED on LONDC01"},           {APPLY_VERIFIED, "VERIFIED on LONDC01"},
    {APPLY_NOT_APPLIED, "NOT APPLIED: LONDC01"},
};

START_TEST(each_ending_is_named)
{
    for (size_t i = 0; i < STAGE_SIZES; i++)
        for (size_t e = 0; e < sizeof endings / sizeof *endings; e++) {
            open_at(i, STEP_APPLY, stage_missing);
            stage_report(s, endings[e].state);
            stage_show(s);
            see(endings[e].says);
            ck_assert_int_eq(stage_has(s, "VERIFIED"), endings[e].state == APPLY_VERIFIED);
            stage_close(s);
        }
}
END_TEST

/* After a no: what the value is, read again. */
START_TEST(a_no_says_what_is_there)
{
    open_at(0, STEP_APPLY, stage_missing);
    stage_report(s, APPLY_REFUSED);
    struct apply_report *report = &s->app.wizard.report;
    stage_show(s);
    see("nothing was changed");
    report->holds = HOLDS_NEW;
    stage_show(s);
    see("yet the value is the one that was meant");
    ck_assert(!stage_has(s, "othing was changed") && !stage_has(s, "Nothing has changed"));
    report->holds = HOLDS_OTHER;
    stage_show(s);
    see("another one now");
    report->state = APPLY_VERIFIED;
    report->answer = mem_text("80: upstream timed out");
    stage_show(s);
    see("no, and yet the change is there: 80: upstream timed out");
    report->state = APPLY_UNKNOWN;
    report->answered = 1;
    stage_show(s);
    see("UNKNOWN: LONDC01 answered no");
    stage_close(s);
}
END_TEST

START_TEST(an_unknown_outcome_is_looked_at)
{
    open_at(0, STEP_APPLY, stage_missing);
    stage_report(s, APPLY_UNKNOWN);
    stage_show(s);
    ck_assert_uint_eq(s->effects[EFFECT_VERIFY], 1);
    see("UNKNOWN: the connection to LONDC01");
    see("over a new connection");
    stage_report(s, APPLY_UNKNOWN);
    stage_show(s);
    see("Enter look again");
    stage_report(s, APPLY_VERIFIED);
    stage_show(s);
    see("VERIFIED on LONDC01");
    stage_close(s);
}
END_TEST

START_TEST(a_refusal_says_what_to_do)
{
    static void (*const makes[])(struct facts *) = {stage_ambiguous, stage_no_computer,
                                                    stage_unknown};
    for (size_t i = 0; i < STAGE_SIZES; i++)
        for (size_t m = 0; m < sizeof makes / sizeof *makes; m++) {
            open_at(i, STEP_REPORT, makes[m]);
            see("Nothing was written.");
            see(stage_sizes[i].cols >= 110 ? "What now" : "What to do");
            if (s->app.wizard.verdict.kind == VERDICT_UNKNOWN_DSA) {
                stage_char(s, 'm');
                see("repadmin /showrepl");
            }
            stage_close(s);
        }
}
END_TEST

static void make_forbidden(struct facts *facts)
{
    stage_missing(facts);
    facts->srv.may_write = false;
}

/* The repair is known, only not from here: what somebody else may type is one key away. */
START_TEST(a_repair_that_is_forbidden_here_is_handed_over)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_at(i, STEP_REPORT, make_forbidden);
        see("Nothing was written.");
        scroll_to("kayla@CONTOSO.COM may", NULL);
        scroll_to("Sign in as", NULL);
        stage_char(s, 'm');
        see("Commands for the DC's own console");
        scroll_to("Set-ADObject -Server 'londc01.contoso.com'", NULL);
        scroll_to("repadmin /showrepl", NULL);
        stage_close(s);
    }
}
END_TEST

START_TEST(read_only_does_not_ask_for_a_repair)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        s = stage_open(stage_sizes[i].rows, stage_sizes[i].cols, true);
        stage_go(s, STEP_REPORT, stage_missing);
        scroll_to("Start dcmend without", NULL);
        ck_assert(!stage_has(s, "Propose the repair"));
        stage_close(s);
    }
}
END_TEST

/* --- the file --- */

/* Reports below the state folder; the last one's path in path. */
static int kept(char path[512])
{
    int count = 0;
    char *folder = str_format("%s/.local/state/dcmend/reports", getenv("HOME"));
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        if (entry->d_name[0] != '.') {
            count++;
            snprintf(path, 512, "%s/%s", folder, entry->d_name);
        }
    if (dir)
        closedir(dir);
    free(folder);
    return count;
}

static bool file_has(const char *path, const char *text)
{
    char bytes[65536];
    FILE *file = fopen(path, "r");
    size_t len = file ? fread(bytes, 1, sizeof bytes - 1, file) : 0;
    bytes[len] = '\0';
    if (file)
        fclose(file);
    return strstr(bytes, text) != NULL;
}

START_TEST(the_report_is_kept_once)
{
    char path[512] = "";
    struct stat status;
    open_at(0, STEP_REPORT, stage_missing);
    for (int i = 0; i < 5; i++)
        stage_show(s);
    ck_assert_int_eq(kept(path), 1);
    ck_assert(file_has(path, "VERIFIED on londc01.contoso.com"));
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_int_eq(status.st_mode & 0777, 0600);
    *strrchr(path, '/') = '\0';
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_int_eq(status.st_mode & 0777, 0700);
    stage_close(s);
    open_at(0, STEP_REPORT, stage_ambiguous); /* a refusal gets one, too */
    ck_assert_int_eq(kept(path), 2);
    scroll_to("reports", NULL);
    stage_close(s);
    open_at(0, STEP_REPORT, build_healthy); /* there is nothing to hand over */
    ck_assert_int_eq(kept(path), 2);
    stage_close(s);
}
END_TEST

/* --- what is kept of a visit --- */

/* As the loop would have read it from the DC. */
static void watched(int result, time_t attempt)
{
    struct facts_link *link = &s->app.wizard.facts.links[0];
    link->result = result;
    link->last_attempt = link->last_success = attempt;
    s->app.watch_read = attempt;
    stage_show(s);
}

/* Wherever one leaves, what was found is there: one file for a visit and its DSA. */
START_TEST(a_visit_that_leaves_keeps_what_was_found)
{
    static const enum wizard_step steps[] = {STEP_INSPECT, STEP_PROPOSE, STEP_CONFIRM};
    char path[512] = "";
    for (int i = 0; i < 3; i++) {
        open_at(0, steps[i], stage_missing);
        stage_char(s, 'q');
        stage_close(s);
        ck_assert_int_eq(kept(path), i + 1);
        ck_assert(file_has(path, "NOT WRITTEN YET"));
        ck_assert(file_has(path, "add: serverReference"));
        ck_assert(file_has(path, "the repair starts with"));
    }
    open_at(0, STEP_INSPECT, stage_ambiguous);
    stage_key(s, TERM_ENTER);
    stage_close(s);
    ck_assert_int_eq(kept(path), 4);
    open_at(0, STEP_INSPECT, build_healthy); /* there is nothing to hand over */
    stage_close(s);
    ck_assert_int_eq(kept(path), 4);
    open_at(0, STEP_INSPECT, build_healthy); /* the other DCs are still being asked */
    struct facts facts;
    stage_missing(&facts);
    app_event(&s->app, &(struct wizard_event){.kind = EVENT_READ, .facts = &facts});
    facts_release(&facts);
    stage_show(s);
    ck_assert_int_eq(kept(path), 4);
    stage_char(s, 'q');
    ck_assert_int_eq(kept(path), 5);
    stage_close(s);
    open_at(0, STEP_SYMPTOM, NULL);
    stage_close(s);
    ck_assert_int_eq(kept(path), 5);
}
END_TEST

START_TEST(the_report_ends_true)
{
    char path[512] = "";
    open_at(0, STEP_REPORT, stage_missing);
    see("watched");
    see("You may leave.");
    ck_assert_int_eq(kept(path), 1);
    ck_assert(file_has(path, "waiting for the next attempt of LONDC01"));
    ck_assert(!file_has(path, "last read"));
    watched(8589, BUILD_NOW + 60);
    see("read 22:14:20 UTC, every 5 s.");
    watched(0, BUILD_NOW + 65);
    s->app.wizard.report.sent = BUILD_NOW;
    stage_show(s);
    see("recovered");
    see("nothing is left to watch. You may leave.");
    ck_assert(file_has(path, "recovered: the last attempt of LONDC01 succeeded"));
    ck_assert(!file_has(path, "waiting for the next"));
    ck_assert(file_has(path, "last read"));
    ck_assert_int_eq(kept(path), 1);
    stage_close(s);
}
END_TEST

/* Left before it has recovered: until when it was looked at. */
START_TEST(leaving_writes_it_once_more)
{
    char path[512] = "";
    open_at(0, STEP_REPORT, stage_missing);
    watched(8589, s->app.wizard.facts.links[0].last_attempt);
    s->app.watch_read = BUILD_NOW + 5;
    stage_show(s);
    ck_assert_int_eq(kept(path), 1);
    s->app.watch_read = BUILD_NOW + 10;
    stage_show(s);
    ck_assert(!file_has(path, "22:13:30 UTC"));
    stage_char(s, 'w');
    ck_assert(file_has(path, "22:13:30 UTC"));
    ck_assert_int_eq(kept(path), 1);
    stage_close(s);
}
END_TEST

/* Judged again after the change: told on top, and the change is still in it. */
START_TEST(a_change_is_never_lost_from_its_report)
{
    char path[512] = "";
    open_at(0, STEP_REPORT, stage_missing);
    s->app.wizard.report.sent = BUILD_NOW;
    stage_key(s, TERM_ENTER);
    stage_facts(s, build_healthy);
    stage_show(s);
    ck_assert_int_eq(s->app.wizard.step, STEP_INSPECT);
    ck_assert_int_eq(kept(path), 1);
    ck_assert(file_has(path, "is right"));
    ck_assert(file_has(path, "VERIFIED on londc01.contoso.com"));
    stage_close(s);
}
END_TEST

/* --- four eyes --- */

START_TEST(the_plan_is_saved_before_anything_is_written)
{
    static const enum wizard_step steps[] = {STEP_INSPECT, STEP_PROPOSE, STEP_CONFIRM};
    char *name = str_format("%s/plan%d.%s", getenv("HOME"), _i, _i & 1 ? "md" : "txt");
    for (size_t size = 0; size < STAGE_SIZES; size++) {
        unlink(name);
        open_at(size, steps[_i], stage_missing);
        const struct term_event ctrl_s = {.kind = TERM_KEY, .key = TERM_CTRL, .rune = 's'};
        if (_i == 2)
            app_handle(&s->app, &ctrl_s), stage_show(s);
        else
            stage_char(s, 's');
        see("Save as: ~/dcmend-LIVDC01-");
        see("Nothing has been written yet.");
        for (int i = 0; i < 60; i++)
            stage_key(s, TERM_BACKSPACE);
        stage_type(s, name);
        stage_key(s, TERM_ENTER);
        see("Saved as");
        ck_assert_int_eq(s->app.wizard.step, steps[_i]);
        ck_assert(file_has(name, "NOT WRITTEN YET"));
        ck_assert(file_has(name, "add: serverReference") && file_has(name, "The way back"));
        ck_assert(file_has(name, "Set-ADObject"));
        ck_assert(file_has(name, _i & 1 ? "`dcmend --file " : "dcmend --file "));
        ck_assert(file_has(name, name));
        ck_assert_uint_eq(s->effects[EFFECT_APPLY], 0);
        if (_i == 2) { /* and what was typed before is gone */
            stage_key(s, TERM_ENTER);
            ck_assert_uint_eq(s->effects[EFFECT_APPLY], 0);
            see("Type LIVDC01 to apply:");
        }
        stage_close(s);
    }
    free(name);
}
END_TEST

/* s is a letter of the name on Confirm. */
START_TEST(a_letter_saves_nothing_on_confirm)
{
    open_at(0, STEP_CONFIRM, stage_missing);
    stage_type_by_hand(s, "s");
    ck_assert(!stage_has(s, "Save as"));
    see("to apply: s");
    see("Ctrl-S save");
    stage_close(s);
}
END_TEST

static void save_as(const char *name)
{
    stage_char(s, 's');
    for (int i = 0; i < 60; i++)
        stage_key(s, TERM_BACKSPACE);
    stage_type(s, name);
    stage_key(s, TERM_ENTER);
}

START_TEST(saving_asks_before_it_overwrites)
{
    open_at(1, STEP_REPORT, stage_missing);
    stage_char(s, 's');
    see("Save as: ~/dcmend-LIVDC01-");
    stage_key(s, TERM_ESC);
    save_as("~/q.md");
    see("Saved as");
    char *path = str_format("%s/q.md", getenv("HOME"));
    ck_assert(file_has(path, "# " TRANSCRIPT_TITLE));
    FILE *file = fopen(path, "a");
    fputs("mine", file);
    fclose(file);
    save_as("~/q.md");
    see("This report exists.");
    ck_assert(file_has(path, "mine"));
    stage_key(s, TERM_ENTER);
    see("Saved as");
    ck_assert(!file_has(path, "mine"));
    stage_char(s, 's');
    stage_type(s, "/nowhere/x.txt");
    stage_key(s, TERM_ENTER);
    see("could not be");
    stage_key(s, TERM_ESC);
    see("VERIFIED");
    free(path);
    stage_close(s);
}
END_TEST

/* Whatever is there and is no report of ours stays as it is, however often Enter is pressed. */
START_TEST(only_a_report_gives_way_to_a_report)
{
    static const char *const names[] = {"profile", "link", "hard", "fifo", "folder", "short"};
    open_at(1, STEP_REPORT, stage_missing);
    save_as("~/report.txt");
    FILE *file = fopen("profile", "w");
    fputs("export A=1\n", file);
    fclose(file);
    fclose(fopen("short", "w"));
    ck_assert(symlink("report.txt", "link") == 0 && link("report.txt", "hard") == 0);
    ck_assert(mkfifo("fifo", 0600) == 0 && mkdir("folder", 0700) == 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *name = str_format("~/%s", names[i]);
        save_as(name);
        see("left as it is.");
        stage_key(s, TERM_ENTER);
        see("left as it is.");
        stage_key(s, TERM_ESC);
        free(name);
    }
    ck_assert(file_has("profile", "export A=1\n") && file_has("report.txt", TRANSCRIPT_TITLE));
    stage_close(s);
}
END_TEST

static void keep_fails(const char *why)
{
    open_at(0, STEP_REPORT, stage_missing);
    scroll_to(why, NULL);
    stage_close(s);
}

/* As with the journal: neither behind a link nor where others may write. */
START_TEST(reports_are_kept_in_a_folder_of_ours_alone)
{
    char path[512];
    mkdir("elsewhere", 0700);
    mkdir(".local", 0700), mkdir(".local/state", 0700), mkdir(".local/state/dcmend", 0700);
    ck_assert(symlink("../../../elsewhere", ".local/state/dcmend/reports") == 0);
    keep_fails("is a link");
    ck_assert_int_eq(kept(path), 0);
    unlink(".local/state/dcmend/reports");
    mkdir(".local/state/dcmend/reports", 0700);
    chmod(".local/state/dcmend/reports", 0777);
    keep_fails("may be written by others");
    ck_assert_int_eq(kept(path), 0);
}
END_TEST

static Suite *change_suite(void)
{
    Suite *suite = suite_create("change");
    TCase *tests = tcase_create("change");
    tcase_add_checked_fixture(tests, stage_enter_home, stage_leave_home);
    tcase_add_test(tests, confirm_shows_the_change_and_the_prompt);
    tcase_add_test(tests, digits_to_type_are_shown);
    tcase_add_test(tests, a_repair_that_is_forbidden_here_is_handed_over);
    tcase_add_test(tests, read_only_does_not_ask_for_a_repair);
    tcase_add_test(tests, long_names_can_be_scrolled_to);
    tcase_add_test(tests, nothing_but_the_name_applies);
    tcase_add_test(tests, a_paste_that_comes_as_keys_does_not_apply);
    tcase_add_test(tests, escape_writes_nothing);
    tcase_add_test(tests, a_second_confirmation_says_why);
    tcase_add_test(tests, apply_cannot_be_left);
    tcase_add_test(tests, apply_shows_how_far_it_is);
    tcase_add_test(tests, verified_at_a_glance);
    tcase_add_test(tests, each_ending_is_named);
    tcase_add_test(tests, a_no_says_what_is_there);
    tcase_add_test(tests, an_unknown_outcome_is_looked_at);
    tcase_add_test(tests, a_refusal_says_what_to_do);
    tcase_add_test(tests, the_report_is_kept_once);
    tcase_add_test(tests, a_visit_that_leaves_keeps_what_was_found);
    tcase_add_test(tests, the_report_ends_true);
    tcase_add_test(tests, leaving_writes_it_once_more);
    tcase_add_test(tests, a_change_is_never_lost_from_its_report);
    tcase_add_loop_test(tests, the_plan_is_saved_before_anything_is_written, 0, 3);
    tcase_add_test(tests, a_letter_saves_nothing_on_confirm);
    tcase_add_test(tests, saving_asks_before_it_overwrites);
    tcase_add_test(tests, only_a_report_gives_way_to_a_report);
    tcase_add_test(tests, reports_are_kept_in_a_folder_of_ours_alone);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(change_suite());
}
