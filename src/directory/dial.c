/* getaddrinfo() resolves (so /etc/hosts counts), then each address gets its share of the time.
 * All waiting goes through dial_wait(), which also listens to the cancel's descriptor. When no
 * address answers, the most telling failure is reported: a refusal says more than silence, silence
 * more than "no route". */
#include "src/directory/dial.h"

#include "src/base/clock.h"
#include "src/base/mem.h"
#include "src/base/str.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

bool dial_is_address(const char *host)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    char *bare = mem_textn(host, strcspn(host, "%")); /* fe80::1%eth0 */
    bool is = inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, bare, bytes) == 1;
    free(bare);
    return is;
}

bool dial_is_host(const char *host)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789-_.";
    size_t len = strlen(host);
    if (len == 0 || len > 255)
        return false;
    return dial_is_address(host) || (strspn(host, allowed) == len && host[0] != '-' &&
                                     host[0] != '.' && !strstr(host, ".."));
}

struct err *dial_cancelled(void)
{
    return err_new(ERR_CANCELLED, ERR_OTHER, "Called off.");
}

int dial_wait(int fd, short events, int64_t deadline, const struct cancel *cancel)
{
    for (;;) {
        struct pollfd polls[2] = {{.fd = fd, .events = events},
                                  {.fd = cancel_fd(cancel), .events = POLLIN}};
        int64_t left = deadline - clock_ms();
        if (cancel_raised(cancel))
            return -1;
        int n = poll(polls, 2, left > 0 ? (int)left : 0);
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return 0;
        if (n > 0 && polls[1].revents)
            return -1;
        if (n > 0 && polls[0].revents)
            return 1;
        if (n == 0 && left <= 0)
            return 0;
    }
}

static struct err *resolve_error(const char *host, int rc, int number)
{
    switch (rc) {
    case EAI_NONAME:
    case EAI_NODATA:
    case EAI_ADDRFAMILY:
        return err_next(err_new(ERR_NETWORK, ERR_NO_SUCH_HOST, "There is no host named %s.", host),
                        "Check the spelling, or give the full name of the domain controller.");
    default:
        return err_said(
            err_next(err_new(ERR_NETWORK, ERR_NAME_SERVICE,
                             "The name %s could not be resolved: no DNS server answered.", host),
                     "Check the DNS servers in /etc/resolv.conf, or add the host to "
                     "/etc/hosts."),
            rc == EAI_SYSTEM ? strerror(number) : gai_strerror(rc));
    }
}

static struct err *resolve(const char *host, int port, struct addrinfo **out)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags =
                                 AI_NUMERICSERV | (dial_is_address(host) ? AI_NUMERICHOST : 0)};
    char service[16];
    snprintf(service, sizeof service, "%d", port);
    *out = NULL;
    int rc = getaddrinfo(host, service, &hints, out);
    return rc == 0 ? NULL : resolve_error(host, rc, errno);
}

/* The errno of a connect(), 0 when it stands, ECANCELED when called off. */
static int connect_within(int fd, const struct addrinfo *to, int64_t deadline,
                          const struct cancel *cancel)
{
    if (connect(fd, to->ai_addr, to->ai_addrlen) == 0)
        return 0;
    if (errno != EINPROGRESS)
        return errno;
    int ready = dial_wait(fd, POLLOUT, deadline, cancel);
    if (ready <= 0)
        return ready < 0 ? ECANCELED : ETIMEDOUT;
    int failure = 0;
    socklen_t len = sizeof failure;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &len) != 0)
        return errno;
    return failure;
}

static int try_address(const struct addrinfo *to, int64_t deadline, const struct cancel *cancel,
                       int *out)
{
    int on = 1;
    int fd = socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, to->ai_protocol);
    if (fd < 0)
        return errno;
    int failure = connect_within(fd, to, deadline, cancel);
    if (failure) {
        close(fd);
        return failure;
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    *out = fd;
    return 0;
}

static int how_telling(int failure)
{
    switch (failure) {
    case ECANCELED:
        return 4;
    case ECONNREFUSED:
        return 3;
    case ETIMEDOUT:
        return 2;
    default:
        return 1;
    }
}

static struct err *connect_error(const char *host, int port, int failure)
{
    switch (failure) {
    case ECANCELED:
        return dial_cancelled();
    case ECONNREFUSED:
        return err_next(
            err_new(ERR_NETWORK, ERR_REFUSED, "%s refuses connections on port %d.", host, port),
            "Check that it is a domain controller, that Active Directory runs there, "
            "and the port.");
    case ETIMEDOUT:
        return err_next(
            err_new(ERR_NETWORK, ERR_TIMED_OUT, "%s does not answer on port %d.", host, port),
            "Check that the machine is up and that no firewall blocks the port.");
    default:
        return err_said(err_next(err_new(ERR_NETWORK, ERR_UNREACHABLE,
                                         "There is no way to %s, port %d.", host, port),
                                 "Check the network, VPN and routes of this machine."),
                        strerror(failure));
    }
}

static char *numeric(const struct addrinfo *to)
{
    char text[NI_MAXHOST];
    if (getnameinfo(to->ai_addr, to->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST) != 0)
        return NULL;
    return mem_text(text);
}

static size_t length(const struct addrinfo *list)
{
    size_t n = 0;
    for (; list; list = list->ai_next)
        n++;
    return n;
}

struct err *dial(const char *host, int port, const struct deadlines *deadlines,
                 struct cancel *cancel, int *fd, char **address)
{
    struct addrinfo *list;
    *fd = -1;
    *address = NULL;
    if (cancel_raised(cancel))
        return dial_cancelled();
    struct err *err = resolve(host, port, &list);
    if (err)
        return err;
    int worst = EHOSTUNREACH;
    int64_t end = clock_ms() + deadlines->connect;
    for (const struct addrinfo *to = list; to && *fd < 0 && worst != ECANCELED; to = to->ai_next) {
        int64_t now = clock_ms();
        int64_t share = end > now ? (end - now) / (int64_t)length(to) : 0;
        int failure = try_address(to, now + share, cancel, fd);
        if (!failure)
            *address = numeric(to);
        else if (how_telling(failure) >= how_telling(worst))
            worst = failure;
    }
    freeaddrinfo(list);
    return *fd >= 0 ? NULL : connect_error(host, port, worst);
}
