#!/bin/bash
# One diagnose and one repair below valgrind, end to end, by hand: tests/bench/valgrind.sh [BINARY] (the release build).
# An error, or a block that our code lost for good, is a failure; what libraries keep until the end is not.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../e2e"
[ "$(id -u)" -eq 0 ] || { echo "the forest needs root" >&2; exit 1; }
exec /usr/bin/python3 -B - "${1:-../../build/release/dcmend}" <<'PYTHON'
import os, re, shutil, sys, tempfile
sys.path.insert(0, ".")
import lab
from rough import DC, Audit, agree, confirm, start, to_confirm, wait_ending
forest = lab.Forest(os.environ.get("FOREST", "valgrind"))
folder = tempfile.mkdtemp(prefix="dcmend-valgrind.")
os.chmod(folder, 0o755)
binary = shutil.copy(sys.argv[1], folder + "/dcmend")
os.chmod(binary, 0o755)
bad = 0
try:
    forest.up()
    forest.reset()
    made = forest.plant("missing")
    desk = lab.Desk(forest, binary)
    desk.ticket()
    event = desk.file("event", forest.event())

    def below(name):
        return ["valgrind", "--leak-check=full", "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite",
                "--num-callers=30", "--child-silent-after-fork=yes", f"--log-file={desk.home}/{name}.log", binary]

    def judge(name):
        global bad
        text = (desk.home / f"{name}.log").read_text(errors="replace")
        total = re.search(r"ERROR SUMMARY: (\d+) errors", text)
        lost = re.search(r"definitely lost: ([\d,]+) bytes in ([\d,]+) blocks", text)
        print(f"{name}: {total.group(0) if total else 'no summary'}; {lost.group(0) if lost else 'nothing lost'}", flush=True)
        if not total or int(total.group(1)):
            bad += 1
            print(text[-6000:])

    for words in (("diagnose", made["GUID"], DC), ("diagnose", "--json", made["GUID"], DC), ("check", DC), ("log",)):
        done = lab.sh(*desk.command(*below("-".join(words[:2]).replace("--", "")[:20]), *words), check=False, timeout=300)
        assert done.returncode in (0, 1), done.stderr
        judge("-".join(words[:2]).replace("--", "")[:20])
    audit = Audit(forest)
    screen = start(desk, desk.command(*below("wizard"), "-f", event, DC))
    to_confirm(screen, seconds=180)
    audit.begin()
    confirm(screen)
    outcome, text = wait_ending(screen, 120)
    agree(desk, audit, outcome, made["ACCOUNT"], text)
    print(f"wizard: {outcome}")
    for key in ("l", "Escape", "b", "Down", "Enter", "Escape", "Escape", "?", "Escape", "q"):
        screen.keys(key)
        lab.poll("a quiet screen", lambda: screen.text() == screen.text(), 5)
    if screen.status() is None:
        screen.keys("C-c")
    lab.poll("its end", lambda: screen.status() is not None, 60)
    judge("wizard")
    desk.close(polite=False)
finally:
    shutil.rmtree(folder)
    if forest.started:
        forest.down()
sys.exit(1 if bad else 0)
PYTHON
