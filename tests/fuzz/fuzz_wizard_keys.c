/* Any keys, pastes and answers into the whole program but for its jobs: no key stream reaches Apply
 * but by the typed name, none at all when it runs read-only, and nothing hostile that the answers
 * carry is obeyed by the terminal.
 *
 * The first byte chooses read-only and the size; then bytes are keys as a terminal sends them, but
 * 0xFE and a byte is an answer to what is awaited, and 0xFF the right name, typed. */
#include "tests/fuzz/fuzz.h"
#include "tests/screens/stage.h"

#include <locale.h>
#include <unistd.h>

static void (*const facts[])(struct facts *) = {
    stage_missing, stage_medium,  stage_ambiguous,   stage_wrong, stage_dangling,
    stage_deleted, stage_unknown, stage_no_computer, stage_long,  stage_hostile,
};
enum { FACTS = sizeof facts / sizeof *facts, MOST_STEPS = 400 };

static void answer(struct stage *stage, unsigned what)
{
    const struct wizard *w = &stage->app.wizard;
    switch (w->waiting) {
    case WAIT_CONNECT:
        if (what % 5)
            stage_connected(stage);
        else
            stage_failed(stage, "\033[2Jno such host\xE2\x80\xAE");
        break;
    case WAIT_READ:
        if (what % 11)
            stage_facts(stage, facts[what % FACTS]);
        else
            stage_failed(stage, "lost");
        break;
    case WAIT_APPLY:
    case WAIT_VERIFY:
        stage_report(stage, (enum apply_state)(what % (APPLY_NOT_APPLIED + 1)));
        break;
    case WAIT_NOTHING:
        if (what % 3 == 0)
            stage_subject(stage, what % 2 ? "LONDC01.contoso.com" : NULL, 1 + what % 2);
        break;
    }
}

static void type_name(struct stage *stage)
{
    const struct plan *plan = stage->app.wizard.plan;
    char *name = plan ? mem_text(plan_wanted(plan)) : NULL;
    if (name)
        stage_type_by_hand(stage, name);
    free(name);
}

/* What holds after every event. */
static void check(struct stage *stage, unsigned *applied)
{
    const struct wizard *w = &stage->app.wizard;
    unsigned count = stage->effects[EFFECT_APPLY];
    if (count != *applied)
        require(count == *applied + 1 && !w->read_only && w->plan && plan_is_confirmed(w->plan) &&
                w->waiting == WAIT_APPLY && w->step == STEP_APPLY);
    *applied = count;
    require(!w->read_only || (w->step != STEP_CONFIRM && w->step != STEP_APPLY));
    if (w->waiting == WAIT_APPLY)
        require(wizard_must_stay(w) && !stage->app.quit);
    stage->app.quit = false;
}

static void keys(struct stage *stage, unsigned *applied)
{
    struct term_event event;
    while (term_read(stage->app.term, &event)) {
        app_handle(&stage->app, &event);
        term_event_release(&event);
        stage_show(stage);
        check(stage, applied);
    }
}

static void play(struct stage *stage, const uint8_t *data, size_t size)
{
    unsigned applied = 0;
    for (size_t i = 0, steps = 0; i < size && steps < MOST_STEPS; steps++) {
        if (data[i] == 0xFE && i + 1 < size) {
            answer(stage, data[i + 1]);
            stage_show(stage);
            i += 2;
        } else if (data[i] == 0xFF) {
            type_name(stage);
            i++;
        } else {
            size_t len = 1;
            while (i + len < size && data[i + len] < 0xFE && len < 64)
                len++;
            size_t piece = len % 2 ? len : 1; /* as a paste comes, or as a hand types */
            for (size_t at = 0; at < len; at += piece) {
                harness_bytes(stage->h, data + i + at, piece);
                keys(stage, &applied);
                harness_advance(stage->h, 500); /* what a flush makes deaf hears again */
                keys(stage, &applied);
            }
            i += len;
        }
        check(stage, &applied);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    setlocale(LC_ALL, "C.UTF-8");
    setenv("XDG_STATE_HOME", "/proc/nowhere", 1); /* a key saves the report */
    setenv("HOME", "/proc/nowhere", 1);
    require(chdir("/proc") == 0);
    struct stage *stage = stage_open(15 + data[0] % 32, 60 + data[0] / 2, data[0] & 1);
    if (data[0] & 2)
        stage_go(stage, STEP_CONFIRM, facts[data[0] % FACTS]);
    else
        stage_show(stage);
    play(stage, data + 1, size - 1);
    harness_pump(stage->h);
    require(!harness_raw_has(stage->h, "\033]0;gotcha"));
    require(!harness_raw_has(stage->h, "\xE2\x80\xAE") && !harness_raw_has(stage->h, "\xC2\x9B"));
    stage_close(stage);
    return 0;
}
