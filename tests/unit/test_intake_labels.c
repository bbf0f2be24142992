/* The label table is found by halving: it must be sorted by bytes, each label once, written as
 * labels are compared (without blanks, marks and ASCII capitals). */
#include "src/remedy/intake/labels.h"
#include "tests/suite.h"

#include <check.h>
#include <string.h>

static const struct {
    const char *label;
    enum role role;
} rows[] = {
#include "src/remedy/intake/labels.def"
};
enum { ROWS = sizeof rows / sizeof *rows };

START_TEST(labels_are_sorted)
{
    for (size_t i = 1; i < ROWS; i++)
        ck_assert_msg(strcmp(rows[i - 1].label, rows[i].label) < 0, "\"%s\" stands before \"%s\"",
                      rows[i - 1].label, rows[i].label);
}
END_TEST

START_TEST(every_label_is_found)
{
    for (size_t i = 0; i < ROWS; i++)
        ck_assert_msg(label_role(rows[i].label, strlen(rows[i].label)) == rows[i].role,
                      "\"%s\" is not found", rows[i].label);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("intake_labels");
    TCase *tc = tcase_create("labels");
    tcase_add_test(tc, labels_are_sorted);
    tcase_add_test(tc, every_label_is_found);
    suite_add_tcase(suite, tc);
    return suite_run(suite);
}
