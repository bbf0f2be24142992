/* Command lines and what they mean: a table of good ones, a table of refused ones with the words
 * that must be said, and the texts that have to name every option. */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "tests/suite.h"
#include "ui/command_line.h"
#include "ui/options_parts.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define GUID "3dab7f9b-92e7-4391-b8db-71df532c1493"

/* Splits at blanks; "_" stands for an empty word. argv[0] is added. */
static int split(char *line, char *argv[16])
{
    int argc = 1;
    for (char *word = line; *word; argc++) {
        argv[argc] = word;
        word += strcspn(word, " ");
        if (*word)
            *word++ = '\0';
        if (strcmp(argv[argc], "_") == 0)
            argv[argc][0] = '\0';
    }
    argv[argc] = NULL;
    return argc;
}

static struct err *parse(const char *line, struct options *options)
{
    static char program[] = "dcmend";
    char *argv[16], *words = mem_text(line);
    int argc = split(words, argv);
    argv[0] = program;
    options_init(options);
    struct err *err = options_parse(argc, argv, options);
    free(words);
    return err;
}

/* --- what is understood --- */

static const struct {
    const char *line;
    enum command command;
    const char *host;
    int port;
    enum transport transport;
    enum auth auth;
} good[] = {
    {"", COMMAND_WIZARD, NULL, 0, TRANSPORT_LDAP, AUTH_KERBEROS},
    {"dc1.contoso.com", COMMAND_WIZARD, "dc1.contoso.com", 0, TRANSPORT_LDAP, AUTH_KERBEROS},
    {"-- check", COMMAND_WIZARD, "check", 0, TRANSPORT_LDAP, AUTH_KERBEROS},
    {"-H ldap://dc1:1389", COMMAND_WIZARD, "dc1", 1389, TRANSPORT_LDAP, AUTH_KERBEROS},
    {"--uri=ldap://dc1 -r", COMMAND_WIZARD, "dc1", 0, TRANSPORT_LDAP, AUTH_KERBEROS},
    {"browse", COMMAND_BROWSE, NULL, 0, TRANSPORT_LDAP, AUTH_KERBEROS},
    {"browse dc1 --ascii", COMMAND_BROWSE, "dc1", 0, TRANSPORT_LDAP, AUTH_KERBEROS},
    {"--ascii -r browse dc1", COMMAND_BROWSE, "dc1", 0, TRANSPORT_LDAP, AUTH_KERBEROS},
    {"-Y gssapi dc1", COMMAND_WIZARD, "dc1", 0, TRANSPORT_LDAP, AUTH_KERBEROS},
    {"-Z dc1", COMMAND_WIZARD, "dc1", 0, TRANSPORT_STARTTLS, AUTH_KERBEROS},
    {"ldaps://dc1", COMMAND_WIZARD, "dc1", 0, TRANSPORT_LDAPS, AUTH_KERBEROS},
    {"-YGSS-SPNEGO dc1", COMMAND_WIZARD, "dc1", 0, TRANSPORT_LDAP, AUTH_SPNEGO},
    {"check -xZWD k@a dc1", COMMAND_CHECK, "dc1", 0, TRANSPORT_STARTTLS, AUTH_SIMPLE},
    {"check -x -H ldaps://dc1 -D k@d -W", COMMAND_CHECK, "dc1", 0, TRANSPORT_LDAPS, AUTH_SIMPLE},
    {"check -x dc1:636 -D k@d -y f", COMMAND_CHECK, "dc1", 636, TRANSPORT_LDAPS, AUTH_SIMPLE},
    {"-x -Z", COMMAND_WIZARD, NULL, 0, TRANSPORT_STARTTLS, AUTH_SIMPLE},
    {"diagnose " GUID, COMMAND_DIAGNOSE, NULL, 0, TRANSPORT_LDAP, AUTH_KERBEROS},
    {"diagnose -f - dc1", COMMAND_DIAGNOSE, "dc1", 0, TRANSPORT_LDAP, AUTH_KERBEROS},
    {"diagnose " GUID " -H ldap://dc1", COMMAND_DIAGNOSE, "dc1", 0, TRANSPORT_LDAP, AUTH_KERBEROS},
    {"check --json -D k@A -W", COMMAND_CHECK, NULL, 0, TRANSPORT_LDAP, AUTH_KERBEROS},
    {"undo", COMMAND_UNDO, NULL, 0, TRANSPORT_LDAP, AUTH_KERBEROS},
    {"undo 20261122T150311Z-LIVDC02 -H dc1", COMMAND_UNDO, "dc1", 0, TRANSPORT_LDAP, AUTH_KERBEROS},
    {"log --json", COMMAND_LOG, NULL, 0, TRANSPORT_LDAP, AUTH_KERBEROS},
    {"diagnose --help", COMMAND_HELP, NULL, 0, TRANSPORT_LDAP, AUTH_KERBEROS},
    {"-rV --nonsense", COMMAND_VERSION, NULL, 0, TRANSPORT_LDAP, AUTH_KERBEROS},
};

START_TEST(understands)
{
    struct options options;
    struct err *err = parse(good[_i].line, &options);
    ck_assert_msg(!err, "%s: %s", good[_i].line, err ? err->text : "");
    ck_assert_msg(options.command == good[_i].command, "%s", good[_i].line);
    ck_assert_msg(str_same(options.signin.host, good[_i].host), "%s", good[_i].line);
    ck_assert_msg(options.signin.port == good[_i].port, "%s", good[_i].line);
    ck_assert_msg(options.signin.transport == good[_i].transport, "%s", good[_i].line);
    ck_assert_msg(options.signin.auth == good[_i].auth, "%s", good[_i].line);
    options_release(&options);
}
END_TEST

START_TEST(understands_even_posixly)
{
    setenv("POSIXLY_CORRECT", "1", 1);
    struct options options;
    struct err *err = parse("diagnose " GUID " --json dc1 --ascii", &options);
    ck_assert_ptr_null(err);
    ck_assert(options.json && options.ascii);
    ck_assert_str_eq(options.guid, GUID);
    ck_assert_str_eq(options.signin.host, "dc1");
    options_release(&options);
    unsetenv("POSIXLY_CORRECT");
}
END_TEST

/* A lone operand is the GUID if it reads as one. */
static const struct {
    const char *line, *guid, *host;
} operands[] = {
    {GUID, GUID, NULL},
    {GUID " dc1 -r", GUID, "dc1"},
    {"-H ldap://dc1 " GUID, GUID, "dc1"},
    {"diagnose " GUID, GUID, NULL},
    {"diagnose " GUID " dc1", GUID, "dc1"},
    {"diagnose {" GUID "} dc1", "{" GUID "}", "dc1"},
    {"diagnose 9B7FAB3DE7929143B8DB71DF532C1493", "9B7FAB3DE7929143B8DB71DF532C1493", NULL},
    {"diagnose " GUID "._msdcs.contoso.com", GUID "._msdcs.contoso.com", NULL},
    {"diagnose --file report dc1", NULL, "dc1"},
    {"diagnose dc1 --file report", NULL, "dc1"},
};

START_TEST(tells_guid_and_server_apart)
{
    struct options options;
    struct err *err = parse(operands[_i].line, &options);
    ck_assert_msg(!err, "%s: %s", operands[_i].line, err ? err->text : "");
    ck_assert_msg(str_same(options.guid, operands[_i].guid), "%s", operands[_i].line);
    ck_assert_msg(str_same(options.signin.host, operands[_i].host), "%s", operands[_i].line);
    options_release(&options);
}
END_TEST

START_TEST(keeps_texts_and_flags)
{
    struct options options;
    struct err *err = parse("-r --source dc2 --ticket INC-1 --log /tmp/l -f - --ascii", &options);
    ck_assert_ptr_null(err);
    ck_assert(options.read_only && options.ascii && !options.json && !options.ask_password);
    ck_assert(options_read_stdin(&options));
    ck_assert_str_eq(options.source, "dc2");
    ck_assert_str_eq(options.ticket, "INC-1");
    ck_assert_str_eq(options.log, "/tmp/l");
    options_release(&options);
}
END_TEST

START_TEST(screens_ask_for_what_is_missing)
{
    static const char *const asks[] = {"-x -Z dc1", "-D kayla dc1", "-W dc1", "browse -x -Z dc1"};
    struct options options;
    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
        ck_assert_ptr_null(parse(asks[i], &options));
        ck_assert_msg(options.ask_password, "%s", asks[i]);
        options_release(&options);
    }
    ck_assert_ptr_null(parse("-D kayla -y f dc1", &options));
    ck_assert(!options.ask_password);
    options_release(&options);
}
END_TEST

/* --- what is refused --- */

static const struct {
    const char *line, *text, *next; /* parts of what is said */
} bad[] = {
    {"-q", "no option -q", "--help"},
    {"--nonsense=secret", "no option --nonsense,", "--help"},
    {"--s x", "no option --s,", "--help"},
    {"-f", "-f needs FILE", "--help"},
    {"--ticket", "--ticket needs TEXT", "--help"},
    {"--ticket _", "--ticket needs TEXT", "--help"},
    {"--json=yes check", "--json takes no value", "--help"},
    {"-f a -f b", "-f is given twice", "--help"},
    {"-w hunter2", "never taken from the command line", "-W"},
    {"-whunter2", "never taken from the command line", "-y FILE"},
    {"-w", "never taken from the command line", "-W"},
    {"--password hunter2", "never taken from the command line", "-W"},
    {"--password=hunter2", "never taken from the command line", "-W"},
    {"--passwor hunter2", "no option --passwor", "--help"},
    {"a b", "a is no GUID", "dcmend GUID SERVER"},
    {"browse a b", "b is one operand too many", "--help"},
    {"diagnose " GUID " a b", "b is one operand too many", "--help"},
    {"log a", "a is one operand too many", "--help"},
    {"diagnose", "which DSA", "--file FILE"},
    {"diagnose dc1", "dc1 is a server", "event 1411"},
    {"diagnose dc1 dc2", "dc1 is no GUID", "GUID SERVER"},
    {"diagnose dc1 " GUID, "dc1 is no GUID", "GUID SERVER"},
    {"diagnose -f x " GUID, "both say which DSA", "Leave one"},
    {"browse " GUID, "is a GUID, not a server", "dcmend GUID SERVER"},
    {GUID " a b", "b is one operand too many", "--help"},
    {"dc1 " GUID, "dc1 is no GUID", "dcmend GUID SERVER"},
    {"-f x " GUID, "both say which DSA", "Leave one"},
    {"-H ldap://a b", "-H and SERVER", "Leave one"},
    {"-H http://a", "is no server", "ldap://HOST"},
    {"dc1:99999", "is no server", "HOST:PORT"},
    {"_", "is no server", "host name"},
    {"-Y PLAIN dc1", "PLAIN is not offered", "GSS-SPNEGO"},
    {"-Y EXTERNAL dc1", "EXTERNAL is not offered", "-x with TLS"},
    {"-x -Y GSSAPI -Z", "simple bind", "Leave one"},
    {"-W -y f", "-W and -y", "Leave one"},
    {"-x dc1", "in clear", "Add -Z"},
    {"-x", "in clear", "ldaps://"},
    {"-x -H ldap://dc1:3268", "in clear", "Add -Z"},
    {"-x -Z -H ldaps://dc1", "LDAPS", "Leave -Z out"},
    {"-x -Z dc1:636", "LDAPS", "port 389"},
    {"-D CN=k,DC=a dc1", "A DN cannot sign in", "user@REALM"},
    {"check -x -Z", "-x needs a user", "-D"},
    {"-x -Z -D k dc1.contoso.com", "k alone is no name", "CONTOSO\\k"},
    {"check -x -Z -D k@d", "-D needs a password", "-W or -y"},
    {"diagnose -W " GUID, "needs a user", "-D USER"},
    {"diagnose -D k " GUID, "-D needs a password", "leave -D out"},
    {"browse --ticket 1", "--ticket does not go with dcmend browse", "nothing is changed"},
    {"diagnose --ticket 1 " GUID, "--ticket does not go with", "nothing is changed"},
    {"undo -r", "-r does not go with dcmend undo", "dcmend log"},
    {"--json dc1", "--json does not go with dcmend.", "diagnose, check and log"},
    {"check --ldif dc1", "--ldif does not go with dcmend check", "diagnose --ldif"},
    {"diagnose --ldif --json " GUID, "--json and --ldif", "Leave one"},
    {"browse -f x", "-f does not go with dcmend browse", "wizard"},
    {"check --source dc2", "--source does not go with", "wizard"},
    {"log -H ldap://dc1", "-H does not go with dcmend log", "this machine"},
    {"log -Z", "-Z does not go with dcmend log", "this machine"},
};

START_TEST(refuses)
{
    struct options options;
    struct err *err = parse(bad[_i].line, &options);
    ck_assert_msg(err, "%s is accepted", bad[_i].line);
    ck_assert_msg(err->kind == ERR_OPERATOR && err->code == ERR_USAGE, "%s", bad[_i].line);
    ck_assert_msg(strstr(err->text, bad[_i].text), "%s: %s", bad[_i].line, err->text);
    ck_assert_msg(err->next && strstr(err->next, bad[_i].next), "%s: %s", bad[_i].line, err->next);
    ck_assert_ptr_null(strstr(err->text, "hunter2"));
    ck_assert_ptr_null(strstr(err->text, "secret"));
    err_free(err);
    options_release(&options);
}
END_TEST

/* Who reads JSON gets it for a wrong line too, whatever the order of its parts. */
static const struct {
    const char *line;
    enum command command;
    bool json;
} refused_as[] = {
    {"diagnose --json nonsense dc1", COMMAND_DIAGNOSE, true},
    {"diagnose --json", COMMAND_DIAGNOSE, true},
    {"diagnose --bogus --json", COMMAND_DIAGNOSE, true},
    {"--bogus check --json", COMMAND_CHECK, true},
    {"check a b --json", COMMAND_CHECK, true},
    {"check --json -w secret dc1", COMMAND_CHECK, true},
    {"check --json -Y BAD", COMMAND_CHECK, true},
    {"diagnose nonsense dc1", COMMAND_DIAGNOSE, false},
    {"--bogus", COMMAND_WIZARD, false},
};

START_TEST(refuses_in_the_form_that_is_read)
{
    struct options options;
    struct err *err = parse(refused_as[_i].line, &options);
    ck_assert_msg(err, "%s is accepted", refused_as[_i].line);
    ck_assert_int_eq(options.command, refused_as[_i].command);
    ck_assert_int_eq(options.json, refused_as[_i].json);
    err_free(err);
    options_release(&options);
}
END_TEST

/* Whatever stands on the line: an answer, never a crash. */
START_TEST(survives_any_words)
{
    static const char *const words[] = {
        "-x", "-Z",   "-W",  "-D",        "k",      "-y",       "check", "diagnose",
        GUID, "--",   "-H",  "ldaps://a", "--json", "-",        "--log", "=",
        "-f", "undo", "-wx", "--=",       "-\xFF",  "\xFF\xFE", "-h"};
    unsigned seed = 8589;
    for (int turn = 0; turn < 20000; turn++) {
        struct str line = STR_INIT;
        struct options options;
        for (int i = rand_r(&seed) % 6; i >= 0; i--)
            str_addf(&line, "%s%s", words[(size_t)rand_r(&seed) % (sizeof words / sizeof *words)],
                     i ? " " : "");
        err_free(parse(str_text(&line), &options));
        options_release(&options);
        str_release(&line);
    }
}
END_TEST

/* --- files --- */

static char *write_file(const char *name, const char *bytes, size_t len, mode_t mode)
{
    char *path = str_format("/tmp/dcmend-options-%ld-%s", (long)getpid(), name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
    fclose(file);
    chmod(path, mode);
    return path;
}

START_TEST(reads_text_as_it_is)
{
    struct options options;
    char *path = write_file("text", "a\0\xFF\n", 4, 0644);
    options_init(&options);
    mem_set(&options.file, path);
    ck_assert_ptr_null(options_read_files(&options));
    ck_assert_uint_eq(options.text_len, 4);
    ck_assert_mem_eq(options.text, "a\0\xFF\n", 5);
    options_release(&options);
    unlink(path);
    free(path);
}
END_TEST

START_TEST(refuses_what_it_cannot_read)
{
    static const char *const paths[] = {"/nonexistent/file", "/tmp", "/dev/zero"};
    static const char *const says[] = {"cannot be read", "cannot be read", "larger than 16 MiB"};
    for (size_t i = 0; i < 3; i++) {
        struct options options;
        options_init(&options);
        mem_set(&options.file, paths[i]);
        struct err *err = options_read_files(&options);
        ck_assert_ptr_nonnull(err);
        ck_assert_msg(strstr(err->text, says[i]), "%s", err->text);
        ck_assert_ptr_nonnull(err->next);
        ck_assert_ptr_null(options.text);
        err_free(err);
        options_release(&options);
    }
}
END_TEST

START_TEST(reads_password_of_private_file_only)
{
    struct options options;
    char *path = write_file("password", "hunter2\nrest", 12, 0644);
    options_init(&options);
    mem_set(&options.password_file, path);
    struct err *err = options_read_files(&options);
    ck_assert_ptr_nonnull(err);
    ck_assert_ptr_nonnull(strstr(err->text, "read by others"));
    err_free(err);
    chmod(path, 0600);
    ck_assert_ptr_null(options_read_files(&options));
    ck_assert_str_eq(secret_bytes(options.signin.password), "hunter2");
    options_release(&options);
    unlink(path);
    free(path);
}
END_TEST

/* --- texts --- */

START_TEST(help_fits_80x24)
{
    int lines = 0;
    for (const char *line = options_help; *line; lines++) {
        size_t len = strcspn(line, "\n");
        ck_assert_msg(len <= 80, "%.*s", (int)len, line);
        ck_assert(text_is_utf8(line, len));
        line += len + 1;
    }
    ck_assert_int_le(lines, 23); /* the prompt takes one */
    const char *examples = strstr(options_help, "Examples:\n");
    ck_assert_ptr_nonnull(examples);
    int shown = 0;
    while ((examples = strstr(examples, "\n  dcmend")))
        examples++, shown++;
    ck_assert_int_eq(shown, 2);
}
END_TEST

static char *read_source(const char *name)
{
    const char *root = getenv("DCMEND_SOURCE");
    char *path = str_format("%s/%s", root ? root : ".", name);
    struct str text = STR_INIT;
    char buffer[4096];
    size_t got;
    FILE *file = fopen(path, "r");
    ck_assert_msg(file, "%s", path);
    while ((got = fread(buffer, 1, sizeof buffer, file)) > 0)
        str_addn(&text, buffer, got);
    fclose(file);
    free(path);
    return str_steal(&text);
}

static bool has_word(const char *text, const char *word)
{
    for (const char *at = text; (at = strstr(at, word)); at++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz-", at[strlen(word)]))
            return true;
    return false;
}

/* The page writes a dash as \-. */
static char *undash(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++)
        if (from[0] != '\\' || from[1] != '-')
            *to++ = *from;
    *to = '\0';
    return text;
}

START_TEST(every_text_names_every_option)
{
    char *page = undash(read_source("ui/dcmend.1")), *completion = read_source("ui/dcmend.bash");
    char *zsh = read_source("ui/dcmend.zsh"), *fish = read_source("ui/dcmend.fish");
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (i == OPTION_PASSWORD)
            continue;
        char *name = str_format("--%s", options_table[i].name);
        const char *shown = options_table[i].shown;
        ck_assert_msg(has_word(options_help, shown), "--help lacks %s", shown);
        ck_assert_msg(has_word(page, shown) && has_word(page, name), "page: %s", name);
        ck_assert_msg(has_word(completion, shown) && has_word(completion, name), "bash: %s", name);
        ck_assert_msg(has_word(zsh, name), "zsh: %s", name);
        ck_assert_msg(has_word(fish, options_table[i].name), "fish: %s", name);
        free(name);
    }
    for (enum command i = COMMAND_BROWSE; i < COMMAND_HELP; i++) {
        ck_assert(has_word(options_help, options_command_word(i)));
        ck_assert(has_word(page, options_command_word(i)));
        ck_assert(has_word(completion, options_command_word(i)));
        ck_assert(has_word(zsh, options_command_word(i)));
        ck_assert(has_word(fish, options_command_word(i)));
    }
    free(page);
    free(completion);
    free(zsh);
    free(fish);
}
END_TEST

/* What is printed leads back: the same sign-in, on the DC that was read. */
static const struct {
    const char *line, *printed;
} again[] = {
    {"dc1", "dcmend " GUID " dc1.contoso.com"},
    {"-Y GSS-SPNEGO dc1", "dcmend -Y GSS-SPNEGO " GUID " dc1.contoso.com"},
    {"-D kayla -W dc1", "dcmend -D kayla -W " GUID " dc1.contoso.com"},
    {"-x -Z -D K\\o'b -y my/file dc1:1389",
     "dcmend -x -Z -D 'K\\o'\\''b' -y my/file " GUID " dc1.contoso.com:1389"},
    {"-x -D CN=K,DC=x -W -H ldaps://dc1",
     "dcmend -x -D CN=K,DC=x -W " GUID " ldaps://dc1.contoso.com"},
};

START_TEST(a_printed_command_leads_back)
{
    struct options options, back;
    struct server server = {.dns_host = mem_text("dc1.contoso.com")};
    struct err *err = parse(again[_i].line, &options);
    ck_assert(!err);
    char *line =
        command_line(COMMAND_WIZARD, GUID, &options.signin, options.password_file, &server);
    ck_assert_str_eq(line, again[_i].printed);
    if (!strchr(line, '\'')) {
        err = parse(line + strlen("dcmend "), &back);
        ck_assert(!err);
        ck_assert_str_eq(back.signin.host, "dc1.contoso.com");
        ck_assert_int_eq(back.signin.auth, options.signin.auth);
        ck_assert_int_eq(back.signin.transport, options.signin.transport);
        ck_assert(str_same(back.signin.user, options.signin.user));
        ck_assert_int_eq(back.ask_password, options.ask_password);
        options_release(&back);
    }
    free(line);
    server_release(&server);
    options_release(&options);
}
END_TEST

/* A name in the directory is one word of it, and no command. */
START_TEST(a_printed_command_runs_nothing_else)
{
    static const struct {
        const char *raw, *word;
    } words[] = {{"dc1; rm -rf ~", "'dc1; rm -rf ~'"}, {"$(id)", "'$(id)'"}, {"`id`", "'`id`'"},
                 {"a'b\"c", "'a'\\''b\"c'"},           {"~", "'~'"},         {"", "''"},
                 {"dc1\nid", "'dc1\\0Aid'"},           {"o-k/1", "o-k/1"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char *word = command_word(words[i].raw);
        ck_assert_str_eq(word, words[i].word);
        free(word);
    }
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

int main(void)
{
    Suite *suite = suite_create("options");
    TCase *tcase = tcase_create("options");
    suite_add_tcase(suite, tcase);
    tcase_add_loop_test(tcase, understands, 0, COUNT(good));
    tcase_add_test(tcase, understands_even_posixly);
    tcase_add_loop_test(tcase, tells_guid_and_server_apart, 0, COUNT(operands));
    tcase_add_test(tcase, keeps_texts_and_flags);
    tcase_add_test(tcase, screens_ask_for_what_is_missing);
    tcase_add_loop_test(tcase, refuses, 0, COUNT(bad));
    tcase_add_loop_test(tcase, refuses_in_the_form_that_is_read, 0, COUNT(refused_as));
    tcase_add_test(tcase, survives_any_words);
    tcase_add_test(tcase, reads_text_as_it_is);
    tcase_add_test(tcase, refuses_what_it_cannot_read);
    tcase_add_test(tcase, reads_password_of_private_file_only);
    tcase_add_loop_test(tcase, a_printed_command_leads_back, 0, COUNT(again));
    tcase_add_test(tcase, a_printed_command_runs_nothing_else);
    tcase_add_test(tcase, help_fits_80x24);
    tcase_add_test(tcase, every_text_names_every_option);
    return suite_run(suite);
}
