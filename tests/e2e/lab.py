"""What an end-to-end case works with: a clean forest, the program as an unprivileged user, and a terminal (tmux).

A case is a function with one parameter, marked with @case, in a file cases_*.py; it fails by an exception (`assert` will
do). Nothing here sleeps for a fixed time: every wait polls until a deadline and then says what it saw."""

import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOREST = HERE.parent / "lab/forest"
NOBODY = 65534
CASES = []


class Failure(AssertionError):
    pass


def case(function):
    CASES.append(function)
    return function


def poll(what, ready, seconds=10.0):
    """Returns the first true value of ready(); fails at the deadline. `what` may be a function that describes."""
    deadline = time.monotonic() + seconds
    while True:
        value = ready()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Failure(f"waited {seconds} s for {what() if callable(what) else what}")
        time.sleep(0.05)


def sh(*command, check=True, stdin="", **more):
    done = subprocess.run([str(word) for word in command], input=stdin, text=True, capture_output=True, **more)
    if check and done.returncode:
        raise Failure(f"{shlex.join(map(str, command))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def variables(text):
    """KEY='value' lines, as the forest prints them."""
    found = {}
    for line in text.splitlines():
        key, equals, value = line.partition("=")
        if equals:
            found[key] = shlex.split(value)[0] if value else ""
    return found


class Forest:
    """One practice forest, by its command."""

    def __init__(self, name):
        self.name, self.started = name, False

    def command(self, verb, *words, **more):
        return sh(FOREST, verb, self.name, *words, **more)

    def up(self):
        if not Path(self.home, "ready").exists():
            self.started = True
            self.command("up")
        self.env = variables(self.command("env").stdout)

    def down(self):
        self.command("down")

    def reset(self):
        self.command("reset")

    def plant(self, state, *options):
        """Plants a state; returns what it made: GUID, NTDS, SERVER, ACCOUNT, HOST."""
        return variables(self.command("plant", state, *options).stdout)

    def event(self, *options):
        return self.command("event", *options).stdout

    @property
    def home(self):
        return os.path.join(os.environ.get("LAB_HOME", "/run/dcmend-lab"), self.name)

    def search(self, dc, base, *attributes, scope="base", filter="(objectClass=*)", user=None):
        """LDIF lines of a signed and sealed search; dc is DCSRV01 or LIVDC02."""
        return self.command("exec", "--", "ldapsearch", "-LLL", "-Q", "-N", "-Y", "GSSAPI", "-o", "ldif-wrap=no", "-H",
                            "ldap://" + self.env[dc + "_HOST"], "-s", scope, "-b", base, filter, *attributes).stdout

    def reference(self, dc, server=None):
        """serverReference of a server object (LIVDC02's) on that DC, or None."""
        found = re.search(r"^serverReference: (.*)$", self.search(dc, server or self.env["LIVDC02_SERVER"],
                                                                  "serverReference"), re.M)
        return found.group(1) if found else None

    def modify(self, dc, ldif):
        return self.command("exec", "--", "ldapmodify", "-Q", "-N", "-Y", "GSSAPI", "-H",
                            "ldap://" + self.env[dc + "_HOST"], stdin=ldif).stdout


class Desk:
    """One case's private corner: an unprivileged user's home in a folder of its own, and the program."""

    def __init__(self, forest, binary):
        self.forest = forest
        self.folder = Path(tempfile.mkdtemp(prefix="dcmend-e2e."))
        self.folder.chmod(0o755)
        self.home = self.folder / "home"
        self.home.mkdir()
        os.chown(self.home, NOBODY, NOBODY)
        self.binary = binary
        self.screens = []
        self.environment = {
            "HOME": str(self.home), "PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "KRB5_CONFIG": forest.env["KRB5_CONFIG"], "KRB5CCNAME": f"FILE:{self.home}/ticket",
            "LDAPTLS_CACERT": forest.env["LDAPTLS_CACERT"], "XDG_STATE_HOME": str(self.home / "state"),
        }
        for tool, extra in (("ASAN", "detect_leaks=1"), ("UBSAN", "print_stacktrace=1"), ("TSAN", "second_deadlock_stack=1"),
                            ("LSAN", "report_objects=1")):
            self.environment[tool + "_OPTIONS"] = f"log_path={self.home}/sanitizer:{extra}"

    def ticket(self, user="kayla"):
        path = self.home / "ticket"
        self.forest.command("kinit", user, f"FILE:{path}")
        os.chown(path, NOBODY, NOBODY)

    def file(self, name, text):
        path = self.home / name
        path.write_text(text)
        os.chown(path, NOBODY, NOBODY)
        return path

    def command(self, *words, **environment):
        """The words of a command that runs in the forest as the unprivileged user."""
        settings = {**self.environment, **environment}
        return [str(FOREST), "exec", self.forest.name, "--user", f"{NOBODY}:{NOBODY}", "--", "env", "-i", "-C",
                str(self.home), *(f"{key}={value}" for key, value in settings.items() if value is not None),
                *map(str, words)]

    def run(self, *words, stdin="", timeout=60, **environment):
        """The program without a terminal: its exit status, stdout and stderr."""
        return sh(*self.command(self.binary, *words, **environment), check=False, stdin=stdin, timeout=timeout)

    def diagnose(self, guid, server="dcsrv01.contoso.com", *options, **environment):
        """The one object that "diagnose --json" prints, and the exit status."""
        done = self.run("diagnose", "--json", *options, guid, server, **environment)
        lines = done.stdout.splitlines()
        if len(lines) != 1:
            raise Failure(f"diagnose printed {len(lines)} lines, exit {done.returncode}\n{done.stdout}{done.stderr}")
        return json.loads(lines[0]), done.returncode

    def wizard(self, *words, size=(80, 24), **environment):
        screen = Screen(self, self.command(self.binary, *words, **environment), size)
        self.screens.append(screen)
        return screen

    def close(self):
        """Ends what the case left, and fails if a sanitizer had anything to say."""
        for screen in self.screens:
            screen.kill()
        reports = [path.read_text(errors="replace") for path in sorted(self.home.glob("sanitizer*"))]
        shutil.rmtree(self.folder)
        if reports:
            raise Failure("sanitizer:\n" + "\n".join(reports)[:6000])


class Screen:
    """A program in a terminal of its own: a tmux server with a fresh socket."""
    count = 0

    def __init__(self, desk, command, size):
        Screen.count += 1
        self.socket = str(desk.folder / f"tmux{Screen.count}")
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", size[0], "-y", size[1], "-s", "case",
                  "tmux -S {0} set -g remain-on-exit on; tmux -S {0} set -g status off; exec {1}".format(
                      shlex.quote(self.socket), shlex.join(command)))
        self.ended = False

    def tmux(self, *words, check=True):
        environment = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        environment.pop("TMUX", None)
        return sh("tmux", "-S", self.socket, *words, check=check, env=environment).stdout

    def text(self):
        return self.tmux("capture-pane", "-p", "-t", "case", check=False)

    def wait(self, marker, seconds=15.0):
        """Until the marker (plain text, or a compiled pattern) is on the screen; returns the screen."""
        def seen():
            text = self.text()
            found = marker.search(text) if hasattr(marker, "search") else marker in text
            if not found and self.status() is not None:
                raise Failure(f"the program ended ({self.status()}) before {marker!r}:\n{text}")
            return text if found else None
        return poll(lambda: f"{marker!r} on the screen:\n{self.text()}", seen, seconds)

    def gone(self, marker, seconds=15.0):
        """Until the marker is no longer on the screen."""
        return poll(lambda: f"{marker!r} to go:\n{self.text()}", lambda: marker not in self.text(), seconds)

    def keys(self, *names):
        """Keys by their tmux names: Enter, Escape, Down, C-c, F1, q."""
        self.tmux("send-keys", "-t", "case", *names)

    def type(self, text):
        self.tmux("send-keys", "-t", "case", "-l", text)

    def paste(self, text):
        """A bracketed paste, as a terminal sends it."""
        sh("tmux", "-S", self.socket, "load-buffer", "-", stdin=text)
        self.tmux("paste-buffer", "-p", "-t", "case")

    def resize(self, columns, rows):
        self.tmux("resize-window", "-t", "case", "-x", columns, "-y", rows)

    def status(self):
        """The exit status, or None while it runs."""
        words = self.tmux("list-panes", "-t", "case", "-F", "#{pane_dead} #{pane_dead_status} #{pane_dead_signal}",
                          check=False).strip().split(" ")
        if words[0] != "1":
            return None
        return int(words[1]) if len(words) > 1 and words[1] else -1

    def end(self, status=0, seconds=10.0):
        """Until the program has ended; its exit status must be as expected."""
        poll(lambda: f"the program to end:\n{self.text()}", lambda: self.status() is not None, seconds)
        if self.status() != status:
            raise Failure(f"exit {self.status()}, expected {status}:\n{self.text()}")

    def kill(self):
        self.tmux("kill-server", check=False)
