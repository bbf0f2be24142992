/* Ownership of the list, and a look-up in it. */
#include "src/model/dsa_list.h"

#include <stdlib.h>

void dsa_list_release(struct dsa_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].server);
        free(list->items[i].site);
    }
    free(list->items);
    err_free(list->why);
    *list = (struct dsa_list){.items = NULL};
}

const struct listed_dsa *dsa_list_find(const struct dsa_list *list, const struct guid *guid)
{
    for (size_t i = 0; i < list->count; i++)
        if (guid_equal(&list->items[i].guid, guid))
            return &list->items[i];
    return NULL;
}
