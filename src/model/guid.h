/* objectGUID: 16 bytes in wire order (MS-DTYP 2.3.4: the first three fields are little-endian). */
#ifndef DCMEND_GUID_H
#define DCMEND_GUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct guid {
    uint8_t bytes[16];
};

enum { GUID_TEXT = 37, GUID_FILTER = 49 }; /* sizes with the NUL */

/* 3dab7f9b-92e7-4391-b8db-71df532c1493, braces and surrounding spaces allowed, nothing else. */
bool guid_parse(const char *text, struct guid *out);
/* The same anywhere in front of a text: reads exactly 36 characters, no braces; the character
 * behind them must not be a hex digit. */
bool guid_parse_prefix(const char *text, size_t len, struct guid *out);
/* 32 hex digits in wire order, as ldifde and the <GUID=...> base show them. */
bool guid_parse_wire_hex(const char *text, struct guid *out);
bool guid_from_bytes(const void *bytes, size_t len, struct guid *out); /* false unless len is 16 */

/* Lower-case dashed text / "\9b\7f..." for a search filter. Return their buffer. */
char *guid_text(const struct guid *guid, char buffer[GUID_TEXT]);
char *guid_filter(const struct guid *guid, char buffer[GUID_FILTER]);

/* A GUID that was cut short, as texts show it, may be this one: it begins with the digits in front
 * of the first gap ("..." or an ellipsis), and ends with those behind the last, or its last group
 * begins with them ("9531985d-...-e811"). */
bool guid_fits(const struct guid *guid, const char *cut);
bool guid_equal(const struct guid *a, const struct guid *b);
bool guid_is_null(const struct guid *guid); /* all zero: "none" */

#endif
