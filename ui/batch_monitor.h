/* `check` for machines that watch: one line and a status as the Monitoring Plugins' guidelines have
 * it, and a text file for Prometheus' node exporter (text format 0.0.4). */
#ifndef DCMEND_UI_BATCH_MONITOR_H
#define DCMEND_UI_BATCH_MONITOR_H

#include "src/base/err.h"
#include "src/base/str.h"
#include "src/jobs/every_dc.h"
#include "src/model/server.h"

#include <time.h>

enum nagios { NAGIOS_OK, NAGIOS_WARNING, NAGIOS_CRITICAL, NAGIOS_UNKNOWN }; /* exit status */

struct monitor_run {
    const struct server *server;
    const struct scan *scan;
    const struct every_dc *every;  /* NULL: one DC was read; else scan is its */
    time_t at;                     /* when it ended */
    double seconds;                /* how long it took, sign-in included */
    bool plain;                    /* ASCII only */
    int columns;                   /* of the text, see batch_text.h */
    const struct options *options; /* that led here */
};

/* Critical: a live DSA whose link is not right on a DC, or replication that fails with 8589 now.
 * Warning: what is left over, and DSAs that only some DCs know. Unknown: what could not be read, a
 * DC as well, unless something critical was. The first line
 * is never wrapped; no text of the directory can hold its '|'. */
enum nagios monitor_nagios(struct str *out, const struct monitor_run *run);
enum nagios monitor_nagios_failed(struct str *out, const struct err *err, bool plain);

void monitor_prometheus(struct str *out, const struct monitor_run *run);
void monitor_prometheus_failed(struct str *out,
                               time_t at); /* dcmend_up 0: an old file is no news */

#endif
