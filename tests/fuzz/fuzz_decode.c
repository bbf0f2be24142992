/* Attribute values as people read them: one clean line each, of bounded length. A line names the
 * attribute, the next one the object's class, the rest is the value. */
#include "src/base/text.h"
#include "src/directory/decode.h"
#include "tests/fuzz/fuzz.h"

static void is_clean(const char *text)
{
    char *clean = text_clean_z(text);
    require(strcmp(clean, text) == 0);
    free(clean);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *name = take_line(&data, &size), *class = take_line(&data, &size);
    struct value values[2] = {{take_rest(data, size), size}, {class, strlen(class)}};
    struct attribute attributes[2] = {{.name = name, .values = &values[0], .count = 1},
                                      {.name = "objectClass", .values = &values[1], .count = 1}};
    struct entry entry = {.attributes = attributes, .count = 2};
    struct str out = STR_INIT;
    struct strs lines = {NULL, 0};
    decode_value(name, &values[0], &out);
    is_clean(str_text(&out));
    decode_attribute(&entry, &attributes[0], &lines);
    for (size_t i = 0; i < lines.count; i++)
        is_clean(lines.items[i]);
    strs_release(&lines);
    str_release(&out);
    free(values[0].bytes);
    free(name);
    free(class);
    return 0;
}
