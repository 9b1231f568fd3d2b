"""Counts instructions per message: the figure that comes out the same on a busy machine."""

import os
import re

import processes
from scenarios import CONTESTANTS, Scenario

# Two runs of different length; the difference leaves out what opening and closing take.
LENGTHS = {"rtt": (200, 1200), "flood": (5000, 25_000)}
SIZE = 128
NAMES = ("raw Beast", "callbacks", "actor", "batches")


def instructions(folder, contestant, port, scenario):
    command = processes.client_command(folder, contestant, port, scenario, quick=False)
    tool = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={os.devnull}"]
    _, errors = processes.run(tool + command)
    found = re.search(r"Collected : (\d+)", errors)
    if not found:
        raise processes.Failed("callgrind names no count: " + errors)
    return int(found.group(1))


def per_message(folder, contestant, port, name):
    short, long = LENGTHS[name]
    first, second = (
        instructions(folder, contestant, port, Scenario(name, name, n, SIZE, ()))
        for n in (short, long)
    )
    return (second - first) / (long - short)


def count(folder):
    """{(scenario, contestant): instructions per message}"""
    result = {}
    with processes.server(folder) as port:
        for name in LENGTHS:
            for contestant in CONTESTANTS:
                if contestant.title not in NAMES or contestant.only and name not in contestant.only:
                    continue
                try:
                    result[name, contestant.title] = per_message(folder, contestant, port, name)
                except processes.Unable as why:
                    print(f"  {name}, {contestant.title}: {why}", flush=True)
    return result
