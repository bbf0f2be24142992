/* A record that names nobody, and that still says the same: each word that could name something
 * (of a DN, a host, an account, a site, who signed in) is replaced by another, the same wherever
 * and in whatever case it occurs, so that a diagnosis of the record comes out as before. SIDs and
 * addresses are replaced, too. GUIDs, numbers, times, the directory's own words ("CN=Sites",
 * objectClass) and common top-level domains stay. */
#ifndef DCMEND_ANONYMIZE_H
#define DCMEND_ANONYMIZE_H

#include "src/base/record.h"

/* Pure: the record alone decides what becomes of it. After it no word of at least three letters
 * that was found in it as a name is left, not even within another word of a sentence. */
void anonymize(struct record *record);

#endif
