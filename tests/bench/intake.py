#!/usr/bin/env python3
"""How long reading a paste takes: 5 MB of reports (wanted: 0.15 s, 40 MB), 4 MiB of hostile input of many kinds.

usage: tests/bench/intake.py [BINARY]     build/release/dcmend by default; seconds are user time
"""
import os
import random
import resource
import subprocess
import sys
import tempfile
import uuid

BINARY = sys.argv[1] if len(sys.argv) > 1 else "build/release/dcmend"
rng = random.Random(8589)
GUIDS = [str(uuid.UUID(int=rng.getrandbits(128))) for _ in range(300)]
RULE = "==== INBOUND NEIGHBORS ======================================"
TESTS = "Connectivity Advertising FrsEvent DFSREvent KccEvent MachineAccount NetLogons Services SystemLog".split()


def partner(which):
    bad = which == 7
    how = "failed, result 8589 (0x218d):\n            Some text." if bad else "was successful."
    return (f"    Site{which % 40}\\DC{which} via RPC\n        DSA object GUID: {GUIDS[which]}\n"
            f"        Last attempt @ 2026-11-20 03:07:41 {how}\n")


def showrepl(dc):
    contexts = ("DC=contoso,DC=com", "CN=Configuration,DC=contoso,DC=com")
    body = "".join(f"{nc}\n" + "".join(partner(rng.randrange(300)) for _ in range(8)) for nc in contexts)
    return (f"Repadmin: running command /showrepl against full DC dc{dc}.contoso.com\nSite{dc % 40}\\DC{dc}\n"
            f"DSA Options: IS_GC\nDSA object GUID: {GUIDS[dc]}\nDSA invocationID: {GUIDS[-dc]}\n\n{RULE}\n\n{body}\n")


def dcdiag(dc):
    tests = "".join(f"      Starting test: {test}\n         * The DC DC{dc} is advertising as an LDAP server\n"
                    f"         ......................... DC{dc} passed test {test}\n" for test in TESTS)
    failed = (f"         [Replications Check,DC{dc}] A recent replication attempt failed:\n            From DC7 to DC{dc}\n"
              "            The replication generated an error (8589):\n")
    return f"   Testing server: Site{dc % 40}\\DC{dc}\n{tests}{failed}"


def event(dc):
    return (f"Log Name:      Directory Service\nEvent ID:      1925\nComputer:      dc{dc}.contoso.com\nDescription:\n \n"
            f"Source directory service address:\n{GUIDS[dc]}._msdcs.contoso.com \n \nError value:\n8589 text\n\n")


HOSTILE = ["CN=a,", "DC=", "<Event ", "{", "[{\"repsFrom\":[", "\n", "a\\b\n", GUIDS[0] + "\n", "a\\b via RPC\n", "a:", "[a,b]\n",
           "9531985d-", "\"", "\"Id\",\"Message\"\n\"1411\",\"", "a,b,\"c\n", "=\n", "&amp;", "<td>", "==== x\n", "{\"a\":",
           "(1722) / 5 ", "Server,Partner,LastError\n", "a | b | 8589\n", "Event ID: 1411\n"]


def measure(name, text):
    with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as file:
        file.write(text)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([BINARY, "symptom", "--json", "--file", file.name], stdout=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    os.unlink(file.name)
    print(f"{name:<44} {after.ru_utime - before.ru_utime:6.2f} s   (most memory so far {after.ru_maxrss >> 10} MiB)")


def fill(make, size):
    parts, length = [], 0
    while length < size:
        parts.append(make(len(parts) % 300))
        length += len(parts[-1])
    return "".join(parts)


for kind in (showrepl, dcdiag, event):
    measure(f"5 MB of {kind.__name__}", fill(kind, 5 << 20))
for piece in HOSTILE:
    measure(f"4 MiB of {piece!r}"[:44], piece * ((4 << 20) // len(piece)))
