/* Windows answers in XML by default, or in the packed form; both become the same link. Windows
 * shows its status to those who may read repsFrom or monitor replication (MS-ADTS 3.1.1.4.4); no
 * answer at all is a missing right, or a DC without partners. Samba has none of these attributes
 * and shows repsFrom and repsTo to everyone. */
#include "src/directory/replication.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { REPS_FIXED = 208, BLOB_FIXED = 128, NAME_MOST = 2048 };
#define EPOCH_1601 11644473600LL /* seconds from 1601 to 1970 */

static const char in_name[] = "msDS-ReplAllInboundNeighbors";
static const char out_name[] = "msDS-ReplAllOutboundNeighbors";

void replication_link_release(struct facts_link *link)
{
    free(link->partner);
    free(link->nc);
    *link = (struct facts_link){.result = 0};
}

void replication_release(struct replication *replication)
{
    for (size_t i = 0; i < replication->count; i++)
        replication_link_release(&replication->links[i]);
    free(replication->links);
    *replication = (struct replication){.links = NULL};
}

/* --- numbers, little-endian --- */

static uint32_t u32_at(const uint8_t *bytes, size_t at)
{
    return (uint32_t)bytes[at] | (uint32_t)bytes[at + 1] << 8 | (uint32_t)bytes[at + 2] << 16 |
           (uint32_t)bytes[at + 3] << 24;
}

static uint64_t u64_at(const uint8_t *bytes, size_t at)
{
    return u32_at(bytes, at) | (uint64_t)u32_at(bytes, at + 4) << 32;
}

static time_t from_1601(uint64_t seconds)
{
    return seconds <= (uint64_t)EPOCH_1601 || seconds > (uint64_t)INT64_MAX / 2
               ? 0
               : (time_t)((int64_t)seconds - EPOCH_1601);
}

/* --- repsFrom and repsTo: v1 and v2 share the fixed part --- */

static char *reps_name(const uint8_t *bytes, size_t len)
{
    uint32_t off = u32_at(bytes, 36), size = u32_at(bytes, 40);
    if (u32_at(bytes, 0) != 1 || off < REPS_FIXED || size < 5 || size > NAME_MOST || off > len ||
        size > len - off)
        return NULL;
    const char *name = (const char *)bytes + off + 4;
    return mem_textn(name, strnlen(name, size - 4));
}

bool replication_reps(const void *value, size_t len, bool outbound, const char *nc,
                      struct facts_link *out)
{
    const uint8_t *bytes = value;
    *out = (struct facts_link){.outbound = outbound};
    if (len < REPS_FIXED || (u32_at(bytes, 0) != 1 && u32_at(bytes, 0) != 2))
        return false;
    out->failures = u32_at(bytes, 12);
    out->last_success = from_1601(u64_at(bytes, 16));
    out->last_attempt = from_1601(u64_at(bytes, 24));
    out->result = (int32_t)u32_at(bytes, 32);
    guid_from_bytes(bytes + 160, 16, &out->dsa_guid);
    out->partner = reps_name(bytes, len);
    out->nc = mem_text(nc);
    return true;
}

/* --- DS_REPL_NEIGHBORW_BLOB --- */

static char *utf16_at(const uint8_t *bytes, size_t len, size_t offset)
{
    struct str s = STR_INIT;
    if (offset < BLOB_FIXED)
        return NULL;
    for (size_t at = offset; at < len && len - at >= 2 && s.len < NAME_MOST; at += 2) {
        uint32_t unit = bytes[at] | (uint32_t)bytes[at + 1] << 8;
        if (unit == 0)
            break;
        bool high = unit >= 0xD800 && unit < 0xDC00 && len - at >= 4;
        if (high) {
            uint32_t low = bytes[at + 2] | (uint32_t)bytes[at + 3] << 8;
            if (low >= 0xDC00 && low < 0xE000) {
                unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                at += 2;
            }
        }
        text_add_rune(&s, unit);
    }
    return str_steal(&s);
}

bool replication_blob(const void *value, size_t len, bool outbound, struct facts_link *out)
{
    const uint8_t *bytes = value;
    *out = (struct facts_link){.outbound = outbound};
    if (len < BLOB_FIXED)
        return false;
    out->nc = utf16_at(bytes, len, u32_at(bytes, 0));
    out->partner = utf16_at(bytes, len, u32_at(bytes, 4));
    if (!out->partner)
        out->partner = utf16_at(bytes, len, u32_at(bytes, 8));
    guid_from_bytes(bytes + 40, 16, &out->dsa_guid);
    out->last_success = from_1601(u64_at(bytes, 104) / 10000000);
    out->last_attempt = from_1601(u64_at(bytes, 112) / 10000000);
    out->result = (int32_t)u32_at(bytes, 120);
    out->failures = u32_at(bytes, 124);
    return true;
}

/* --- the searches --- */

static const char *const neighbour_attributes[] = {in_name, out_name, NULL};
static const char *const head_attributes[] = {"objectClass", "repsFrom", "repsTo",
                                              "msDS-NCReplInboundNeighbors", NULL};

void replication_ask(const struct server *here, struct turn *turn, struct replication_slots *slots)
{
    slots->neighbours = turn->count;
    search_init(turn_add(turn), SCOPE_BASE, "", neighbour_attributes, "(objectClass=*)");
    slots->heads = turn->count;
    for (size_t i = 0; i < here->contexts.count && i < 16; i++)
        turn_object(turn, here->contexts.items[i], head_attributes);
    slots->heads_end = turn->count;
}

static void add(struct replication *all, struct facts_link *link)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct facts_link *old = &all->links[i];
        if (old->outbound == link->outbound && guid_equal(&old->dsa_guid, &link->dsa_guid) &&
            old->nc && link->nc && dn_equal(old->nc, link->nc)) {
            replication_link_release(link);
            return;
        }
    }
    *MEM_PUSH(all->links, all->count) = *link;
}

static void take_neighbours(const struct entry *entry, const char *name, bool outbound,
                            struct replication *all)
{
    const struct attribute *values = entry_attribute(entry, name);
    for (size_t i = 0; values && i < values->count; i++) {
        struct facts_link link;
        const struct value *value = &values->values[i];
        bool known = memchr(value->bytes, '<', value->len < 8 ? value->len : 8)
                         ? replication_xml(value->bytes, value->len, outbound, &link)
                         : replication_blob(value->bytes, value->len, outbound, &link);
        if (known)
            add(all, &link);
    }
    if (values)
        all->part = PART_PRESENT;
}

static void take_reps(const struct entry *entry, const char *name, bool outbound,
                      struct replication *all)
{
    const struct attribute *values = entry_attribute(entry, name);
    for (size_t i = 0; values && i < values->count; i++) {
        struct facts_link link;
        if (replication_reps(values->values[i].bytes, values->values[i].len, outbound,
                             entry->name.dn, &link))
            add(all, &link);
    }
    if (values)
        all->part = PART_PRESENT;
}

void replication_take(const struct server *here, const struct turn *turn,
                      const struct replication_slots *slots, struct replication *out)
{
    *out = (struct replication){.part = PART_NO_ANSWER};
    const struct entry *root = turn_entry(turn, slots->neighbours);
    if (root) {
        take_neighbours(root, in_name, false, out);
        take_neighbours(root, out_name, true, out);
    }
    bool read = false;
    for (size_t slot = slots->heads; slot < slots->heads_end; slot++) {
        const struct entry *head = turn_entry(turn, slot);
        if (!head)
            continue;
        read = true;
        take_neighbours(head, "msDS-NCReplInboundNeighbors", false, out);
        take_reps(head, "repsFrom", false, out);
        take_reps(head, "repsTo", true, out);
    }
    bool samba = here->product && str_find_case(here->product, "samba");
    if (out->part != PART_PRESENT && read)
        out->part = samba ? PART_PRESENT : PART_DENIED;
}
