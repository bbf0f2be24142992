#!/usr/bin/python3 -B
"""How long `dcmend check` takes: tests/bench/check.py [--binary FILE] [--forest NAME] [--count N] [--rounds N] [--most R]

Beside it, in the same run and in turns: plain paged ldapsearch runs of the same data, one after another (server objects,
NTDS Settings, domain controller accounts). Prints both times (the best round of each), the ratio and the memory, and
fails when the ratio is above --most or when a planted fault is not found. A forest that is up and has the fake DCs is
used as it is and left up; otherwise it is made for this run."""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

FOREST = Path(__file__).resolve().parent.parent / "lab/forest"
SERVER = "dcsrv01.contoso.com"
DOMAIN = "DC=contoso,DC=com"
SITES = "CN=Sites,CN=Configuration," + DOMAIN
SEARCHES = [
    (SITES, "(objectClass=server)", "objectClass objectGUID whenChanged dNSHostName serverReference"),
    (SITES, "(objectClass=nTDSDSA)", "objectClass objectGUID whenCreated whenChanged options msDS-isRODC "
     "msDS-HasDomainNCs msDS-hasFullReplicaNCs"),
    (DOMAIN, "(&(objectClass=computer)(|(primaryGroupID=516)(primaryGroupID=521)))",
     "objectClass objectGUID cn isDeleted isRecycled sAMAccountName dNSHostName userAccountControl primaryGroupID "
     "servicePrincipalName serverReferenceBL"),
]


def forest(verb, name, *words, check=True):
    return subprocess.run([FOREST, verb, name, *words], check=check, text=True, capture_output=True).stdout


def inside(name, script):
    """The seconds that a shell script takes in the forest, its start not counted."""
    out = forest("exec", name, "--", "bash", "-c", f"s=$EPOCHREALTIME; {script}; echo; echo $s $EPOCHREALTIME")
    start, end = out.split("\n")[-2].split()
    return float(end) - float(start)


def plain(name):
    script = "; ".join(
        f"ldapsearch -LLL -Q -N -Y GSSAPI -o ldif-wrap=no -E pr=1000/noprompt -H ldap://{SERVER} -b '{base}' '{what}' "
        f"{attributes} >/dev/null" for base, what, attributes in SEARCHES)
    return inside(name, script)


def check(name, binary, out):
    return inside(name, f"{binary} check --json {SERVER} >{out} || [ $? = 1 ]")


def memory(name, binary):
    script = f"/usr/bin/time -f %M {binary} check --json {SERVER} 2>&1 >/dev/null | tail -n 1"
    return int(forest("exec", name, "--", "bash", "-c", script).split()[-1])


def faults(out):
    found = json.loads(Path(out).read_text())
    assert found["complete"], found["incomplete"]
    return found["counts"]


def prepare(options):
    """Whether the forest was made here."""
    up = any(line.strip() == options.forest for line in forest("list", "").splitlines())
    if not up:
        forest("up", options.forest)
    with tempfile.NamedTemporaryFile() as out:
        check(options.forest, options.binary, out.name)
        if sum(faults(out.name).values()) < options.count:
            forest("plant", options.forest, "many", "--count", str(options.count), "--sites", "200", "--every", "50")
    return not up


def measure(options):
    with tempfile.NamedTemporaryFile() as out:
        times = [(plain(options.forest), check(options.forest, options.binary, out.name)) for _ in range(options.rounds)]
        counts = faults(out.name)
    theirs, ours = (min(column) for column in zip(*times))
    print(f"{sum(counts.values())} DSAs, {counts['missing']} of {options.count // 50} planted faults found")
    print(f"plain paged ldapsearch, one after another  {theirs:6.2f} s   (rounds: {' '.join(f'{a:.2f}' for a, _ in times)})")
    print(f"dcmend check                               {ours:6.2f} s   (rounds: {' '.join(f'{b:.2f}' for _, b in times)})")
    print(f"ratio                                      {ours / theirs:6.2f}")
    print(f"memory of dcmend check                     {memory(options.forest, options.binary) // 1024:6} MiB")
    return ours / theirs <= options.most and counts["missing"] == options.count // 50


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=str(FOREST.parent.parent.parent / "build/release/dcmend"))
    parser.add_argument("--forest", default="bench")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--most", type=float, default=0.8)
    options = parser.parse_args()
    options.binary = str(Path(options.binary).resolve())
    made = prepare(options)
    try:
        fine = measure(options)
    finally:
        if made:
            forest("down", options.forest)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
