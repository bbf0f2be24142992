/* The diagnostic text of a refusal: "%08X: ..." from Windows ("AtrErr: DSID-%08X, ...") and from
 * Samba, or free text alone from Samba. The leading eight digits are a Win32 code and are decoded;
 * what follows changes from build to build and is only shown. Pure. */
#ifndef DCMEND_DIAGNOSTIC_H
#define DCMEND_DIAGNOSTIC_H

#include <stdint.h>

struct diagnostic {
    uint32_t code; /* Win32; 0: none */
    char *words;   /* the whole text, clean and on one line; never NULL */
};

void diagnostic_read(const char *text, struct diagnostic *out); /* NULL is an empty text */
void diagnostic_release(struct diagnostic *diagnostic);

/* Codes that decide what a refusal means. */
enum {
    WIN32_ACCESS_DENIED = 0x5,
    WIN32_NOT_AUTHENTICATED = 0x4DC,
    WIN32_DS_REFERRAL = 0x202B,
    WIN32_DS_NO_SUCH_OBJECT = 0x2030,
    WIN32_DS_SINGLE_VALUE = 0x2081,
    WIN32_DS_VALUE_EXISTS = 0x2083,
    WIN32_DS_MISSING_ATTRIBUTE = 0x2084,
    WIN32_DS_MISSING_VALUE = 0x2085,
    WIN32_DS_OBJECT_NOT_FOUND = 0x208D,
    WIN32_DS_BAD_NAME = 0x208F,
    WIN32_DS_NO_RIGHT = 0x2098,
    WIN32_DS_UNKNOWN_REFERENCE = 0x20B5,
    WIN32_DS_CATALOG_VERIFY = 0x20E1
};

#endif
