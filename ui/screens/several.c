/* Several DSAs of a text, and those that a GUID cut short may mean: what tells them apart, in words
 * that Symptom and Locate share. */
#include "ui/screens/parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"

#include <stdlib.h>

char *several_name(const struct subject_dsa *dsa)
{
    const char *dn = dsa->server_dn ? dsa->server_dn : dsa->ntds_dn;
    if (!dsa->server)
        return mem_text(dn ? dn : "");
    return str_format("%s%s%s", dsa->server, dsa->site ? ", site " : "",
                      dsa->site ? dsa->site : "");
}

char *several_logged_by(const struct subject_dsa *dsa)
{
    const char *by = dsa->destination ? dsa->destination : "a DC without a name";
    if (dsa->reporters > 1)
        return str_format("%s and %zu more %s", by, dsa->reporters - 1,
                          dsa->reporters > 2 ? "DCs" : "DC");
    return mem_text(dsa->destination ? dsa->destination : "");
}

void several_describe(struct pager *page, const struct subject_dsa *dsa)
{
    char guid[GUID_TEXT];
    char *name = several_name(dsa), *by = several_logged_by(dsa);
    if (*name)
        page_pair(page, "DSA", STYLE_OK, "%s", name);
    if (dsa->has_guid)
        page_pair(page, *name ? "" : "DSA", *name ? STYLE_TEXT : STYLE_OK, "%s",
                  guid_text(&dsa->guid, guid));
    if (dsa->status)
        page_pair(page, "error", dsa->status == 8589 ? STYLE_TEXT : STYLE_WARN, "%ld%s%s%s",
                  dsa->status, dsa->status == 8589 ? "" : ", which is not the one dcmend repairs",
                  *by ? ", logged by " : "", by);
    else if (*by)
        page_pair(page, "logged by", STYLE_TEXT, "%s", by);
    page_pair(page, "from", STYLE_TEXT, "%s, line %zu%s", subject_source_name(dsa->source),
              dsa->line, dsa->hypothesis ? " (a hypothesis: an event 1411 may name another)" : "");
    free(name);
    free(by);
}

static size_t count_nameless(const struct subject *subject)
{
    size_t count = 0;
    for (size_t i = 0; i < subject->count; i++)
        count += subject->dsas[i].has_guid && !subject->dsas[i].server;
    return count;
}

static void say_listing(struct app *app, struct pager *page, const char *host)
{
    page_put(page, STYLE_CURRENT, "%s on %s ...  %ld s",
             app->wizard.subject.count ? "Looking up their names" : "Looking for what it may mean",
             host, app_waited(app, PLACE_LIST));
}

static void say_names(struct pager *page, const struct wizard *w, const char *host)
{
    size_t nameless = count_nameless(&w->subject);
    if (w->list.why && nameless)
        page_put(page, STYLE_WARN, "%zu of the names could not be looked up: %s", nameless,
                 w->list.why->text);
    else if (nameless)
        page_put(page, STYLE_WARN, "%s knows no live DSA with %s: deleted, or of another forest.",
                 host, nameless == 1 ? "one of the GUIDs" : "some of the GUIDs");
}

static void say_fitting(struct pager *page, const struct wizard *w, const char *host)
{
    size_t count = w->subject.count;
    if (w->list.why)
        page_error(page, w->list.why);
    if (!w->list.complete && count)
        page_put(page, STYLE_WARN,
                 "%s did not list all DSAs of the forest: there may be others that fit.", host);
    else if (!w->list.complete)
        page_put(page, STYLE_TEXT, "Enter looks again.");
    else if (count == 0)
        page_put(page, STYLE_FAULT, "%s knows no live DSA that fits \"%s\".", host, w->subject.cut);
}

void several_say(struct app *app, struct pager *page)
{
    const struct wizard *w = &app->wizard;
    char *host = short_dc(w, w->server.host);
    if (app_is_listing(app))
        say_listing(app, page, host);
    else if (w->listed && w->subject.cut)
        say_fitting(page, w, host);
    else if (w->listed && w->subject.conflict)
        say_names(page, w, host);
    free(host);
}
