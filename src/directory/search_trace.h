/* A search that has ended, as a part of the trace: where and how it was asked, its entries, how it
 * ended and how long that took. */
#ifndef DCMEND_SEARCH_TRACE_H
#define DCMEND_SEARCH_TRACE_H

#include "src/base/record.h"
#include "src/directory/search.h"

#include <stdint.h>

/* entries: those that were handed out, by trace_entry(); result: those that were kept, and the end.
 */
void trace_entry(struct record *entries, const struct entry *entry);
void trace_search(const struct session *session, const struct search *search,
                  const struct result *result, struct record *entries, int64_t ms);
/* Of a sign-in, a search, a question to DNS: "error", "result" and the words; nothing for NULL. */
void trace_err(struct record *part, const struct err *err);
char *trace_where(const struct session *session); /* "dc1.contoso.com:389"; owned by the caller */

#endif
