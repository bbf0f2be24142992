/* repsFrom, repsTo and DS_REPL_NEIGHBORW_BLOB: the first byte chooses which. */
#include "src/directory/replication.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct facts_link link;
    bool outbound = data[0] & 2;
    /* a buffer of its own, so that the first byte behind it is out of bounds */
    char *bytes = take_rest(data + 1, size - 1);
    char *exact = mem_zero(size > 1 ? size - 1 : 1, 1);
    memcpy(exact, bytes, size - 1);
    bool found = data[0] & 1
                     ? replication_blob(exact, size - 1, outbound, &link)
                     : replication_reps(exact, size - 1, outbound, "DC=contoso,DC=com", &link);
    require(found || !link.partner);
    replication_link_release(&link);
    free(exact);
    free(bytes);
    return 0;
}
