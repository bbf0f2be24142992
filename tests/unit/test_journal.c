/* The journal's text (hostile values included) and its files (unsafe folders included). */
#include "src/base/mem.h"
#include "src/jobs/journal.h"
#include "src/remedy/ldif.h"
#include "tests/suite.h"

#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOON = 1795359791 }; /* 2026-11-22T15:03:11Z */

static struct plan *make(const char *old, const char *new)
{
    struct plan *plan = plan_new_undo();
    plan->undo = false;
    plan->host = mem_text("dc1.a");
    plan->host_dsa.bytes[0] = 1;
    plan->object.bytes[0] = 2;
    plan->dsa_guid.bytes[0] = 3;
    plan->object_dn = mem_text("CN=LIVDC02,DC=a");
    plan->name = mem_text("LIVDC02");
    plan->identity = mem_text("kayla@A");
    plan->verdict = VERDICT_WRONG_TARGET;
    plan->old.dn = mem_text(old);
    plan->old.has_guid = old != NULL;
    plan->old.guid.bytes[0] = 4;
    plan->new.dn = mem_text(new);
    plan->new.has_guid = new != NULL;
    plan->new.guid.bytes[0] = 5;
    return plan;
}

static void write_text(struct str *text, const struct plan *plan)
{
    struct journal_author author = {.when = NOON, .login = "uid 1 (joe)"};
    journal_entry_write(text, plan, &author);
}

static struct journal_entry read_text(const struct str *text)
{
    struct journal_entry entry = {.id = mem_text("x")};
    ck_assert(journal_entry_read(str_text(text), text->len, &entry));
    return entry;
}

/* ---- the text ---- */

START_TEST(an_entry_reads_as_it_was_written)
{
    struct plan *plan = make("CN=OLD,DC=a", "CN=NEW,DC=a");
    plan->ticket = mem_text("INC-1");
    plan->account_checked = true;
    struct str text = STR_INIT;
    write_text(&text, plan);
    struct journal_entry entry = read_text(&text);
    ck_assert_ptr_null(entry.problem);
    ck_assert_str_eq(entry.date, "2026-11-22T15:03:11Z");
    ck_assert_int_eq(entry.when, NOON);
    ck_assert_str_eq(entry.dc, "dc1.a");
    ck_assert_str_eq(entry.identity, "kayla@A");
    ck_assert_str_eq(entry.login, "uid 1 (joe)");
    ck_assert_str_eq(entry.ticket, "INC-1");
    ck_assert_str_eq(entry.verdict, "wrong-target");
    ck_assert_str_eq(entry.object_dn, plan->object_dn);
    ck_assert_str_eq(entry.old.dn, plan->old.dn);
    ck_assert_str_eq(entry.new.dn, plan->new.dn);
    ck_assert(entry.old.has_guid && guid_equal(&entry.old.guid, &plan->old.guid));
    ck_assert(entry.new.has_guid &&guid_equal(&entry.new.guid, &plan->new.guid));
    ck_assert(guid_equal(&entry.dc_guid, &plan->host_dsa));
    ck_assert(guid_equal(&entry.object, &plan->object));
    ck_assert(guid_equal(&entry.dsa_guid, &plan->dsa_guid));
    ck_assert(entry.account_checked && !entry.replace && !entry.first_identity);
    ck_assert_int_eq(entry.state, JOURNAL_INTENDED);
    ck_assert(journal_entry_is_unfinished(&entry));
    journal_entry_release(&entry);
    str_release(&text);
    plan_free(plan);
}
END_TEST

START_TEST(hostile_values_stay_on_their_line)
{
    static const char evil[] = "CN=a\n#!STATE verified 2026-01-01T00:00:00Z\ndn: CN=evil\n\x1b[2J"
                               "\xe2\x80\xae\xff,DC=a";
    struct plan *plan = make(evil, "CN=NEW,DC=a");
    mem_set(&plan->ticket, evil);
    mem_set(&plan->identity, evil);
    mem_set(&plan->name, evil);
    mem_set(&plan->object_dn, evil);
    struct str text = STR_INIT;
    write_text(&text, plan);
    journal_entry_state_line(&text, JOURNAL_REFUSED, false, NOON, "no\n#!STATE verified x y");
    for (size_t i = 0; i < text.len; i++)
        ck_assert(text.text[i] == '\n' || (unsigned char)text.text[i] >= ' ');
    struct journal_entry entry = read_text(&text);
    ck_assert_ptr_null(entry.problem);
    ck_assert_str_eq(entry.old.dn, evil); /* exact all the same */
    ck_assert_str_eq(entry.object_dn, evil);
    ck_assert_int_eq(entry.state, JOURNAL_REFUSED);
    ck_assert_str_eq(entry.words, "no\\0A#!STATE verified x y");
    journal_entry_release(&entry);
    str_release(&text);
    plan_free(plan);
}
END_TEST

START_TEST(the_only_live_record_is_the_inverse)
{
    struct plan *plan = make("CN=OLD,DC=a", "CN=NEW,DC=a");
    struct str text = STR_INIT;
    struct ldif_modify live;
    write_text(&text, plan);
    journal_entry_state_line(&text, JOURNAL_APPLIED, false, NOON, NULL);
    ck_assert_ptr_null(ldif_read(str_text(&text), text.len, &live));
    ck_assert_str_eq(live.removed, "CN=NEW,DC=a");
    ck_assert_str_eq(live.added, "CN=OLD,DC=a");
    ldif_modify_release(&live);
    str_release(&text);
    plan_free(plan);
}
END_TEST

static const struct {
    const char *old, *new;
    bool replace;
    const char *undo_old, *undo_new;
} undos[] = {
    {NULL, "CN=NEW", false, "CN=NEW", NULL},
    {"CN=OLD", "CN=NEW", false, "CN=NEW", "CN=OLD"},
    {"CN=OLD", "CN=NEW", true, "CN=NEW", NULL}, /* a dangling value cannot come back */
    {"CN=OLD", NULL, false, NULL, "CN=OLD"},    /* the undo of an undo */
};
enum { UNDOS = sizeof undos / sizeof *undos };

START_TEST(undo_plans)
{
    struct plan *plan = make(undos[_i].old, undos[_i].new), *undo, *same;
    plan->replace = undos[_i].replace;
    struct str text = STR_INIT;
    write_text(&text, plan);
    struct journal_entry entry = read_text(&text);
    ck_assert_ptr_null(entry.problem);
    ck_assert_ptr_null(journal_entry_undo_plan(&entry, &undo));
    ck_assert(str_same(undo->old.dn, undos[_i].undo_old));
    ck_assert(str_same(undo->new.dn, undos[_i].undo_new));
    ck_assert(undo->undo && !undo->replace);
    ck_assert_str_eq(undo->undo_of, "x");
    ck_assert_int_eq(undo->state, PLAN_DRAFT);
    ck_assert_ptr_null(journal_entry_plan(&entry, &same));
    ck_assert(str_same(same->old.dn, plan->old.dn) && str_same(same->new.dn, plan->new.dn));
    ck_assert(same->replace == plan->replace && same->state == PLAN_DRAFT);
    plan_free(same);
    plan_free(undo);
    journal_entry_release(&entry);
    str_release(&text);
    plan_free(plan);
}
END_TEST

START_TEST(what_was_refused_is_not_undone)
{
    struct plan *plan = make(NULL, "CN=NEW"), *undo;
    struct str text = STR_INIT;
    write_text(&text, plan);
    journal_entry_state_line(&text, JOURNAL_REFUSED, false, NOON, "no");
    struct journal_entry entry = read_text(&text);
    struct err *err = journal_entry_undo_plan(&entry, &undo);
    ck_assert(err_is(err, ERR_JOURNAL));
    ck_assert_ptr_null(undo);
    err_free(err);
    journal_entry_release(&entry);
    str_release(&text);
    plan_free(plan);
}
END_TEST

static const struct {
    enum journal_state states[3];
    bool settled, unfinished;
} endings[] = {
    {{JOURNAL_APPLIED}, false, true},
    {{JOURNAL_APPLIED, JOURNAL_VERIFIED}, false, false},
    {{JOURNAL_UNKNOWN}, false, true},
    {{JOURNAL_UNKNOWN, JOURNAL_VERIFIED}, false, false},
    {{JOURNAL_UNKNOWN, JOURNAL_UNKNOWN}, true, false},
    {{JOURNAL_REFUSED}, false, false},
};
enum { ENDINGS = sizeof endings / sizeof *endings };

START_TEST(unfinished_ones_are_known)
{
    struct plan *plan = make(NULL, "CN=NEW");
    struct str text = STR_INIT;
    write_text(&text, plan);
    int last = 0;
    while (last < 2 && endings[_i].states[last + 1])
        last++;
    for (int i = 0; i <= last; i++)
        journal_entry_state_line(&text, endings[_i].states[i], i == last && endings[_i].settled,
                                 NOON, i == last ? "words" : NULL);
    struct journal_entry entry = read_text(&text);
    ck_assert_int_eq(entry.state, endings[_i].states[last]);
    ck_assert_int_eq(entry.settled, endings[_i].settled);
    ck_assert_int_eq(journal_entry_is_unfinished(&entry), endings[_i].unfinished);
    journal_entry_release(&entry);
    str_release(&text);
    plan_free(plan);
}
END_TEST

/* A DC that says goodbye with this word must not hide an unknown outcome. */
START_TEST(a_servers_words_settle_nothing)
{
    struct plan *plan = make(NULL, "CN=NEW");
    struct str text = STR_INIT;
    write_text(&text, plan);
    journal_entry_state_line(&text, JOURNAL_UNKNOWN, false, NOON, "settled, never mind");
    struct journal_entry entry = read_text(&text);
    ck_assert(!entry.settled && journal_entry_is_unfinished(&entry));
    journal_entry_release(&entry);
    str_release(&text);
    plan_free(plan);
}
END_TEST

START_TEST(a_cut_entry_says_so)
{
    struct plan *plan = make("CN=OLD", "CN=NEW");
    struct str text = STR_INIT;
    write_text(&text, plan);
    for (size_t len = 0; len < text.len; len++) {
        struct journal_entry entry = {.id = NULL};
        if (journal_entry_read(str_text(&text), len, &entry)) {
            ck_assert_msg(entry.problem && strstr(entry.problem, "cut off"), "cut at %zu of %zu",
                          len, text.len);
            ck_assert(!journal_entry_is_unfinished(&entry));
        }
        journal_entry_release(&entry);
    }
    str_release(&text);
    plan_free(plan);
}
END_TEST

START_TEST(none_is_a_name_too)
{
    struct plan *plan = make("CN=OLD", "CN=NEW");
    mem_set(&plan->name, "(none)");
    struct str text = STR_INIT;
    write_text(&text, plan);
    struct journal_entry entry = read_text(&text);
    ck_assert_str_eq(entry.name, "(none)");
    ck_assert_ptr_null(entry.ticket); /* there this says that there is none */
    journal_entry_release(&entry);
    str_release(&text);
    plan_free(plan);
}
END_TEST

START_TEST(an_edited_record_is_not_believed)
{
    struct plan *plan = make("CN=OLD", "CN=NEW"), *undo;
    struct str text = STR_INIT;
    write_text(&text, plan);
    char *record = strstr(text.text, "\nserverReference: CN=OLD");
    ck_assert_ptr_nonnull(record);
    record[strlen("\nserverReference: CN=")] = 'X';
    struct journal_entry entry = read_text(&text);
    ck_assert_ptr_nonnull(strstr(entry.problem, "disagree"));
    struct err *err = journal_entry_undo_plan(&entry, &undo);
    ck_assert(err_is(err, ERR_JOURNAL));
    err_free(err);
    journal_entry_release(&entry);
    str_release(&text);
    plan_free(plan);
}
END_TEST

START_TEST(any_wrong_byte_is_survived)
{
    struct plan *plan = make("CN=OLD", "CN=NEW");
    struct str text = STR_INIT;
    write_text(&text, plan);
    for (size_t i = 0; i < text.len; i++)
        for (int byte = 0; byte < 256; byte += 51) {
            char kept = text.text[i];
            struct journal_entry entry = {.id = NULL};
            text.text[i] = (char)byte;
            (void)journal_entry_read(text.text, text.len, &entry);
            journal_entry_release(&entry);
            text.text[i] = kept;
        }
    str_release(&text);
    plan_free(plan);
}
END_TEST

static const struct {
    const char *name, *id;
} names[] = {
    {"LIVDC02", "20261122T150311Z-LIVDC02"},
    {"a/../b", "20261122T150311Z-a_.._b"},
    {"M\xc3\xbc\xff\n", "20261122T150311Z-M___"},
    {"", "20261122T150311Z-"},
    {NULL, "20261122T150311Z-"},
};
enum { NAMES = sizeof names / sizeof *names };

START_TEST(ids_are_safe_names)
{
    struct plan *plan = make(NULL, "CN=NEW");
    mem_set(&plan->name, names[_i].name);
    char *id = journal_new_id(plan, NOON);
    ck_assert_str_eq(id, names[_i].id);
    ck_assert(journal_entry_id_is_safe(id));
    free(id);
    plan_free(plan);
    ck_assert(!journal_entry_id_is_safe("") && !journal_entry_id_is_safe("../x") &&
              !journal_entry_id_is_safe(".x") && !journal_entry_id_is_safe("a b"));
}
END_TEST

/* ---- the files ---- */

static char base[64], folder[128];

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}

static void make_base(void)
{
    snprintf(base, sizeof base, "/tmp/dcmend-journal-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(base));
    snprintf(folder, sizeof folder, "%s/dcmend/journal", base);
    setenv("XDG_STATE_HOME", base, 1);
}

static void remove_base(void)
{
    (void)nftw(base, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static struct err *begin(struct journal **journal, struct journal_proof **proof,
                         const struct plan *plan)
{
    struct journal_author author = {.when = NOON, .login = "uid 1"};
    *proof = NULL;
    struct err *err = journal_open(journal);
    return err ? err : journal_begin(*journal, "20261122T150311Z-A", plan, &author, proof);
}

static unsigned mode_of(const char *path)
{
    struct stat st;
    ck_assert_int_eq(lstat(path, &st), 0);
    return st.st_mode & 07777;
}

START_TEST(an_entry_on_disk)
{
    struct plan *plan = make(NULL, "CN=NEW");
    struct journal *journal;
    struct journal_proof *proof;
    struct journal_entry entry;
    umask(0);
    ck_assert_ptr_null(begin(&journal, &proof, plan));
    ck_assert(journal_proof_is_of(proof, plan));
    ck_assert_uint_eq(mode_of(folder), 0700);
    ck_assert_uint_eq(mode_of(journal_path(journal)), 0600);
    ck_assert_ptr_null(journal_read("20261122T150311Z-A", &entry));
    ck_assert(entry.busy && !journal_entry_is_unfinished(&entry)); /* somebody is at work on it */
    journal_entry_release(&entry);
    ck_assert_ptr_null(journal_mark(journal, journal_id(journal), JOURNAL_UNKNOWN, "lost\nit"));
    journal_close(journal);
    ck_assert_ptr_null(journal_read("20261122T150311Z-A.ldif", &entry));
    ck_assert(journal_entry_is_unfinished(&entry));
    ck_assert_str_eq(entry.words, "lost\\0Ait");
    journal_entry_release(&entry);
    journal_proof_free(proof);
    plan_free(plan);
}
END_TEST

START_TEST(a_taken_id_gets_a_number)
{
    struct plan *plan = make(NULL, "CN=NEW");
    for (int i = 1; i <= 3; i++) {
        struct journal *journal;
        struct journal_proof *proof;
        ck_assert_ptr_null(begin(&journal, &proof, plan));
        const char *want = i == 1   ? "20261122T150311Z-A"
                           : i == 2 ? "20261122T150311Z-A-2"
                                    : "20261122T150311Z-A-3";
        ck_assert_str_eq(journal_id(journal), want);
        journal_proof_free(proof);
        journal_close(journal);
    }
    struct journal_list list;
    ck_assert_ptr_null(journal_list(&list));
    ck_assert_uint_eq(list.count, 3);
    journal_list_release(&list);
    plan_free(plan);
}
END_TEST

START_TEST(a_torn_line_is_not_continued)
{
    struct plan *plan = make(NULL, "CN=NEW");
    struct journal *journal;
    struct journal_proof *proof;
    struct journal_entry entry;
    ck_assert_ptr_null(begin(&journal, &proof, plan));
    int fd = open(journal_path(journal), O_WRONLY | O_APPEND);
    ck_assert_int_eq(write(fd, "#!STATE appl", 12), 12);
    close(fd);
    ck_assert_ptr_null(journal_mark(journal, journal_id(journal), JOURNAL_VERIFIED, NULL));
    ck_assert_ptr_null(journal_read(journal_path(journal), &entry));
    ck_assert_int_eq(entry.state, JOURNAL_VERIFIED);
    journal_entry_release(&entry);
    journal_proof_free(proof);
    journal_close(journal);
    plan_free(plan);
}
END_TEST

static void refused(void)
{
    struct plan *plan = make(NULL, "CN=NEW");
    struct journal *journal;
    struct journal_proof *proof;
    struct err *err = begin(&journal, &proof, plan);
    ck_assert(err_is(err, ERR_JOURNAL));
    ck_assert_int_eq(err->kind, ERR_LOCAL);
    ck_assert(err->next != NULL);
    ck_assert_ptr_null(proof);
    err_free(err);
    journal_close(journal);
    plan_free(plan);
}

static void make_folder(const char *name, mode_t mode)
{
    char path[160];
    snprintf(path, sizeof path, "%s/%s", base, name);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert_int_eq(chmod(path, mode), 0);
}

START_TEST(unsafe_folders_are_refused)
{
    char path[160];
    switch (_i) {
    case 0: /* a link in place of "dcmend" */
        make_folder("elsewhere", 0700);
        snprintf(path, sizeof path, "%s/dcmend", base);
        ck_assert_int_eq(symlink("elsewhere", path), 0);
        break;
    case 1: /* a link in place of "journal" */
        make_folder("elsewhere", 0700);
        make_folder("dcmend", 0700);
        ck_assert_int_eq(symlink("../elsewhere", folder), 0);
        break;
    case 2:
        make_folder("dcmend", 0777);
        break;
    case 3:
        make_folder("dcmend", 0700);
        make_folder("dcmend/journal", 0720);
        break;
    case 4: /* a file */
        snprintf(path, sizeof path, "%s/dcmend", base);
        close(open(path, O_CREAT | O_WRONLY, 0600));
        break;
    case 5: /* not writable for us */
        make_folder("dcmend", 0700);
        make_folder("dcmend/journal", 0500);
        if (geteuid() == 0)
            return;
        break;
    case 6: /* somebody else's */
        make_folder("dcmend", 0700);
        if (geteuid() != 0)
            return;
        snprintf(path, sizeof path, "%s/dcmend", base);
        ck_assert_int_eq(chown(path, 12345, 12345), 0);
        break;
    case 7:
        setenv("XDG_STATE_HOME", "relative", 1);
        break;
    case 8:
        unsetenv("XDG_STATE_HOME");
        unsetenv("HOME");
        break;
    default:
        unsetenv("XDG_STATE_HOME");
        setenv("HOME", "also/relative", 1);
    }
    refused();
}
END_TEST

START_TEST(home_is_the_other_place)
{
    char *path;
    unsetenv("XDG_STATE_HOME");
    setenv("HOME", base, 1);
    ck_assert_ptr_null(journal_folder(&path));
    char *want = str_format("%s/.local/state/dcmend/journal", base);
    ck_assert_str_eq(path, want);
    struct journal *journal;
    ck_assert_ptr_null(journal_open(&journal));
    ck_assert_uint_eq(mode_of(want), 0700);
    journal_close(journal);
    free(want);
    free(path);
}
END_TEST

static void put(const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

START_TEST(foreign_and_damaged_files_are_tolerated)
{
    struct plan *plan = make(NULL, "CN=NEW");
    struct journal *journal;
    struct journal_proof *proof;
    char path[200];
    struct journal_list list;
    ck_assert_ptr_null(begin(&journal, &proof, plan));
    journal_close(journal);
    put("notes.txt", "mine");
    put("other.ldif", "dn: CN=x\n");
    put("20261123T000000Z-CUT.ldif", "#!DCMEND-JOURNAL 1\n#!DATE 2026");
    put("20261124T000000Z-EMPTY.ldif", "");
    snprintf(path, sizeof path, "%s/20261125T000000Z-LINK.ldif", folder);
    ck_assert_int_eq(symlink("/etc/passwd", path), 0);
    snprintf(path, sizeof path, "%s/20261126T000000Z-PIPE.ldif", folder);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert_ptr_null(journal_list(&list));
    ck_assert_uint_eq(list.count, 5);
    for (size_t i = 0; i < 4; i++)
        ck_assert_ptr_nonnull(list.items[i].problem);
    ck_assert_str_eq(list.items[0].id, "20261126T000000Z-PIPE"); /* newest first */
    ck_assert_str_eq(list.items[4].id, "20261122T150311Z-A");
    ck_assert_ptr_null(list.items[4].problem);
    journal_list_release(&list);
    ck_assert_ptr_null(journal_list_unfinished(&list));
    ck_assert_uint_eq(list.count, 1);
    journal_list_release(&list);
    journal_proof_free(proof);
    plan_free(plan);
}
END_TEST

/* Whatever order the folder has them in. */
START_TEST(the_newest_are_kept)
{
    enum { MOST = 20000, MORE = 50 };
    struct journal_list list;
    struct journal *journal;
    ck_assert_ptr_null(journal_open(&journal)); /* makes the folder */
    journal_close(journal);
    int dir = open(folder, O_RDONLY | O_DIRECTORY);
    for (int i = 0; i < MOST + MORE; i++) {
        char name[64];
        int n = (i * 7919) % (MOST + MORE); /* in no order */
        snprintf(name, sizeof name, "20261122T%06dZ-A.ldif", n);
        close(openat(dir, name, O_WRONLY | O_CREAT, 0600));
    }
    close(dir);
    put("zzz.ldif", "#!DCMEND-JOURNAL 1\n"); /* no stamp: it displaces nothing */
    ck_assert_ptr_null(journal_list(&list));
    ck_assert_uint_eq(list.count, MOST);
    ck_assert_str_eq(list.items[0].id, "20261122T020049Z-A");
    ck_assert_str_eq(list.items[MOST - 1].id, "20261122T000050Z-A");
    journal_list_release(&list);
}
END_TEST

START_TEST(ten_is_newer_than_two)
{
    static const char *const ids[] = {"20261122T150311Z-A-10", "20261122T150311Z-A-2",
                                      "20261122T150311Z-A", "20261122T090000Z-A",
                                      "20261122T000009Z-A"};
    struct journal_list list;
    struct journal *journal;
    ck_assert_ptr_null(journal_open(&journal));
    journal_close(journal);
    for (size_t i = 0; i < 5; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s.ldif", ids[(i * 3) % 5]);
        put(name, "");
    }
    ck_assert_ptr_null(journal_list(&list));
    ck_assert_uint_eq(list.count, 5);
    for (size_t i = 0; i < 5; i++)
        ck_assert_str_eq(list.items[i].id, ids[i]);
    journal_list_release(&list);
}
END_TEST

/* As process_prepare() has it: the limit is an error, not the end. */
START_TEST(a_limit_on_files_is_an_error)
{
    struct plan *plan = make(NULL, "CN=NEW");
    struct journal *journal;
    struct journal_proof *proof;
    struct journal_list list;
    struct rlimit before, small;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = (struct rlimit){100, before.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    struct err *err = begin(&journal, &proof, plan);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
    ck_assert(err_is(err, ERR_JOURNAL));
    ck_assert_ptr_nonnull(strstr(err->text, "File too large"));
    ck_assert_ptr_nonnull(strstr(err->next, "ulimit"));
    ck_assert_ptr_null(proof);
    err_free(err);
    journal_close(journal);
    ck_assert_ptr_null(journal_list(&list));
    ck_assert_uint_eq(list.count, 0);
    plan_free(plan);
}
END_TEST

/* ---- what is undone ---- */

/* A change in the journal, with this end. undo_of NULL: no undo. */
static void keep(const char *id, const char *undo_of, enum journal_state end)
{
    struct plan *plan = make(NULL, "CN=NEW");
    struct journal_author author = {.when = NOON, .login = "uid 1"};
    struct journal *journal;
    struct journal_proof *proof;
    plan->undo = undo_of != NULL;
    plan->undo_of = mem_text(undo_of);
    ck_assert_ptr_null(journal_open(&journal));
    ck_assert_ptr_null(journal_begin(journal, id, plan, &author, &proof));
    ck_assert_ptr_null(journal_mark(journal, id, end, NULL));
    journal_close(journal);
    journal_proof_free(proof);
    plan_free(plan);
}

/* NULL: it is refused, with this word in the reason. */
static void undo_is(const char *name, const char *undo_of, const char *redoes, const char *word)
{
    struct plan *plan;
    struct err *err = journal_undo(name, &plan);
    ck_assert_msg(!err == !word, "%s", err ? err->text : "it is undone");
    if (err)
        ck_assert_msg(strstr(err->text, word), "%s", err->text);
    if (plan)
        ck_assert(str_same(plan->undo_of, undo_of) && str_same(plan->redoes, redoes));
    err_free(err);
    plan_free(plan);
}

START_TEST(undone_twice_is_no_redo)
{
    undo_is("20261122T150301Z-A", NULL, NULL, "cannot be read");
    keep("20261122T150301Z-A", NULL, JOURNAL_VERIFIED);
    keep("20261122T150302Z-B", NULL, JOURNAL_REFUSED);
    undo_is("20261122T150301Z-A", "20261122T150301Z-A", NULL, NULL);
    undo_is("20261122T150302Z-B", NULL, NULL, "was refused");
    keep("20261122T150303Z-A", "20261122T150301Z-A", JOURNAL_REFUSED); /* it was not undone */
    undo_is("20261122T150301Z-A", "20261122T150301Z-A", NULL, NULL);
    keep("20261122T150304Z-A", "20261122T150301Z-A", JOURNAL_VERIFIED);
    undo_is("20261122T150301Z-A", NULL, NULL, "undone already, by 20261122T150304Z-A");
    undo_is("20261122T150304Z-A", "20261122T150304Z-A", "20261122T150301Z-A", NULL);
    keep("20261122T150305Z-A", "20261122T150304Z-A", JOURNAL_APPLIED); /* made again */
    undo_is("20261122T150304Z-A", NULL, NULL, "undone already");
    undo_is("20261122T150301Z-A", "20261122T150301Z-A", NULL, NULL);
}
END_TEST

START_TEST(entries_in_a_circle_end)
{
    keep("20261122T150301Z-A", "20261122T150302Z-A", JOURNAL_VERIFIED);
    keep("20261122T150302Z-A", "20261122T150301Z-A", JOURNAL_VERIFIED);
    struct plan *plan;
    err_free(journal_undo("20261122T150301Z-A", &plan));
    plan_free(plan);
}
END_TEST

START_TEST(no_journal_yet_is_an_empty_list)
{
    struct journal_list list;
    struct journal_entry entry;
    ck_assert_ptr_null(journal_list(&list));
    ck_assert_uint_eq(list.count, 0);
    struct err *err = journal_read("nothing", &entry);
    ck_assert(err_is(err, ERR_JOURNAL));
    err_free(err);
    err = journal_read("/etc/passwd", &entry);
    ck_assert(err_is(err, ERR_JOURNAL));
    err_free(err);
    err = journal_read("../../etc/passwd", &entry);
    ck_assert(err_is(err, ERR_JOURNAL));
    err_free(err);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("journal");
    TCase *text = tcase_create("text");
    tcase_add_test(text, an_entry_reads_as_it_was_written);
    tcase_add_test(text, hostile_values_stay_on_their_line);
    tcase_add_test(text, the_only_live_record_is_the_inverse);
    tcase_add_loop_test(text, undo_plans, 0, UNDOS);
    tcase_add_test(text, what_was_refused_is_not_undone);
    tcase_add_loop_test(text, unfinished_ones_are_known, 0, ENDINGS);
    tcase_add_test(text, a_servers_words_settle_nothing);
    tcase_add_test(text, a_cut_entry_says_so);
    tcase_add_test(text, none_is_a_name_too);
    tcase_add_test(text, an_edited_record_is_not_believed);
    tcase_add_test(text, any_wrong_byte_is_survived);
    tcase_add_loop_test(text, ids_are_safe_names, 0, NAMES);
    suite_add_tcase(suite, text);
    TCase *files = tcase_create("files");
    tcase_add_checked_fixture(files, make_base, remove_base);
    tcase_add_test(files, an_entry_on_disk);
    tcase_add_test(files, a_taken_id_gets_a_number);
    tcase_add_test(files, a_torn_line_is_not_continued);
    tcase_add_loop_test(files, unsafe_folders_are_refused, 0, 10);
    tcase_add_test(files, home_is_the_other_place);
    tcase_add_test(files, foreign_and_damaged_files_are_tolerated);
    tcase_add_test(files, the_newest_are_kept);
    tcase_add_test(files, ten_is_newer_than_two);
    tcase_add_test(files, a_limit_on_files_is_an_error);
    tcase_add_test(files, undone_twice_is_no_redo);
    tcase_add_test(files, entries_in_a_circle_end);
    tcase_add_test(files, no_journal_yet_is_an_empty_list);
    tcase_set_timeout(files, 60);
    suite_add_tcase(suite, files);
    return suite_run(suite);
}
