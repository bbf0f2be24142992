/* From libldap's messages to plain owned entries: for search.c and rootdse.c. */
#ifndef DCMEND_ENTRY_PARTS_H
#define DCMEND_ENTRY_PARTS_H

#include "src/directory/search.h"
#include "src/directory/wire.h"

/* A range that a value list was cut to ("member;range=0-1499"): more is to be asked for. */
struct entry_range {
    char *attribute;
    unsigned long next; /* the index to go on with */
};
struct entry_ranges {
    struct entry_range *items;
    size_t count;
};
void entry_ranges_release(struct entry_ranges *ranges);

/* Reads one LDAP_RES_SEARCH_ENTRY into a zeroed entry; what was cut short is added to ranges.
 * Its attributes and values are taken off *cells_left. False: the message is malformed or holds
 * more than that (entry may be partly filled). */
bool entry_read(LDAP *ld, LDAPMessage *message, size_t *cells_left, struct entry *entry,
                struct entry_ranges *ranges);
/* Moves the values of `from`'s attribute behind those of `to`'s; partial: still not all. */
void entry_append(struct entry *to, struct entry *from, const char *attribute, bool partial);
void entry_release(struct entry *entry);

#endif
