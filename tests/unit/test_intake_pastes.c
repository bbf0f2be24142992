/* Every tests/unit/pastes/NAME.txt is a text of a kind that people paste, NAME.expect what must be
 * read from it, one JSON object: dsa (GUID or name that comes first; null: none), destination
 * (null: none is named), error, count (DSAs that are meant), says (words of a note, may be left
 * out), note (why, for people). A new kind of text is two files there. */
#include "src/base/text.h"
#include "src/model/host.h"
#include "src/remedy/intake.h"
#include "tests/suite.h"
#include "tests/unit/intake_expect.h"

#include <check.h>
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char folder[512];
static struct strs names;

static char *path_of(const char *name, const char *end)
{
    return str_format("%s/%s%s", folder, name, end);
}

static char *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s cannot be read", path);
    fseek(file, 0, SEEK_END);
    *len = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*len + 1);
    ck_assert_uint_eq(fread(bytes, 1, *len, file), *len);
    fclose(file);
    return bytes;
}

static const char *wanted(const json_t *expect, const char *key)
{
    return json_string_value(json_object_get(expect, key));
}

static void check_dsa(const char *name, const struct subject *subject, const char *want)
{
    struct guid guid;
    if (!want || subject->count == 0)
        return;
    const struct subject_dsa *dsa = &subject->dsas[0];
    if (guid_parse(want, &guid))
        ck_assert_msg(dsa->has_guid && guid_equal(&guid, &dsa->guid), "%s: another DSA is first",
                      name);
    else
        ck_assert_msg(host_matches(dsa->server, want), "%s: %s is first, not %s", name,
                      dsa->server ? dsa->server : "a DSA without a name", want);
}

static void check_destination(const char *name, const struct subject *subject, const char *want)
{
    const char *got = subject->destination ? subject->destination : "nobody";
    ck_assert_msg(want ? host_matches(subject->destination, want) : !subject->destination,
                  "%s: logged by %s, not by %s", name, got, want ? want : "nobody");
}

/* The same text as a mail quotes it, and as PowerShell redirects it into a file. */
static char *quoted(const char *text, size_t *len)
{
    struct str out = STR_INIT;
    str_add(&out, "> ");
    for (size_t i = 0; i < *len; i++) {
        if (text[i] == '\n')
            str_add(&out, "\r\n> ");
        else if (text[i] != '\r')
            str_addc(&out, text[i]);
    }
    *len = out.len;
    return str_steal(&out);
}

static char *as_utf16(const char *text, size_t *len)
{
    struct str out = STR_INIT;
    str_addn(&out, "\xFF\xFE", 2);
    for (size_t at = 0; at < *len;) {
        uint32_t rune;
        at += text_rune(text + at, *len - at, &rune);
        str_addc(&out, (char)(rune & 0xFF));
        str_addc(&out, (char)(rune >> 8));
    }
    *len = out.len;
    return str_steal(&out);
}

static void check_paste(const char *name, char *(*dress)(const char *text, size_t *len))
{
    char *text_path = path_of(name, ".txt"), *expect_path = path_of(name, ".expect");
    size_t len;
    char *text = read_file(text_path, &len);
    if (dress) {
        char *dressed = dress(text, &len);
        free(text);
        text = dressed;
    }
    json_t *expect = json_load_file(expect_path, 0, NULL);
    ck_assert_msg(expect != NULL, "%s is no JSON", expect_path);
    struct subject subject;
    struct err *err = intake_read(text, len, &subject);
    long want = (long)json_integer_value(json_object_get(expect, "error"));
    long got = subject.count ? subject.dsas[0].status : subject.status;
    size_t count = (size_t)json_integer_value(json_object_get(expect, "count"));
    ck_assert_msg(subject.count == count, "%s: %zu DSAs, not %zu", name, subject.count, count);
    check_dsa(name, &subject, wanted(expect, "dsa"));
    check_destination(name, &subject, wanted(expect, "destination"));
    ck_assert_msg(got == want, "%s: error %ld, not %ld", name, got, want);
    if (wanted(expect, "says"))
        ck_assert_msg(said(&subject, err, wanted(expect, "says")), "%s: nothing says '%s'", name,
                      wanted(expect, "says"));
    err_free(err);
    subject_release(&subject);
    json_decref(expect);
    free(text);
    free(text_path);
    free(expect_path);
}

START_TEST(reads_pastes)
{
    check_paste(names.items[_i], NULL);
}
END_TEST

START_TEST(reads_pastes_in_a_mail)
{
    check_paste(names.items[_i], quoted);
}
END_TEST

START_TEST(reads_redirected_pastes)
{
    check_paste(names.items[_i], as_utf16);
}
END_TEST

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list_pastes(void)
{
    const char *root = getenv("DCMEND_SOURCE");
    snprintf(folder, sizeof folder, "%s/tests/unit/pastes", root ? root : ".");
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        size_t len = strlen(entry->d_name);
        if (len > 4 && strcmp(entry->d_name + len - 4, ".txt") == 0)
            strs_addn(&names, entry->d_name, len - 4);
    }
    if (dir)
        closedir(dir);
    if (names.count)
        qsort(names.items, names.count, sizeof *names.items, by_name);
}

START_TEST(finds_the_pastes)
{
    ck_assert_uint_ge(names.count, 76);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("intake_pastes");
    TCase *tc = tcase_create("pastes");
    list_pastes();
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, finds_the_pastes);
    tcase_add_loop_test(tc, reads_pastes, 0, (int)names.count);
    tcase_add_loop_test(tc, reads_pastes_in_a_mail, 0, (int)names.count);
    tcase_add_loop_test(tc, reads_redirected_pastes, 0, (int)names.count);
    int failed = suite_run(suite);
    strs_release(&names);
    return failed;
}
