"""Apply is interrupted: killed, told to end, stopped, its DC or its disk taken away. Afterwards screen, journal, directory
and the DC's audit log agree, and what is unfinished is settled at the next start."""

import os
import random
import threading
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor

from lab import NOBODY, case, poll
from rough import (DC, DROP, Audit, agree, behind, clear_reference, command_name, confirm, drop, finish, inside,
                   journal, relay_for, shelve, start, to_confirm, unfinished, wait_ending, ward, watched)


def state_of(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0]
    except OSError:
        return None


def program_of(screen, desk):
    """The program below a screen: the child of the tmux server that bears its name."""
    root = int(screen.tmux("display-message", "-p", "-t", "case", "#{pane_pid}").strip())
    return poll("the program's process", lambda: next((pid for pid in below(root) if command_name(pid) == "dcmend"), None))


def below(pid):
    found = [pid]
    for task in (f"/proc/{pid}/task/{pid}/children",):
        try:
            found += [more for child in open(task).read().split() for more in below(int(child))]
        except OSError:
            pass
    return found


# ---- killed ---------------------------------------------------------------------------------------------------------

def kill_once(patient, audit, longest):
    """One Apply, killed at a random moment; then the witnesses, and the next start. Returns where it was hit."""
    desk = patient.desk
    patient.prepare()
    screen = start(desk, desk.command(desk.binary, "-f", patient.event, DC))
    to_confirm(screen, patient.name)
    pid = program_of(screen, desk)
    audit_own = Since(audit, patient.server)
    confirm(screen, patient.name)
    threading.Event().wait(random.uniform(0, longest))  # the moment is the point
    os.kill(pid, signal.SIGKILL)
    poll("its end", lambda: state_of(pid) in (None, "Z"))
    settled(audit_own)
    last = agree(desk, audit_own, "killed", patient.account, screen.text(), patient.server)
    drop(desk, screen)
    if unfinished(desk):
        finish(desk, audit_own, patient.account, patient.server)
    return last or ("begun" if journal(desk) else "before the journal")


class Since:
    """The audit of one object from now on; others' changes meanwhile do not count."""

    def __init__(self, audit, server):
        self.audit, self.server, self.before = audit, server, len(audit.changes(server))

    def changes(self, server=None):
        return self.audit.changes(self.server)[self.before:]


def settled(audit):
    """A request that was under way has been carried out or will never be: the DC has nothing new for a while."""
    seen, since = audit.changes(), time.monotonic()
    while time.monotonic() - since < 0.4:
        if audit.changes() != seen:
            seen, since = audit.changes(), time.monotonic()
        time.sleep(0.05)


def kill_many(desk, rounds, patients, longest=0.25):
    hits = {}
    audit = Audit(desk.forest)
    with ward(desk, patients) as beds, ThreadPoolExecutor(patients) as pool:
        for _ in range(rounds):
            for hit in pool.map(lambda patient: kill_once(patient, audit, longest), beds):
                hits[hit] = hits.get(hit, 0) + 1
    return hits


@case
def killed_at_random_moments(desk):
    kill_many(desk, 3, 5)


# ---- the journal's disk ---------------------------------------------------------------------------------------------

def stopped_by_journal(desk, audit, command, words):
    """Nothing is sent, and the report says why."""
    audit.begin()
    screen = start(desk, command)
    to_confirm(screen)
    confirm(screen)
    outcome, text = wait_ending(screen)
    assert outcome == "nothing sent" and any(word in text for word in words), f"{outcome}\n{text}"
    assert audit.changes() == [] and desk.forest.reference("DCSRV01") is None, text
    screen.keys("C-c")
    screen.end()
    return text


@case
def a_journal_that_cannot_be_kept(desk):
    """The program below strace. A flush before the modify fails: nothing is sent. One behind it: told beside the outcome.
    strace counts by thread; the folder above the journal's was made by the thread that keeps the report."""
    forest = desk.forest
    new = forest.plant("missing")["ACCOUNT"]
    desk.ticket()
    audit, event = Audit(forest), desk.file("event", forest.event())

    def failing(error, when):
        shelve(desk)
        return watched(desk, ["-e", "trace=fsync", "-e", f"inject=fsync:error={error}:when={when}"], desk.binary, "-f",
                       event, DC, ASAN_OPTIONS=None, LSAN_OPTIONS="detect_leaks=0")

    for error, when in (("EIO", "1"), ("EIO", "2"), ("EROFS", "3"), ("ENOSPC", "1+")):
        stopped_by_journal(desk, audit, failing(error, when), ("Cannot flush",))
        assert journal(desk) == {}, journal(desk)
    screen = start(desk, failing("EIO", "4+"))
    to_confirm(screen)
    audit.begin()
    confirm(screen)
    outcome, text = wait_ending(screen)
    assert outcome == "verified" and "Cannot add to the journal" in text, text
    assert audit.changes() == ["Success"] and forest.reference("DCSRV01") == new
    screen.keys("C-c")
    screen.end()
    clear_reference(forest)
    too_long(desk, audit, event)
    unsafe_folders(desk, audit, event)


def too_long(desk, audit, event):
    """A limit on the size of files (SIGXFSZ otherwise): before the modify nothing is sent, behind it it is told."""
    entry = next((desk.home / "state/dcmend/journal").iterdir())
    intended = entry.read_text().index("#!STATE intended") + len("#!STATE intended 2026-11-22T15:03:12Z\n")

    def limited(size):
        shelve(desk)
        return desk.command("prlimit", f"--fsize={size}", desk.binary, "-f", event, DC)

    stopped_by_journal(desk, audit, limited(intended - 1), ("File too large",))
    assert journal(desk) == {}, journal(desk)
    screen = start(desk, limited(intended + 20))
    to_confirm(screen)
    audit.begin()
    confirm(screen)
    outcome, text = wait_ending(screen)
    assert outcome == "verified" and "File too large" in text, text
    assert audit.changes() == ["Success"], text
    screen.keys("C-c")
    screen.end()
    clear_reference(desk.forest)


def place(desk, name):
    """A state folder of the user's own."""
    path = desk.home / name
    path.mkdir()
    os.chown(path, NOBODY, NOBODY)
    return path


def mounted(desk, path, options, prepare="true"):
    """As the user, with a tmpfs of its own at path; prepare runs there, as root."""
    script = (f'mount -t tmpfs -o mode=777,{options} none "$0" && cd "$0" && {prepare} && cd / && exec "$@"')
    return lambda *words: inside(desk, ["sh", "-c", script, str(path), *DROP], *words, XDG_STATE_HOME=str(path))


def unsafe_folders(desk, audit, event):
    """A link, a folder that others may write, a foreign one, a full disk, one that is mounted read-only."""
    words = (desk.binary, "-f", event, DC)

    def told(command, *expected):
        stopped_by_journal(desk, audit, command, expected)

    link = place(desk, "link")
    elsewhere = place(desk, "elsewhere")
    (link / "dcmend").symlink_to(elsewhere)
    told(desk.command(*words, XDG_STATE_HOME=str(link)), "is a link")
    assert not (elsewhere / "journal").exists()
    told(desk.command(*words, XDG_STATE_HOME=str(desk.folder / "root")), "Cannot", "cannot")
    shared = place(desk, "shared")
    (shared / "dcmend/journal").mkdir(parents=True)
    for path in (shared / "dcmend", shared / "dcmend/journal"):
        os.chown(path, NOBODY, NOBODY)
    (shared / "dcmend/journal").chmod(0o777)
    told(desk.command(*words, XDG_STATE_HOME=str(shared)), "written by others")
    (desk.home / "foreign/dcmend").mkdir(parents=True)
    told(desk.command(*words, XDG_STATE_HOME=str(desk.home / "foreign")), "somebody else")
    full, fixed = place(desk, "full"), place(desk, "fixed")
    fill = (f"install -d -o {NOBODY} -g {NOBODY} -m 700 dcmend dcmend/journal && "
            "(dd if=/dev/zero of=fill bs=1k 2>/dev/null; true)")
    told(mounted(desk, full, "size=64k", fill)(*words), "No space left")
    told(mounted(desk, fixed, "size=64k", "mount -o remount,ro .")(*words), "Read-only file system")


# ---- signals --------------------------------------------------------------------------------------------------------

@case
def told_to_end_it_finishes_its_journal(desk):
    """The answer to the modify is late; meanwhile SIGTERM, or the terminal is gone (SIGHUP)."""
    forest = desk.forest
    new = forest.plant("missing")["ACCOUNT"]
    audit, event = Audit(forest), desk.file("event", forest.event())
    desk.ticket()
    with relay_for(desk) as relay:
        door = relay.door()
        units = None
        for how in (None, signal.SIGTERM, "hangup"):
            clear_reference(forest)
            shelve(desk)
            door.rule()
            screen = start(desk, behind(desk, door, desk.binary, "-f", event, DC))
            to_confirm(screen)
            pid = program_of(screen, desk)
            audit.begin()
            door.rule("delay" if how else None, "server", (units or 0) - 2, 1.5)
            confirm(screen)
            if not how:
                assert wait_ending(screen)[0] == "verified"
                units = door.counts()["server_units"]
                screen.keys("C-c")
                screen.end()
                continue
            poll("the modify", lambda: door.counts()["fired"])
            if how == "hangup":
                drop(desk, screen)
            else:
                os.kill(pid, how)
            poll(f"the end after {how}", lambda: state_of(pid) in (None, "Z"), 15)
            agree(desk, audit, "verified", new, str(how))
            if how != "hangup":
                assert poll("the status", screen.status) == 128 + how, screen.status()


@case
def stopped_and_continued_it_goes_on(desk):
    """SIGTSTP on Confirm and during Apply."""
    forest = desk.forest
    new = forest.plant("missing")["ACCOUNT"]
    audit, event = Audit(forest), desk.file("event", forest.event())
    desk.ticket()
    with relay_for(desk) as relay:
        door = relay.door()
        shell = start(desk, behind(desk, door, "bash", "--norc", "--noprofile", "-i", PS1="shell> ", HISTFILE="/dev/null"))
        shell.wait("shell>")
        shell.type(f"{desk.binary} -f {event} {DC}")
        shell.keys("Enter")
        to_confirm(shell)
        pid = program_of(shell, desk)

        def stop_and_go():
            os.kill(pid, signal.SIGTSTP)
            poll("it to stand still", lambda: state_of(pid) == "T")
            shell.wait("Stopped")
            shell.type("fg")
            shell.keys("Enter")
            poll("it to go on", lambda: state_of(pid) != "T")

        shell.type("LIVD")
        shell.wait("LIVD\n")
        stop_and_go()
        shell.wait("Type LIVDC02 to apply: LIVD")
        door.rule("delay", "client", 3, 1)
        audit.begin()
        shell.type("C02")
        shell.keys("Enter")
        poll("Apply", lambda: door.counts()["fired"])
        stop_and_go()
        outcome, text = wait_ending(shell)
        assert outcome == "verified", text
        agree(desk, audit, outcome, new, text)
        drop(desk, shell)


# ---- the DC ---------------------------------------------------------------------------------------------------------

@case
def the_dc_is_stopped_midway(desk):
    """On Confirm, and while everything is read again: nothing is sent, and what was confirmed waits for a sign-in."""
    forest = desk.forest
    new = forest.plant("missing")["ACCOUNT"]
    event = desk.file("event", forest.event())
    desk.ticket()
    with relay_for(desk) as relay:
        door = relay.door()
        for midway in (False, True):
            shelve(desk)
            audit = Audit(forest)
            door.rule()
            screen = start(desk, behind(desk, door, desk.binary, "-f", event, DC))
            to_confirm(screen)
            door.rule("delay" if midway else None, "client", 6, 3)
            if midway:
                confirm(screen)
                poll("the reading", lambda: door.counts()["fired"])
            forest.command("stop", "DCSRV01")
            if not midway:
                confirm(screen)
            text = screen.wait("the change that you confirmed", 40)
            assert audit.changes() == [] and journal(desk) == {}, text
            forest.command("start", "DCSRV01")
            audit = Audit(forest)  # its log is at its first level again
            screen.keys("Enter")
            outcome, text = wait_ending(screen, 30)
            assert outcome == "verified", text
            agree(desk, audit, outcome, new, text)
            screen.keys("C-c")
            screen.end()
            clear_reference(forest)


@case
def another_dc_takes_the_address(desk):
    """On Confirm: the new connection is no DC with that name, which is what is said; nothing is sent to it."""
    forest = desk.forest
    forest.plant("missing")
    audit, event = Audit(forest), desk.file("event", forest.event())
    desk.ticket()
    with relay_for(desk) as relay:
        door = relay.door()
        screen = start(desk, behind(desk, door, desk.binary, "-f", event, DC))
        to_confirm(screen)
        door.lead("LIVDC02")
        confirm(screen)
        text = screen.wait("the change that you confirmed")
        assert "does not accept the Kerberos ticket" in " ".join(text.split()), text
        assert audit.changes() == [] and journal(desk) == {}, text
        screen.keys("C-c")
        screen.end()


@case
def an_idle_connection_is_dropped(desk):
    """With a ticket the next step signs in again by itself and the place is kept: on Symptom, Propose and Confirm."""
    forest = desk.forest
    new = forest.plant("missing")["ACCOUNT"]
    forest.plant("idle-drop", "--seconds", 3)
    forest.command("stop", "DCSRV01")
    forest.command("start", "DCSRV01")
    audit, event = Audit(forest), desk.file("event", forest.event())
    desk.ticket()
    with relay_for(desk) as relay:
        door = relay.door()

        def dropped():
            seen = door.counts()["connections"]
            poll("the DC to hang up", lambda: door.counts()["closed"] >= seen, 20)

        screen = start(desk, behind(desk, door, desk.binary, "-f", event, DC))
        screen.wait("from         event 1411")
        dropped()
        screen.keys("Enter")
        screen.wait("Found on", 20)
        dropped()
        to_confirm(screen)
        dropped()
        audit.begin()
        confirm(screen)
        outcome, text = wait_ending(screen)
        assert outcome == "verified", text
        agree(desk, audit, outcome, new, text)
        assert door.counts()["connections"] >= 3, door.counts()


@case
def a_connection_that_falls_silent(desk):
    """A firewall has forgotten it, and tells neither side: after one deadline it is given up, and with a ticket the change
    goes on over another one, without a further key."""
    forest = desk.forest
    new = forest.plant("missing")["ACCOUNT"]
    audit, event = Audit(forest), desk.file("event", forest.event())
    desk.ticket()
    with relay_for(desk) as relay:
        door = relay.door()
        screen = start(desk, behind(desk, door, desk.binary, "-f", event, DC))
        to_confirm(screen)
        door.rule("stall", "client", 1)
        confirm(screen)
        outcome, text = wait_ending(screen, 60)
        assert outcome == "verified", text
        agree(desk, audit, outcome, new, text)
        assert door.counts()["connections"] == 1, door.counts()
