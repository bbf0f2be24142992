/* Bytes, UTF-16 units and columns of a name all differ; only the second are counted here. */
#include "src/model/sam.h"

#include "src/base/mem.h"
#include "src/base/text.h"

#include <string.h>

enum { SAM_UNITS = 15 };

/* Bytes of the prefix that has at most SAM_UNITS units; *units: how many it has. */
static size_t prefix(const char *name, size_t len, int *units)
{
    size_t at = 0;
    for (*units = 0; at < len;) {
        uint32_t rune;
        size_t bytes = text_rune(name + at, len - at, &rune);
        int more = rune != TEXT_INVALID && rune > 0xFFFF ? 2 : 1;
        if (*units + more > SAM_UNITS)
            break;
        *units += more;
        at += bytes;
    }
    return at;
}

size_t sam_kept(const char *computer)
{
    int units;
    return prefix(computer, strlen(computer), &units);
}

char *sam_cut(const char *computer)
{
    size_t kept = sam_kept(computer);
    return computer[kept] ? mem_textn(computer, kept) : NULL;
}

bool sam_maybe_cut(const char *name, size_t len)
{
    int units;
    return prefix(name, len, &units) == len && units == SAM_UNITS;
}
