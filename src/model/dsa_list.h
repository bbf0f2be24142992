/* The DSAs of a forest as one DC lists them: a GUID with its server's name and site. Plain owned
 * data. */
#ifndef DCMEND_DSA_LIST_H
#define DCMEND_DSA_LIST_H

#include "src/base/err.h"
#include "src/model/guid.h"

#include <stdbool.h>
#include <stddef.h>

struct listed_dsa {
    struct guid guid;    /* of its NTDS Settings object, which is not deleted */
    char *server, *site; /* NULL: the DC does not show it */
};

struct dsa_list {
    struct listed_dsa *items;
    size_t count;
    bool complete; /* a DSA that is not in it is not live in this forest, as far as the DC knows */
    struct err *why; /* it is not complete; may be NULL */
};

void dsa_list_release(struct dsa_list *list);
const struct listed_dsa *dsa_list_find(const struct dsa_list *list, const struct guid *guid);

#endif
