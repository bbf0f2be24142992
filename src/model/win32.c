/* One table, nothing else. */
#include "src/model/win32.h"

#include <stddef.h>

static const struct {
    long code;
    const char *meaning;
} meanings[] = {
    {5, "access denied"},
    {53, "the network path was not found"},
    {58, "the server cannot do that"},
    {1244, "the connection is not signed in"},
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
    {8235, "another server has to be asked"},
    {8240, "no such object"},
    {8321, "the attribute takes one value only"},
    {8323, "the value is there already"},
    {8324, "the attribute to be removed is not there"},
    {8325, "the value to be removed is not there"},
    {8333, "the directory object was not found"},
    {8335, "the name is malformed"},
    {8341, "a directory service error"},
    {8344, "the access rights are insufficient"},
    {8373, "the name refers to no object that this DC knows"},
    {8417, "a global catalog could not be asked to verify the name"},
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

const char *win32_meaning(long code)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (meanings[i].code == code)
            return meanings[i].meaning;
    return NULL;
}

long win32_plain(long number)
{
    if (number >= 0x80000000L && number <= 0xFFFFFFFFL)
        number -= 0x100000000L;
    if (number < 0 && ((unsigned long)number & 0xFFFF0000UL) == 0x80070000UL) /* FACILITY_WIN32 */
        number &= 0xFFFF;
    return number;
}
