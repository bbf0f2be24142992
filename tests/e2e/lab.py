"""What an end-to-end case works with: a clean forest, the program as an unprivileged user, and a terminal (tmux).

A case is a function with one parameter, marked with @case (a forest of one domain) or @case_domains (of two), in a file
cases_*.py; it fails by an exception (`assert` will do). Nothing here sleeps for a fixed time: every wait polls until a deadline and then says what it saw."""

import base64
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOREST = HERE.parent / "lab/forest"
NOBODY = 65534
CASES = []
STOP = threading.Event()  # set when the run is ended from outside


class Failure(AssertionError):
    pass


def case(function, kind="one-domain"):
    function.kind = kind
    CASES.append(function)
    return function


def case_domains(function):
    return case(function, "domains")


def poll(what, ready, seconds=10.0):
    """Returns the first true value of ready(); fails at the deadline. `what` may be a function that describes."""
    deadline = time.monotonic() + seconds
    while True:
        value = ready()
        if value:
            return value
        if STOP.is_set():
            raise Failure("the run was ended")
        if time.monotonic() > deadline:
            raise Failure(f"waited {seconds} s for {what() if callable(what) else what}")
        time.sleep(0.05)


def sh(*command, check=True, stdin="", timeout=120, **more):
    words = [str(word) for word in command]
    with tempfile.TemporaryFile("w+") as given:  # no pipe: communicate() loses what it has not written at a time-out
        given.write(stdin)
        given.seek(0)
        process = subprocess.Popen(words, text=True, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   start_new_session=True, **more)  # a Ctrl-C is the runner's to answer
    deadline = time.monotonic() + timeout
    while True:
        try:
            out, err = process.communicate(timeout=0.5)
            break
        except subprocess.TimeoutExpired:
            if not (STOP.is_set() and not is_farewell(words)) and time.monotonic() < deadline:
                continue
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise Failure(f"{shlex.join(words)}: " + ("the run was ended" if STOP.is_set() else f"no end in {timeout} s"))
    if check and process.returncode:
        raise Failure(f"{shlex.join(words)}: exit {process.returncode}\n{out}{err}")
    return subprocess.CompletedProcess(words, process.returncode, out, err)


def is_farewell(words):
    """What still has to be done when the run is ended."""
    return "kill-server" in words or (words[0] == str(FOREST) and words[1] == "down")


def variables(text):
    """KEY='value' lines, as the forest prints them."""
    found = {}
    for line in text.splitlines():
        key, equals, value = line.partition("=")
        if equals:
            found[key] = shlex.split(value)[0] if value else ""
    return found


class Forest:
    """One practice forest, by its command. kind: one-domain or domains."""

    def __init__(self, name, kind="one-domain"):
        self.name, self.kind, self.started = name, kind, False

    def command(self, verb, *words, **more):
        return sh(FOREST, verb, self.name, *words, **more)

    def up(self):
        if not Path(self.home, "ready").exists():
            self.started = True
            self.command("up", *(["--domains"] if self.kind == "domains" else []), timeout=400)
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
        """LDIF lines of a signed and sealed search; dc is a DC's name."""
        return self.command("exec", "--", "ldapsearch", "-LLL", "-Q", "-N", "-Y", "GSSAPI", "-o", "ldif-wrap=no", "-H",
                            "ldap://" + self.env[dc + "_HOST"], "-s", scope, "-b", base, filter, *attributes).stdout

    def reference(self, dc, server=None):
        """serverReference of a server object (LIVDC02's) on that DC, or None."""
        found = re.search(r"^serverReference:(:?) (.*)$", self.search(dc, server or self.env["LIVDC02_SERVER"],
                                                                      "serverReference"), re.M)
        if not found:
            return None
        return base64.b64decode(found.group(2)).decode() if found.group(1) else found.group(2)

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
        self.screens, self.listeners = [], []
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

    def screen(self, command, size=(80, 24)):
        """Any command in a terminal of its own; it is ended with the case."""
        screen = Screen(self, command, size)
        self.screens.append(screen)
        return screen

    def wizard(self, *words, size=(80, 24), **environment):
        return self.screen(self.command(self.binary, *words, **environment), size)

    def listener(self, address, port=389, datagrams=False):
        """Something that accepts connections, or datagrams, at an address inside the forest and never answers."""
        silent = Silent(self, address, port, datagrams)
        self.listeners.append(silent)
        return silent

    def close(self, polite=True):
        """Ends what the case left, and fails if a sanitizer had anything to say. polite: a program that still runs is
        asked to leave, which it must do well (and a leak shows then)."""
        try:
            for screen in self.screens if polite else []:
                screen.leave()
        finally:
            for screen in self.screens:
                screen.kill()
            for silent in self.listeners:
                silent.stop()
            self.clear()

    def clear(self):
        reports = [path.read_text(errors="replace") for path in sorted(self.home.glob("sanitizer*"))]
        shutil.rmtree(self.folder)
        if reports:
            raise Failure("sanitizer:\n" + "\n".join(reports)[:6000])


QUIET = 0.5  # seconds without a key after which the program listens again, and a little more


class Screen:
    """A program in a terminal of its own: a tmux server with a fresh socket."""
    count = 0

    def __init__(self, desk, command, size):
        Screen.count += 1
        self.socket = str(desk.folder / f"tmux{Screen.count}")
        self.ending = desk.folder / f"status{Screen.count}"  # tmux itself misses an exit status now and then
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", size[0], "-y", size[1], "-s", "case",
                  "tmux -S {0} set -g remain-on-exit on; tmux -S {0} set -g status off; {1}; echo $? >{2}".format(
                      shlex.quote(self.socket), shlex.join(command), shlex.quote(str(self.ending))))

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
        """Keys by their tmux names: Enter, Escape, Down, C-c, F1, q; never faster than a hand, however fast the machine."""
        time.sleep(0.03)
        self.tmux("send-keys", "-t", "case", *names)

    def type(self, text):
        """As a hand does: key by key, and not at once; what comes faster the program takes for a paste."""
        time.sleep(QUIET)
        for key in text:
            self.tmux("send-keys", "-t", "case", "-l", key)
            time.sleep(0.04)

    def burst(self, text):
        """As a script does: all in one go."""
        self.tmux("send-keys", "-t", "case", "-l", text)

    def paste(self, text, bracketed=True):
        """A paste as a terminal sends it: line ends become carriage returns. It has passed when this returns."""
        sh("tmux", "-S", self.socket, "load-buffer", "-", stdin=text)
        time.sleep(QUIET)
        self.tmux("paste-buffer", *(["-p"] if bracketed else []), "-t", "case")
        time.sleep(QUIET)

    def resize(self, columns, rows):
        self.tmux("resize-window", "-t", "case", "-x", columns, "-y", rows)

    def status(self):
        """The exit status as a shell sees it, or None while it runs."""
        text = self.ending.read_text() if self.ending.exists() else ""
        return int(text) if text.endswith("\n") else None

    def end(self, status=0, seconds=10.0):
        """Until the program has ended; its exit status must be as expected."""
        poll(lambda: f"the program to end:\n{self.text()}", lambda: self.status() is not None, seconds)
        if self.status() != status:
            raise Failure(f"exit {self.status()}, expected {status}:\n{self.text()}")

    def leave(self):
        """Ctrl-C leaves from everywhere."""
        if self.status() is None:
            self.keys("C-c")
            self.end()

    def kill(self):
        self.tmux("kill-server", check=False)


class Silent:
    """A listener inside the forest that accepts, reads, and never answers: what it saw is known, and that it is still
    silent, so "before the answer" is a matter of order."""

    DATAGRAMS = ("import socket, sys\n"
                 "server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
                 "server.bind((sys.argv[1], int(sys.argv[2])))\n"
                 "print('ready', flush=True)\n"
                 "while server.recv(65536): print('heard', flush=True)\n")

    def __init__(self, desk, address, port, datagrams):
        self.log = desk.folder / f"silent-{address}-{port}"
        script = ("import socket, sys, threading\n"
                  "def hear(peer):\n"
                  "    for data in iter(lambda: peer.recv(65536), b''): print('heard', len(data), flush=True)\n"
                  "    print('closed', flush=True)\n"
                  "server = socket.create_server((sys.argv[1], int(sys.argv[2])))\n"
                  "print('ready', flush=True)\n"
                  "kept = []\n"
                  "while True:\n"
                  "    kept.append(server.accept()[0])\n"
                  "    print('accepted', flush=True)\n"
                  "    threading.Thread(target=hear, args=(kept[-1],), daemon=True).start()\n")
        with open(self.log, "w") as out:
            self.process = subprocess.Popen([FOREST, "exec", desk.forest.name, "--", "/usr/bin/python3", "-c",
                                             self.DATAGRAMS if datagrams else script,
                                             address, str(port)], stdout=out)
        self.wait("ready")

    def wait(self, word, seconds=15.0):
        """Until it has seen that: accepted, heard, closed."""
        poll(lambda: f"the listener to say {word}: {self.log.read_text()!r}",
             lambda: word in self.log.read_text().split(), seconds)

    def longest(self):
        """The most bytes that came at once: an unbind request, which says nothing, has 7."""
        words = self.log.read_text().split()
        return max((int(number) for word, number in zip(words, words[1:]) if word == "heard"), default=0)

    def stop(self):
        self.process.kill()
        self.process.wait()
