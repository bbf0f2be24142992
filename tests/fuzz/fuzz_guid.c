/* GUIDs in their three notations: what is read is written the same. */
#include "src/model/guid.h"
#include "tests/fuzz/fuzz.h"

static void check(const struct guid *guid)
{
    char text[GUID_TEXT], filter[GUID_FILTER];
    struct guid again;
    require(guid_parse(guid_text(guid, text), &again) && guid_equal(guid, &again));
    require(guid_parse_prefix(text, strlen(text), &again) && guid_equal(guid, &again));
    require(strlen(guid_filter(guid, filter)) == GUID_FILTER - 1);
    for (size_t i = 0; i < 16; i++)
        require(filter[3 * i] == '\\' && strtoul((char[]){filter[3 * i + 1], filter[3 * i + 2], 0},
                                                 NULL, 16) == guid->bytes[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct guid guid;
    char *text = take_rest(data, size);
    if (guid_parse(text, &guid))
        check(&guid);
    if (guid_parse_prefix((const char *)data, size, &guid))
        check(&guid);
    if (guid_parse_wire_hex(text, &guid))
        check(&guid);
    require(guid_from_bytes(data, size, &guid) == (size == 16));
    if (size == 16)
        check(&guid);
    free(text);
    return 0;
}
