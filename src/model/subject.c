/* Ownership of the subject's texts, and the names of the sources. */
#include "src/model/subject.h"

#include "src/base/mem.h"

#include <stdlib.h>

const char *subject_source_name(enum subject_source source)
{
    static const char *const names[] = {
#define X(id, name) [id] = name,
        SUBJECT_SOURCES(X)
#undef X
    };
    return names[source];
}

static void release_dsa(struct subject_dsa *dsa)
{
    free(dsa->ntds_dn);
    free(dsa->server_dn);
    free(dsa->site);
    free(dsa->server);
    free(dsa->forest);
    free(dsa->last_attempt);
    free(dsa->destination);
    free(dsa->other_fault);
}

void subject_release(struct subject *subject)
{
    for (size_t i = 0; i < subject->count; i++)
        release_dsa(&subject->dsas[i]);
    free(subject->dsas);
    free(subject->destination);
    free(subject->cut);
    release_dsa(&subject->like);
    strs_release(&subject->notes);
    *subject = (struct subject){.dsas = NULL};
}

struct subject_dsa *subject_add(struct subject *subject, enum subject_source source)
{
    struct subject_dsa *dsa = MEM_PUSH(subject->dsas, subject->count);
    dsa->source = source;
    return dsa;
}

void subject_dsa_copy(struct subject_dsa *to, const struct subject_dsa *from)
{
    *to = *from;
    to->ntds_dn = mem_text(from->ntds_dn);
    to->server_dn = mem_text(from->server_dn);
    to->site = mem_text(from->site);
    to->server = mem_text(from->server);
    to->forest = mem_text(from->forest);
    to->last_attempt = mem_text(from->last_attempt);
    to->destination = mem_text(from->destination);
    to->other_fault = mem_text(from->other_fault);
}

void subject_copy(struct subject *to, const struct subject *from)
{
    *to = (struct subject){.dsas = NULL};
    for (size_t i = 0; i < from->count; i++)
        subject_dsa_copy(subject_add(to, from->dsas[i].source), &from->dsas[i]);
    to->destination = mem_text(from->destination);
    to->has_destination_dsa = from->has_destination_dsa;
    to->destination_dsa = from->destination_dsa;
    to->conflict = from->conflict;
    to->status = from->status;
    strs_copy(&to->notes, &from->notes);
    to->recap = from->recap;
    to->cut = mem_text(from->cut);
    subject_dsa_copy(&to->like, &from->like);
}

void subject_remove(struct subject *subject, size_t which)
{
    release_dsa(&subject->dsas[which]);
    subject->count--;
    for (size_t i = which; i < subject->count; i++)
        subject->dsas[i] = subject->dsas[i + 1];
}

void subject_choose(struct subject *subject, size_t which)
{
    const struct subject_dsa *dsa = &subject->dsas[which];
    mem_set(&subject->destination, dsa->destination);
    subject->has_destination_dsa = dsa->has_destination_dsa;
    subject->destination_dsa = dsa->destination_dsa;
}
