/* The diagnostic text of a refusal: whatever it is, its words come out clean. */
#include "src/base/text.h"
#include "src/directory/diagnostic.h"
#include "src/model/win32.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct diagnostic found;
    char *text = take_rest(data, size);
    diagnostic_read(text, &found);
    require(found.words != NULL);
    char *clean = text_clean_z(found.words);
    require(strcmp(clean, found.words) == 0);
    (void)win32_meaning(found.code);
    diagnostic_release(&found);
    free(clean);
    free(text);
    return 0;
}
