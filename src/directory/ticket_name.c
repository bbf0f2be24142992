/* Kerberos proves a name: that of the host as it was given. libkrb5 asks for the name that DNS
 * makes of it, forwards and backwards, unless its profile says otherwise (MIT's default), and
 * GSSAPI takes no other profile than the process's. So four lines of ours stand in front of the
 * files that KRB5_CONFIG or the library names: what is said first counts. They lie in memory, where
 * nobody else can write, and are there before main(), while there is one thread. What libkrb5 then
 * made of the name, what it got, and what its GSSAPI, which libsasl calls, makes of it, is
 * compared. */
#include "src/base/file.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/ticket_parts.h"

#include <fcntl.h>
#include <gssapi/gssapi.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define DEFAULT_FILES "/etc/krb5.conf" /* as libkrb5 was built */

enum { ABOVE_STANDARD_FILES = 64 }; /* a closed standard input must not become this one */

static const char ours[] = "[libdefaults]\n"
                           "    dns_canonicalize_hostname = false\n"
                           "    rdns = false\n"
                           "    qualify_shortname = \"\"\n";

static int make_file(void)
{
    int made = memfd_create("dcmend-krb5.conf", MFD_CLOEXEC);
    int fd = made < 0 ? -1 : fcntl(made, F_DUPFD_CLOEXEC, ABOVE_STANDARD_FILES);
    if (made >= 0)
        close(made);
    if (fd >= 0 && write(fd, ours, strlen(ours)) != (ssize_t)strlen(ours)) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* libkrb5 opens its files as they are, and would wait for ever at a FIFO; /dev/null is none. */
static bool can_be_read(const char *path)
{
    return str_same(path, "/dev/null") || !file_may_hang(path);
}

static void add_readable(struct str *list, const char *files)
{
    while (*files) {
        size_t len = strcspn(files, ":");
        char *path = mem_textn(files, len);
        if (can_be_read(path))
            str_addf(list, ":%s", path);
        free(path);
        files += len + (files[len] == ':');
    }
}

__attribute__((constructor)) static void ask_for_names_as_given(void)
{
    const char *theirs = getenv("KRB5_CONFIG");
    struct str list = STR_INIT;
    int fd = make_file();
    if (fd < 0)
        return; /* the comparison remains */
    str_addf(&list, "/proc/self/fd/%d", fd);
    add_readable(&list, theirs ? theirs : DEFAULT_FILES);
    setenv("KRB5_CONFIG", str_text(&list), 1);
    str_release(&list);
}

static bool same(const char *bytes, size_t len, const char *text)
{
    char *copy = mem_textn(bytes, len);
    bool is = strlen(copy) == len && str_same_case(copy, text);
    free(copy);
    return is;
}

static char *without_dot(const char *host)
{
    size_t len = strlen(host);
    return mem_textn(host, len > 1 && host[len - 1] == '.' ? len - 1 : len);
}

bool ticket_is_for(krb5_const_principal principal, const char *host)
{
    char *name = without_dot(host);
    const krb5_data *part = principal->data;
    bool is = principal->length == 2 && same(part[0].data, part[0].length, "ldap") &&
              same(part[1].data, part[1].length, name);
    free(name);
    return is;
}

bool ticket_note_service(struct ticket *ticket, const krb5_creds *creds)
{
    krb5_ticket *got = NULL;
    if (krb5_decode_ticket(&creds->ticket, &got) != 0)
        return false;
    bool is = ticket_is_for(got->server, ticket->host);
    char *realm = mem_textn(got->server->realm.data, got->server->realm.length);
    mem_set(&ticket->realm, realm);
    free(realm);
    krb5_free_ticket(ticket->context, got);
    return is;
}

/* "ldap/dc1.contoso.com@CONTOSO.COM"; the realm may be empty. */
static bool shows(gss_name_t name, const char *host)
{
    OM_uint32 minor;
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    if (gss_display_name(&minor, name, &text, NULL) != GSS_S_COMPLETE)
        return false;
    char *bare = without_dot(host), *wanted = str_format("ldap/%s", bare);
    const char *at = memchr(text.value, '@', text.length);
    size_t len = at ? (size_t)(at - (const char *)text.value) : text.length;
    bool is = same(text.value, len, wanted);
    free(wanted);
    free(bare);
    (void)gss_release_buffer(&minor, &text);
    return is;
}

bool ticket_gssapi_asks_for(const char *host)
{
    OM_uint32 minor;
    gss_name_t given = GSS_C_NO_NAME, made = GSS_C_NO_NAME;
    char *service = str_format("ldap@%s", host);
    gss_buffer_desc text = {.length = strlen(service), .value = service};
    bool is =
        gss_import_name(&minor, &text, GSS_C_NT_HOSTBASED_SERVICE, &given) == GSS_S_COMPLETE &&
        gss_canonicalize_name(&minor, given, (gss_OID)gss_mech_krb5, &made) == GSS_S_COMPLETE &&
        shows(made, host);
    (void)gss_release_name(&minor, &given);
    (void)gss_release_name(&minor, &made);
    free(service);
    return is;
}
