/* Two tables, nothing else. */
#include "src/remedy/intake/codes.h"

#include <stdlib.h>
#include <string.h>

static const struct row {
    long number;
    const char *text;
} codes[] = {
    {5, "access denied"},
    {53, "the network path was not found"},
    {58, "the server cannot do that"},
    {1256, "the partner was not reachable when last tried"},
    {1311, "no logon server was reached"},
    {1396, "the ticket was made for another account"},
    {1398, "the clocks differ"},
    {1717, "the RPC interface is unknown"},
    {1722, "the RPC server is unavailable"},
    {1723, "the RPC server is too busy"},
    {1727, "the remote procedure call failed"},
    {1753, "the RPC endpoint mapper knows no such service"},
    {1818, "the remote procedure call was cancelled"},
    {1825, "a security package's error"},
    {1908, "no domain controller was found"},
    {8240, "no such object"},
    {8333, "the directory object was not found"},
    {8341, "a directory service error"},
    {8418, "the schemas differ"},
    {8419, "no such DSA object"},
    {8438, "the directory service is too busy"},
    {8439, "the naming context is not valid there"},
    {8440, "the naming context is not valid"},
    {8446, "replication ran out of memory"},
    {8451, "a database error"},
    {8452, "the naming context is being removed, or is not replicated from there"},
    {8453, "replication access was denied"},
    {8456, "the source refuses outbound replication"},
    {8457, "the destination refuses inbound replication"},
    {8461, "replication was pre-empted"},
    {8464, "the partial attribute sets differ"},
    {8465, "the source is a read-only DC"},
    {8477, "replication is under way"},
    {8524, "a DNS lookup failed"},
    {8545, "a foreign name could not be resolved"},
    {8589, "no serverReference to derive a service principal name from"},
    {8603, "the target's domain is gone from the forest"},
    {8606, "lingering objects"},
    {8614, "no replication for longer than the tombstone lifetime"},
    {9002, "a DNS server failure"},
    {9003, "a DNS name does not exist"},
    {11001, "no such host name"},
    {11004, "a DNS name without an address"},
    {-2146893022, "wrong target principal name"},
};

/* Events of the Directory Service log that name DSAs and are about other faults. */
static const struct row events[] = {
    {1084, "an object could not be applied"},
    {1126, "no global catalog was found"},
    {1188, "a thread waits for a partner"},
    {1232, "an RPC call took too long"},
    {1308, "the KCC: attempts to replicate failed"},
    {1311, "the KCC: sites are not connected"},
    {1388, "a lingering object"},
    {1566, "the KCC: a site's DCs cannot be reached"},
    {1645, "a service principal name is not registered"},
    {1864, "partitions have not replicated for long"},
    {1863, "partitions have not replicated for long"},
    {1865, "the KCC: no spanning tree"},
    {1926, "a read-only replication link failed"},
    {1988, "lingering objects"},
    {2042, "no replication for longer than the tombstone lifetime"},
    {2087, "a DNS lookup failed"},
    {2088, "a DNS lookup failed, another name served"},
    {2089, "the partition was not backed up"},
    {2092, "an operations master has not replicated yet"},
    {2103, "the database was restored wrongly (USN rollback)"},
    {2095, "USN rollback"},
    {2108, "an object could not be applied"},
};

static const char *find(const struct row *rows, size_t count, long number)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].number == number)
            return rows[i].text;
    return NULL;
}

const char *code_text(long code)
{
    return find(codes, sizeof codes / sizeof *codes, code);
}

const char *event_text(long id)
{
    return find(events, sizeof events / sizeof *events, id);
}

long plain_code(long number)
{
    if (number >= 0x80000000L && number <= 0xFFFFFFFFL)
        number -= 0x100000000L; /* an HRESULT as 32 bits with a sign */
    if (number < 0 && ((unsigned long)number & 0xFFFF0000UL) == 0x80070000UL) /* FACILITY_WIN32 */
        number &= 0xFFFF;
    return number;
}

bool event_is_ours(long id, enum subject_source *out)
{
    for (enum subject_source i = SUBJECT_EVENT_1411; i <= SUBJECT_EVENT_1272; i++) {
        if (strtol(subject_source_name(i) + strlen("event "), NULL, 10) != id)
            continue;
        if (out)
            *out = i;
        return true;
    }
    return false;
}

bool event_is_known(long id)
{
    return event_is_ours(id, NULL) || event_text(id);
}
