/* One table says which text position holds which wire byte; both directions use it. */
#include "src/model/guid.h"

#include <stdio.h>
#include <string.h>

/* Offset in the dashed text of the two digits of wire byte i. */
static const uint8_t digit_at[16] = {6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34};

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool hex_byte(const char *digits, uint8_t *out)
{
    int high = hex(digits[0]), low = high < 0 ? -1 : hex(digits[1]);
    if (low < 0)
        return false;
    *out = (uint8_t)(high << 4 | low);
    return true;
}

bool guid_parse_prefix(const char *text, size_t len, struct guid *out)
{
    struct guid guid;
    if (len < 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
        return false;
    for (int i = 0; i < 16; i++)
        if (!hex_byte(text + digit_at[i], &guid.bytes[i]))
            return false;
    if (len > 36 && hex(text[36]) >= 0)
        return false;
    *out = guid;
    return true;
}

bool guid_parse(const char *text, struct guid *out)
{
    size_t len = strlen(text);
    while (len > 0 && strchr(" \t\r\n", text[len - 1]))
        len--;
    while (len > 0 && strchr(" \t", *text))
        text++, len--;
    if (len == 38 && text[0] == '{' && text[37] == '}')
        text++, len -= 2;
    return len == 36 && guid_parse_prefix(text, len, out);
}

bool guid_parse_wire_hex(const char *text, struct guid *out)
{
    struct guid guid;
    if (strlen(text) != 32)
        return false;
    for (int i = 0; i < 16; i++)
        if (!hex_byte(text + 2 * i, &guid.bytes[i]))
            return false;
    *out = guid;
    return true;
}

bool guid_from_bytes(const void *bytes, size_t len, struct guid *out)
{
    if (len != sizeof out->bytes)
        return false;
    memcpy(out->bytes, bytes, len);
    return true;
}

char *guid_text(const struct guid *guid, char buffer[GUID_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    memcpy(buffer, "........-....-....-....-............", GUID_TEXT);
    for (int i = 0; i < 16; i++) {
        buffer[digit_at[i]] = digits[guid->bytes[i] >> 4];
        buffer[digit_at[i] + 1] = digits[guid->bytes[i] & 15];
    }
    return buffer;
}

char *guid_filter(const struct guid *guid, char buffer[GUID_FILTER])
{
    for (size_t i = 0; i < 16; i++)
        snprintf(buffer + 3 * i, 4, "\\%02x", guid->bytes[i]);
    return buffer;
}

static size_t copy_digits(const char *from, size_t len, char digits[GUID_TEXT])
{
    size_t count = 0;
    for (size_t i = 0; i < len && count < GUID_TEXT - 1; i++)
        if (hex(from[i]) >= 0)
            digits[count++] = (char)(from[i] | (from[i] >= 'A' ? 0x20 : 0));
    digits[count] = '\0';
    return count;
}

bool guid_fits(const struct guid *guid, const char *cut)
{
    static const char known[] = "0123456789abcdefABCDEF-";
    char text[GUID_TEXT], all[GUID_TEXT], begin[GUID_TEXT], end[GUID_TEXT];
    size_t len = strlen(cut), head = strspn(cut, known), tail = len;
    while (tail > 0 && strchr(known, cut[tail - 1]))
        tail--;
    bool group = cut[tail] == '-' && !strchr(cut + tail + 1, '-');
    size_t from = copy_digits(cut, head, begin);
    size_t to = tail > head ? copy_digits(cut + tail, len - tail, end) : 0;
    copy_digits(guid_text(guid, text), GUID_TEXT - 1, all);
    if (from + to > 32 || memcmp(all, begin, from) != 0)
        return false;
    return to == 0 || memcmp(all + 32 - to, end, to) == 0 ||
           (group && to <= 12 && memcmp(all + 20, end, to) == 0);
}

bool guid_equal(const struct guid *a, const struct guid *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

bool guid_is_null(const struct guid *guid)
{
    static const struct guid null;
    return guid_equal(guid, &null);
}
