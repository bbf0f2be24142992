/* app_perform() is what turns effects into tasks; here it is replaced by a counter. What a screen
 * asks for beside it seems to run for ever, but for the disk: that is answered at once. */
#include "tests/screens/stage.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "ui/output.h"
#include "ui/screens/browse_parts.h"
#include "ui/screens/parts.h"
#include "ui/widgets/list.h"
#include "ui/work.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define HOSTILE                                                                                    \
    "\033[2J\033]0;gotcha\007\xE2\x80\xAE"                                                         \
    "CD\xC2\x9B"                                                                                   \
    "31m\xFF\tX\r\nY"

const struct stage_size stage_sizes[STAGE_SIZES] = {{24, 80}, {15, 60}, {40, 120}};

/* The stage that is open: effects come without a context of ours. */
static struct stage *open_stage;

static void perform(struct app *app, enum wizard_effect effect)
{
    (void)app;
    open_stage->effects[effect]++;
    if (effect != EFFECT_NONE)
        open_stage->last = effect;
    if (effect == EFFECT_ASK_SIGN_IN)
        app->wizard.step = STEP_CONNECT;
    if (effect == EFFECT_JOURNAL)
        app_push(app, &screen_journal);
    if (effect == EFFECT_QUIT)
        app->quit = true;
    if (effect == EFFECT_CONFIRM && !app->wizard.report.journal_id)
        app->wizard.report.journal_id = mem_text("20261122T150311Z-LIVDC01");
}

static void drop_nothing(void *work)
{
    (void)work;
}

static const char *ticket_owner = "kayla@CONTOSO.COM";
static long ticket_seconds = 36000;

void stage_ticket(const char *client, long seconds)
{
    ticket_owner = client;
    ticket_seconds = seconds;
}

static void give_ticket(struct app *app, struct ticket_look *look, app_done *done)
{
    look->client = mem_text(ticket_owner);
    look->until = time(NULL) + ticket_seconds;
    done(app, look, NULL);
}

static void ask(struct app *app, enum app_place place, const struct task_kind *kind, void *work,
                app_done *done)
{
    static const struct task_kind endless = {.name = "endless", .drop = drop_nothing};
    if (place >= PLACE_DISK)
        done(app, work, kind->run(NULL, NULL, work));
    else if (place == PLACE_TICKET)
        give_ticket(app, work, done);
    else
        app->asked[place] = (struct asked){.kind = &endless, .done = done, .wish = app};
    kind->drop(work);
}

struct stage *stage_open_with(const struct term_options *terminal, int rows, int cols,
                              bool read_only)
{
    struct stage *stage = mem_zero(1, sizeof *stage);
    options_init(&stage->options);
    stage->h = harness_open_with(terminal, rows, cols);
    open_stage = stage;
    struct app *app = &stage->app;
    app->options = &stage->options;
    app->term = harness_term(stage->h);
    app->perform = perform;
    app->now_ms = harness_now;
    app->ask = ask;
    app->desk = (struct desk *)(void *)stage;
    signin_init(&app->signin);
    wizard_init(&app->wizard, read_only, "INC-20411");
    app_open_steps(app);
    return stage;
}

struct stage *stage_open(int rows, int cols, bool read_only)
{
    struct term_options options = {.type = "xterm-256color"};
    return stage_open_with(&options, rows, cols, read_only);
}

void stage_close(struct stage *stage)
{
    app_close_views(&stage->app);
    partner_list_release(&stage->app);
    app_forget_outcomes(&stage->app);
    wizard_release(&stage->app.wizard);
    signin_release(&stage->app.signin);
    free(stage->app.notice);
    free(stage->app.journal_at);
    free(stage->app.watch_trouble);
    app_forget_kept(&stage->app);
    harness_close(stage->h);
    options_release(&stage->options);
    free(stage);
}

void stage_show(struct stage *stage)
{
    app_enter_step(&stage->app);
    app_keep(&stage->app);
    app_due_in(&stage->app);
    app_show(&stage->app);
}

bool stage_has(struct stage *stage, const char *text)
{
    return harness_has(stage->h, text);
}

const char *stage_footer(struct stage *stage)
{
    const char *row = harness_row(stage->h, term_size(stage->app.term).rows - 1);
    return row + strspn(row, " ");
}

void stage_resize(struct stage *stage, int rows, int cols)
{
    struct term_event event = {.kind = TERM_RESIZE};
    harness_resize(stage->h, rows, cols);
    app_handle(&stage->app, &event);
    stage_show(stage);
}

/* --- a home --- */

static char home[] = "/tmp/dcmend-screens-XXXXXX";

void stage_enter_home(void)
{
    harness_plain_locale();
    memcpy(home + sizeof home - 7, "XXXXXX", 6);
    if (!mkdtemp(home) || chdir(home) != 0)
        abort();
    setenv("HOME", home, 1);
    unsetenv("XDG_STATE_HOME");
    unsetenv("XDG_CONFIG_HOME");
}

static int drop(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status, (void)kind, (void)place;
    return remove(path);
}

void stage_leave_home(void)
{
    if (chdir("/") == 0)
        nftw(home, drop, 16, FTW_DEPTH | FTW_PHYS);
}

/* --- events --- */

static void give(struct stage *stage, struct term_event event)
{
    event.at = harness_now();
    app_handle(&stage->app, &event);
    stage_show(stage);
}

/* One that moves came a while ago: the pane beside a list has followed it. */
void stage_key(struct stage *stage, enum term_key key)
{
    bool moves = key >= TERM_UP && key <= TERM_PGDN;
    struct term_event event = {.kind = TERM_KEY, .key = key, .at = harness_now()};
    event.at -= moves ? LIST_REST_MS : 0;
    app_handle(&stage->app, &event);
    stage_show(stage);
}

void stage_char(struct stage *stage, uint32_t rune)
{
    give(stage, (struct term_event){.kind = TERM_KEY, .key = TERM_CHAR, .rune = rune});
}

void stage_type(struct stage *stage, const char *text)
{
    for (; *text; text++)
        stage_char(stage, (unsigned char)*text);
}

void stage_type_by_hand(struct stage *stage, const char *text)
{
    for (; *text; text++) {
        stage_char(stage, (unsigned char)*text);
        harness_advance(stage->h, 60);
    }
}

void stage_paste(struct stage *stage, const char *text)
{
    struct term_event event = {.kind = TERM_PASTE, .bytes = mem_text(text), .len = strlen(text)};
    give(stage, event);
    term_event_release(&event);
}

void stage_pause(void)
{
    harness_advance(NULL, 450);
}

void stage_stall(struct stage *stage, int ms)
{
    harness_advance(stage->h, ms);
    app_take_input(&stage->app);
    stage_show(stage);
}

void stage_bytes(struct stage *stage, const char *bytes, size_t len)
{
    harness_bytes(stage->h, bytes, len);
    app_take_input(&stage->app);
    stage_show(stage);
}

/* --- answers --- */

static void send(struct stage *stage, struct wizard_event event)
{
    app_event(&stage->app, &event);
}

void stage_connected(struct stage *stage)
{
    struct facts facts;
    build_bare(&facts);
    facts.server.protection = mem_text("Kerberos, sealed");
    send(stage, (struct wizard_event){.kind = EVENT_CONNECTED, .server = &facts.server});
    facts_release(&facts);
}

void stage_subject(struct stage *stage, const char *destination, size_t dsas)
{
    struct subject subject = {.destination = mem_text(destination), .conflict = dsas > 1};
    for (size_t i = 0; i < dsas; i++) {
        struct subject_dsa *dsa = subject_add(&subject, i ? SUBJECT_SHOWREPL : SUBJECT_EVENT_1411);
        dsa->has_guid = true;
        dsa->hypothesis = i > 0;
        dsa->line = 12 + i;
        dsa->guid = build_guid(BUILD_DSA + (unsigned)i);
    }
    send(stage, (struct wizard_event){.kind = EVENT_SUBJECT, .subject = &subject});
    subject_release(&subject);
}

void stage_facts(struct stage *stage, void (*make)(struct facts *))
{
    struct facts facts;
    make(&facts);
    send(stage, (struct wizard_event){.kind = EVENT_READ, .facts = &facts});
    send(stage, (struct wizard_event){.kind = EVENT_COMPLETED});
    facts_release(&facts);
}

void stage_failed(struct stage *stage, const char *text)
{
    struct err *err = err_next(err_new(ERR_NETWORK, ERR_OTHER, "%s", text), "Try another DC.");
    send(stage, (struct wizard_event){.kind = EVENT_FAILED, .err = err});
}

static void fill_steps(struct apply_report *report, enum apply_state state)
{
    for (int kind = STEP_READ_AGAIN; kind <= STEP_BACK_LINK; kind++) {
        if (kind == STEP_LAST_LOOK)
            continue;
        struct apply_step *step = apply_report_step(report, (enum apply_step_kind)kind);
        step->outcome = state == APPLY_REFUSED && kind == STEP_MODIFY  ? OUTCOME_FAILED
                        : state == APPLY_REFUSED && kind > STEP_MODIFY ? OUTCOME_SKIPPED
                                                                       : OUTCOME_OK;
        step->ms = 3;
    }
}

void stage_report(struct stage *stage, enum apply_state state)
{
    struct apply_report report;
    struct plan *plan = plan_copy(stage->app.wizard.plan);
    apply_report_init(&report);
    report.state = state;
    report.host = mem_text(STAGE_DC);
    report.journal_path =
        mem_text("/home/kayla/.local/state/dcmend/journal/20261122T150311Z-LIVDC01.ldif");
    fill_steps(&report, state);
    if (state == APPLY_VERIFIED) {
        report.read_back = READ_BACK_VALUE;
        dn_link_copy(&report.value, &plan->new);
        report.verified_at = BUILD_NOW;
    }
    if (state == APPLY_REFUSED)
        report.err = err_next(err_new(ERR_DIRECTORY, ERR_OTHER, "The DC refuses the change."),
                              "Sign in as somebody who may write it.");
    send(stage, (struct wizard_event){.kind = EVENT_REPORT, .report = &report, .plan = plan});
    apply_report_release(&report);
}

void stage_found(struct stage *stage, const char *domain, const char *const *hosts, size_t count)
{
    struct find_work *work = find_work_new(domain);
    app_done *done = stage->app.asked[PLACE_NAMES].done;
    for (size_t i = 0; i < count; i++)
        strs_add(&work->hosts, hosts[i]);
    stage->app.asked[PLACE_NAMES] = (struct asked){.task = NULL};
    done(&stage->app, work,
         count ? NULL : err_new(ERR_NETWORK, ERR_NO_SUCH_HOST, "DNS knows no domain controllers."));
    work_find.drop(work);
    stage_show(stage);
}

/* --- the way through --- */

void stage_go(struct stage *stage, enum wizard_step step, void (*make)(struct facts *))
{
    stage_show(stage);
    if (step > STEP_CONNECT) {
        send(stage, (struct wizard_event){.kind = EVENT_CONNECT, .text = STAGE_DC});
        stage_connected(stage);
    }
    if (step > STEP_SYMPTOM) {
        stage_subject(stage, "LONDC01.contoso.com", 1);
        app_send(&stage->app, EVENT_NEXT);
        stage_facts(stage, make);
    }
    stage_show(stage);
    while (stage->app.wizard.step < step && stage->app.wizard.step < STEP_CONFIRM) {
        enum wizard_step before = stage->app.wizard.step;
        stage_key(stage, TERM_ENTER);
        if (stage->app.wizard.step == before)
            break;
    }
    if (step >= STEP_APPLY && stage->app.wizard.plan && stage->app.wizard.step == STEP_CONFIRM) {
        stage_type_by_hand(stage, stage->app.wizard.plan->prompt);
        stage_key(stage, TERM_ENTER);
    }
    if (step == STEP_REPORT && stage->app.wizard.step == STEP_APPLY)
        stage_report(stage, APPLY_VERIFIED);
    stage_show(stage);
}

/* --- Browse --- */

static struct browse_node *add_node(struct browse *nodes, enum browse_kind kind, unsigned guid,
                                    size_t parent, const char *name)
{
    struct browse_node *node = MEM_PUSH(nodes->nodes, nodes->count);
    char *clean = text_clean_z(name);
    node->kind = kind;
    node->guid = build_guid(guid);
    node->parent = parent;
    node->name = clean;
    node->dn = str_format("CN=%s,CN=Sites," BUILD_CONFIG, clean);
    return node;
}

static void add_server(struct browse *nodes, size_t number, size_t sites)
{
    char *name = number == 7 ? mem_text("EVIL" HOSTILE) : str_format("LIVDC%04zu", number);
    struct browse_node *node =
        add_node(nodes, BROWSE_SERVER, 20000 + (unsigned)number, number % sites, name);
    node->dns_host = str_format("%s.contoso.com", name);
    node->has_dsa = number % 25 != 3;
    if (number % 10 != 1) {
        node->reference.has_guid = true;
        node->reference.guid = build_guid(60000 + (unsigned)number);
        node->reference.dn = str_format("CN=%s,OU=Domain Controllers," BUILD_DOMAIN, node->name);
    }
    free(name);
}

/* What was asked comes. */
static void browse_gets(struct stage *stage, struct browse_work *work)
{
    app_cancel_reading(&stage->app);
    browse_done(&stage->app, work, NULL);
}

static void give_nodes(struct stage *stage, size_t sites, size_t servers)
{
    struct browse_work work = {.what = servers ? READ_FOREST : READ_SITES};
    work.nodes.complete = true;
    for (size_t i = 0; i < sites; i++) {
        char *name = str_format("Site%03zu", i);
        add_node(&work.nodes, BROWSE_SITE, 10000 + (unsigned)i, BROWSE_ROOT, name);
        free(name);
    }
    for (size_t i = 0; i < servers; i++)
        add_server(&work.nodes, i, sites);
    for (size_t i = 0; i < servers; i++)
        if (work.nodes.nodes[sites + i].has_dsa)
            add_node(&work.nodes, BROWSE_DSA, 40000 + (unsigned)i, sites + i, "NTDS Settings");
    browse_gets(stage, &work);
    browse_release(&work.nodes);
}

void stage_browse(struct stage *stage, size_t sites, size_t servers)
{
    app_push(&stage->app, &screen_browse);
    stage_show(stage);
    give_nodes(stage, sites, 0);
    stage_show(stage);
    give_nodes(stage, sites, servers);
    stage_show(stage);
}

void stage_verdicts(struct stage *stage, size_t servers)
{
    struct browse_work work = {.what = READ_VERDICTS};
    work.scan.survey.complete = true;
    for (size_t i = 0; i < servers; i++)
        *MEM_PUSH(work.scan.verdicts, work.scan.judged) = (struct scan_verdict){
            .dsa = build_guid(40000 + (unsigned)i),
            .kind = i % 10 == 1 ? VERDICT_MISSING
                    : i == 5    ? VERDICT_WRONG_TARGET
                                : VERDICT_HEALTHY,
            .failing = i == 6,
        };
    browse_gets(stage, &work);
    scan_release(&work.scan);
    stage_show(stage);
}

static struct browse_line *add_line(struct browse_object *object, const char *attribute,
                                    const char *value)
{
    struct browse_line *line = MEM_PUSH(object->lines, object->count);
    line->attribute = mem_text(attribute);
    if (value)
        strs_own(&line->values, text_clean_z(value));
    return line;
}

void stage_object(struct stage *stage, const char *name)
{
    struct browse_work work = {.what = READ_OBJECT};
    struct str large = STR_INIT;
    while (large.len < 100000)
        str_add(&large, "0123456789abcdef " HOSTILE);
    work.object.node.name = mem_text(name);
    work.object.node.guid = build_guid(20002);
    work.object.node.dn = str_format("CN=%s,CN=Servers,CN=Site001,CN=Sites," BUILD_CONFIG, name);
    add_line(&work.object, "objectClass", "server");
    add_line(&work.object, "serverReference", NULL);
    add_line(&work.object, "distinguishedName", work.object.node.dn);
    struct browse_line *line = add_line(&work.object, "serverReferenceBL", work.object.node.dn);
    line->links = mem_zero(1, sizeof *line->links);
    line->links->dn = mem_text(work.object.node.dn);
    line->links->has_guid = true;
    line->links->guid = build_guid(20004);
    add_line(&work.object, "description", str_text(&large));
    add_line(&work.object, "whenChanged", "2026-11-19 03:07:41 UTC");
    browse_gets(stage, &work);
    str_release(&large);
    stage_show(stage);
}

/* --- facts --- */

/* The account's SPNs name the DSA by its GUID, too. */
static void rename_account(struct facts_account *account, const struct guid *from,
                           const struct guid *to)
{
    char old[GUID_TEXT], new[GUID_TEXT];
    guid_text(from, old);
    guid_text(to, new);
    for (size_t i = 0; i < account->spns.count; i++) {
        char *at = strstr(account->spns.items[i], old);
        if (at)
            memcpy(at, new, sizeof new - 1);
    }
    for (size_t i = 0; i < account->named_count; i++)
        if (guid_equal(&account->named[i].guid, from))
            account->named[i].guid = *to;
}

void stage_rename(struct facts *facts, const struct guid *dsa, const char *name)
{
    struct guid was = facts->dsa.guid;
    for (size_t i = 0; i < facts->account_count; i++)
        rename_account(&facts->accounts[i], &was, dsa);
    facts->asked = facts->dsa.guid = *dsa;
    free(facts->dsa.dn);
    mem_set(&facts->srv.cn, name);
    facts->dsa.dn = str_format("CN=NTDS Settings,CN=%s,CN=Servers,CN=Liverpool,"
                               "CN=Sites," BUILD_CONFIG,
                               name);
}

void stage_missing(struct facts *facts)
{
    build_healthy(facts);
    build_absent(facts);
    facts->links[0].result = 8589;
    facts->links[0].failures = 1700;
}

void stage_medium(struct facts *facts)
{
    build_bare(facts);
    build_account(facts, BUILD_MEDIUM);
}

void stage_ambiguous(struct facts *facts)
{
    build_bare(facts);
    build_account(facts, BUILD_STATIC);
    build_account(facts, BUILD_STATIC);
    build_rename(facts, 1, "LIVDC01-OLD", "LIVDC01-OLD$");
    build_account(facts, BUILD_PLAIN);
}

void stage_wrong(struct facts *facts)
{
    build_healthy(facts);
    build_names_other(facts, "user");
}

void stage_dangling(struct facts *facts)
{
    build_healthy(facts);
    build_names_nothing(facts);
}

void stage_deleted(struct facts *facts)
{
    build_healthy(facts);
    facts->dsa.deleted = true;
    mem_set(&facts->dsa.dn, "CN=NTDS Settings\\0ADEL:3dab7f9b-92e7-0000-0000-000001000000,"
                            "CN=LIVDC01,CN=Servers,CN=Liverpool,CN=Sites," BUILD_CONFIG);
    build_successor(facts, "LIVDC01");
}

void stage_unknown(struct facts *facts)
{
    build_healthy(facts);
    facts->dsa.part = PART_ABSENT;
}

void stage_no_computer(struct facts *facts)
{
    build_bare(facts);
}

void stage_long(struct facts *facts)
{
    stage_missing(facts);
    mem_set(&facts->srv.dn,
            "CN=LIVDC01,CN=Servers,CN=Liverpool Main Exchange Building Third Floor,CN=Sites,"
            "CN=Configuration,DC=directory,DC=infrastructure,DC=contoso,DC=com");
    mem_set(&facts->srv.site, "Liverpool Main Exchange Building Third Floor");
    mem_set(&facts->accounts[0].dn,
            "CN=LIVDC01,OU=Liverpool Main Exchange Building Third Floor,OU=United Kingdom and "
            "Ireland,OU=Domain Controllers,DC=directory,DC=infrastructure,DC=contoso,DC=com");
    mem_set(&facts->accounts[0].here_dn, facts->accounts[0].dn);
}

void stage_hostile(struct facts *facts)
{
    struct str large = STR_INIT;
    stage_missing(facts);
    while (large.len < 100000)
        str_add(&large, "wide\xE4\xB8\xAD" HOSTILE);
    mem_set(&facts->srv.cn, "LIV" HOSTILE);
    mem_set(&facts->srv.site, HOSTILE);
    mem_set(&facts->srv.dns_host, HOSTILE);
    mem_set(&facts->dns_target, str_text(&large));
    mem_set(&facts->removed_by, HOSTILE);
    mem_set(&facts->copies[1].value.dn, str_text(&large));
    mem_set(&facts->copies[2].server, HOSTILE);
    mem_set(&facts->links[0].partner, HOSTILE);
    str_release(&large);
}
