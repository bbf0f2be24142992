"""screenshots/ shows the program as it is: the scenes are played again and compared with the texts there."""

import difflib
import sys
from pathlib import Path

from lab import Failure, case

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "shots"))
import scenes  # noqa: E402


def play(desk, *wanted, known=()):
    shots = {}
    for size in scenes.SIZES:
        with scenes.desk_of_kayla(desk.forest, desk.binary) as kayla:
            for scene in wanted:
                scene(scenes.Stage(kayla, size, "dark", shots, known))
    return shots


def compare(shots):
    found = []
    for name, grid in shots.items():
        path = scenes.SHELF / f"{name}.txt"
        old = path.read_text() if path.exists() else ""
        found += difflib.unified_diff(old.splitlines(), grid.text().splitlines(), f"screenshots/{name}.txt", "now",
                                      lineterm="", n=1)
    if found:
        raise Failure("\n".join(["tests/shots/make draws them anew", *found])[:8000])


@case
def screenshots_of_a_repair(desk):
    compare(play(desk, scenes.repair))


@case
def screenshots_of_a_refusal_and_browse(desk):
    compare(play(desk, scenes.forbidden, scenes.browse, known=scenes.furnish(desk.forest)))
