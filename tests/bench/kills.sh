#!/bin/bash
# kill -9 at random moments of Apply, many times, by hand: tests/bench/kills.sh [KILLS [BINARY]] (1000, the release build).
# After each kill journal, directory and the DC's audit log are compared, and what is unfinished is settled by a new start.
# The last line says how often each state of the journal was hit.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../e2e"
[ "$(id -u)" -eq 0 ] || { echo "the forest needs root" >&2; exit 1; }
exec /usr/bin/python3 -B - "${1:-1000}" "${2:-../../build/release/dcmend}" <<'PYTHON'
import os, shutil, sys, tempfile, time
sys.path.insert(0, ".")
import lab
from cases_interrupt import kill_many
kills, beds = int(sys.argv[1]), 6
forest = lab.Forest(os.environ.get("FOREST", "kills"))
folder = tempfile.mkdtemp(prefix="dcmend-kills.")
os.chmod(folder, 0o755)
binary = shutil.copy(sys.argv[2], folder + "/dcmend")
os.chmod(binary, 0o755)
try:
    forest.up()
    done, hits, began = 0, {}, time.monotonic()
    while done < kills:
        forest.reset()
        desk = lab.Desk(forest, binary)
        try:
            rounds = min(25, -(-(kills - done) // beds))
            for state, count in kill_many(desk, rounds, beds).items():
                hits[state] = hits.get(state, 0) + count
            done += rounds * beds
        finally:
            desk.close(polite=False)
        print(f"{done} kills, {time.monotonic() - began:.0f} s: {hits}", flush=True)
finally:
    shutil.rmtree(folder)
    if forest.started:
        forest.down()
PYTHON
