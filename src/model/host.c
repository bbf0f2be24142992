/* Full names come from the directory and may hold any letters; what people write is compared as DNS
 * does, whatever the locale is. */
#include "src/model/host.h"

#include "src/base/str.h"

#include "src/base/mem.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

static size_t bare_length(const char *host)
{
    size_t len = host ? strlen(host) : 0;
    return len > 0 && host[len - 1] == '.' ? len - 1 : len;
}

static bool same_letters(const char *a, const char *b, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool letter = (a[i] | 0x20) >= 'a' && (a[i] | 0x20) <= 'z';
        if (a[i] != b[i] && (!letter || (a[i] | 0x20) != (b[i] | 0x20)))
            return false;
    }
    return true;
}

bool host_equal(const char *a, const char *b)
{
    size_t la = bare_length(a), lb = bare_length(b);
    char *x = mem_textn(la ? a : "", la), *y = mem_textn(lb ? b : "", lb);
    bool same = la > 0 && text_same(x, y);
    free(x);
    free(y);
    return same;
}

bool host_matches(const char *a, const char *b)
{
    size_t la = bare_length(a), lb = bare_length(b);
    if (la == 0 || lb == 0)
        return false;
    size_t first_a = strcspn(a, "."), first_b = strcspn(b, ".");
    if (first_a >= la || first_b >= lb) { /* one of them is a label alone */
        la = first_a < la ? first_a : la;
        lb = first_b < lb ? first_b : lb;
    }
    return la > 0 && la == lb && same_letters(a, b, la);
}

char *host_domain(const char *host)
{
    size_t len = bare_length(host), label = host ? strcspn(host, ".") : 0;
    if (label + 1 >= len || strchr(host, ':') || strspn(host, "0123456789.") == strlen(host))
        return NULL;
    return mem_textn(host + label + 1, len - label - 1);
}

bool host_in_domain(const char *host, const char *domain)
{
    const char *dot = host ? strchr(host, '.') : NULL;
    return dot && host_equal(dot + 1, domain);
}
