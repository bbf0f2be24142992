#!/usr/bin/python3 -B
"""A TCP relay between the program and a DC that knows where a PDU ends, counts, and misbehaves at a chosen one.

It runs inside the forest's namespace. The program reaches it under the DC's own name, by a hosts file of its own, so that
Kerberos is content. What one unit is shows in its first byte: an LDAP message (0x30), a sealed SASL buffer (four bytes of
length, the first one 0), or a TLS record (0x14 to 0x17). Each door (a loopback address) has counts and a rule of its own.

As a program it reads one JSON command a line and answers with one line; the class Relay below is the other end.
A rule is {"what", "side", "nth", "seconds"}: side "client" or "server", nth counted over all connections of that door.
  cut      the unit is not passed on; both ends are closed     done     it is passed on, then both ends are closed
  half     half of it is passed on, then both ends are closed  reset    like cut, with a RST
  stall    it and everything behind it, both ways, stays here  delay    it is passed on after so many seconds
  silent   it is passed on; what comes back stays here"""

import asyncio
import json
import os
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

FOREST = Path(__file__).resolve().parent.parent / "lab/forest"


def unit_size(data):
    """Bytes of the unit at the front of data: 0 when more is needed to know."""
    if data[0] == 0x30:
        if len(data) < 2:
            return 0
        count = data[1] & 0x7F if data[1] & 0x80 else 0
        if len(data) < 2 + count:
            return 0
        return 2 + count + (int.from_bytes(data[2:2 + count], "big") if count else data[1])
    if data[0] in (0x14, 0x15, 0x16, 0x17):
        return 5 + int.from_bytes(data[3:5], "big") if len(data) >= 5 else 0
    return 4 + int.from_bytes(data[:4], "big") if len(data) >= 4 else 0


class Door:
    """One listening address: its counts, and what it does at a chosen unit."""

    def __init__(self, target):
        self.target, self.links = target, []
        self.clear({})

    def clear(self, rule, latency=0):
        self.rule, self.fired, self.latency = rule, False, latency
        self.counts = {"connections": 0, "turns": 0, "client_units": 0, "server_units": 0, "client_bytes": 0,
                       "server_bytes": 0, "turns_after_bind": 0, "closed": 0, "plain": []}

    def hang_up(self):
        for link in self.links:
            close(link)
        self.links = []

    def note(self, side, unit, link):
        self.counts[side + "_units"] += 1
        self.counts[side + "_bytes"] += len(unit)
        if side == "client" and link["last"] != "client":
            self.counts["turns"] += 1
            self.counts["turns_after_bind"] += unit[0] != 0x30
        link["last"] = side
        if unit[0] == 0x30:  # the operation's tag, behind the message id
            at = unit.find(b"\x02", 2)
            self.counts["plain"].append(f"{side[0]}{unit[at + 2 + unit[at + 1]]:02x}")

    def applies(self, side):
        rule = self.rule
        return (rule and not self.fired and rule["side"] == side and
                self.counts[side + "_units"] == rule["nth"])


def close(link, reset=False):
    for writer in link["writers"]:
        if reset:
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.close()


async def misbehave(door, link, unit, writer):
    """True when the unit was dealt with."""
    door.fired = True
    what = door.rule["what"]
    if what in ("cut", "reset"):
        close(link, what == "reset")
    elif what in ("half", "done"):
        writer.write(unit[:len(unit) // 2] if what == "half" else unit)
        await writer.drain()
        close(link)
    elif what == "stall":
        link["stalled"] = "both"
    elif what == "silent":
        link["stalled"] = "server"
        return False
    elif what == "delay":
        await asyncio.sleep(door.rule["seconds"])
        return False
    return True


async def pump(door, link, side, reader, writer):
    data = b""
    try:
        while True:
            more = await reader.read(65536)
            if not more:
                door.counts["closed"] += side == "server"
                break
            data += more
            if side == "server" and door.latency:
                await asyncio.sleep(door.latency)
            while data:
                size = unit_size(data)
                if not size or len(data) < size:
                    break
                unit, data = data[:size], data[size:]
                if link["stalled"] in ("both", side):
                    continue
                door.note(side, unit, link)
                if door.applies(side) and await misbehave(door, link, unit, writer):
                    continue
                writer.write(unit)
                await writer.drain()
    except (OSError, asyncio.IncompleteReadError):
        pass
    if not link["stalled"]:
        writer.close()


async def serve(door, reader, writer):
    door.counts["connections"] += 1
    try:
        far_reader, far_writer = await asyncio.open_connection(*door.target)
    except OSError:
        writer.close()
        return
    link = {"last": None, "stalled": None, "writers": (writer, far_writer)}
    door.links.append(link)
    await asyncio.gather(pump(door, link, "client", reader, far_writer), pump(door, link, "server", far_reader, writer))


async def obey():
    doors, queue, loop = {}, asyncio.Queue(), asyncio.get_running_loop()

    def read_commands():
        for line in sys.stdin:
            loop.call_soon_threadsafe(queue.put_nowait, json.loads(line))
        loop.call_soon_threadsafe(queue.put_nowait, None)
    threading.Thread(target=read_commands, daemon=True).start()
    while (command := await queue.get()) is not None:
        address, answer = command["door"], {}
        if command["do"] == "open":
            door = doors[address] = Door(tuple(command["target"]))
            await asyncio.start_server(lambda r, w, door=door: serve(door, r, w), address, command["port"])
        elif command["do"] == "lead":
            doors[address].target = tuple(command["target"])
            doors[address].hang_up()
        elif command["do"] == "rule":
            doors[address].clear(command["rule"], command["latency"])
        else:
            answer = {**doors[address].counts, "fired": doors[address].fired}
        print(json.dumps(answer), flush=True)


class Relay:
    """The other end: doors to the DCs of a forest, and hosts files that lead through them."""
    ADDRESS = {"DCSRV01": "127.0.0.11", "LIVDC02": "127.0.0.12"}

    def __init__(self, desk):
        self.desk, self.lock, self.doors = desk, threading.Lock(), 0
        self.process = subprocess.Popen(
            [str(word) for word in (FOREST, "exec", desk.forest.name, "--", sys.executable, "-B", __file__)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **command):
        with self.lock:
            self.process.stdin.write(json.dumps(command) + "\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())

    def door(self, dc="DCSRV01", port=389):
        with self.lock:
            self.doors += 1
            number = self.doors
        return RelayDoor(self, number, dc, port)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class RelayDoor:
    def __init__(self, relay, number, dc, port):
        self.relay, self.address = relay, f"127.0.77.{number}"
        relay.ask(do="open", door=self.address, port=port, target=[relay.ADDRESS[dc], port])
        self.hosts = relay.desk.folder / f"hosts{number}"
        names = {name: address for name, address in relay.ADDRESS.items()}
        names[dc] = self.address
        self.hosts.write_text("127.0.0.1 localhost " + socket.gethostname() + "\n" + "".join(
            f"{address} {name.lower()}.contoso.com {name.lower()}\n" for name, address in names.items()))
        self.hosts.chmod(0o644)

    def rule(self, what=None, side="client", nth=1, seconds=0, latency=0):
        """From now on: counts begin at 0, and this happens once. latency: each answer takes so many seconds longer, as over
        a long line; a burst of requests is then over before the first answer, so that turns are counted as they are."""
        rule = {"what": what, "side": side, "nth": nth, "seconds": seconds} if what else {}
        self.relay.ask(do="rule", door=self.address, rule=rule, latency=latency)
        return self

    def lead(self, dc):
        """From now on another DC stands behind the door; who is connected is hung up on."""
        self.relay.ask(do="lead", door=self.address, target=[self.relay.ADDRESS[dc], 389])

    def counts(self):
        return self.relay.ask(do="counts", door=self.address)


if __name__ == "__main__":
    asyncio.get_event_loop_policy().new_event_loop().run_until_complete(obey())
    os._exit(0)  # connections that are stalled need no farewell
