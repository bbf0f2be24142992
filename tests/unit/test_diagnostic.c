/* Diagnostic texts of Windows and Samba, the shapes of domain.md section 6, and what a refused
 * change is taken for. */
#include "src/base/str.h"
#include "src/directory/diagnostic.h"
#include "src/directory/wire.h"
#include "src/directory/write_parts.h"
#include "tests/suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text;
    uint32_t code;
    const char *words; /* NULL: not looked at */
} texts[] = {
    {NULL, 0, ""},
    {"\n", 0, ""},
    {"00002085: AtrErr: DSID-03152804, #1:\n\t0: 00002085: DSID-03152804, problem 1001 "
     "(NO_ATTRIBUTE_OR_VAL), data 0, Att 90203 (serverReference):len 10\n",
     0x2085,
     "00002085: AtrErr: DSID-03152804, #1: 0: 00002085: DSID-03152804, problem 1001 "
     "(NO_ATTRIBUTE_OR_VAL), data 0, Att 90203 (serverReference):len 10"},
    {"0000208D: NameErr: DSID-0310021B, problem 2001 (NO_OBJECT), data 0, best match "
     "of:\n\t'CN=A\x1b"
     ",DC=b'\n",
     0x208D,
     "0000208D: NameErr: DSID-0310021B, problem 2001 (NO_OBJECT), data 0, best match of: "
     "'CN=A\\1B,DC=b'"},
    {"80090308: LdapErr: DSID-0C090453, comment: AcceptSecurityContext error, data 52e, v4563",
     0x80090308, NULL},
    {"000020B5: Referenced object not found at ../../source4/dsdb", 0x20B5,
     "000020B5: Referenced object not found at ../../source4/dsdb"},
    {"Attribute serverReference already exists for target GUID 348a", 0, NULL},
    {"0000208", 0, NULL},
    {"00002085", 0, NULL},
    {"00002085:", 0x2085, NULL},
    {"\x1b]0;title\x07 \xe2\x80\xae"
     "abc",
     0,
     "\\1B]0;title\\07 \\E2\\80\\AE"
     "abc"},
};
enum { TEXTS = sizeof texts / sizeof *texts };

START_TEST(code_and_words)
{
    struct diagnostic d;
    diagnostic_read(texts[_i].text, &d);
    ck_assert_uint_eq(d.code, texts[_i].code);
    if (texts[_i].words)
        ck_assert_str_eq(d.words, texts[_i].words);
    diagnostic_release(&d);
}
END_TEST

START_TEST(a_huge_text_is_cut)
{
    size_t len = 1000000;
    char *text = malloc(len + 1);
    memset(text, 'x', len);
    text[len] = '\0';
    struct diagnostic d;
    diagnostic_read(text, &d);
    ck_assert_uint_lt(strlen(d.words), 5000);
    diagnostic_release(&d);
    free(text);
}
END_TEST

enum { ADD, SWAP, REMOVE, REPLACE };
static const struct dn_link old_value = {.dn = "CN=o"}, new_value = {.dn = "CN=n"};
static const struct change changes[] = {
    [ADD] = {{{CHANGE_ADD, &new_value, true}}, 1},
    [SWAP] = {{{CHANGE_DELETE, &old_value, false}, {CHANGE_ADD, &new_value, true}}, 2},
    [REMOVE] = {{{CHANGE_DELETE, &old_value, false}}, 1},
    [REPLACE] = {{{CHANGE_REPLACE, &new_value, true}}, 1},
};

/* domain.md section 6: the outcomes on Samba and on Windows. */
static const struct {
    int change, ldap;
    const char *said, *referral;
    enum err_code code;
    const char *shows; /* in the text */
} refusals[] = {
    {ADD, 20,
     "Attribute serverReference is single valued but more than one value has been supplied", NULL,
     ERR_OCCUPIED, "another value"},
    {ADD, 19, "00002081: AtrErr: DSID-03151904, #1: 0: 00002081: DSID-1, problem 1005", NULL,
     ERR_OCCUPIED, "another value"},
    {ADD, 20, "00002081: AtrErr: DSID-03151904, #1:", NULL, ERR_OCCUPIED, "another value"},
    {ADD, 20, "Attribute serverReference already exists for target GUID 348a9320", NULL,
     ERR_OCCUPIED, "very value"},
    {ADD, 20, "00002083: AtrErr: DSID-1, problem 1006 (ATT_OR_VALUE_EXISTS)", NULL, ERR_OCCUPIED,
     "very value"},
    {SWAP, 16, "Attribute serverReference doesn't exist for target GUID fdac", NULL, ERR_CHANGED,
     "no longer holds"},
    {SWAP, 16, "00002085: AtrErr: DSID-1, problem 1001", NULL, ERR_CHANGED, "no longer holds"},
    {REMOVE, 16, "00002076: AtrErr: DSID-1", NULL, ERR_CHANGED, "no longer holds"},
    {ADD, 16, NULL, NULL, ERR_CONSTRAINT, "refused"},
    {ADD, 19, "000020B5: Referenced object not found at ../..", NULL, ERR_UNKNOWN_TARGET,
     "account"},
    {ADD, 19, "000020B5: AtrErr: DSID-1, #1: problem 1005 (CONSTRAINT_ATT_TYPE)", NULL,
     ERR_UNKNOWN_TARGET, "account"},
    {ADD, 19, NULL, NULL, ERR_CONSTRAINT, "schema"},
    {ADD, 52, "000020E1: SvcErr: DSID-1", NULL, ERR_OTHER, "global catalog"},
    {ADD, 52, NULL, NULL, ERR_OTHER, "not available"},
    {ADD, 51, NULL, NULL, ERR_OTHER, "busy"},
    {ADD, 53, "0000001F: SvcErr: DSID-1, problem 5003 (WILL_NOT_PERFORM)", NULL, ERR_OTHER,
     "unwilling"},
    {ADD, 34, "0000208F: NameErr: DSID-1, problem 2006 (BAD_NAME)", NULL, ERR_CONSTRAINT, "name"},
    {ADD, 50, "00002098: Object CN=x has no write property access\n", NULL, ERR_NO_RIGHT,
     "may not"},
    {ADD, 50, "00000005: SecErr: DSID-1, problem 4003", NULL, ERR_NO_RIGHT, "may not"},
    {ADD, 10, "0000202B: RefErr: DSID-1, data 0, 1 access points", "ldap://dc2.a/CN=\x1b[1m",
     ERR_REFERRAL, "ldap://dc2.a/CN=\\1B[1m"},
    {ADD, 10, NULL, NULL, ERR_REFERRAL, "itself"},
    {ADD, 32, "Base-DN '<GUID=0>' not found", NULL, ERR_NO_SUCH_OBJECT, "server object"},
    {ADD, 32, "0000208D: NameErr: DSID-1, problem 2001", NULL, ERR_NO_SUCH_OBJECT, "server object"},
    {SWAP, 32, NULL, NULL, ERR_NO_SUCH_OBJECT, "old value"},
    {SWAP, 21, NULL, NULL, ERR_CONSTRAINT, "name"},
    {REPLACE, 19, "000020B5: x", NULL, ERR_UNKNOWN_TARGET, "account"},
    {ADD, 1, "000004DC: LdapErr: DSID-1, comment: In order to perform this operation", NULL,
     ERR_LOGON_DENIED, "signed in"},
    {ADD, 8, NULL, NULL, ERR_STRONG_AUTH, "protected"},
    {ADD, 11, NULL, NULL, ERR_LIMIT, "limit"},
    {ADD, 80, "00002098: odd", NULL, ERR_OTHER, "access rights are insufficient"},
    {ADD, 123, NULL, NULL, ERR_OTHER, "123"},
};
enum { REFUSALS = sizeof refusals / sizeof *refusals };

START_TEST(refusals_are_told_apart)
{
    struct err *err = write_refusal("dc1.a", &changes[refusals[_i].change], refusals[_i].ldap,
                                    refusals[_i].said, refusals[_i].referral);
    ck_assert_str_eq(err_code_name(err->code), err_code_name(refusals[_i].code));
    ck_assert_int_eq(err->ldap, refusals[_i].ldap);
    ck_assert_msg(strstr(err->text, refusals[_i].shows), "%s", err->text);
    ck_assert(strstr(err->text, "dc1.a") == err->text);
    ck_assert_ptr_null(strstr(err->next, "hanged")); /* nobody has looked yet */
    ck_assert(str_same(err->said, refusals[_i].said));
    err_free(err);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("diagnostic");
    TCase *tests = tcase_create("diagnostic");
    tcase_add_loop_test(tests, code_and_words, 0, TEXTS);
    tcase_add_test(tests, a_huge_text_is_cut);
    tcase_add_loop_test(tests, refusals_are_told_apart, 0, REFUSALS);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
