/* Any bytes into intake_read(): it must not crash, and what comes out must keep the header's
 * promises. */
#include "src/remedy/intake.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_dsa(const struct subject *subject, size_t which)
{
    const struct subject_dsa *dsa = &subject->dsas[which];
    require(dsa->has_guid || dsa->ntds_dn || dsa->server_dn || dsa->server);
    require(!dsa->has_guid || !guid_is_null(&dsa->guid));
    require(dsa->line > 0);
    for (size_t i = 0; i < which; i++)
        require(!dsa->has_guid || !subject->dsas[i].has_guid ||
                !guid_equal(&dsa->guid, &subject->dsas[i].guid));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct subject subject;
    struct err *err = intake_read((const char *)data, size, &subject);
    require((err != NULL) == (subject.count == 0));
    require(!err || (err->kind == ERR_OPERATOR && err->text && err->next));
    require(subject.conflict == (subject.count > 1));
    for (size_t i = 0; i < subject.count; i++)
        check_dsa(&subject, i);
    err_free(err);
    subject_release(&subject);
    return 0;
}
