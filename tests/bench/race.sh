#!/bin/bash
# Many wizards that confirm the same repair at the same moment, by hand: tests/bench/race.sh [PEOPLE [ROUNDS [BINARY]]]
# (50, 1, the release build). Each round: exactly one change, no value overwritten, each loser told why; the other half of
# the rounds has three values of somebody else in the race.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../e2e"
[ "$(id -u)" -eq 0 ] || { echo "the forest needs root" >&2; exit 1; }
exec /usr/bin/python3 -B - "${1:-50}" "${2:-1}" "${3:-../../build/release/dcmend}" <<'PYTHON'
import os, shutil, sys, tempfile
sys.path.insert(0, ".")
import lab
from cases_race import race, rivals
people_count, rounds = int(sys.argv[1]), int(sys.argv[2])
forest = lab.Forest(os.environ.get("FOREST", "race"))
folder = tempfile.mkdtemp(prefix="dcmend-race.")
os.chmod(folder, 0o755)
binary = shutil.copy(sys.argv[3], folder + "/dcmend")
os.chmod(binary, 0o755)
others = [f"CN={name},CN=Users,DC=contoso,DC=com" for name in ("Administrator", "Guest", "krbtgt")]
try:
    forest.up()
    for number in range(rounds):
        forest.reset()
        new = forest.plant("missing")["ACCOUNT"]
        desk = lab.Desk(forest, binary)
        people = rivals(desk, people_count)
        try:
            won, told = race(desk, people, new, others if number % 2 else ())
            print(f"round {number + 1}: {people_count} instances, {won} won; the losers were told: {told}", flush=True)
        finally:
            for one in people + [desk]:
                one.close(polite=False)
finally:
    shutil.rmtree(folder)
    if forest.started:
        forest.down()
PYTHON
