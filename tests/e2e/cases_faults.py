"""The connection is cut, stalled or delayed at chosen PDUs of a real, sealed session (relay.py). DCMEND_LONG=1: at all."""

import json
import os
import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor

from lab import NOBODY, case, poll, sh
from rough import (DC, DROP, Audit, agree, apply_once, behind, clear_reference, confirm, drop, finish, inside, journal,
                   relay_for, shelve, start, to_confirm, unfinished, wait_ending)

LONG = bool(os.environ.get("DCMEND_LONG"))
BIND_UNITS = 3            # of Kerberos, before the connection is sealed
BIND, SEARCH, WRITE = 15, 30, 30  # src/directory/session.c: how long the server may be silent
SLACK = 8


def diagnose(desk, door, guid, what=None, side="client", nth=1, seconds=0, latency=0):
    """Diagnoses once through the door; what came out, and how long it took."""
    door.rule(what, side, nth, seconds, latency)
    began = time.monotonic()
    done = sh(*behind(desk, door, desk.binary, "diagnose", "--json", guid, DC), check=False, timeout=150)
    took = time.monotonic() - began
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    where = f"{what} at {side} PDU {nth}: exit {done.returncode} after {took:.1f} s\n{done.stdout[:400]}{done.stderr}"
    assert len(lines) == 1 and "AddressSanitizer" not in done.stderr, where
    return lines[0], done.returncode, took, where


def broken(desk, door, guid, what, side, nth, limit):
    """The reading was disturbed: that is said, in time, and no verdict rests on it."""
    found, status, took, where = diagnose(desk, door, guid, what, side, nth)
    assert door.counts()["fired"], "it never came to " + where
    assert status == 2 and found.get("verdict") in (None, "unreadable"), "a claim: " + where
    assert not found.get("writable") and not found.get("proposed"), "a proposal: " + where
    assert found.get("verdict") or found.get("error"), "no error: " + where
    assert took < limit, "late: " + where


def prepare(desk, door):
    """One missing reference; the number of PDUs that a whole diagnosis takes."""
    guid = desk.forest.plant("missing")["GUID"]
    desk.ticket()
    found, status, _, where = diagnose(desk, door, guid)
    assert (found["verdict"], status) == ("missing", 1), where
    return guid, door.counts()


@case
def reading_is_cut(desk):
    with relay_for(desk) as relay:
        door = relay.door()
        guid, whole = prepare(desk, door)
        client, server = whole["client_units"] - 1, whole["server_units"]  # the last one is the unbind
        places = [("client", "cut", nth) for nth in range(1, client + 1)]
        places += [("server", "half", nth) for nth in range(1, server + 1)]
        if LONG:
            places += [("client", what, nth) for what in ("done", "reset") for nth in range(1, client + 1)]
            places += [("server", "cut", nth) for nth in range(1, server + 1)]
        for side, what, nth in places:
            broken(desk, door, guid, what, side, nth, SLACK)


def deaf_kdc(desk, door, guid):
    """No ticket for the DC is at hand, and the KDC accepts and never answers: an end in bounded time, and no claim."""
    door.rule("stall", "client", 1)
    text, others = re.subn(r"^ *kdc = 127\.0\.0\.12\n", "", open(desk.forest.env["KRB5_CONFIG"]).read(), flags=re.M)
    assert others == 1, "the forest's other KDC would answer"
    config = desk.file("krb5.conf", text.replace("kdc = 127.0.0.11", "kdc = " + door.address))
    began = time.monotonic()
    done = desk.run("diagnose", "--json", guid, DC, KRB5_CONFIG=str(config), timeout=120,
                    KRB5CCNAME=f"FILE:{desk.home}/ticket-alone")
    assert door.counts()["connections"] >= 1, "the KDC was not asked"
    found = json.loads(done.stdout)
    assert done.returncode == 2 and "error" in found and "verdict" not in found, done.stdout + done.stderr
    assert time.monotonic() - began < 60


def nameless(desk, guid):
    """No DNS server answers, and this machine's own name, which libldap and libsasl ask for, stands nowhere: it takes its
    time, and is not laid at the DC's door."""
    hosts, resolver = desk.folder / "hosts-nameless", desk.folder / "resolv-dead"
    hosts.write_text("127.0.0.1 localhost\n127.0.0.11 dcsrv01.contoso.com\n127.0.0.12 livdc02.contoso.com\n")
    resolver.write_text("nameserver 127.0.0.77\noptions timeout:17 attempts:1\n")
    hosts.chmod(0o644)
    resolver.chmod(0o644)
    script = 'mount --bind "$0" /etc/hosts && mount --bind "$1" /etc/resolv.conf && shift && exec "$@"'
    listener = desk.listener("127.0.0.77", 53, datagrams=True)
    done = sh(*inside(desk, ["sh", "-c", script, str(hosts), str(resolver), *DROP], desk.binary, "diagnose", "--json", guid, DC),
              check=False, timeout=90)
    listener.wait("heard")
    # the repair that runs beside it may have come first
    assert done.returncode in (0, 1) and json.loads(done.stdout)["dsa_guid"] == guid, done.stdout + done.stderr


def held_apply(desk, door, audit, event, new, modify):
    """Something on the way holds the change for longer than the program waits: unknown, until it is there."""
    clear_reference(desk.forest)
    shelve(desk)
    door.rule()
    screen = start(desk, behind(desk, door, desk.binary, "-f", event, DC))
    to_confirm(screen)
    door.rule("delay", "client", modify, 42)
    confirm(screen)
    outcome, text = wait_ending(screen, 50)
    assert outcome == "unknown" and "may still be carried out" in " ".join(text.split()), text
    poll("the change", lambda: desk.forest.reference("DCSRV01") == new, 30)
    screen.keys("Enter")
    screen.wait("VERIFIED on", 20)
    assert list(journal(desk).values()) == [["intended", "unknown", "verified"]], journal(desk)
    drop(desk, screen)


def silent_apply(desk, door, audit, event, new, modify):
    """The DC takes the change and falls silent: the program waits its 30 s, looks on a new connection, and is right."""
    outcome, text, counts = apply_once(desk, door, audit, event, ("silent", "client", modify), WRITE + 3 * SLACK)
    assert counts["fired"] and outcome == "verified", text
    agree(desk, audit, outcome, new, text)


@case
def whatever_takes_its_time(desk):
    """Stalls at all PDUs of a reading at once, each through a door of its own, a deaf KDC, and a DC that falls silent after
    the change: together they last as long as the longest deadline."""
    forest = desk.forest
    with relay_for(desk) as relay, ThreadPoolExecutor(96) as pool:
        door = relay.door()
        guid, whole = prepare(desk, door)
        desk.ticket()  # a new cache: without a ticket for the DC
        shutil.copy(desk.home / "ticket", desk.home / "ticket-alone")
        os.chown(desk.home / "ticket-alone", NOBODY, NOBODY)
        client, server = whole["client_units"] - 1, whole["server_units"]
        late = [pool.submit(diagnose, desk, relay.door(), guid, "delay", "server", nth, 1.5)
                for nth in range(1, server + 1, 1 if LONG else 4)]
        for job in late:
            found, status, took, where = job.result()
            assert (found["verdict"], status) == ("missing", 1) and 1.5 <= took < 1.5 + SLACK, where
        jobs = [pool.submit(deaf_kdc, desk, relay.door(port=88), guid), pool.submit(nameless, desk, guid)]
        jobs += [pool.submit(broken, desk, relay.door(), guid, "stall", "client", nth,
                             (BIND if nth <= BIND_UNITS else SEARCH) + SLACK) for nth in range(1, client + 1)]
        if LONG:  # a server that falls silent within a turn: the next turn waits once more
            jobs += [pool.submit(broken, desk, relay.door(), guid, "stall", "server", nth, 3 * SEARCH + SLACK)
                     for nth in range(1, server + 1)]
        audit, event, new = Audit(forest), desk.file("event", forest.event()), forest.env["LIVDC02_ACCOUNT"]
        modify = apply_once(desk, door, audit, event, ())[2]["client_units"] - 2
        silent_apply(desk, door, audit, event, new, modify)
        if LONG:
            held_apply(desk, door, audit, event, new, modify)
        for job in jobs:
            job.result()


@case
def diagnose_keeps_its_turns(desk):
    """Six turns beside the sign-in's, over a line on which each takes 0.2 s longer."""
    with relay_for(desk) as relay:
        door = relay.door()
        for state, *options in (("missing",), ("wrong-target",), ("deleted-dsa", "--successor")):
            guid = desk.forest.plant(state, *options)["GUID"]
            desk.ticket()
            found, _, _, where = diagnose(desk, door, guid, latency=0.2)
            counts = door.counts()
            assert found["verdict"] == state and (not options or found["successor_verdict"] == "healthy"), where
            turns = counts["turns_after_bind"] - 1  # the last is the unbind, which nobody answers
            assert counts["connections"] == 1 and 2 <= turns <= (6 if options else 4), counts


@case
def apply_is_cut(desk):
    """Cut before, at and behind the modify: one change at most, and all four witnesses agree on it."""
    forest = desk.forest
    new, audit = forest.plant("missing")["ACCOUNT"], Audit(desk.forest)
    desk.ticket()
    event = desk.file("event", forest.event())
    with relay_for(desk) as relay:
        door = relay.door()
        outcome, text, whole = apply_once(desk, door, audit, event, ())
        assert outcome == "verified", text
        agree(desk, audit, outcome, new, text)
        modify, server = whole["client_units"] - 2, whole["server_units"]
        # what is cut, and what may be said then: read_back and back_link are the last two PDUs
        places = [("cut", "client", modify, {"not applied"}), ("done", "client", modify, {"verified", "not applied"}),
                  ("half", "server", server - 2, {"verified"}), ("cut", "client", modify + 1, {"applied", "verified"}),
                  ("cut", "client", modify - 1, {"nothing sent", "verified"})]
        if LONG:
            places += [("cut", "server", server - 2, {"verified"}), ("half", "server", server, {"applied", "verified"})]
            places += [("cut", "client", nth, {"nothing sent", "verified"}) for nth in range(1, modify - 1)]
        for what, side, nth, allowed in places:
            outcome, text, counts = apply_once(desk, door, audit, event, (what, side, nth))
            where = f"{what} at {side} PDU {nth}: "
            assert counts["fired"], where + text
            assert outcome in allowed, where + f"{outcome}, expected {allowed}\n{text}"
            agree(desk, audit, outcome, new, where + text)
            assert unfinished(desk) == (outcome == "applied"), where + text
            if outcome == "applied":
                assert finish(desk, audit, new) == "verified"
