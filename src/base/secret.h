/* A password: its own type so that no one prints, copies or logs it by accident. The bytes are
 * locked in memory where the system allows it and cleared before they are freed. */
#ifndef DCMEND_SECRET_H
#define DCMEND_SECRET_H

#include "src/base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct secret;

struct secret *secret_new(void);
void secret_free(struct secret *secret); /* clears first; NULL is fine */
void secret_clear(struct secret *secret);
bool secret_is_empty(const struct secret *secret); /* NULL counts as empty */
size_t secret_length(const struct secret *secret); /* bytes */
/* False when full (SECRET_MAX bytes) or when a NUL byte is given; nothing is added then. */
bool secret_add(struct secret *secret, const char *bytes, size_t len);
void secret_drop_character(struct secret *secret);     /* takes off the last UTF-8 character */
const char *secret_bytes(const struct secret *secret); /* NUL-terminated; do not keep */
struct secret *secret_copy(const struct secret *secret);

/* Reads a -y file: the first line without its line end. Refuses a file that others may read
 * (ERR_OPERATOR) and an empty one (ERR_EMPTY_PASSWORD). Blocks on the file. */
struct err *secret_read_file(const char *path, struct secret **out);

enum { SECRET_MAX = 1024 };

#endif
