/* msDS-ReplAllInboundNeighbors and msDS-ReplValueMetaData: XML fragments from the server. */
#include "src/directory/replication.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct facts_link link;
    char *text = take_rest(data, size), *by = NULL;
    time_t when;
    bool found = replication_xml(text, size, size & 1, &link);
    require(found || !link.partner);
    replication_link_release(&link);
    if (!replication_removed(text, size, &by, &when))
        require(by == NULL);
    free(by);
    free(text);
    return 0;
}
