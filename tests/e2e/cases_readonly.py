"""With --read-only, and in browse, check and diagnose, no change reaches the DC: shown by the DC's own audit log, over
every screen and a random walk of keys."""

import os
import random
import re
from pathlib import Path

from lab import case, poll
from rough import DC, Audit, drop, onward, start, step

KEYS = ("Enter", "Enter", "Enter", "Escape", "Tab", "Up", "Down", "PageDown", "PageUp", "Home", "End", "Space", "BTab", "b",
        "b", "k", "c", "e", "l", "m", "/", "g", "d", "f", "y", "r", "s", "t", "u", "w", "n", "o", "h", "j", "p", "?", "F1",
        "F5", "C-l", "LIVDC02")
ANY = re.compile(r"DSDB Change \[(\w+)\].*?remote host \[(ipv[^]]*)\].*?DN \[([^]]*)\]|Password Change.*?remote host "
                 r"\[(ipv[^]]*)\]")


def all_changes(audit):
    """Every kind of change that came by a connection (a sign-in leaves marks on its own account: not ours)."""
    with open(audit.log, errors="replace") as file:
        file.seek(audit.at)
        return [found.group(0)[:300] for found in ANY.finditer(file.read())]


def walk(desk, screen, event, count, seed):
    dice = random.Random(seed)
    seen, trail = set(), []
    for _ in range(count):
        key = dice.choice(KEYS)
        trail.append(key)
        if key == "LIVDC02":
            screen.type(key)
        elif dice.random() < 0.02:
            screen.paste(event)
        else:
            screen.keys(key)
        if dice.random() < 0.3:
            seen.add(step(screen))
            assert "to apply:" not in screen.text(), f"Confirm was reached, seed {seed}: {trail}\n{screen.text()}"
        if screen.status() is not None:
            assert screen.status() == 0, f"exit {screen.status()}, seed {seed}: {trail[-20:]}"
            break
    return seen


@case
def no_key_and_no_command_changes_anything(desk):
    forest = desk.forest
    guid = forest.plant("missing")["GUID"]
    audit = Audit(forest)
    desk.ticket()
    event = forest.event()
    file = desk.file("event", event)
    seed = int(os.environ.get("DCMEND_SEED", random.randrange(1 << 30)))
    for number, words in enumerate((("--read-only", "-f", file, DC), ("browse", DC), ("--read-only", DC))):
        screen = start(desk, desk.command(desk.binary, *words, XDG_STATE_HOME=f"{desk.home}/state{number}"))
        screen.wait("READ ONLY", 20)
        if number == 0:  # as far as Enter leads
            onward(screen, "has no serverReference")
        walk(desk, screen, event, 250, seed + number)
        drop(desk, screen)
    desk.run("diagnose", guid, DC)
    desk.run("diagnose", "--json", guid, DC)
    desk.run("check", DC)
    desk.run("check", "--json", DC)
    assert all_changes(audit) == [], f"seed {seed}: {all_changes(audit)}"
    assert forest.reference("DCSRV01") is None
    assert not list(Path(desk.home).glob("state*/dcmend/journal/*")), "a journal entry was written"
    forest.modify("DCSRV01", f"dn: {forest.env['LIVDC02_SERVER']}\nchangetype: modify\nadd: description\ndescription: x\n")
    assert poll("the audit log to count", lambda: all_changes(audit))
