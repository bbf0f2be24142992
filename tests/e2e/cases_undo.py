"""`dcmend undo`: what was written is taken back, once; and files that are no entry of this directory are called so."""

import os
import re

from lab import NOBODY, case
from rough import DC, clear_reference, confirm, journal, shelve, start, to_confirm, wait_ending


def repair(desk):
    """The planted DSA is repaired; the entry's id."""
    screen = start(desk, desk.command(desk.binary, "-f", desk.file("event", desk.forest.event()), DC))
    to_confirm(screen)
    confirm(screen)
    outcome, text = wait_ending(screen)
    assert outcome == "verified", text
    screen.keys("C-c")
    screen.end()
    return list(journal(desk))[-1]


def undo(desk, *entry, expect=()):
    """The wizard on an undo, through Confirm, to VERIFIED; returns Confirm's screen."""
    screen = start(desk, desk.command(desk.binary, "undo", *entry))
    shown = " ".join(to_confirm(screen).split())
    for word in expect:
        assert word in shown, f"{word!r} is not in\n{shown}"
    confirm(screen)
    outcome, text = wait_ending(screen)
    assert outcome == "verified", text
    screen.keys("C-c")
    screen.end()
    return list(journal(desk))[-1]


def refused(desk, *entry, says):
    """Before any screen."""
    done = desk.run("undo", *entry)
    assert done.returncode == 2 and says in done.stderr, f"{done.returncode} {done.stdout}{done.stderr}"


@case
def undone_twice_is_no_redo(desk):
    forest = desk.forest
    new = forest.plant("missing")["ACCOUNT"]
    desk.ticket()
    first = repair(desk)
    assert forest.reference("DCSRV01") == new
    back = undo(desk, first, expect=("The undo of a change", first))
    assert forest.reference("DCSRV01") is None
    refused(desk, first, says="was undone already, by " + back)
    again = undo(desk, back, expect=("The undo of an undo", "that was an undo", first))
    assert forest.reference("DCSRV01") == new
    refused(desk, back, says="was undone already, by " + again)
    undo(desk, first)
    assert forest.reference("DCSRV01") is None


@case
def undone_from_the_journals_screen(desk):
    """`dcmend undo` is a list; Enter leads to Confirm, Esc back to the list, and u on the Report there as well."""
    forest = desk.forest
    new = forest.plant("missing")["ACCOUNT"]
    desk.ticket()
    screen = start(desk, desk.command(desk.binary, "undo"), size=(80, 24))
    screen.wait("No change is journalled in")
    screen.keys("C-c")
    screen.end()
    first = repair(desk)
    screen = start(desk, desk.command(desk.binary, "undo"), size=(80, 24))
    screen.wait("The journal: 1 change")
    screen.wait(re.compile(r"20\d\d-\d\d-\d\d \d\d:\d\d +DCSRV01 +LIVDC02 +verified"))
    screen.wait("- (absent)")
    screen.keys("Enter")
    assert "afterwards" in to_confirm(screen)
    screen.wait("fails with 8589 again")
    screen.type("")  # not too early
    screen.keys("Escape")
    screen.wait("The journal: 1 change")
    assert forest.reference("DCSRV01") == new
    screen.keys("Enter")
    to_confirm(screen)
    confirm(screen)
    outcome, text = wait_ending(screen)
    assert outcome == "verified" and "the value is gone" in text, text
    assert forest.reference("DCSRV01") is None
    screen.keys("u")
    screen.wait("verified, undone")
    screen.wait("verified, an undo")
    screen.keys("Down")
    screen.wait("undone by")
    assert "Enter undo it" not in screen.text(), screen.text()
    screen.keys("Escape", "q")
    screen.end()
    assert list(journal(desk))[0] == first and len(journal(desk)) == 2


def crafted(desk, name, text):
    path = desk.home / name
    path.write_bytes(text)
    os.chown(path, NOBODY, NOBODY)
    return path


def told(desk, path, says):
    """The file leads to no Confirm, and the screen says why."""
    screen = start(desk, desk.command(desk.binary, "undo", path))
    screen.wait(re.compile(r"\s+".join(says.split())), 30)
    assert "to apply:" not in screen.text(), screen.text()
    screen.keys("C-c")
    screen.end()


@case
def files_that_do_not_belong_here(desk):
    forest = desk.forest
    new = forest.plant("missing")["ACCOUNT"]
    desk.ticket()
    entry = desk.home / "state/dcmend/journal" / (repair(desk) + ".ldif")
    good = entry.read_bytes()
    refused(desk, crafted(desk, "garbage", os.urandom(5000)), says="is not a journal entry")
    refused(desk, crafted(desk, "crlf", good.replace(b"\n", b"\r\n")), says="is not a journal entry")
    refused(desk, crafted(desk, "huge", good + b"# more\n" * 200000), says="too large")
    refused(desk, crafted(desk, "two", good + b"\ndn: CN=x\nchangetype: delete\n"), says="not one plain change")
    refused(desk, crafted(desk, "url", good.replace(b"serverReference: ", b"serverReference:< file:///")),
            says="not one plain change")
    refused(desk, crafted(desk, "cut", good[:len(good) * 2 // 3]), says="cut off")
    os.mkfifo(desk.home / "pipe")
    os.chown(desk.home / "pipe", NOBODY, NOBODY)
    refused(desk, desk.home / "pipe", says="no file")
    refused(desk, "/", says="no file")
    told(desk, crafted(desk, "forest", good.replace(b"#!FOREST contoso.com", b"#!FOREST fabrikam.com")),
         "made in another forest: fabrikam.com")
    guid = re.search(rb"^#!OBJECT-GUID (\S+)$", good, re.M).group(1)
    account = re.search(rb"^#!NEW-GUID (\S+)$", good, re.M).group(1)
    told(desk, crafted(desk, "object", good.replace(guid, account, 1)), "not the server object of its DSA")
    # the name in the file is not what is typed
    desk_file = crafted(desk, "20261122T150311Z-NAME.ldif", good.replace(b"#!NAME LIVDC02", b"#!NAME YES"))
    screen = start(desk, desk.command(desk.binary, "undo", desk_file))
    to_confirm(screen, "LIVDC02")
    screen.keys("C-c")
    screen.end()
    assert forest.reference("DCSRV01") == new
    clear_reference(forest)
    shelve(desk)


@case
def an_unknown_outcome_is_settled_in_every_kind_of_sign_in(desk):
    """The entry of an instance that was killed after sending; the password is asked for, the host named."""
    forest = desk.forest
    forest.plant("missing")
    desk.ticket()
    entry = desk.home / "state/dcmend/journal" / (repair(desk) + ".ldif")
    whole = entry.read_text()
    password = desk.forest.env["LAB_PASSWORD"]
    for words in ((DC,), ("-x", "-Z", "-W", "-D", "kayla@contoso.com", DC), ("-W", "-D", "kayla@contoso.com", DC),
                  ("-x", "-W", "-D", "kayla@contoso.com", "-H", f"ldaps://{DC}")):
        entry.write_text(whole[:whole.index("#!STATE applied")])
        screen = start(desk, desk.command(desk.binary, *words))
        screen.wait("An earlier change was not finished")
        screen.type("")  # not too early
        screen.keys("Enter")
        if "-W" in words:
            screen.wait(re.compile(DC + r"\s+wants\s+a\s+password", re.I))
            screen.type(password)
            screen.keys("Enter")
        screen.wait("VERIFIED on", 30)
        assert list(journal(desk).values()) == [["intended", "verified"]], journal(desk)
        screen.keys("C-c")
        screen.end()
    clear_reference(forest)
    shelve(desk)
