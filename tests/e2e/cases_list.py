"""The scan as a list that stays: twelve faults of one forest, seven of which can be repaired, one after the other; a finding
on another DC's copy; somebody else's repair, and a link that drops, in the middle. What was written is asked of the
directory, and each change has its own typed name and its own entry in the journal."""

import re
import time

from cases_wizard import at, confirm, enter, verified, walk
from lab import case, poll
from rough import behind, relay_for

DC, OTHER = "dcsrv01.contoso.com", "livdc02.contoso.com"
ADMINISTRATOR = "CN=Administrator,CN=Users,DC=contoso,DC=com"
REPAIRABLE = [
    ("missing",),
    ("fakedc", "--name", "LIVDC40", "--no-serverref"),
    ("fakedc", "--name", "LIVDC41", "--no-serverref", "--site", "Leeds"),
    ("fakedc", "--name", "LIVDC42", "--to", ADMINISTRATOR),
    ("fakedc", "--name", "LIVDC43", "--no-serverref"),
    ("foreign-names",),
    ("medium",),
]
REFUSED = [("no-computer",), ("disabled-account",), ("unproven",), ("ambiguous",), ("lost-bits", "--name", "LIVDC44")]

class Counted:
    """A screen whose keys are counted."""

    def __init__(self, screen):
        self.screen, self.count, self.offer = screen, 0, None

    def keys(self, *names):
        self.count += len(names)
        self.screen.keys(*names)

    def type(self, text):
        self.count += len(text)
        self.screen.type(text)

    def __getattr__(self, name):
        return getattr(self.screen, name)


def to_scan(screen):
    """From the start to the list of findings."""
    at(screen, "Symptom")
    screen.keys("Tab")
    screen.wait("scan the forest")
    screen.keys("c")
    screen.wait(re.compile(r"(\d+ findings?|No finding) on DCSRV01's copy"), 30)
    return screen


def scan(desk):
    """As kayla."""
    desk.ticket()
    return to_scan(desk.wizard(DC))


def type_names(screen):
    """The name that Confirm asks for, and the account's where the proof is medium."""
    name = re.search(r"Type (\S+) to apply:", screen.text()).group(1)
    screen.type(name)
    screen.keys("Enter")
    text = screen.wait(re.compile("VERIFIED on DCSRV01|the account's name, "))
    if "VERIFIED" not in text:
        screen.type(re.search(r"the account's name, (\S+?)[:,.]?\s", text).group(1))
        screen.keys("Enter")
        screen.wait("VERIFIED on DCSRV01")


def propose(screen):
    """From Inspect to Confirm. A copy that names a stranger has the DSA read once more: an Enter of then is not taken."""
    def there():
        if "[Inspect]" in screen.text() and "Enter propose" in screen.text():
            screen.keys("Enter")
            time.sleep(0.3)
        return "[Inspect]" not in screen.text()
    at(screen, "Inspect")
    screen.wait("propose the repair")
    poll(lambda: f"Propose:\n{screen.text()}", there, 15)
    screen.offer = None  # the same as of the one before
    walk(screen, "Confirm")


def on(screen):
    """The next one of the list."""
    screen.keys("Tab")
    screen.offer = None
    at(screen, "Inspect")


def entries(desk):
    folder = desk.home / "state/dcmend/journal"
    return [path.read_text() for path in folder.iterdir()] if folder.exists() else []


@case
def seven_of_twelve_faults(desk):
    made = [desk.forest.plant(*state) for state in REPAIRABLE]
    left = [desk.forest.plant(*state) for state in REFUSED]
    before = [desk.forest.reference("DCSRV01", one["SERVER"]) for one in left]
    screen = Counted(scan(desk))
    screen.wait("12 findings on DCSRV01's copy")
    assert not entries(desk)
    begin = time.monotonic()
    screen.count = 0
    screen.keys("Enter")
    for number in range(1, 8):
        propose(screen)
        type_names(screen)
        assert len(entries(desk)) == number, entries(desk)
        screen.wait(f"({number} of 12 done)")
        if number < 7:
            on(screen)
    seconds = time.monotonic() - begin
    print(f"seven repairs of twelve findings: {screen.count} keys, {seconds:.1f} s")
    for one in made:
        for dc in ("DCSRV01", "LIVDC02"):
            poll(f"the value on {dc}", lambda dc=dc, one=one:
                 desk.forest.reference(dc, one["SERVER"]) == one["ACCOUNT"], 30)
    assert all("verified" in entry for entry in entries(desk))
    for number in range(8, 13):  # the others are refused, each with its reason
        on(screen)
        enter(screen, "Report")
        screen.wait(f"{number} of 12 done")
        screen.wait("Nothing was written.")
    screen.keys("Tab")
    text = screen.wait("Done: 12.")
    assert text.count("✓ repaired") == 7, text
    screen.keys("s")
    saved = screen.wait("Saved as")
    (path,) = (desk.home / "state/dcmend/reports").glob("dcmend-findings-*.txt")
    rows = path.read_text()
    assert rows.count("repaired") == 7 and rows.count("refused: ") == 5, (rows, saved)
    assert all(one["GUID"] in rows for one in made + left), rows
    assert before == [desk.forest.reference("DCSRV01", one["SERVER"]) for one in left]
    assert len(entries(desk)) == 7
    screen.keys("q", "q")  # closes the list, then leaves
    screen.end()


@case
def somebody_elses_repair_of_the_next_one(desk):
    """It is judged anew, and ticked as already right; the list comes back as it was left."""
    desk.forest.plant("fakedc", "--name", "LIVDC40", "--no-serverref")
    other = desk.forest.plant("fakedc", "--name", "LIVDC41", "--no-serverref")
    desk.forest.plant("fakedc", "--name", "LIVDC42", "--no-serverref")
    screen = scan(desk)
    screen.keys("/")
    screen.type("livdc4")
    screen.keys("Enter")
    screen.wait("3 of 3 shown")
    screen.keys("Enter")
    propose(screen)
    type_names(screen)
    desk.forest.modify("DCSRV01", f"dn: {other['SERVER']}\nchangetype: modify\nadd: serverReference\n"
                                  f"serverReference: {other['ACCOUNT']}\n")
    on(screen)
    screen.wait("LIVDC41's serverReference on DCSRV01 is right.")
    enter(screen, "Report")
    screen.wait("next: LIVDC42 (2 of 3 done)")
    screen.keys("Escape")
    text = screen.wait("3 of 3 shown")
    assert re.search("LIVDC40 .*✓ repaired", text) and re.search("LIVDC41 .*✓ already right", text), text
    assert re.search("[▸>] LIVDC41", text), text
    assert len(entries(desk)) == 1
    screen.keys("q", "q")
    screen.end()


@case
def a_link_that_drops_between_two_of_them(desk):
    """The desk signs in again, on each of them, without a further key; the list is kept."""
    for name in ("LIVDC40", "LIVDC41", "LIVDC42"):
        desk.forest.plant("fakedc", "--name", name, "--no-serverref")
    with relay_for(desk) as relay:
        door = relay.door()
        desk.ticket()
        screen = to_scan(desk.screen(behind(desk, door, desk.binary, DC)))
        screen.wait("3 findings on DCSRV01's copy")
        for number in range(1, 4):
            door.lead("DCSRV01")  # whoever is connected is hung up on
            screen.keys("Enter" if number == 1 else "Tab")
            propose(screen)
            type_names(screen)
            screen.wait(f"{number} of 3 done")
        screen.keys("Tab")
        assert screen.wait("Done: 3.").count("✓ repaired") == 3
        screen.keys("q", "q")
        screen.end()
    assert len(entries(desk)) == 3


@case
def a_finding_on_another_dcs_copy(desk):
    """e asks every DC; Enter leads to the DC whose copy is broken, and asks before it goes there."""
    made = desk.forest.plant("missing-there")
    screen = scan(desk)
    screen.wait("No finding on DCSRV01's copy")
    screen.keys("e")
    text = screen.wait("1 finding on DCSRV01's copy", 60)
    assert re.search(r"LIVDC02 .* other copies +1 of 2", text), text
    screen.wait("2 of 2 domain controllers were read.")
    screen.wait("judge on LIVDC02")
    screen.keys("Enter")
    text = screen.wait(re.compile("on the copy of livdc02", re.I))
    assert "you are connected to dcsrv01" in text.lower(), text
    at(screen, "Locate")
    assert DC in screen.text().splitlines()[0].lower(), screen.text()
    screen.keys("Enter")
    screen.wait(re.compile(r"\A dcmend +" + OTHER, re.I))
    propose(screen)
    confirm(screen, "livdc02")
    verified(screen, OTHER)
    assert desk.forest.reference("LIVDC02") == made["ACCOUNT"]
    screen.keys("Escape")
    text = screen.wait("✓ repaired")
    assert "1 finding on DCSRV01's copy" in text, text
    screen.keys("q", "q")
    screen.end()


@case
def looking_only(desk):
    """dcmend browse: Enter on a red server shows the verdict, its proof and its advice, and Esc comes back."""
    desk.forest.plant("missing")
    ambiguous = desk.forest.plant("ambiguous")
    desk.ticket()
    screen = desk.wizard("browse", DC, size=(120, 40))
    screen.wait("READ ONLY")
    screen.wait(re.compile(r"LIVDC02 .*missing"), 30)
    screen.keys(":")
    screen.type("livdc02")
    screen.keys("Enter")
    screen.wait("LIVDC02 has no serverReference on DCSRV01.")
    screen.keys("Enter")
    text = screen.wait("Enter report")
    assert "its replication SPN carries this DSA's GUID" in text and "[Inspect]" not in text, text
    screen.keys("Enter")
    screen.wait("Nothing was written: this program runs read-only")
    screen.keys("Escape")
    screen.wait("Enter inspect")
    screen.keys(":")
    screen.type("livdc18")
    screen.keys("Enter")
    screen.wait("Several accounts could be meant by LIVDC18.")
    screen.keys("Enter")
    screen.wait("Enter report")
    screen.keys("Enter")
    screen.wait("Nothing was written.")
    text = screen.text()
    for dn in (ambiguous["ACCOUNT"], ambiguous["TWIN"]):
        assert dn[:40] in text, text
    (path,) = [path for path in (desk.home / "state/dcmend/reports").glob("dcmend-LIVDC18-*.txt")]
    report = path.read_text()
    for dn in (ambiguous["ACCOUNT"], ambiguous["TWIN"]):
        assert dn in report, report
    screen.keys("q")
    screen.end()
