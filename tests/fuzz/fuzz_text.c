/* Any bytes made harmless: nothing that a terminal obeys, hides or reorders is left, and what is
 * cut fits. The first byte chooses the columns. */
#include "src/base/text.h"
#include "tests/fuzz/fuzz.h"

#include <locale.h>

static void check_clean(const char *text, bool lines)
{
    size_t len = strlen(text);
    for (size_t at = 0; at < len;) {
        uint32_t r;
        at += text_rune(text + at, len - at, &r);
        require(r != TEXT_INVALID && ((r >= 0x20 && r != 0x7F) || (lines && r == '\n')));
        require(r < 0x80 || r > 0x9F);
        require((r < 0x200B || r > 0x200F) && (r < 0x2028 || r > 0x202E));
        require((r < 0x2060 || r > 0x206F) && r != 0xFEFF && r != 0x061C);
    }
}

static void check_cut(const char *clean, int columns)
{
    struct strs lines = {NULL, 0};
    char *fit = text_fit(clean, columns, "..."), *middle = text_fit_middle(clean, columns, "...");
    require(text_prefix(clean, columns) <= strlen(clean));
    require(text_width(fit) <= columns && text_width(middle) <= columns);
    check_clean(fit, false);
    check_clean(middle, false);
    text_wrap(&lines, clean, columns);
    require(lines.count >= 1);
    for (size_t i = 0; i < lines.count; i++)
        require(text_width(lines.items[i]) <= (columns > 2 ? columns : 2));
    strs_release(&lines);
    free(fit);
    free(middle);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    setlocale(LC_ALL, "C.UTF-8");
    int columns = size ? data[0] % 100 + 1 : 1;
    char *clean = text_clean(data, size), *lines = text_clean_lines(data, size);
    char *again = text_clean_z(clean);
    check_clean(clean, false);
    check_clean(lines, true);
    require(strcmp(clean, again) == 0);
    require(text_is_utf8(clean, strlen(clean)));
    require(text_width(clean) >= 0);
    check_cut(clean, columns);
    char *raw = take_rest(data, size);
    (void)text_same(raw, clean);
    require(text_same(raw, raw));
    free(raw);
    free(again);
    free(lines);
    free(clean);
    return 0;
}
