"""The scenes of screenshots/: what is done in the program, and which screens are kept. Used by tests/shots/make, which
writes them, and by tests/e2e/cases_shots.py, which compares them."""

import base64
import os
import re
import shlex
import signal
import sys
import time
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]

import picture  # noqa: E402
from lab import FOREST, NOBODY, Desk, poll  # noqa: E402

SIZES = ((80, 24), (120, 40))
SHELF = HERE.parents[1] / "screenshots"
SERVER = "dcsrv01.contoso.com"
QUIET = 0.4  # seconds without a change: the screen is complete


# ---- what differs from run to run ------------------------------------------------------------------------------------

GUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
STAND_IN = {"DCSRV01_GUID": "1f6c0d5e-70b4-4c11-9d0f-5b1a2c3d4e5f",
            "LIVDC02_GUID": "3dab7f9b-92e7-4391-b8db-71df532c1493"}  # the article's own example
TIME = "2026-11-22 15:03:11"
VALUE = base64.b64encode(b"<GUID=xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx>").decode()  # as LDIF has the account


def rules(env, known):
    """`known`: GUIDs that are the same in each forest. All others but the two DCs' become x."""
    real = {env[name]: stand_in for name, stand_in in STAND_IN.items()}
    real.update((guid, guid) for guid in (*known, *STAND_IN.values()))

    def guid(found):
        for whole, stand_in in real.items():
            if whole.startswith(found.group()):
                return stand_in
        return re.sub("[0-9a-f]", "x", found.group())

    whole = [(GUID, guid), (r"20\d{6}T\d{6}Z", "20261122T150311Z"),
             (rf"{VALUE[:8]}[0-9A-Za-z+/]{{8,}}=*", lambda found: VALUE[:len(found.group())])]
    cut = [(r"[0-9a-f]{8}-(?:[0-9a-f]{1,4}-){0,3}[0-9a-f]{0,12}(?=…|~|\.\.\.)", guid),
           (r"20\d\d-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?", TIME),
           (r"\b\d\d:\d\d:\d\d\b", TIME[11:]),
           (r"\b\d+ h \d+ min\b", "9 h 59 min"),
           (r"(?<=\d \d\d:)\d:?\d*(?=…)|(?<=\d\d:\d\d:)\d(?=…)", "11"),
           (r"(?<=uSNChanged)\s+\d+|(?<=uSNCreated)\s+\d+", lambda found: re.sub(r"\d", "0", found.group())),
           (r"(?<!at most )\b\d+(?:\.\d+)? (?=s\b|ms\b)", lambda found: re.sub(r"\d", "0", found.group()))]
    return whole + cut, whole


COPIES = re.compile(r"(?i)livdc02\S* +(absent|CN=)")  # the other DC has answered


# ---- the stage -------------------------------------------------------------------------------------------------------

def as_kayla(desk):
    """Gives the desk's program a home that has the same name everywhere: /home/kayla, in a mount namespace of its own."""
    home, drop = str(desk.home), ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups",
                                  "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs", "--"]
    inner = (f"mount -t tmpfs -o mode=755 home /home && mkdir /home/kayla && mount --bind {shlex.quote(home)} /home/kayla "
             f"&& exec {shlex.join(drop)} \"$@\"")

    def command(*words, **environment):
        settings = {**desk.environment, **environment}
        pairs = [f"{key}={value}".replace(home, "/home/kayla") for key, value in settings.items() if value is not None]
        return [str(FOREST), "exec", desk.forest.name, "--", "sh", "-c", inner, "sh", "env", "-i", "-C", "/home/kayla",
                *pairs, *map(str, words)]

    desk.environment.pop("XDG_STATE_HOME", None)
    desk.command = command
    desk.ticket()


@contextmanager
def desk_of_kayla(forest, binary):
    desk = Desk(forest, binary)
    try:
        as_kayla(desk)
        yield desk
    except BaseException:
        desk.close(polite=False)
        raise
    desk.close()


class Stage:
    """One desk, one size, one background; keeps what it is shown in `shots`, by "SIZE/NAME"."""

    def __init__(self, desk, size, theme, shots, known=()):
        self.desk, self.size, self.theme, self.shots, self.known = desk, size, theme, shots, known
        self.rules = rules(desk.forest.env, known)

    @contextmanager
    def program(self, *words):
        screen = self.desk.wizard(*words, size=self.size, COLORFGBG="15;0" if self.theme == "dark" else "0;15")
        yield screen
        screen.leave()
        screen.kill()

    def settled(self, screen):
        """The screen, once it has not changed for a while."""
        seen = {"text": None, "since": 0.0}

        def still():
            text, now = screen.tmux("capture-pane", "-p", "-e", "-t", "case"), time.monotonic()
            if text != seen["text"]:
                seen.update(text=text, since=now)
            return now - seen["since"] >= QUIET and text
        return poll("the screen to come to rest", still, 30)

    def keep(self, screen, name, *markers):
        """Waits for the markers and for quiet, and keeps the screen."""
        for marker in markers:
            screen.wait(marker, 30)
        captured = self.settled(screen)
        x, y, shown = screen.tmux("display-message", "-p", "-t", "case",
                                  "#{cursor_x} #{cursor_y} #{cursor_flag}").split()
        grid = picture.Grid(captured, *self.size, cursor=(int(x), int(y)) if shown == "1" else None)
        picture.mask(grid, *self.rules)
        self.shots[f"{self.size[0]}x{self.size[1]}/{name}"] = grid


def at(step):
    """The marker of the current step, as a rail or as a line."""
    return re.compile(rf"\[{step}\]|[▸>] {step}\b")


@contextmanager
def standing_still(forest, dc):
    """The DC hears and says nothing meanwhile."""
    group = int(Path(forest.home, dc, "pid").read_text())
    os.killpg(group, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(group, signal.SIGCONT)


# ---- the scenes ------------------------------------------------------------------------------------------------------

def event(desk, guid):
    """The event's text, as on the day of the article's example."""
    text = re.sub(r"(?m)^(Date: +).*$", r"\g<1>11/22/2026 3:02:58 PM", desk.forest.event(guid))
    return desk.file("event-1411.txt", text)


def repair(stage):
    """From the list of DCs to VERIFIED, for a DC without serverReference."""
    desk = stage.desk
    made = desk.forest.plant("missing")
    event(desk, made["GUID"])
    with stage.program() as screen:
        stage.keep(screen, "connect", at("Connect"), "livdc02")
    with stage.program("--read-only", "--file", "event-1411.txt", SERVER) as screen:
        to_inspect(screen)
        stage.keep(screen, "read-only", "READ ONLY", COPIES)
    with stage.program("--file", "event-1411.txt", SERVER) as screen:
        stage.keep(screen, "symptom", at("Symptom"), made["GUID"], "logged by")
        screen.keys("Enter")
        stage.keep(screen, "locate", at("Locate"), "Enter inspect")
        screen.keys("Enter")
        stage.keep(screen, "inspect", at("Inspect"), "It should be", COPIES)
        screen.keys("?")
        stage.keep(screen, "help", "Esc close")
        screen.keys("Escape")
        screen.gone("Esc close")
        screen.keys("Enter")
        stage.keep(screen, "propose", at("Propose"))
        screen.keys("Enter")
        stage.keep(screen, "confirm", at("Confirm"), "to apply:")
        screen.type("LIVDC02")
        screen.wait("to apply: LIVDC02")
        with standing_still(desk.forest, "DCSRV01"):
            screen.keys("Enter")
            stage.keep(screen, "apply", at("Apply"))
        stage.keep(screen, "report", at("Report"), "VERIFIED")


def to_inspect(screen):
    screen.wait("logged by")
    screen.keys("Enter")
    screen.wait("Enter inspect")
    screen.keys("Enter")
    screen.wait(at("Inspect"))


def furnish(forest):
    """A forest with something to see: returns the GUIDs that are the same each time, the deleted DSA's first."""
    plant = forest.plant
    made = [plant("deleted-dsa"), plant("no-computer"), plant("foreign-names"),
            plant("fakedc", "--name", "LONDC01", "--site", "London"),
            plant("fakedc", "--name", "LONDC02", "--site", "London", "--to", forest.env["DCSRV01_ACCOUNT"])]
    return [dc["GUID"] for dc in made]


def forbidden(stage):
    """The DSA of the event was deleted: advice, and a report to hand over."""
    event(stage.desk, stage.known[0])
    with stage.program("--file", "event-1411.txt", SERVER) as screen:
        to_inspect(screen)
        stage.keep(screen, "deleted", "deleted")
        screen.keys("Enter")
        stage.keep(screen, "deleted-report", at("Report"))


def browse(stage):
    with stage.program("browse", SERVER) as screen:
        screen.wait(re.compile(r"DCSRV01 +ok"))
        screen.keys("v")
        screen.wait("Faults come first.")
        screen.keys("Down")
        screen.wait("dNSHostName")
        stage.keep(screen, "browse", "servers")
