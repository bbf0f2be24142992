/* What a byte is in ASCII, whatever the locale. */
#ifndef DCMEND_ASCII_H
#define DCMEND_ASCII_H

#include <stdbool.h>

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static inline bool is_letter_or_digit(char c)
{
    return is_digit(c) || is_letter(c);
}

static inline bool is_hex_digit(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

#endif
