/* text -> subject -> session -> facts -> verdict -> printed. A DSA that cannot be judged does not
 * keep the others from being printed. */
#include "ui/batch_parts.h"

#include "src/base/log.h"
#include "src/base/mem.h"
#include "src/base/text.h"
#include "src/directory/session.h"
#include "src/jobs/inspect.h"
#include "src/model/plan.h"
#include "src/remedy/diagnose.h"
#include "src/remedy/intake.h"
#include "src/remedy/ldif.h"
#include "ui/batch_json.h"
#include "ui/batch_text.h"
#include "ui/command_line.h"
#include "ui/debug.h"
#include "ui/output.h"

#include <stdlib.h>
#include <string.h>

/* The DSAs that the text means: the one it proves, or each of those it leaves open (B13). */
static size_t count_meant(const struct subject *subject)
{
    return subject->conflict ? subject->count : subject->count > 0;
}

/* What forbids it, or else what to do. */
static void say_no_change(struct batch_io *io, const struct verdict *verdict)
{
    const char *why = findings_first(&verdict->blockers, FINDING_BLOCKER);
    const char *more = why ? why : verdict->advice ? verdict->advice : "";
    struct err *err = err_new(ERR_DIRECTORY, ERR_OTHER, "There is no change to print. %s",
                              verdict->headline ? verdict->headline : "");
    batch_io_say(io, err_next(err, "%.*s", (int)strcspn(more, "\n"), more));
    err_free(err);
}

static void print_notes(struct batch_io *io, const struct subject *subject)
{
    struct str text = STR_INIT;
    if (io->json || io->ldif || subject->notes.count == 0)
        return;
    for (size_t i = 0; i < subject->notes.count; i++)
        batch_text_field(&text, i == 0 ? "Text" : "", subject->notes.items[i],
                         output_columns(io->out), io->plain);
    str_addc(&text, '\n');
    batch_io_emit(io, &text);
}

/* The change alone, line by line harmless; or on standard error why there is none. */
void batch_ldif(struct batch_io *io, const struct facts *facts, const struct verdict *verdict)
{
    struct str ldif = STR_INIT, text = STR_INIT;
    struct plan *plan = plan_new(facts, verdict, NULL);
    if (plan)
        ldif_both(&ldif, plan);
    else
        say_no_change(io, verdict);
    for (const char *line = str_text(&ldif); *line;) {
        size_t len = strcspn(line, "\n");
        char *raw = mem_textn(line, len), *clean = output_text(raw, io->plain);
        str_addf(&text, "%s\n", clean);
        free(clean);
        free(raw);
        line += len + (line[len] == '\n');
    }
    batch_io_emit(io, &text);
    str_release(&ldif);
    plan_free(plan);
}

static void print_finding(struct str *text, const struct options *options,
                          const struct facts *facts, const struct verdict *verdict, int columns,
                          bool plain)
{
    char guid[GUID_TEXT];
    char *repair = command_line(COMMAND_WIZARD, guid_text(&facts->dsa.guid, guid), &options->signin,
                                options->password_file, &facts->server);
    batch_text_finding(text, facts, verdict, repair, columns, plain);
    free(repair);
}

/* successor: the verdict on the DSA that stands in a deleted one's place; NULL. */
static void print(struct batch_io *io, const struct options *options, const struct facts *facts,
                  const struct verdict *verdict, const struct verdict *successor, bool first)
{
    struct str text = STR_INIT;
    if (io->ldif) {
        batch_ldif(io, facts, verdict);
    } else if (io->json) {
        json_t *object = batch_json_finding(facts, verdict);
        if (successor)
            json_object_set_new(object, "successor_verdict",
                                json_string(verdict_name(successor->kind)));
        batch_json_add(&text, object);
    } else {
        int columns = output_columns(io->out);
        if (!first)
            batch_text_rule(&text, columns);
        print_finding(&text, options, facts, verdict, columns, io->plain);
        if (successor)
            batch_text_field(&text, "Successor", successor->headline, columns, io->plain);
    }
    batch_io_emit(io, &text);
}

/* The first line of an unreadable one's advice says what was not read, and what to do. */
static struct err *incomplete(const struct verdict *verdict)
{
    const char *advice = verdict->advice ? verdict->advice : "";
    struct err *err = err_new(ERR_DIRECTORY, ERR_OTHER, "%s The result is incomplete.",
                              verdict->headline ? verdict->headline : "Not all could be read.");
    return err_next(err, "%.*s", (int)strcspn(advice, "\n"), advice);
}

/* Everything that is read about one DSA passes here. */
static struct err *read_facts(struct session *session, const struct options *options,
                              const struct subject *subject, size_t which, struct facts *facts,
                              struct facts *successor)
{
    return inspect_full(session, subject, which, false, options->source, facts, successor);
}

static void print_judged(struct batch_io *io, const struct options *options,
                         const struct facts *facts, const struct verdict *verdict,
                         const struct facts *successor, bool first)
{
    struct verdict other;
    bool known = successor->dsa.part == PART_PRESENT;
    if (known)
        diagnose(successor, &other);
    print(io, options, facts, verdict, known ? &other : NULL, first);
    if (known)
        verdict_release(&other);
}

static void judge(struct batch_io *io, struct session *session, const struct options *options,
                  const struct subject *subject, size_t which)
{
    struct facts facts, successor;
    struct verdict verdict;
    facts_init(&facts);
    facts_init(&successor);
    debug_subject(subject, which, options->source);
    struct err *err = read_facts(session, options, subject, which, &facts, &successor);
    if (err) {
        batch_io_fail(io, err);
    } else {
        diagnose(&facts, &verdict);
        log_line("verdict %s", verdict_name(verdict.kind));
        debug_finding(&facts, &verdict);
        print_judged(io, options, &facts, &verdict, &successor, which == 0);
        batch_io_raise(io, batch_verdict_status(&verdict));
        if (verdict.kind == VERDICT_UNREADABLE && !io->ldif) {
            err = incomplete(&verdict);
            batch_io_say(io, err);
            err_free(err);
        }
        verdict_release(&verdict);
    }
    facts_release(&successor);
    facts_release(&facts);
}

static void judge_all(struct options *options, struct batch_io *io, struct subject *subject)
{
    struct session *session;
    struct err *err = batch_connect(options, io, subject, &session);
    if (err) {
        batch_io_fail(io, err);
        return;
    }
    if (!options->guid)
        print_notes(io, subject);
    for (size_t i = 0; i < count_meant(subject) && !io->closed; i++) {
        subject_choose(subject, i);
        judge(io, session, options, subject, i);
    }
    session_close(session);
}

void batch_diagnose(struct options *options, struct batch_io *io)
{
    struct subject subject = {.dsas = NULL};
    size_t len;
    const char *text = options_text(options, &len);
    struct err *err = intake_read(text, len, &subject);
    if (err)
        batch_io_fail(io, err);
    else
        judge_all(options, io, &subject);
    subject_release(&subject);
}
