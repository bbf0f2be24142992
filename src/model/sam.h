/* What an account's name keeps of a computer's: 15 characters, counted as the directory does, in
 * UTF-16 units. */
#ifndef DCMEND_SAM_H
#define DCMEND_SAM_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the part that the sAMAccountName holds in front of the "$"; never half a character. */
size_t sam_kept(const char *computer);
/* The same part, owned; NULL when the whole name fits. */
char *sam_cut(const char *computer);
/* True when a name is exactly as long as one that was cut: there may be more of it. */
bool sam_maybe_cut(const char *name, size_t len);

#endif
