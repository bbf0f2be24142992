#!/usr/bin/python3 -B
"""How long `dcmend check --every-dc` takes with played DCs: tests/bench/every_dc.py [--program FILE] [--servers N] [--most R]

For 50, 200 and 400 DCs of 2,000 servers each, one of which alone lacks a link: our time and memory, and beside it, in the
same run, plain paged ldapsearch runs of the same data on the same DCs, one after another. Then 200 DCs of which 30 stall,
refuse or lie. Fails when the broken copy is not found on the right DC, above --most, or above 80 MB. The DCs' own work is
in both times: they run on this machine. Build it with `cmake --build build/release --target bench_every_dc`."""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

SITES = "CN=Sites,CN=Configuration,DC=contoso,DC=com"
SEARCHES = [("(objectClass=server)", "dNSHostName", "objectGUID", "serverReference"),
            ("(objectClass=nTDSDSA)", "objectClass", "objectGUID")]


def plain(found):
    begun = time.monotonic()
    for port in found["ports"]:
        for words in SEARCHES:
            subprocess.run(["ldapsearch", "-LLL", "-x", "-H", f"ldaps://127.0.0.1:{port}", "-D", "kayla@contoso.com", "-w",
                            "secret", "-o", "ldif-wrap=no", "-E", "pr=1000/noprompt", "-b", SITES, *words], check=True,
                           stdout=subprocess.DEVNULL, env={**os.environ, "LDAPTLS_CACERT": found["ca"]})
    return time.monotonic() - begun


def measure(options, dcs, bad):
    with subprocess.Popen([options.program, str(dcs), str(options.servers), str(bad)], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as program:
        found = json.loads(program.stdout.readline())
        theirs = plain(found) if not bad else 0
        program.stdin.close()
    ratio = f"{theirs:7.2f} s  ratio {found['seconds'] / theirs:.2f}" if theirs else f"{bad} bad ones"
    print(f"{dcs:4} DCs  {found['seconds']:7.2f} s  {found['kib'] / 1024:5.0f} MiB  {found['read']:4} read  "
          f"plain {ratio}{'' if found['right'] else '  NOT FOUND'}", flush=True)
    return found["right"] and found["kib"] <= 80 * 1024 and (not theirs or found["seconds"] <= options.most * theirs)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=Path(__file__).resolve().parents[2] / "build/release/tests/bench_every_dc")
    parser.add_argument("--servers", type=int, default=2000)
    parser.add_argument("--most", type=float, default=0.5)
    options = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # the played DCs' sockets
    runs = [measure(options, dcs, bad) for dcs, bad in ((50, 0), (200, 0), (400, 0), (200, 30))]
    return 0 if all(runs) else 1


if __name__ == "__main__":
    sys.exit(main())
