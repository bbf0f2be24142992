"""What is left behind: a plan for a second pair of eyes, and a report that ends true."""

import re
import shlex

from lab import case, poll
from rough import DC, confirm, journal, start, to_confirm, wait_ending


def reports(desk):
    return sorted((desk.home / "state/dcmend/reports").glob("*"))


def on_event(desk, guid=None):
    """The wizard with an event about that DSA."""
    desk.ticket()
    text = desk.file("event", desk.forest.event(*[guid] if guid else []))
    return start(desk, desk.command(desk.binary, "-f", text, DC), size=(80, 24))


@case
def four_eyes(desk):
    """Saved on Confirm before anything is written; the line in the file leads a second run to Confirm, and VERIFIED."""
    made = desk.forest.plant("missing")
    screen = on_event(desk)
    to_confirm(screen)
    screen.type("")  # not too early
    screen.keys("C-s")
    screen.wait(re.compile(r"Save as: ~/dcmend-LIVDC02-\d+-plan\.txt"))
    screen.wait("Nothing has been written yet")
    screen.keys("Enter")
    screen.wait("Saved as")
    screen.keys("C-c")
    screen.end()
    assert desk.forest.reference("DCSRV01") is None and not journal(desk)
    plan = next(desk.home.glob("dcmend-LIVDC02-*-plan.txt"))
    text = plan.read_text()
    for word in ("NOT WRITTEN YET", made["GUID"], "add: serverReference", "The way back", "Set-ADObject"):
        assert word in text, f"{word!r} is not in\n{text}"
    assert len(reports(desk)) == 1 and "NOT WRITTEN YET" in reports(desk)[0].read_text(), reports(desk)
    line = re.search(r"^ *somebody else starts +dcmend (.*)$", text, re.M).group(1)
    assert str(plan) in line, line
    screen = start(desk, desk.command(desk.binary, *shlex.split(line)), size=(80, 24))
    to_confirm(screen)
    assert desk.forest.reference("DCSRV01") is None
    confirm(screen)
    outcome, shown = wait_ending(screen)
    assert outcome == "verified", shown
    assert "You may leave" in shown, shown
    assert desk.forest.reference("DCSRV01") == made["ACCOUNT"]
    screen.keys("C-c")
    screen.end()
    assert list(journal(desk).values())[0][-1] == "verified"
    assert len(reports(desk)) == 2 and any("VERIFIED on" in one.read_text() for one in reports(desk))


@case
def the_report_says_that_it_has_recovered(desk):
    """Seen on the screen, and in the file that was kept; one file for the visit."""
    made = desk.forest.plant("status", "--missing")
    screen = on_event(desk, made["GUID"])
    to_confirm(screen)
    confirm(screen)
    outcome, shown = wait_ending(screen)
    assert outcome == "verified", shown
    screen.wait("waiting for the next attempt")
    screen.wait(re.compile(r"read \d\d:\d\d:\d\d UTC, every 5 s\. You may leave\."))
    kept, = reports(desk)
    assert "waiting for the next attempt" in kept.read_text(), kept.read_text()
    desk.forest.plant("recover")
    screen.wait("recovered:", 90)
    screen.wait("nothing is left to watch. You may leave.")
    poll("the report", lambda: "recovered:" in kept.read_text())
    screen.keys("C-c")
    screen.end()
    text = kept.read_text()
    assert "VERIFIED on" in text and "recovered:" in text and "waiting for the next" not in text, text
    assert len(reports(desk)) == 1, reports(desk)
