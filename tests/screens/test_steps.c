/* Every step of the wizard at three sizes: what an operator must see is on the screen, whatever the
 * directory holds. */
#include "tests/screens/stage.h"
#include "tests/suite.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "ui/screens/parts.h"

#include <check.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct stage *s;

static void open_at(size_t size, enum wizard_step step, void (*make)(struct facts *))
{
    s = stage_open(stage_sizes[size].rows, stage_sizes[size].cols, false);
    stage_go(s, step, make);
    ck_assert_msg(s->app.wizard.step == step, "step %d at %dx%d:\n%s", (int)step,
                  stage_sizes[size].cols, stage_sizes[size].rows, harness_text(s->h));
}

static void see(const char *text)
{
    ck_assert_msg(stage_has(s, text), "\"%s\" is not on the screen:\n%s", text, harness_text(s->h));
}

static void see_not(const char *text)
{
    ck_assert_msg(!stage_has(s, text), "\"%s\" is on the screen:\n%s", text, harness_text(s->h));
}

/* Down to the text, while another stays in sight. */
static void scroll_to(const char *text, const char *stays)
{
    for (int i = 0; i < 60 && !stage_has(s, text); i++) {
        stage_key(s, TERM_DOWN);
        if (stays)
            see(stays);
    }
    see(text);
}

static void begins(const char *line, const char *text)
{
    ck_assert_msg(strncmp(line, text, strlen(text)) == 0, "\"%s\" does not begin with \"%s\"", line,
                  text);
}

/* --- the frame --- */

static const struct {
    enum wizard_step step;
    const char *footer;
} footers[] = {
    {STEP_CONNECT, "Enter connect"},
    {STEP_LOCATE, "Enter inspect"},
    {STEP_INSPECT, "Enter propose the repair"},
    {STEP_PROPOSE, "Enter confirm"},
    {STEP_CONFIRM, "Enter apply if typed"},
    {STEP_REPORT, "Enter judge again"},
};

START_TEST(the_footer_begins_with_enter)
{
    for (size_t i = 0; i < STAGE_SIZES; i++)
        for (size_t f = 0; f < sizeof footers / sizeof *footers; f++) {
            open_at(i, footers[f].step, stage_missing);
            begins(stage_footer(s), footers[f].footer);
            stage_close(s);
        }
}
END_TEST

START_TEST(the_head_line_is_always_there)
{
    for (size_t i = 0; i < STAGE_SIZES; i++)
        for (int read_only = 0; read_only < 2; read_only++)
            for (int step = STEP_SYMPTOM; step < STEP_COUNT; step++) {
                s = stage_open(stage_sizes[i].rows, stage_sizes[i].cols, read_only);
                stage_go(s, (enum wizard_step)step, stage_missing);
                const char *head = harness_row(s->h, 0);
                ck_assert_msg(strstr(head, "londc01") != NULL, "%s", head);
                ck_assert_msg(strstr(head, "kayl") != NULL, "%s", head);
                ck_assert_msg(strstr(head, "Kerberos") != NULL, "%s", head);
                ck_assert_int_eq(strstr(head, "READ ONLY") != NULL, read_only);
                if (read_only)
                    ck_assert_int_ne(s->app.wizard.step, STEP_CONFIRM);
                stage_close(s);
            }
}
END_TEST

/* --- Connect, Symptom, Locate --- */

START_TEST(connect_asks_for_what_is_missing)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_at(i, STEP_CONNECT, NULL);
        see("DC");
        see("(*) with the Kerberos ticket at hand");
        stage_key(s, TERM_ENTER);
        see("Type the name of a domain controller.");
        stage_type(s, "dc1");
        stage_key(s, TERM_TAB);
        stage_key(s, TERM_RIGHT);
        see("(*) with name and password, by Kerberos");
        see("Password");
        stage_key(s, TERM_ENTER);
        see("Type your name");
        ck_assert_uint_eq(s->effects[EFFECT_CONNECT], 0);
        stage_close(s);
    }
}
END_TEST

START_TEST(a_guid_on_the_line_is_where_the_wizard_opens)
{
    char guid[GUID_TEXT];
    struct guid dsa = build_guid(BUILD_DSA);
    s = stage_open(24, 80, false);
    s->options.guid = mem_text(guid_text(&dsa, guid));
    s->options.signin.host = mem_text(STAGE_DC);
    app_begin(&s->app);
    ck_assert_int_eq(s->last, EFFECT_CONNECT);
    stage_connected(s);
    ck_assert_int_eq(s->app.wizard.step, STEP_LOCATE);
    ck_assert_int_eq(s->last, EFFECT_READ);
    ck_assert(guid_equal(&s->app.wizard.subject.dsas[0].guid, &dsa));
    stage_close(s);
}
END_TEST

START_TEST(connecting_can_be_called_off)
{
    open_at(0, STEP_CONNECT, NULL);
    stage_type(s, "dc1.contoso.com");
    stage_key(s, TERM_ENTER);
    ck_assert_uint_eq(s->effects[EFFECT_CONNECT], 1);
    see("Connecting to dc1.contoso.com");
    see("Esc calls it off.");
    begins(stage_footer(s), "Esc call it off");
    stage_failed(s, "dc1.contoso.com does not answer.");
    stage_show(s);
    see("dc1.contoso.com does not answer.");
    see("Try another DC.");
    stage_close(s);
}
END_TEST

static void see_other_name(void)
{
    struct server server = {.has_dsa_guid = true, .dsa_guid = build_guid(BUILD_LIVE_DSA)};
    server.asked = mem_text("dcsrv01.contoso.com");
    server.host = mem_text("DCSRV02.contoso.com");
    server.dns_host = mem_text(server.host);
    app_event(&s->app, &(struct wizard_event){.kind = EVENT_CONNECTED, .server = &server});
    server_release(&server);
    stage_show(s);
    see("dcsrv01.contoso.com answered as DCSRV02.contoso.com.");
    begins(stage_footer(s), "Enter go on");
}

START_TEST(an_alias_is_told_on_connect)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_at(i, STEP_CONNECT, NULL);
        see_other_name();
        stage_key(s, TERM_ESC);
        see("Which domain controller shall be read?");
        stage_close(s);
        open_at(i, STEP_CONNECT, NULL);
        see_other_name();
        stage_key(s, TERM_ENTER);
        see("Paste event 1411");
        stage_close(s);
    }
}
END_TEST

START_TEST(a_fifo_in_the_config_folder_hangs_nobody)
{
    ck_assert(mkdir(".config", 0700) == 0 && mkdir(".config/dcmend", 0700) == 0);
    ck_assert_int_eq(mkfifo(".config/dcmend/last", 0600), 0);
    open_at(0, STEP_CONNECT, NULL); /* reads what it remembers */
    mem_set(&s->app.signin.host, "dc1.contoso.com");
    remember_signin(&s->app, &s->app.signin);
    see("Which domain controller shall be read?");
    stage_close(s);
}
END_TEST

/* An event's host, taken with Enter, is still the event's; a key in the field makes it ours. */
START_TEST(a_host_is_named_by_whoever_types_it)
{
    open_at(0, STEP_CONNECT, NULL);
    stage_type(s, "dc1.contoso.com");
    stage_key(s, TERM_ENTER);
    ck_assert_str_eq(s->app.signin.named, "dc1.contoso.com");
    stage_close(s);
    open_at(0, STEP_SYMPTOM, NULL);
    app_event(&s->app, &(struct wizard_event){.kind = EVENT_CONNECT, .text = "ws01.contoso.com"});
    stage_show(s);
    stage_failed(s, "It is no domain controller.");
    stage_show(s);
    see("ws01.contoso.com");
    stage_key(s, TERM_ENTER);
    ck_assert_str_eq(s->app.signin.host, "ws01.contoso.com");
    ck_assert_ptr_null(s->app.signin.named);
    stage_failed(s, "It is no domain controller.");
    stage_show(s);
    stage_type(s, "m");
    stage_key(s, TERM_BACKSPACE);
    stage_key(s, TERM_ENTER);
    ck_assert_str_eq(s->app.signin.named, "ws01.contoso.com");
    stage_close(s);
}
END_TEST

START_TEST(connect_says_where_the_password_goes)
{
    open_at(0, STEP_CONNECT, NULL);
    stage_type(s, "dc1.contoso.com");
    stage_key(s, TERM_TAB);
    stage_key(s, TERM_RIGHT);
    see("the password is sent to no server");
    stage_key(s, TERM_RIGHT);
    see("The password itself is sent to dc1.contoso.com, inside TLS.");
    stage_close(s);
}
END_TEST

/* ---- the sign-in that leads ---- */

static void open_form(size_t size, const char *host)
{
    s = stage_open(stage_sizes[size].rows, stage_sizes[size].cols, false);
    s->options.signin.host = mem_text(host);
    app_close_views(&s->app);
    app_open_steps(&s->app);
    stage_show(s);
}

START_TEST(without_a_ticket_the_name_is_typed)
{
    for (size_t i = 0; i < STAGE_SIZES; i++)
        for (int expired = 0; expired < 2; expired++) {
            stage_ticket(expired ? "kayla@CONTOSO.COM" : NULL, -60);
            open_form(i, "dc1.corp.contoso.com");
            see("(*) with name and password, by Kerberos");
            stage_type(s, "joe");
            see("Signs in as joe@CORP.CONTOSO.COM.");
            stage_key(s, TERM_ENTER);
            see("Type the password");
            see("joe@CORP.CONTOSO.COM");
            stage_type(s, "secret");
            stage_key(s, TERM_ENTER);
            ck_assert_uint_eq(s->effects[EFFECT_CONNECT], 1);
            ck_assert_str_eq(s->app.signin.user, "joe@CORP.CONTOSO.COM");
            stage_close(s);
        }
}
END_TEST

START_TEST(the_ticket_says_whose_it_is)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_form(i, "dc1.contoso.com");
        see("(*) with the Kerberos ticket at hand");
        see("The ticket is kayla@CONTOSO.COM's, until 20");
        stage_close(s);
    }
    stage_ticket("kayla@CONTOSO.COM", -60);
    open_form(0, "dc1.contoso.com");
    stage_key(s, TERM_BACKTAB);
    stage_key(s, TERM_LEFT);
    see("The ticket of kayla@CONTOSO.COM has expired");
    stage_close(s);
}
END_TEST

START_TEST(a_bare_name_is_not_sent_to_a_simple_bind)
{
    static const char *const good[] = {"joe@company.example", "CONTOSO\\joe",
                                       "CN=Joe,CN=Users,DC=contoso,DC=com"};
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        stage_ticket(NULL, 0);
        open_form(i, "dc1.contoso.com");
        stage_key(s, TERM_BACKTAB);
        stage_key(s, TERM_RIGHT);
        see("over LDAPS");
        stage_key(s, TERM_TAB);
        stage_type(s, "joe");
        stage_key(s, TERM_TAB);
        stage_type(s, "secret");
        stage_key(s, TERM_ENTER);
        ck_assert_uint_eq(s->effects[EFFECT_CONNECT], 0);
        see("joe@contoso.com");
        see("CONTOSO\\joe");
        stage_close(s);
    }
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct signin signin = {.auth = AUTH_SIMPLE, .user = (char *)good[i]};
        ck_assert_ptr_null(signin_check_user(&signin));
    }
}
END_TEST

/* Its lines are clean already; the fingerprint is seen in full. */
START_TEST(a_certificate_that_is_not_trusted_can_be_looked_at)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_form(i, "dc1.contoso.com");
        stage_key(s, TERM_TAB);
        see_not("Authority");
        stage_key(s, TERM_RIGHT);
        stage_key(s, TERM_RIGHT);
        see("Authority");
        struct err *err = err_detail(
            err_new(ERR_NETWORK, ERR_TLS_UNTRUSTED, "The certificate of dc1 is not trusted."),
            mem_text("Subject\tCN=dc1\nNames\tdc1.contoso.com\nIssuer\tCN=Contoso CA\n"
                     "Valid\t2026-01-01 to 2027-01-01\nSHA-256\t01 02 03 EE FF\n"));
        app_event(&s->app, &(struct wizard_event){.kind = EVENT_CONNECT, .text = "dc1"});
        app_event(&s->app, &(struct wizard_event){.kind = EVENT_FAILED, .err = err});
        stage_show(s);
        for (int page = 0; page < 9 && !stage_has(s, "01 02 03 EE FF"); page++)
            stage_key(s, TERM_PGDN);
        see("SHA-256      01 02 03 EE FF");
        stage_key(s, TERM_TAB);
        stage_type(s, "kayla@contoso.com");
        stage_key(s, TERM_TAB);
        stage_type(s, "secret");
        stage_key(s, TERM_TAB);
        stage_type(s, "/etc/contoso-ca.pem");
        stage_key(s, TERM_ENTER);
        ck_assert_str_eq(s->app.signin.cacert, "/etc/contoso-ca.pem");
        remember_signin(&s->app, &s->app.signin);
        stage_close(s);
        open_at(i, STEP_CONNECT, NULL);
        see("/etc/contoso-ca.pem");
        stage_close(s);
        ck_assert_int_eq(remove(".config/dcmend/last"), 0);
    }
}
END_TEST

START_TEST(a_domain_lists_its_dcs)
{
    static const char *const dcs[] = {"dcsrv01.contoso.com", "dcsrv02.contoso.com",
                                      "livdc02.contoso.com", "mandc01.contoso.com"};
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        stage_ticket(i == 0 ? "kayla@CONTOSO.COM" : NULL, 3600);
        open_form(i, "contoso.com");
        stage_failed(s, "Kerberos knows no ldap/contoso.com.");
        stage_found(s, "contoso.com", dcs, 4);
        see("contoso.com is a domain. Down and Up choose");
        see("dcsrv01.contoso.com");
        see_not("Kerberos knows no");
        stage_key(s, TERM_ENTER); /* nothing was chosen for the operator */
        see("That is a domain: choose");
        ck_assert_uint_eq(s->effects[EFFECT_CONNECT], 0);
        for (int down = 0; down < 4; down++) {
            stage_key(s, TERM_DOWN);
            char *seen = str_format("%s %s", term_glyph(s->app.term, GLYPH_POINTER), dcs[down]);
            see(seen);
            free(seen);
        }
        stage_key(s, TERM_ENTER);
        if (i == 0) {
            ck_assert_str_eq(s->app.signin.host, "mandc01.contoso.com");
            ck_assert_ptr_null(s->app.signin.named); /* DNS' word: Kerberos must know it as a DC */
        } else {
            stage_type(s, "joe");
            stage_key(s, TERM_ENTER);
            see("joe@CONTOSO.COM");
        }
        stage_close(s);
    }
}
END_TEST

/* A host is no domain; and an answer that comes late changes no DC. */
START_TEST(a_host_stays_what_was_typed)
{
    static const char *const dcs[] = {"found.contoso.com"};
    open_form(0, "dc1.contoso.com");
    stage_found(s, "dc1.contoso.com", NULL, 0);
    see_not("is a domain");
    stage_found(s, NULL, dcs, 1);
    see("1 found by DNS; Up and Down choose:");
    see("DC          dc1.contoso.com");
    stage_key(s, TERM_ENTER);
    ck_assert_str_eq(s->app.signin.host, "dc1.contoso.com");
    stage_close(s);
}
END_TEST

START_TEST(another_signs_in_by_name)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_at(i, STEP_INSPECT, stage_missing);
        app_send(&s->app, EVENT_RESUME);
        stage_show(s);
        see("Who shall sign in?");
        see("(*) with name and password, by Kerberos");
        stage_type(s, "joe");
        see("joe");
        stage_key(s, TERM_ESC);
        ck_assert_int_eq(s->app.wizard.step, STEP_INSPECT);
        stage_close(s);
    }
}
END_TEST

START_TEST(the_kind_of_sign_in_is_remembered)
{
    static const struct {
        enum auth auth;
        enum transport transport;
        const char *user, *shown;
    } kinds[] = {
        {AUTH_SIMPLE, TRANSPORT_LDAPS, "kayla@contoso.com",
         "(*) with name and password, over LDAPS"},
        {AUTH_SIMPLE, TRANSPORT_STARTTLS, "kayla@contoso.com", "over StartTLS"},
        {AUTH_KERBEROS, TRANSPORT_LDAP, "kayla@contoso.com", "by Kerberos"},
        {AUTH_SPNEGO, TRANSPORT_LDAP, NULL, "GSS-SPNEGO"},
        {AUTH_KERBEROS, TRANSPORT_LDAP, NULL, "with the Kerberos ticket at hand"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        open_at(1, STEP_CONNECT, NULL);
        s->app.signin.auth = kinds[i].auth;
        s->app.signin.transport = kinds[i].transport;
        mem_set(&s->app.signin.host, "dc1.contoso.com");
        mem_set(&s->app.signin.user, kinds[i].user);
        remember_signin(&s->app, &s->app.signin);
        stage_close(s);
        open_at(1, STEP_CONNECT, NULL);
        see("dc1.contoso.com");
        see(kinds[i].shown);
        stage_close(s);
    }
}
END_TEST

START_TEST(a_pasted_event_is_recognised)
{
    static const char event[] =
        "Log Name:      Directory Service\nEvent ID:      1411\nComputer:      "
        "LONDC01.contoso.com\nDescription:\nActive Directory Domain Services failed to construct a "
        "mutual authentication service principal name (SPN) for the following directory "
        "service.\n\nDirectory service:\n9531985d-5d9d-49f8-9818-e811892f902b._msdcs.contoso.com\n"
        "\nAdditional Data\nError value:\n8589 The DS cannot derive a service principal name\n";
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_at(i, STEP_SYMPTOM, NULL);
        see("Paste event 1411");
        stage_paste(s, event);
        see("9531985d-5d9d-49f8-9818-e811892f902b");
        see("This was recognised.");
        begins(stage_footer(s), "Enter locate it");
        scroll_to("LONDC01.contoso.com", NULL);
        stage_key(s, TERM_ENTER);
        ck_assert_uint_eq(s->effects[EFFECT_READ], 1);
        see("Reading the DSA");
        see("Esc calls it off.");
        stage_close(s);
    }
}
END_TEST

/* The DSA may be looked at; nothing suggests that it be repaired. */
START_TEST(another_fault_is_named)
{
    static const char event[] =
        "Log Name:      Directory Service\nEvent ID:      1925\nComputer:      "
        "LONDC01.contoso.com\nDescription:\nThe attempt to establish a replication link failed.\n\n"
        "Source directory service address:\n"
        "9531985d-5d9d-49f8-9818-e811892f902b._msdcs.contoso.com\n"
        "\nAdditional Data\nError value:\n1722 The RPC server is unavailable.\n";
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_at(i, STEP_SYMPTOM, NULL);
        stage_paste(s, event);
        see("another fault, error 1722");
        see_not("This was recognised.");
        stage_key(s, TERM_ENTER);
        ck_assert_uint_eq(s->effects[EFFECT_READ], 1);
        stage_close(s);
    }
}
END_TEST

START_TEST(without_a_text_the_list_is_two_keys_away)
{
    open_at(0, STEP_SYMPTOM, NULL);
    stage_char(s, 't'); /* text, while the box has the keys */
    see_not("Sites of");
    stage_key(s, TERM_BACKSPACE);
    stage_pause();
    stage_key(s, TERM_TAB);
    stage_pause();
    stage_char(s, 't');
    see("Sites of contoso.com");
    stage_key(s, TERM_ESC);
    see("Symptom");
    stage_close(s);
}
END_TEST

static const char guid[] = "9531985d-5d9d-49f8-9818-e811892f902b";

/* Keys that a script, or a slow line, hands over at once: the Enter after them is text for now, the
 * Tab is not. */
START_TEST(an_enter_after_a_burst_counts_once_nothing_follows)
{
    static const enum term_key keys[] = {TERM_ENTER, TERM_TAB};
    for (size_t i = 0; i < 2; i++) {
        open_at(0, STEP_SYMPTOM, NULL);
        stage_type(s, guid);
        stage_key(s, keys[i]);
        if (keys[i] == TERM_ENTER)
            see("Enter done typing");
        stage_pause();
        stage_show(s);
        begins(stage_footer(s), "Enter locate it");
        ck_assert_uint_eq(s->effects[EFFECT_READ], 0);
        stage_key(s, TERM_ENTER);
        ck_assert_uint_eq(s->effects[EFFECT_READ], 1);
        stage_close(s);
    }
}
END_TEST

/* An event over a line without bracketed paste, at any pace: empty lines, tabs, letters that are
 * keys of the page. */
START_TEST(a_slow_paste_stays_text)
{
    static const char text[] = "Event ID: 1411\n\n\nqqb\tDirectory\n\n";
    static const int pace[] = {0, 35, 100, 140};
    for (size_t i = 0; i < sizeof pace / sizeof *pace; i++) {
        open_at(0, STEP_SYMPTOM, NULL);
        for (const char *at = text; *at; at++) {
            *at == '\n'   ? stage_key(s, TERM_ENTER)
            : *at == '\t' ? stage_key(s, TERM_TAB)
                          : stage_char(s, (unsigned char)*at);
            stage_stall(s, *at == 'q' ? 300 : pace[i]);
        }
        stage_type(s, guid);
        ck_assert(!s->app.quit);
        ck_assert_uint_eq(s->effects[EFFECT_READ], 0);
        see("Enter done typing");
        see("qqb Directory");
        see(guid);
        stage_close(s);
    }
}
END_TEST

/* The line stalls behind a line's end for longer than an operator waits: its letters come back. */
START_TEST(a_line_that_stalls_goes_on)
{
    open_at(0, STEP_SYMPTOM, NULL);
    stage_type(s, "Event ID: 1411");
    stage_key(s, TERM_ENTER);
    stage_key(s, TERM_ENTER);
    stage_stall(s, 300);
    see("Nothing was recognised");
    stage_type(s, "qb");
    ck_assert(!s->app.quit);
    see("Enter done typing");
    stage_close(s);
}
END_TEST

START_TEST(locate_asks_which_dsa)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_at(i, STEP_SYMPTOM, NULL);
        stage_subject(s, "LONDC01.contoso.com", 2);
        app_send(&s->app, EVENT_NEXT);
        stage_show(s);
        see("Which one is meant?");
        see("event 1411");
        stage_key(s, TERM_DOWN);
        stage_key(s, TERM_ENTER);
        ck_assert_uint_eq(s->app.wizard.which, 1);
        ck_assert_uint_eq(s->effects[EFFECT_READ], 1);
        stage_close(s);
    }
}
END_TEST

START_TEST(locate_goes_to_the_dc_that_logged_it)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_at(i, STEP_SYMPTOM, NULL);
        stage_subject(s, "mandc01.contoso.com", 1);
        app_send(&s->app, EVENT_NEXT);
        stage_show(s);
        see("The error was logged by mandc01.contoso.com.");
        stage_key(s, TERM_ENTER);
        ck_assert_uint_eq(s->effects[EFFECT_CONNECT], 2); /* the first was the way here */
        ck_assert_str_eq(s->app.wizard.host, "mandc01.contoso.com");
        stage_close(s);
    }
}
END_TEST

/* --- Inspect and Propose --- */

static const struct {
    void (*make)(struct facts *);
    const char *says, *enter;
} verdicts[] = {
    {stage_missing, "LIVDC01 has no serverReference on LONDC01.", "Enter propose the repair"},
    {stage_wrong, "names the wrong", "Enter propose the repair"},
    {stage_dangling, "names an account that", "Enter propose the repair"},
    {stage_medium, "LIVDC01 has no serverReference on LONDC01.", "Enter propose the repair"},
    {stage_ambiguous, "Several accounts could be meant by LIVDC01.", "Enter report"},
    {stage_no_computer, "LIVDC01 has no usable domain controller account.", "Enter report"},
    {stage_unknown, "LONDC01 knows no DSA with this GUID", "Enter report"},
    {stage_deleted, "NTDS Settings was deleted.", "Enter judge its successor"},
    {build_healthy, "serverReference on LONDC01 is right.", "Enter report"},
};

START_TEST(the_verdict_comes_first)
{
    for (size_t i = 0; i < STAGE_SIZES; i++)
        for (size_t v = 0; v < sizeof verdicts / sizeof *verdicts; v++) {
            int row, col;
            open_at(i, STEP_INSPECT, verdicts[v].make);
            see(verdicts[v].says);
            harness_find(s->h, verdicts[v].says, &row, &col);
            ck_assert_int_le(row, 4);
            begins(stage_footer(s), verdicts[v].enter);
            scroll_to("9b7fab3d-e792-0000-0000-000001000000", NULL);
            stage_close(s);
        }
}
END_TEST

/* Where no repair follows, what to do is not below the proof. */
START_TEST(a_refusal_says_at_once_what_to_do)
{
    open_at(0, STEP_INSPECT, stage_no_computer);
    see("What to do");
    see("No account of its domain that");
    stage_close(s);
    open_at(0, STEP_INSPECT, stage_ambiguous);
    see("Compare these accounts with the running machine");
    see("Accounts that could be meant (a shows their proof)");
    stage_close(s);
    open_at(0, STEP_INSPECT, stage_deleted);
    ck_assert(!stage_has(s, "Accounts that"));
    stage_close(s);
    open_at(0, STEP_INSPECT, stage_unknown);
    ck_assert(!stage_has(s, "Accounts that"));
    stage_close(s);
}
END_TEST

START_TEST(a_wrong_value_has_the_colour_of_a_fault)
{
    open_at(0, STEP_INSPECT, stage_missing);
    int fault = harness_style(s->h, "absent").colour;
    stage_close(s);
    open_at(0, STEP_INSPECT, stage_wrong);
    int wrong = harness_style(s->h, "CN=Someone").colour;
    ck_assert_int_eq(wrong, fault);
    stage_close(s);
}
END_TEST

START_TEST(the_proposed_value_is_seen_at_once)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_at(i, STEP_PROPOSE, stage_missing);
        see("- (absent)");
        see("+ CN=LivDC01,OU=Domain Controllers,DC=contoso,DC=com");
        ck_assert(harness_style(s->h, "+ CN=LivDC01").bold);
        scroll_to("its replication SPN carries this DSA's GUID", NULL);
        stage_close(s);
        open_at(i, STEP_PROPOSE, stage_wrong);
        see("- CN=Someone,CN=Users,DC=contoso,DC=com");
        see("+ CN=LivDC01,OU=Domain Controllers,DC=contoso,DC=com");
        stage_close(s);
    }
}
END_TEST

START_TEST(other_accounts_are_listed_and_not_taken)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_at(i, STEP_PROPOSE, stage_missing);
        stage_char(s, 'a');
        see("Who could be meant.");
        see("LIVDC01$");
        begins(stage_footer(s), "Enter take this account");
        stage_type(s, "nobody");
        see("No account that could be meant");
        stage_key(s, TERM_ENTER);
        stage_key(s, TERM_ESC);
        see("LIVDC01$");
        stage_key(s, TERM_ENTER);
        ck_assert_int_eq(s->app.wizard.step, STEP_PROPOSE);
        ck_assert(s->app.wizard.verdict.writable);
        stage_close(s);
        open_at(i, STEP_INSPECT, stage_ambiguous);
        stage_char(s, 'a');
        see("LIVDC01-OLD$");
        begins(stage_footer(s), "Enter why, in full");
        stage_key(s, TERM_ENTER);
        see("Why this account is not taken");
        stage_key(s, TERM_ESC);
        stage_key(s, TERM_ESC);
        ck_assert_int_eq(s->app.wizard.step, STEP_INSPECT);
        ck_assert(!s->app.wizard.verdict.writable);
        stage_close(s);
    }
}
END_TEST

static Suite *steps_suite(void)
{
    Suite *suite = suite_create("steps");
    TCase *tests = tcase_create("steps");
    tcase_add_checked_fixture(tests, stage_enter_home, stage_leave_home);
    tcase_add_test(tests, the_footer_begins_with_enter);
    tcase_add_test(tests, the_head_line_is_always_there);
    tcase_add_test(tests, connect_asks_for_what_is_missing);
    tcase_add_test(tests, connecting_can_be_called_off);
    tcase_add_test(tests, a_guid_on_the_line_is_where_the_wizard_opens);
    tcase_add_test(tests, an_alias_is_told_on_connect);
    tcase_add_test(tests, a_fifo_in_the_config_folder_hangs_nobody);
    tcase_add_test(tests, a_host_is_named_by_whoever_types_it);
    tcase_add_test(tests, connect_says_where_the_password_goes);
    tcase_add_test(tests, without_a_ticket_the_name_is_typed);
    tcase_add_test(tests, the_ticket_says_whose_it_is);
    tcase_add_test(tests, a_bare_name_is_not_sent_to_a_simple_bind);
    tcase_add_test(tests, another_signs_in_by_name);
    tcase_add_test(tests, a_domain_lists_its_dcs);
    tcase_add_test(tests, a_host_stays_what_was_typed);
    tcase_add_test(tests, a_certificate_that_is_not_trusted_can_be_looked_at);
    tcase_add_test(tests, the_kind_of_sign_in_is_remembered);
    tcase_add_test(tests, a_pasted_event_is_recognised);
    tcase_add_test(tests, another_fault_is_named);
    tcase_add_test(tests, without_a_text_the_list_is_two_keys_away);
    tcase_add_test(tests, an_enter_after_a_burst_counts_once_nothing_follows);
    tcase_add_test(tests, a_slow_paste_stays_text);
    tcase_add_test(tests, a_line_that_stalls_goes_on);
    tcase_add_test(tests, locate_asks_which_dsa);
    tcase_add_test(tests, locate_goes_to_the_dc_that_logged_it);
    tcase_add_test(tests, the_verdict_comes_first);
    tcase_add_test(tests, a_refusal_says_at_once_what_to_do);
    tcase_add_test(tests, a_wrong_value_has_the_colour_of_a_fault);
    tcase_add_test(tests, the_proposed_value_is_seen_at_once);
    tcase_add_test(tests, other_accounts_are_listed_and_not_taken);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(steps_suite());
}
