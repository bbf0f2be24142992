/* The label table: each label belongs to one role and is written as labels are compared (without
 * blanks, marks and ASCII capitals): then it is found, whatever stands above or below it. */
#include "src/remedy/intake/labels.h"
#include "tests/suite.h"

#include <check.h>
#include <string.h>

static const struct {
    enum role role;
    const char *labels;
} rows[] = {
#define LABELS(role, labels, stems) {role, labels},
#include "src/remedy/intake/labels.def"
#undef LABELS
};
enum { ROWS = sizeof rows / sizeof *rows };

START_TEST(every_label_is_found)
{
    size_t found = 0;
    for (size_t i = 0; i < ROWS; i++)
        for (const char *at = rows[i].labels; *at; at += strspn(at, " ")) {
            size_t len = strcspn(at, " ");
            ck_assert_msg(label_role(at, len) == rows[i].role, "\"%.*s\" is not found", (int)len,
                          at);
            at += len;
            found++;
        }
    ck_assert_uint_ge(found, 300);
}
END_TEST

START_TEST(a_label_is_its_words)
{
    ck_assert_int_eq(label_role("Source DSA", 10), ROLE_SOURCE);
    ck_assert_int_eq(label_role("winlog.event_id", 15), ROLE_EVENT_ID);
    ck_assert_int_eq(label_role("Source Dsa Said", 15), ROLE_NONE);
    ck_assert_int_eq(label_guess("NeighborDC", 10), ROLE_SOURCE);
    ck_assert_int_eq(label_guess("Invocation ID of source", 23), ROLE_SKIP);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("intake_labels");
    TCase *tc = tcase_create("labels");
    tcase_add_test(tc, every_label_is_found);
    tcase_add_test(tc, a_label_is_its_words);
    suite_add_tcase(suite, tc);
    return suite_run(suite);
}
