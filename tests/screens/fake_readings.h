/* What tasks call over a session, in place of src/directory's and src/jobs' by the linker's --wrap
 * (FAKE_READINGS in tests/CMakeLists.txt; FAKE_SESSION goes with it): answers bear the name of the
 * DC whose session they came over. */
#ifndef DCMEND_TESTS_FAKE_READINGS_H
#define DCMEND_TESTS_FAKE_READINGS_H

#include "tests/jobs/fake_session.h"

void fake_readings_reset(void);
/* DSAs that the scan finds without a link: build_guid(FAKE_FOUND), and so on. */
enum { FAKE_FOUND = 91000, FAKE_FOUND_COUNT = 3 };
void fake_inspect_denied(void);         /* the next reading of a DSA is refused */
void fake_copies_name_a_stranger(void); /* the next ones: an account that nobody has read */
void fake_apply_unanswered(void); /* the next change that is sent has no answer, and is lost */
/* What lists of the forest's DSAs bring from now on; why: it is not all. Static storage. None: a
 * site that is called as the DC, with one server. */
struct fake_dsa {
    const char *guid, *server, *site;
};
void fake_forest(const struct fake_dsa *dsas, size_t count, const char *why);
int fake_listed(void);                 /* how often they were listed */
int fake_sent(void);                   /* changes that were sent */
bool fake_astray(void);                /* one was sent to another DC than its plan's */
const char *fake_first_identity(void); /* of the last change; borrowed */

#endif
