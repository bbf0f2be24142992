/* The libraries that speak for us, by their versions. */
#ifndef DCMEND_LIBRARIES_H
#define DCMEND_LIBRARIES_H

#include "src/base/record.h"

void libraries_tell(struct record *record);

#endif
