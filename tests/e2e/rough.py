"""What the cases of faults, interruptions and races share: the program behind a relay's door, the wizard taken to Confirm,
and the four witnesses of what was done, which must agree: screen, journal, directory, and the DC's own audit log."""

import base64
import re
import subprocess
import time
import uuid
from contextlib import contextmanager
from pathlib import Path

from lab import FOREST, NOBODY, Desk, Failure, Screen, poll, sh
from relay import Relay

DC = "dcsrv01.contoso.com"
DROP = ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups", "--inh-caps=-all",
        "--bounding-set=-all", "--no-new-privs", "--"]
ENDINGS = {"VERIFIED on": "verified", "REFUSED by": "refused", "NOTHING SENT to": "nothing sent",
           "UNKNOWN:": "unknown", "NOT APPLIED:": "not applied", "APPLIED on": "applied"}
STEP = re.compile(r"\[(\w+)\]")
LOOKING = "what became of it ..."
ABSENT = None


# ---- the program ----------------------------------------------------------------------------------------------------

@contextmanager
def relay_for(desk):
    relay = Relay(desk)
    try:
        yield relay
    finally:
        relay.close()


def inside(desk, prefix, *words, **environment):
    """The words of a command in the forest; prefix still has all privileges."""
    settings = {**desk.environment, **environment}
    return [str(FOREST), "exec", desk.forest.name, "--", *prefix, "env", "-i", "-C", str(desk.home),
            *(f"{key}={value}" for key, value in settings.items() if value is not None), *map(str, words)]


def behind(desk, door, *words, **environment):
    """As the unprivileged user, for whom the DC's name leads through the door."""
    prefix = ["sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', str(door.hosts), *DROP]
    return inside(desk, prefix, *words, **environment)


def watched(desk, strace, *words, **environment):
    """The unprivileged user's program below strace with these options; its report goes to the desk's folder."""
    prefix = ["strace", "-f", "-q", "-o", str(desk.folder / "strace"), *strace, *DROP]
    return inside(desk, prefix, *words, **environment)


def start(desk, command, size=(100, 45)):
    screen = Screen(desk, command, size)
    desk.screens.append(screen)
    return screen


def drop(desk, screen):
    """The terminal goes away with whatever runs in it."""
    screen.kill()
    desk.screens.remove(screen)


def processes(forest, name="dcmend"):
    """Numbers of the programs of that name in the forest, oldest first."""
    found = sh("ip", "netns", "pids", "dcmend-" + forest.name).stdout.split()
    return sorted(int(pid) for pid in found if command_name(pid) == name)


def command_name(pid):
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return None


# ---- the wizard -----------------------------------------------------------------------------------------------------

def step(screen):
    found = STEP.search("".join(screen.text().splitlines()[1:2]))
    return found.group(1) if found else None


def to_confirm(screen, name="LIVDC02", seconds=40.0):
    """Enter takes the recommended way; Confirm is where it does nothing."""
    deadline, marker = time.monotonic() + seconds, re.compile(r"Type (\S+) to apply:")
    while True:
        text = screen.text()
        found = marker.search(text)
        if found:
            assert found.group(1) == name, f"Confirm asks for {found.group(1)}"
            return text
        if screen.status() is not None or time.monotonic() > deadline:
            raise Failure(f"no Confirm; exit {screen.status()}:\n{screen.text()}")
        if step(screen) in ("Symptom", "Locate", "Inspect", "Propose"):
            screen.keys("Enter")
        time.sleep(0.1)


def onward(screen, marker, seconds=40.0):
    """Enter takes the recommended way until the marker is on the screen."""
    deadline = time.monotonic() + seconds
    while marker not in screen.text():
        if screen.status() is not None or time.monotonic() > deadline:
            raise Failure(f"no {marker!r}; exit {screen.status()}:\n{screen.text()}")
        if step(screen) in ("Symptom", "Locate", "Inspect", "Propose"):
            screen.keys("Enter")
        time.sleep(0.1)


def confirm(screen, name="LIVDC02"):
    screen.type(name)
    screen.keys("Enter")


PAINTED = re.compile(r"^ Enter \S.*\s*\Z", re.M)  # the Report's own footer is the last thing painted


def ending(text):
    """What the report says became of the change, or None while it is not told."""
    if LOOKING in text:
        return None
    return next((meaning for words, meaning in ENDINGS.items() if words in text), None)


def wait_ending(screen, seconds=20.0):
    """The report's first word and the screen, once it is painted to its end."""
    def seen():
        text = screen.text()
        if ending(text) is None and screen.status() is not None:
            raise Failure(f"the program ended ({screen.status()}):\n{text}")
        return (ending(text), text) if ending(text) and (PAINTED.search(text) or screen.status() is not None) else None
    return poll(lambda: f"the outcome:\n{screen.text()}", seen, seconds)


# ---- the witnesses --------------------------------------------------------------------------------------------------

def journal(desk):
    """{id: the list of its states}, oldest first."""
    folder = desk.home / "state/dcmend/journal"
    return {path.stem: re.findall(r"^#!STATE (\w+)", path.read_text(errors="replace"), re.M)
            for path in sorted(folder.glob("*.ldif"))} if folder.is_dir() else {}


class Audit:
    """The DC's own record of the changes of serverReference: who sent how many, and what became of them."""
    LINE = re.compile(r"DSDB Change \[Modify\].*? status \[([^]]*)\] remote host \[([^]]*)\] SID \[[^]]*\] DN "
                      r"\[([^]]*)\] attributes \[[^\n]*serverReference[^\n]*\]$", re.M)

    def __init__(self, forest, dc="DCSRV01"):
        self.log = Path(forest.home, dc, "log")
        forest.command("exec", "--", "smbcontrol", "-s", f"{forest.home}/{dc}/etc/smb.conf", "all", "debug",
                       "1 dsdb_audit:5")
        self.begin()

    def begin(self):
        self.at = self.log.stat().st_size

    def changes(self, server=None):
        """The statuses since begin(), in order: "Success", or the DC's reason. What came by replication has no host."""
        with open(self.log, errors="replace") as file:
            file.seek(self.at)
            return [status for status, host, dn in self.LINE.findall(file.read())
                    if host != "Unknown" and (not server or dn.lower() == server.lower())]


def clear_reference(forest, server=None):
    """The server object (LIVDC02's) has none any more, on both DCs: a copy that changes between Confirm and Apply is a
    difference."""
    server = server or forest.env["LIVDC02_SERVER"]
    for dc in ("DCSRV01", "LIVDC02"):
        if forest.reference(dc, server):
            forest.modify(dc, f"dn: {server}\nchangetype: modify\nreplace: serverReference\n")


def set_reference(forest, value):
    """LIVDC02's server object has this value, on both DCs."""
    line = f"serverReference: {value}\n" if value else ""
    forest.modify("DCSRV01", f"dn: {forest.env['LIVDC02_SERVER']}\nchangetype: modify\nreplace: serverReference\n" + line)
    poll("both DCs", lambda: {forest.reference(dc) for dc in ("DCSRV01", "LIVDC02")} == {value}, 30)


def dsa_guid(forest, server):
    found = forest.search("DCSRV01", "CN=NTDS Settings," + server, "objectGUID")
    return str(uuid.UUID(bytes_le=base64.b64decode(re.search(r"^objectGUID:: (.*)$", found, re.M).group(1))))


class Patient:
    """One of several fake DCs without serverReference, and its own desk, so that many can be treated at once."""

    def __init__(self, forest, binary, number):
        self.name = f"BULK{number:05d}"
        self.server = f"CN={self.name},CN=Servers,CN=Site{number % 200:03d},CN=Sites,CN=Configuration,DC=contoso,DC=com"
        self.account = f"CN={self.name},OU=Domain Controllers,DC=contoso,DC=com"
        self.guid = dsa_guid(forest, self.server)
        self.desk = Desk(forest, binary)

    def prepare(self):
        clear_reference(self.desk.forest, self.server)
        shelve(self.desk)
        self.desk.ticket()
        self.event = self.desk.file("event", self.desk.forest.event(self.guid))


@contextmanager
def ward(desk, count):
    """So many patients, brought up to Confirm by the cases."""
    desk.forest.plant("many", "--count", count, "--every", 1)
    patients = []
    try:
        for number in range(1, count + 1):
            patients.append(Patient(desk.forest, desk.binary, number))
        yield patients
    finally:
        for patient in patients:
            patient.desk.close(polite=False)


def shelve(desk):
    """A journal of its own for the next change; the old one is put aside."""
    if (desk.home / "state").exists():
        (desk.home / "state").rename(desk.home / f"state-{len(list(desk.home.glob('state-*')))}")


def unfinished(desk):
    return any(states[-1:] in (["intended"], ["applied"], ["unknown"]) for states in journal(desk).values())


def finish(desk, audit, new, server=None):
    """A new start offers what is unfinished; looking after it settles it, and nothing is sent again."""
    sent = audit.changes(server)
    screen = start(desk, desk.command(desk.binary, DC))
    screen.wait("An earlier change was not finished")
    screen.keys("Enter")
    outcome, text = wait_ending(screen)
    assert audit.changes(server) == sent, "it was sent again:\n" + text
    agree(desk, audit, outcome, new, text, server)
    assert not unfinished(desk), text
    screen.keys("C-c")
    screen.end()
    return outcome


def apply_once(desk, door, audit, event, rule, seconds=15.0, old=None):
    """One wizard from start to report, with the rule in force from the typed name on."""
    if old:
        set_reference(desk.forest, old)
    else:
        clear_reference(desk.forest)
    shelve(desk)
    door.rule()
    screen = start(desk, behind(desk, door, desk.binary, "-f", event, DC))
    to_confirm(screen)
    door.rule(*rule)
    audit.begin()
    confirm(screen)
    outcome, text = wait_ending(screen, seconds)
    counts = door.counts()
    screen.keys("C-c")
    screen.end()
    return outcome, text, counts


def agree(desk, audit, outcome, new, text="", server=None):
    """Screen, journal, directory and audit tell the same story about one repair of an absent value."""
    value, states = desk.forest.reference("DCSRV01", server), list(journal(desk).values())
    sent = audit.changes(server)
    last = states[-1][-1] if states and states[-1] else None
    story = f"screen {outcome}, journal {states}, directory {value}, audit {sent}\n{text}"
    assert len(states) <= 1 and len(sent) <= 1, "more than one change: " + story
    assert value == (new if sent == ["Success"] else ABSENT), "directory and audit differ: " + story
    allowed = {"verified": (new, ("verified",)), "applied": (new, ("applied",)), "not applied": (ABSENT, ("refused",)),
               "refused": (ABSENT, ("refused",)), "nothing sent": (ABSENT, (None, "refused")),
               "unknown": (value, ("unknown",)),
               "killed": (value, (None, "intended") if value is ABSENT else ("intended", "applied", "verified"))}[outcome]
    assert value == allowed[0] and last in allowed[1], "they differ: " + story
    return last


def background(command, **more):
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)
