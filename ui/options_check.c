/* What cannot stand together on one line, and what would be unsafe. Each rule is told with its
 * reason and a way out; the session checks again what must never be sent, whoever asked for it. */
#include "ui/options_parts.h"

#include "src/base/str.h"

#include <string.h>

/* --- options and commands --- */

static const char *why_not(enum option_id id)
{
    switch (id) {
    case OPTION_TICKET:
        return "It is noted with a change, and nothing is changed there.";
    case OPTION_JSON:
        return "JSON is written by symptom, diagnose, check and log; the other commands have "
               "screens.";
    case OPTION_EVERY_DC:
    case OPTION_NAGIOS:
    case OPTION_PROMETHEUS:
        return "That is for a whole forest: dcmend check.";
    case OPTION_LDIF:
        return "The change to one DSA is printed: dcmend diagnose --ldif GUID.";
    case OPTION_READ_ONLY:
        return "Taking a change back is a change. Read the entry instead: dcmend log.";
    case OPTION_FILE:
        return "A text to start from is taken by the wizard, by symptom, diagnose and bugreport.";
    case OPTION_SOURCE:
        return "Copies are compared by the wizard, by diagnose and by bugreport.";
    case OPTION_NAMES:
        return "Names are replaced in a bug report alone: dcmend bugreport.";
    default:
        return "The journal and the text are on this machine: nothing is asked of a domain "
               "controller.";
    }
}

static struct err *check_commands(const struct options_line *line, enum command command)
{
    const char *word = options_command_word(command);
    for (enum option_id id = 0; id < OPTION_COUNT; id++)
        if (line->seen[id] && !(options_table[id].commands & IN(command)))
            return err_next(options_usage("%s does not go with dcmend%s%s.",
                                          options_table[id].shown, *word ? " " : "", word),
                            "%s", why_not(id));
    return NULL;
}

/* --- the sign-in --- */

static const struct {
    enum option_id one, other;
    const char *text, *next;
} pairs[] = {
    {OPTION_ASK, OPTION_PASSWORD_FILE, "-W and -y both give the password.",
     "Leave one of them out."},
    {OPTION_SIMPLE, OPTION_MECH, "-x is a simple bind; -Y names a SASL mechanism.",
     "Leave one of them out: Kerberos without -x, a password over TLS with it."},
    {OPTION_JSON, OPTION_LDIF, "--json and --ldif are two forms of one result.",
     "Leave one of them out."},
    {OPTION_JSON, OPTION_NAGIOS, "--json and --nagios are two forms of one result.",
     "Leave one of them out."},
    {OPTION_JSON, OPTION_PROMETHEUS, "--json and --prometheus are two forms of one result.",
     "Leave one of them out."},
    {OPTION_SIMPLE, OPTION_EVERY_DC, "-x sends a password to one server; --every-dc asks them all.",
     "Use a Kerberos ticket (kinit), or -D USER without -x."},
    {OPTION_NAGIOS, OPTION_PROMETHEUS, "--nagios and --prometheus are two forms of one result.",
     "Leave one of them out."},
};

static struct err *check_pairs(const struct options_line *line)
{
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (line->seen[pairs[i].one] && line->seen[pairs[i].other])
            return err_next(options_usage("%s", pairs[i].text), "%s", pairs[i].next);
    return NULL;
}

static struct err *check_tls(const struct options_line *line, const struct options *options)
{
    bool ldaps = options->signin.transport == TRANSPORT_LDAPS;
    bool starttls = line->seen[OPTION_STARTTLS], simple = line->seen[OPTION_SIMPLE];
    if (ldaps && starttls)
        return err_next(options_usage("-Z starts TLS on a plain connection; this one is LDAPS, TLS "
                                      "from its first byte."),
                        "Leave -Z out, or use ldap:// on port 389.");
    if (simple && !ldaps && !starttls)
        return err_next(options_usage("-x without TLS would send the password in clear."),
                        "Add -Z, or use -H ldaps://SERVER; without -x, Kerberos needs no TLS.");
    return NULL;
}

static bool reads_as_dn(const char *user)
{
    return user && strchr(user, '=') && strchr(user, ',');
}

/* The screens can ask for what is missing; a batch command cannot. */
static struct err *check_complete(const struct options_line *line, bool simple, bool password)
{
    bool user = line->seen[OPTION_USER];
    if (simple && !user)
        return err_next(options_usage("-x needs a user."),
                        "Add -D user@domain.com, and -W or -y FILE.");
    if (password && !user)
        return err_next(options_usage("A password needs a user."), "Add -D USER.");
    if (user && !password)
        return err_next(options_usage("-D needs a password."), "%s",
                        simple ? "Add -W or -y FILE."
                               : "Add -W or -y FILE, or leave -D out: the Kerberos ticket "
                                 "says who you are.");
    return NULL;
}

static struct err *check_user(const struct options_line *line, const struct options *options)
{
    bool simple = line->seen[OPTION_SIMPLE];
    bool password = line->seen[OPTION_ASK] || line->seen[OPTION_PASSWORD_FILE];
    if (!simple && reads_as_dn(options->signin.user))
        return err_next(options_usage("A DN cannot sign in with Kerberos."),
                        "Write -D user@REALM, or use -x over TLS.");
    struct signin signin = options->signin; /* what it will be: borrowed */
    signin.auth = simple ? AUTH_SIMPLE : signin.auth;
    struct err *err = signin_check_user(&signin);
    if (err)
        return err;
    if (IN(options->command) & (IN_BATCH | IN(COMMAND_BUGREPORT)))
        return check_complete(line, simple, password);
    return NULL;
}

struct err *options_check(const struct options_line *line, const struct options *options)
{
    struct err *err = check_commands(line, options->command);
    if (!err)
        err = check_pairs(line);
    if (!err)
        err = check_tls(line, options);
    if (!err)
        err = check_user(line, options);
    return err;
}
