/* Names come from the directory and from the line: each is one word, whatever is in it. */
#include "ui/command_line.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

/* What no shell takes for more than itself; '~' is a home only in front. */
static bool is_plain(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "@%_+=:,./-";
    return *word && strspn(word, plain) == strlen(word);
}

char *command_word(const char *raw)
{
    char *word = text_clean_z(raw);
    struct str quoted = STR_INIT;
    if (is_plain(word))
        return word;
    str_addc(&quoted, '\'');
    for (const char *at = word; *at; at++)
        if (*at == '\'')
            str_add(&quoted, "'\\''");
        else
            str_addc(&quoted, *at);
    str_addc(&quoted, '\'');
    free(word);
    return str_steal(&quoted);
}

static void add_option(struct str *line, const char *option, const char *value)
{
    char *word = command_word(value);
    str_addf(line, " %s %s", option, word);
    free(word);
}

static void add_sign_in(struct str *line, const struct signin *signin, const char *password_file)
{
    if (signin->auth == AUTH_SIMPLE)
        str_add(line, " -x");
    if (signin->auth == AUTH_SPNEGO)
        str_add(line, " -Y GSS-SPNEGO");
    if (signin->transport == TRANSPORT_STARTTLS)
        str_add(line, " -Z");
    if (!signin->user)
        return;
    add_option(line, "-D", signin->user);
    if (password_file)
        add_option(line, "-y", password_file);
    else
        str_add(line, " -W");
}

static void add_server(struct str *line, const struct signin *signin, const struct server *server)
{
    const char *host = server ? server->dns_host ? server->dns_host : server->host : NULL;
    struct str name = STR_INIT;
    str_add(&name, signin->transport == TRANSPORT_LDAPS ? "ldaps://" : "");
    str_add(&name, host ? host : "SERVER");
    if (signin->port)
        str_addf(&name, ":%d", signin->port);
    char *word = command_word(str_text(&name));
    str_addf(line, " %s", word);
    free(word);
    str_release(&name);
}

char *command_line(enum command command, const char *what, const struct signin *signin,
                   const char *password_file, const struct server *server)
{
    struct str line = STR_INIT;
    const char *word = options_command_word(command);
    str_addf(&line, "dcmend%s%s", *word ? " " : "", word);
    add_sign_in(&line, signin, password_file);
    str_addf(&line, " %s", what);
    add_server(&line, signin, server);
    return str_steal(&line);
}
