/* Included before every file by the build: functions that cannot be used safely, and ways to run
 * code that the linker does not see, do not compile (after git's banned.h). */
#ifndef DCMEND_BANNED_H
#define DCMEND_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Fortified headers define some of them as macros, and clang poisons no macro. */
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok asctime gmtime
#pragma GCC poison localtime tmpnam mktemp system popen dlopen dlsym

#endif
