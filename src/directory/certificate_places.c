/* libldap itself reads no configuration in this program (session_handle.c), because ldap.conf could
 * weaken the connection; so its three harmless settings are read here. */
#include "src/directory/certificate_places.h"

#include "src/base/file.h"
#include "src/base/mem.h"
#include "src/base/str.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char **field(struct certificate_places *places, const char *key)
{
    if (str_same_case(key, "TLS_CACERT"))
        return &places->authorities;
    if (str_same_case(key, "TLS_CACERTDIR"))
        return &places->authorities_dir;
    if (str_same_case(key, "TLS_CRLFILE"))
        return &places->revoked;
    return NULL;
}

static void read_line(struct certificate_places *places, char *line)
{
    static const char space[] = " \t\r\n";
    char *key = line, *end = line + strcspn(line, space);
    char *value = end + strspn(end, space);
    size_t len = strlen(value);
    if (*line == '#' || end == line)
        return;
    while (len > 0 && strchr(space, value[len - 1]))
        value[--len] = '\0';
    *end = '\0';
    char **place = field(places, key);
    if (place && len > 0)
        mem_set(place, value);
}

void certificate_places_read(struct certificate_places *places, const char *path)
{
    FILE *file = file_read(path);
    char *line = NULL;
    size_t room = 0;
    if (!file)
        return;
    while (getline(&line, &room, file) >= 0)
        read_line(places, line);
    free(line);
    fclose(file);
}

static void read_home(struct certificate_places *places)
{
    static const char *const names[] = {"ldaprc", ".ldaprc"};
    const char *home = secure_getenv("HOME");
    for (size_t i = 0; home && *home == '/' && i < 2; i++) {
        char *path = str_format("%s/%s", home, names[i]);
        certificate_places_read(places, path);
        free(path);
    }
}

static void read_environment(struct certificate_places *places)
{
    static const char *const names[] = {"LDAPTLS_CACERT", "LDAPTLS_CACERTDIR", "LDAPTLS_CRLFILE"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = secure_getenv(names[i]);
        if (value && *value)
            mem_set(field(places, names[i] + strlen("LDAP")), value);
    }
}

static void use_system_bundle(struct certificate_places *places)
{
    static const char *const bundles[] = {"/etc/ssl/certs/ca-certificates.crt",
                                          "/etc/pki/tls/certs/ca-bundle.crt"};
    if (places->authorities || places->authorities_dir)
        return;
    for (size_t i = 0; i < sizeof bundles / sizeof *bundles && !places->authorities; i++)
        if (access(bundles[i], R_OK) == 0)
            places->authorities = mem_text(bundles[i]);
}

static struct err *unusable(const char *what, const char *path, const char *why)
{
    return err_next(
        err_new(ERR_LOCAL, ERR_TLS_OTHER, "The %s %s cannot be read: %s.", what, path, why),
        "Correct what names it: --cacert, ldap.conf or an LDAPTLS_ variable.");
}

static struct err *check_file(const char *path, const char *what)
{
    FILE *file = path ? file_read(path) : NULL;
    if (path && !file)
        return unusable(what, path, errno == ENOTSUP ? "it is no file" : strerror(errno));
    if (file)
        (void)fclose(file);
    return NULL;
}

/* The TLS library opens everything in it. */
static struct err *check_folder(const char *path, const char *what)
{
    DIR *folder = path ? opendir(path) : NULL;
    const struct dirent *item;
    struct err *err = NULL;
    if (path && !folder)
        return unusable(what, path, strerror(errno));
    while (!err && folder && (item = readdir(folder))) {
        char *name = str_format("%s/%s", path, item->d_name);
        if (file_may_hang(name))
            err = unusable(what, path, "something in it is no file");
        free(name);
    }
    if (folder)
        closedir(folder);
    return err;
}

struct err *certificate_places_find(const char *named, struct certificate_places *places)
{
    const char *extra = secure_getenv("LDAPCONF");
    *places = (struct certificate_places){NULL, NULL, NULL};
    certificate_places_read(places, "/etc/openldap/ldap.conf");
    certificate_places_read(places, "/etc/ldap/ldap.conf");
    read_home(places);
    if (extra && *extra == '/')
        certificate_places_read(places, extra);
    read_environment(places);
    if (named) {
        mem_set(&places->authorities, named);
        mem_set(&places->authorities_dir, NULL);
    }
    use_system_bundle(places);
    struct err *err = check_file(places->authorities, "file of trusted authorities");
    if (!err)
        err = check_folder(places->authorities_dir, "folder of trusted authorities");
    if (!err)
        err = check_file(places->revoked, "file of revoked certificates");
    if (err)
        certificate_places_release(places);
    return err;
}

void certificate_places_release(struct certificate_places *places)
{
    free(places->authorities);
    free(places->authorities_dir);
    free(places->revoked);
    *places = (struct certificate_places){NULL, NULL, NULL};
}
