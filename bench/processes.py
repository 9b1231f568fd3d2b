"""Runs the server and the clients, each on its core."""

import contextlib
import json
import os
import random
import socket
import subprocess

# Clients give up by themselves before that.
CLIENT_TIMEOUT_S = 330

# How a client says that it cannot do what is asked.
UNABLE = 2


class Failed(Exception):
    """A client ended without a result."""


class Unable(Exception):
    """A client does not have this scenario."""


def cores():
    """One core for the server and one for the client; the same where there is one only."""
    available = sorted(os.sched_getaffinity(0))
    return available[0], available[-1]


def pinned(core, command):
    return ["taskset", "-c", str(core), *command]


def free_port():
    """A port that is free together with the one behind it. Below those that the kernel deals out:
    thousands of them still belong to connections that a run has just closed."""
    for port in random.sample(range(20_000, 32_000, 2), 100):
        with socket.socket() as first, socket.socket() as second:
            first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            second.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                first.bind(("127.0.0.1", port))
                second.bind(("127.0.0.1", port + 1))
                return port
    raise Failed("there are no two free ports in a row")


@contextlib.contextmanager
def server(folder):
    """A running server; gives its port."""
    port = free_port()
    command = pinned(cores()[0], [os.path.join(folder, "bench_server"), "--port", str(port)])
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            if json.loads(process.stdout.readline() or "{}").get("event") != "listening":
                raise Failed("the server does not listen")
            yield port
        finally:
            process.kill()


def run(command):
    """Runs a client to its end; returns standard output and standard error."""
    done = subprocess.run(
        pinned(cores()[1], command), capture_output=True, text=True, timeout=CLIENT_TIMEOUT_S
    )
    if done.returncode == UNABLE:
        raise Unable(done.stderr.split("\n", 1)[0])
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)}: status {done.returncode}: {done.stderr.strip()}")
    return done.stdout, done.stderr


def client_command(folder, contestant, port, scenario, quick):
    program = os.path.join(folder, contestant.program)
    if not os.path.exists(program):
        raise Unable(f"{contestant.program} was not built")
    return [program, str(port), *scenario.command(quick), *contestant.options]


def measure(folder, contestant, port, scenario, quick):
    """The JSON line of one run."""
    output, _ = run(client_command(folder, contestant, port, scenario, quick))
    return json.loads(output)
