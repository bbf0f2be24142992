"""Over a real sshd on loopback, and on the terminals and in the locales that people have: it starts, it is readable, it
leaves the terminal as it was, and nothing stays behind a dead connection."""

import re
import shlex
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from lab import FOREST, NOBODY, Failure, case, poll, sh

SERVER = "dcsrv01.contoso.com"
PORT = 2222


# ---- sshd ------------------------------------------------------------------------------------------------------------

def privately(desk, *command):
    """The words of a command that runs in the forest as nobody, who has a shell and a home in this one place."""
    (desk.folder / "passwd").write_text(re.sub(
        r"(?m)^nobody:.*$", f"nobody:x:{NOBODY}:{NOBODY}::{desk.home}:/bin/bash", Path("/etc/passwd").read_text()))
    (desk.folder / "shadow").write_text("nobody:*:20000:0:99999:7:::\n")
    (desk.folder / "group").write_text(f"nogroup:x:{NOBODY}:\n")  # no tty: sshd could not give a terminal to that group
    drop = f"setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs --"
    return [str(FOREST), "exec", desk.forest.name, "--", "sh", "-c",
            f'for file in passwd shadow group; do mount --bind {shlex.quote(str(desk.folder))}/$file /etc/$file; done; '
            f'exec {drop} "$@"', "sh", *map(str, command)]


def key(desk, name):
    path = desk.home / name
    sh(*privately(desk, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path))
    return path


@contextmanager
def sshd(desk):
    """Yields a function that gives the words of a command which runs another one over ssh, with a terminal."""
    host, own = key(desk, "host"), key(desk, "own")
    shutil.copy(f"{own}.pub", desk.home / "authorized")
    settings = " ".join(shlex.quote(f"{name}={value}") for name, value in desk.environment.items() if name != "TERM")
    config = desk.file("sshd_config", f"""Port {PORT}
ListenAddress 127.0.0.1
HostKey {host}
AuthorizedKeysFile {desk.home}/authorized
StrictModes no
UsePAM no
PidFile none
PasswordAuthentication no
PrintMotd no
PrintLastLog no
SetEnv {settings}
""")
    log = desk.folder / "sshd.log"
    with open(log, "w") as out:
        server = subprocess.Popen(privately(desk, "/usr/sbin/sshd", "-D", "-e", "-f", config), stderr=out)
    try:
        poll(lambda: f"sshd to listen: {log.read_text()}", lambda: "listening on" in log.read_text())

        def over(*command, environment=()):
            return privately(desk, "env", "-i", f"TERM={desk.environment['TERM']}", f"HOME={desk.home}", *environment,
                             "ssh", "-tt", "-q", "-F", "/dev/null", "-i", own, "-p", PORT, "-o", "BatchMode=yes", "-o",
                             "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={desk.home}/known", "nobody@127.0.0.1",
                             shlex.join(map(str, command)))
        yield over
    finally:
        server.terminate()
        server.wait()


def running(desk, name):
    """The processes of that name in the desk's forest."""
    pids = sh("ip", "netns", "pids", "dcmend-" + desk.forest.name).stdout.split()
    found = []
    for pid in pids:
        try:
            if Path(f"/proc/{pid}/comm").read_text().strip() == name and "Z" not in state_of(pid):
                found.append(int(pid))
        except FileNotFoundError:
            continue
    return found


def state_of(pid):
    return re.sub(r"^.*\) ", "", Path(f"/proc/{pid}/stat").read_text())[0]


def started(desk, over, *words):
    """A wizard over ssh, on the event of a DC without serverReference."""
    made = desk.forest.plant("missing")
    desk.ticket()
    desk.file("event.txt", desk.forest.event(made["GUID"]))
    screen = desk.screen(over(desk.binary, "--file", desk.home / "event.txt", *words, SERVER))
    screen.wait("logged by")
    return screen, made


@case
def ssh_from_the_event_to_verified(desk):
    with sshd(desk) as over:
        screen, made = started(desk, over)
        screen.keys("Enter")
        screen.wait("Enter inspect")
        screen.resize(120, 40)
        screen.wait(re.compile(r"[▸>] Locate"))
        screen.resize(80, 24)
        screen.wait("[Locate]")
        for marker in ("[Inspect]", "[Propose]", "[Confirm]"):
            screen.keys("Enter")
            screen.wait(marker)
        screen.type("LIVDC02")
        screen.wait("to apply: LIVDC02")
        screen.keys("Enter")
        screen.wait("VERIFIED")
        screen.keys("q")
        screen.end(0)
        assert desk.forest.reference("DCSRV01") == made["ACCOUNT"]


@case
def ssh_connection_lost(desk):
    """Neither on Symptom nor on Confirm does anything stay when the connection dies, or is written."""
    with sshd(desk) as over:
        for steps in ((), ("CN=NTDS Settings", "[Inspect]", "[Propose]", "[Confirm]")):
            screen, _ = started(desk, over)
            for marker in steps:
                screen.keys("Enter")
                screen.wait(marker)
            assert len(running(desk, "dcmend")) == 1
            sh("kill", f"-{int(signal.SIGKILL)}", *running(desk, "ssh"))
            poll(lambda: f"dcmend to go: {running(desk, 'dcmend')}", lambda: not running(desk, "dcmend"))
        assert desk.forest.reference("DCSRV01") is None


# ---- terminals and locales -------------------------------------------------------------------------------------------

def browsed(desk, **environment):
    """Starts Browse, opens a site, asks for help, and leaves by q; returns all bytes that were sent after the start."""
    screen = desk.wizard("browse", SERVER, **environment)
    screen.wait("Liverpool", 20)
    raw = desk.folder / "raw"
    raw.write_bytes(b"")
    screen.tmux("pipe-pane", "-t", "case", f"cat >>{shlex.quote(str(raw))}")
    screen.keys("C-l")
    poll("a redraw", lambda: b"Liverpool" in raw.read_bytes())
    screen.keys("Down", "Right")
    screen.wait("LIVDC02")
    screen.keys("?")
    screen.wait("Esc close")
    screen.keys("Escape")
    screen.gone("Esc close")
    screen.keys("q")
    screen.end(0)
    return raw.read_bytes()


@case
def terminals(desk):
    """Each that this machine describes; a terminal without a description is told so."""
    desk.ticket()
    known = [name for name in ("xterm-256color", "linux", "vt100", "screen", "tmux", "putty", "putty-256color", "rxvt")
             if sh("infocmp", name, check=False).returncode == 0]
    assert {"xterm-256color", "linux", "vt100", "screen", "tmux"} <= set(known), known
    for name in known:
        try:
            browsed(desk, TERM=name)
        except Failure as why:
            raise Failure(f"TERM={name}: {why}") from why


@case
def plain_locale(desk):
    desk.ticket()
    sent = browsed(desk, LC_ALL="C")
    assert not re.search(rb"[\x80-\xff]", sent), sent
    assert browsed(desk, LC_ALL="C.UTF-8").decode().count("│") > 5


@case
def latin1_locale(desk):
    """ü is one byte, and nothing is sent in UTF-8."""
    made = desk.forest.plant("foreign-names")
    desk.ticket()
    with tempfile.TemporaryDirectory(prefix="dcmend-locale.") as folder:
        Path(folder).chmod(0o755)
        sh("localedef", "-i", "en_US", "-f", "ISO-8859-1", f"{folder}/en_US.ISO-8859-1")
        # p11-kit asks glibc for a locale, which forgets LOCPATH's copy: not ours
        not_ours = desk.file("suppressions", "leak:__argz_add_sep")
        desk.environment["LSAN_OPTIONS"] += f":print_suppressions=0:suppressions={not_ours}"
        screen = desk.wizard("browse", SERVER, LC_ALL="en_US.ISO-8859-1", LOCPATH=folder)
        screen.wait("Liverpool", 20)
        raw = desk.folder / "raw1"
        screen.tmux("pipe-pane", "-t", "case", f"cat >>{shlex.quote(str(raw))}")
        screen.keys("C-l")
        poll("Zürich in Latin-1", lambda: raw.exists() and b"Z\xfcrich" in raw.read_bytes())
        assert b"\xc3\xbc" not in raw.read_bytes() and b"\xe2\x94" not in raw.read_bytes()
        screen.keys("q")
        screen.end(0)
    assert "MÜNDC25" in made["SERVER"]


@case
def no_terminal(desk):
    """One clear line that names what works without one."""
    screen = desk.wizard(SERVER, TERM="dumb")
    screen.end(2)
    piped = desk.run(SERVER)
    for said, status in ((screen.text(), 2), (piped.stderr, piped.returncode), (desk.run("browse", SERVER).stderr, 2)):
        assert status == 2 and "dcmend diagnose" in said and "check" in said, said
        assert "\x1b" not in said
    assert not piped.stdout
