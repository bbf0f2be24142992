#!/usr/bin/python3 -B
"""What the screen costs over a slow line: bytes and milliseconds of `dcmend browse` on a forest of 2,000 DCs, beside tig
on a git history, on the same 80x24 terminal in the same run.

usage: tests/bench/screen.py [--binary FILE] [--forest NAME] [--keys N]     needs root, for the forest, and tig

A forest that is up already is used as it is. Times end with the last byte before 40 ms of silence (the silence itself is
not counted)."""

import argparse
import fcntl
import os
import pty
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))
from lab import NOBODY, Desk, Forest, sh  # noqa: E402

SIZE = (80, 24)
SILENCE = 0.04
DOWN, UP, REDRAW = b"\x1bOB", b"\x1bOA", b"\x0c"


class Terminal:
    """A program on a pseudo-terminal of which only the bytes are counted."""

    def __init__(self, command, environment):
        self.start = time.monotonic()
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
            os.execvpe(command[0], command, environment)
        self.seen = b""

    def until_quiet(self, begin, silence=SILENCE, marker=None, limit=60.0):
        """(bytes, seconds to the first, seconds to the last); with a marker, not before it was seen."""
        count, first, last, text = 0, None, begin, b""
        while time.monotonic() - begin < limit:
            waiting = silence if count or not marker else limit
            ready, _, _ = select.select([self.master], [], [], 1.0 if marker and marker not in text else waiting)
            if not ready:
                if marker and marker not in text:
                    continue
                break
            try:
                chunk = os.read(self.master, 65536)
            except OSError:
                break
            if not chunk:
                break
            last = time.monotonic()
            first, count, text = first or last, count + len(chunk), (text + chunk)[-1000000:]
        if marker and marker not in text:
            raise SystemExit(f"waited {limit} s for {marker!r}; the screen said {text[-2000:]!r}")
        return count, (first or begin) - begin, last - begin

    def key(self, bytes_, silence=SILENCE):
        begin = time.monotonic()
        os.write(self.master, bytes_)
        return self.until_quiet(begin, silence)

    def memory(self, what):
        """In MB. VmHWM: the most it ever had, shared libraries included; RssAnon: its own now."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(what):
                return int(line.split()[1]) / 1024
        return 0.0

    def end(self, keys):
        for key in keys:
            try:
                os.write(self.master, key)
            except OSError:
                break
            time.sleep(0.1)
        try:
            os.kill(self.pid, signal.SIGHUP)
        except ProcessLookupError:
            pass
        os.close(self.master)
        os.waitpid(self.pid, 0)


def figures(name, measured):
    return {f"{name}, bytes": statistics.median(count for count, _, _ in measured),
            f"{name}, ms to the first byte": statistics.median(first for _, first, _ in measured) * 1000,
            f"{name}, ms to the last byte": statistics.median(last for _, _, last in measured) * 1000}


def measure(name, command, environment, marker, keys, quit_keys):
    terminal = Terminal(command, environment)
    paint = terminal.until_quiet(terminal.start, 0.4, marker)
    redraw = terminal.key(REDRAW)
    page = [terminal.key(key) for key in (DOWN, UP) * 25 + (DOWN,) * 14]  # the view stands still
    down = [terminal.key(DOWN) for _ in range(keys)]                      # ... and moves
    rest = [terminal.key(DOWN, 0.4) for _ in range(20)]                   # all that follows one key
    begin = time.monotonic()
    os.write(terminal.master, UP * keys)  # a key that is held down
    storm = terminal.until_quiet(begin, 0.2)
    result = {
        "first byte, ms": paint[1] * 1000, "complete, ms": paint[2] * 1000, "first paint, bytes": paint[0],
        "full redraw, bytes": redraw[0], "full redraw, ms": redraw[2] * 1000,
        **figures("arrow key within the page", page), **figures("arrow key that scrolls", down),
        **figures("... and one that is let rest", rest),
        f"{keys} keys at once, bytes": storm[0], f"{keys} keys at once, ms": storm[2] * 1000,
        "memory, MB (VmHWM)": terminal.memory("VmHWM"), "of that not shared, MB (RssAnon)": terminal.memory("RssAnon"),
    }
    terminal.end(quit_keys)
    return name, result


def history(folder):
    """A git repository of 2,000 commits, for tig."""
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "HOME": folder}
    sh("git", "-C", folder, "init", "-q", env=environment)
    stream = "".join(f"commit refs/heads/master\ncommitter kayla <kayla@contoso.com> {1700000000 + n} +0000\n"
                     f"data <<END\nChange number {n}: one line as people write them\nEND\n\n" for n in range(2000))
    subprocess.run(["git", "-C", folder, "fast-import", "--quiet"], input=stream, text=True, check=True, env=environment)


def dcmend(desk, keys):
    desk.ticket()
    return measure("dcmend", desk.command(desk.binary, "browse", "dcsrv01.contoso.com"), os.environ, b"servers", keys,
                   (b"q",))


def tig(desk, keys):
    """Started the same way, inside the forest."""
    folder = desk.home / "history"
    folder.mkdir()
    history(folder)
    sh("chown", "-R", f"{NOBODY}:{NOBODY}", folder)
    return measure("tig", desk.command("env", "-C", folder, "tig"), os.environ, b"Change number 1999", keys, (b"q",))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=str(ROOT / "build/release/dcmend"))
    parser.add_argument("--forest", default="bench-screen")
    parser.add_argument("--keys", type=int, default=150)
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("the forest needs root")
    folder = Path(tempfile.mkdtemp(prefix="dcmend-bench."))
    folder.chmod(0o755)
    binary = folder / "dcmend"
    shutil.copy(options.binary, binary)
    forest = Forest(options.forest)
    try:
        forest.up()
        if forest.started:
            forest.plant("many", "--every", "50")
        desk = Desk(forest, binary)
        columns = [run(desk, options.keys) for run in (dcmend, tig) if run is dcmend or shutil.which("tig")]
        desk.close()
    finally:
        shutil.rmtree(folder)
        if forest.started:
            forest.down()
    print("Medians of many keys. ", end="")
    print(f"{SIZE[0]}x{SIZE[1]}, TERM=xterm-256color; dcmend browse on {options.forest}")
    print(f"{'':52}" + "".join(f"{name:>10}" for name, _ in columns))
    for row in columns[0][1]:
        print(f"{row:52}" + "".join(f"{result[row]:>10.1f}" for _, result in columns))


if __name__ == "__main__":
    main()
