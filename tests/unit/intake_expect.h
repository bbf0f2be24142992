/* What the intake must give for a text, and the comparison. GUIDs: A the target, B and C others, D
 * the destination, I an invocationID. */
#ifndef DCMEND_INTAKE_EXPECT_H
#define DCMEND_INTAKE_EXPECT_H

#include "src/base/err.h"
#include "src/model/subject.h"

#include <stdbool.h>
#include <stddef.h>

#define A "3dab7f9b-92e7-4391-b8db-71df532c1493"
#define B "9531985d-5d9d-49f8-9818-e811892f902b"
#define C "b6dc8589-7e00-4a5d-b688-045aef63ec01"
#define D "7f1c2d3e-0a1b-4c2d-8e3f-1234567890ab"
#define I "11112222-3333-4444-5555-666677778888"
#define CONFIG "CN=Sites,CN=Configuration,DC=contoso,DC=com"
#define LIV_SERVER "CN=LIVDC02,CN=Servers,CN=Liverpool," CONFIG
#define LIV_NTDS "CN=NTDS Settings," LIV_SERVER

/* What a text must give. Fields left out are not looked at; "-" means: must be NULL. */
struct expect {
    const char *text;
    const char *guid, *second; /* of the first and the second DSA; "-" none */
    size_t count;              /* 0: an ERR_OPERATOR */
    enum subject_source source;
    long status;
    const char *server, *site, *destination, *destination_dsa, *attempt, *ntds_dn, *forest, *fault;
    const char *says; /* stands in a note, or in the error's text or advice */
    bool conflict, hypothesis, deleted;
    size_t line;
};

bool said(const struct subject *subject, const struct err *err, const char *words);
void same_guid(const struct subject_dsa *dsa, const char *want);
void check_text(const char *text, size_t len, const struct expect *want);
void check_row(const struct expect *want);

#define TABLE_TEST(name, table)                                                                    \
    START_TEST(name)                                                                               \
    {                                                                                              \
        check_row(&table[_i]);                                                                     \
    }                                                                                              \
    END_TEST
#define ADD_TABLE(test, table) tcase_add_loop_test(tc, test, 0, (int)(sizeof table / sizeof *table))

#endif
