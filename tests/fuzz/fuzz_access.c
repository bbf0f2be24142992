/* Security descriptors and SIDs from the server; the first byte is how long the SID in front is. */
#include "src/directory/access.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    size_t own = data[0] % 80;
    data++, size--;
    own = own < size ? own : size;
    char *sid = access_sid_text(data, own);
    struct strs token = {NULL, 0};
    strs_add(&token, "S-1-5-11");
    strs_add(&token, "S-1-5-21-1-2-3-1104");
    if (sid) {
        require(strncmp(sid, "S-1-", 4) == 0);
        strs_add(&token, sid);
    }
    char *exact = mem_zero(size - own ? size - own : 1, 1);
    memcpy(exact, data + own, size - own);
    enum server_flag flag = access_may_read_reference(exact, size - own, &token);
    require(flag == FLAG_YES || flag == FLAG_NO || flag == FLAG_UNKNOWN);
    struct strs nobody = {NULL, 0};
    require(access_may_read_reference(exact, size - own, &nobody) == FLAG_UNKNOWN);
    strs_release(&token);
    free(exact);
    free(sid);
    return 0;
}
