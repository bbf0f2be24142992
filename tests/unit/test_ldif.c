/* The change and its inverse as LDIF, and the strict reading of one modify record. */
#include "src/base/mem.h"
#include "src/remedy/ldif.h"
#include "tests/suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define OBJECT "CN=LIVDC02,CN=Servers,CN=L,CN=Sites,CN=Configuration,DC=a"
#define OLD "CN=OLD,DC=a"
#define NEW "CN=NEW,DC=a"
#define HEAD "dn: " OBJECT "\nchangetype: modify\n"
#define STEP(how, dn) how ": serverReference\nserverReference: " dn "\n-\n"

static struct plan *make(const char *old, const char *new, bool replace)
{
    struct plan *plan = plan_new_undo();
    plan->object_dn = mem_text(OBJECT);
    plan->old.dn = mem_text(old);
    plan->new.dn = mem_text(new);
    plan->replace = replace;
    return plan;
}

static const struct {
    const char *old, *new;
    bool replace;
    const char *change, *inverse;
} plans[] = {
    {NULL, NEW, false, STEP("add", NEW), STEP("delete", NEW)},
    {OLD, NEW, false, STEP("delete", OLD) STEP("add", NEW), STEP("delete", NEW) STEP("add", OLD)},
    {OLD, NULL, false, STEP("delete", OLD), STEP("add", OLD)},
    {OLD, NEW, true, STEP("replace", NEW), STEP("delete", NEW)},
};
enum { PLANS = sizeof plans / sizeof *plans };

START_TEST(change_and_inverse)
{
    struct plan *plan = make(plans[_i].old, plans[_i].new, plans[_i].replace);
    struct str text = STR_INIT;
    char *want = str_format(HEAD "%s", plans[_i].change);
    ldif_change(&text, plan);
    ck_assert_str_eq(str_text(&text), want);
    free(want);
    str_clear(&text);
    want = str_format(HEAD "%s", plans[_i].inverse);
    ldif_inverse(&text, plan);
    ck_assert_str_eq(str_text(&text), want);
    free(want);
    str_release(&text);
    plan_free(plan);
}
END_TEST

START_TEST(of_both_the_change_alone_is_live)
{
    struct plan *plan = make(OLD, NEW, false);
    struct ldif_modify modify;
    struct str text = STR_INIT;
    plan->host = mem_text("dc1\nadd: x");
    ldif_both(&text, plan);
    ck_assert_ptr_null(ldif_read(text.text, text.len, &modify));
    ck_assert_str_eq(modify.removed, OLD);
    ck_assert_str_eq(modify.added, NEW);
    ck_assert_ptr_nonnull(
        strstr(text.text, "\n# delete: serverReference\n# serverReference: " NEW));
    ldif_modify_release(&modify);
    str_release(&text);
    plan_free(plan);
}
END_TEST

/* The new value is its GUID where that is known; what takes it back names both by their DNs. */
START_TEST(the_new_value_is_its_guid)
{
    struct plan *plan = make(OLD, NEW, false);
    struct change change;
    char value[CHANGE_VALUE];
    plan->old.has_guid = plan->new.has_guid = true;
    ck_assert(guid_parse("3dab7f9b-92e7-4391-b8db-71df532c1493", &plan->new.guid));
    change = change_of(plan);
    ck_assert_str_eq(change_value(&change.steps[0], value), OLD);
    ck_assert_str_eq(change_value(&change.steps[1], value),
                     "<GUID=3dab7f9b-92e7-4391-b8db-71df532c1493>");
    change = change_inverse(plan);
    ck_assert_str_eq(change_value(&change.steps[0], value), NEW);
    ck_assert_str_eq(change_value(&change.steps[1], value), OLD);
    struct str text = STR_INIT; /* "<" begins a URL in LDIF: base64, and a line that shows it */
    ldif_change(&text, plan);
    ck_assert_ptr_nonnull(strstr(str_text(&text),
                                 "# serverReference: <GUID=3dab7f9b-92e7-4391-b8db-71df532c1493>\n"
                                 "serverReference:: "));
    str_release(&text);
    plan_free(plan);
}
END_TEST

START_TEST(senseless_plans_change_nothing)
{
    struct plan *plan = make(NULL, NULL, false);
    ck_assert_uint_eq(change_of(plan).count, 0);
    plan->replace = true;
    plan->new.dn = mem_text(NEW);
    ck_assert_uint_eq(change_of(plan).count, 0); /* nothing dangles that could be replaced */
    plan_free(plan);
}
END_TEST

/* Values that LDIF cannot carry as they are come back byte for byte, and end no line. */
static const char *const values[] = {
    "CN=M\xc3\xbcller,DC=a",
    "CN=a\\2Cb,DC=a",
    " CN=leading,DC=a",
    "CN=trailing,DC=a ",
    ": colon",
    "< /etc/passwd",
    "CN=two\nadd: serverReference\nlines,DC=a",
    "CN=\xff\xfe,DC=a",
    "CN=\x1b[31mred,DC=a",
    "CN="
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,DC=a",
};
enum { VALUES = sizeof values / sizeof *values };

START_TEST(any_value_comes_back)
{
    struct plan *plan = make(values[_i], NEW, false);
    mem_set(&plan->object_dn, values[_i]);
    struct str text = STR_INIT;
    struct ldif_modify read;
    ldif_inverse(&text, plan);
    for (size_t i = 0; i < text.len; i++)
        ck_assert(text.text[i] == '\n' || (unsigned char)text.text[i] >= ' ');
    ck_assert_ptr_null(ldif_read(str_text(&text), text.len, &read));
    ck_assert_str_eq(read.dn, values[_i]);
    ck_assert_str_eq(read.removed, NEW);
    ck_assert_str_eq(read.added, values[_i]);
    ldif_modify_release(&read);
    str_release(&text);
    plan_free(plan);
}
END_TEST

START_TEST(a_prefix_stands_on_every_line)
{
    struct plan *plan = make(values[VALUES - 1], values[0], false);
    struct str text = STR_INIT;
    struct change change = change_of(plan);
    ldif_add(&text, "# ", plan->object_dn, &change);
    for (const char *at = text.text; *at; at = strchr(at, '\n') + 1)
        ck_assert(strncmp(at, "# ", 2) == 0);
    str_release(&text);
    plan_free(plan);
}
END_TEST

static const struct {
    const char *text;
    bool good;
} readings[] = {
    {HEAD STEP("delete", NEW), true},
    {"# note\n version 2\n\nversion: 1\n" HEAD STEP("add", NEW) "#!STATE x\n\n# end\n", true},
    {"dn: " OBJECT "\r\nchangetype: modify\r\nadd: serverReference\r\nserverReference: C\r\n"
     " N=x\r\n-\r\n",
     true},
    {HEAD "add: serverReference\nserverReference:: Q049eA==\n-\n", true},
    {HEAD "add: serverReference\nserverReference: CN=x\n", true}, /* the last dash may be missing */
    {"", false},
    {"# nothing\n", false},
    {HEAD, false},
    {HEAD "add: serverReference\n", false},
    {HEAD "add: serverReference\nserverReference: a\nserverReference: b\n-\n", false},
    {HEAD "add: member\nmember: CN=x\n-\n", false},
    {HEAD "add: serverReference\nmember: CN=x\n-\n", false},
    {HEAD "replace: serverReference\nserverReference: CN=x\n-\n", false},
    {HEAD STEP("add", NEW) STEP("delete", OLD), false}, /* the order that AD refuses */
    {HEAD STEP("delete", NEW) STEP("delete", OLD), false},
    {HEAD STEP("delete", NEW) "\n" HEAD STEP("delete", NEW), false},
    {"dn: " OBJECT "\nchangetype: delete\n", false},
    {"dn: " OBJECT "\nserverReference: CN=x\n", false},
    {HEAD "add: serverReference\nserverReference:< file:///etc/passwd\n-\n", false},
    {HEAD "add: serverReference\nserverReference:: QwBOPXg=\n-\n", false}, /* a NUL */
    {HEAD "add: serverReference\nserverReference:: !!!\n-\n", false},
    {HEAD "add: serverReference\nserverReference:\n-\n", false},
    {HEAD "nonsense\n", false},
};
enum { READINGS = sizeof readings / sizeof *readings };

START_TEST(reading_is_strict)
{
    struct ldif_modify read;
    const char *wrong = ldif_read(readings[_i].text, strlen(readings[_i].text), &read);
    ck_assert_msg((wrong == NULL) == readings[_i].good, "%d: %s", _i, wrong ? wrong : "taken");
    if (wrong)
        ck_assert(!read.dn && !read.removed && !read.added);
    ldif_modify_release(&read);
}
END_TEST

START_TEST(any_damage_is_survived)
{
    char text[] = HEAD STEP("delete", NEW) "add: serverReference\nserverReference:: Q049eA==\n-\n";
    for (size_t i = 0; i < sizeof text - 1; i++)
        for (int byte = 0; byte < 256; byte += 3) {
            struct ldif_modify read;
            char kept = text[i];
            text[i] = (char)byte;
            (void)ldif_read(text, sizeof text - 1, &read);
            ldif_modify_release(&read);
            (void)ldif_read(text, i, &read);
            ldif_modify_release(&read);
            text[i] = kept;
        }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ldif");
    TCase *tests = tcase_create("ldif");
    tcase_add_loop_test(tests, change_and_inverse, 0, PLANS);
    tcase_add_test(tests, of_both_the_change_alone_is_live);
    tcase_add_test(tests, the_new_value_is_its_guid);
    tcase_add_test(tests, senseless_plans_change_nothing);
    tcase_add_loop_test(tests, any_value_comes_back, 0, VALUES);
    tcase_add_test(tests, a_prefix_stands_on_every_line);
    tcase_add_loop_test(tests, reading_is_strict, 0, READINGS);
    tcase_add_test(tests, any_damage_is_survived);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
