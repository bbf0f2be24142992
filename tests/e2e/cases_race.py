"""Several people confirm at the same moment: exactly one change is made, nobody's value is overwritten, and each loser is
told what happened."""

import threading
from concurrent.futures import ThreadPoolExecutor

from lab import Desk, case, poll
from rough import (DC, Audit, apply_once, behind, confirm, drop, journal, relay_for, set_reference, shelve, start,
                   to_confirm, wait_ending)


def rivals(desk, count):
    desks = []
    for _ in range(count):
        desks.append(Desk(desk.forest, desk.binary))
        desks[-1].ticket()
    return desks


def at_confirm(desk, event):
    screen = start(desk, desk.command(desk.binary, "-f", desk.file("event", event), DC))
    to_confirm(screen, seconds=90)
    return screen


def race(desk, people, new, others=()):
    """All confirm at once; others are values that somebody sets with ldapmodify at the same moment. Returns how many
    instances won, and what the losers were told."""
    forest = desk.forest
    audit = Audit(forest)
    with ThreadPoolExecutor(6) as pool:
        screens = list(pool.map(lambda one: at_confirm(one, forest.event()), people))
    with ThreadPoolExecutor(len(people) + len(others)) as pool:
        audit.begin()
        gate = threading.Barrier(len(people) + len(others))

        def press(screen):
            screen.type("LIVDC02")
            gate.wait()
            screen.keys("Enter")
            return wait_ending(screen, 60)

        def set_other(value):
            gate.wait()
            ldif = (f"dn: {forest.env['LIVDC02_SERVER']}\nchangetype: modify\nadd: serverReference\n"
                    f"serverReference: {value}\n")
            return forest.command("exec", "--", "ldapmodify", "-Q", "-N", "-Y", "GSSAPI", "-H", "ldap://" + DC, stdin=ldif,
                                  check=False).returncode

        rest = [pool.submit(set_other, value) for value in others]
        ends = list(pool.map(press, screens))
        codes = [job.result() for job in rest]
    winners = [outcome for outcome, _ in ends if outcome == "verified"]
    sent = poll("the audit log", audit.changes)
    value = forest.reference("DCSRV01")
    story = f"{[outcome for outcome, _ in ends]} {codes} {sent} {value}"
    assert sent.count("Success") == 1 == len(winners) + codes.count(0), story
    assert value == (new if winners else others[codes.index(0)]), story
    told = {}
    for one, screen, (outcome, text) in zip(people, screens, ends):
        states = list(journal(one).values())
        if outcome == "verified":
            assert [state[-1] for state in states] == ["verified"], story
        else:  # stopped before it was sent, or refused by the DC: with the reason, and as the journal has it
            reason = next((words for words in REASONS if words in " ".join(text.split())), None)
            assert outcome in ("nothing sent", "refused") and reason, f"{story}\n{text}"
            assert [state[-1] for state in states] == (["refused"] if states else []), f"{story}\n{states}"
            told[reason] = told.get(reason, 0) + 1
        screen.keys("C-c")
        screen.end()
        drop(one, screen)
    return len(winners), told


REASONS = ("somebody else has set it", "is no longer as it was shown", "occupied", "already", "has changed", "holds a value")


@case
def the_same_repair_and_other_values_at_once(desk):
    """Six instances of one repair; then three of them against three other values."""
    forest = desk.forest
    new = forest.plant("missing")["ACCOUNT"]
    others = [f"CN={name},CN=Users,DC=contoso,DC=com" for name in ("Administrator", "Guest", "krbtgt")]
    people = rivals(desk, 6)
    try:
        assert race(desk, people, new)[0] == 1
        set_reference(forest, None)
        for one in people:
            shelve(one)
        race(desk, people[:3], new, others)
    finally:
        for one in people:
            one.close(polite=False)


@case
def the_lock_holds_in_the_last_moment(desk):
    """The change is on its way when somebody else sets another value: it is refused, and the other's value stays."""
    forest = desk.forest
    new = forest.plant("missing")["ACCOUNT"]
    server = forest.env["LIVDC02_SERVER"]
    audit, event = Audit(forest), desk.file("event", forest.event())
    desk.ticket()
    with relay_for(desk) as relay:
        door = relay.door()
        for old, other in ((None, "Administrator"), ("Guest", "krbtgt")):
            old = old and f"CN={old},CN=Users,DC=contoso,DC=com"
            other = f"CN={other},CN=Users,DC=contoso,DC=com"
            outcome, text, whole = apply_once(desk, door, audit, event, (), old=old)
            assert outcome == "verified" and forest.reference("DCSRV01") == new, text
            set_reference(forest, old)
            shelve(desk)
            screen = start(desk, behind(desk, door.rule(), desk.binary, "-f", event, DC))
            to_confirm(screen)
            door.rule("delay", "client", whole["client_units"] - 2, 2)  # the modify
            audit.begin()
            confirm(screen)
            poll("the modify", lambda: door.counts()["fired"])
            assert forest.reference("DCSRV01") == old
            forest.modify("DCSRV01", f"dn: {server}\nchangetype: modify\nreplace: serverReference\nserverReference: {other}\n")
            outcome, text = wait_ending(screen)
            statuses, states = audit.changes(), list(journal(desk).values())
            assert outcome == "refused" and forest.reference("DCSRV01") == other, f"{outcome} {statuses}\n{text}"
            assert len(statuses) == 2 and statuses[0] == "Success" != statuses[1], statuses
            assert [state[-1] for state in states] == ["refused"], states
            screen.keys("C-c")
            screen.end()
