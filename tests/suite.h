/* The main() of a test program: one suite, as the environment asks for it (CK_FORK, ...). */
#ifndef DCMEND_TESTS_SUITE_H
#define DCMEND_TESTS_SUITE_H

#include <check.h>

/* Returns what main() returns. */
static inline int suite_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

#endif
