"""A fleet of programs: a director, nodes, and a server that sees which sessions are live."""

import json
import os
import tempfile
import threading
import time

from harness import DEADLINE, Case, ask_until

# Short, so that tests end soon, but longer than a busy machine keeps a program waiting.
LEASE = 6
FENCING = 2
TIMES = ("--heartbeat", "500ms", "--silence", "10s")
DIRECTOR = ("--lease", f"{LEASE}s", "--fencing", f"{FENCING}s")


class Sessions:
    """Which sessions a server has, as it tells itself. Complains when a target has two."""

    def __init__(self, server):
        self.server = server
        self.changed = threading.Condition()
        self.live = {}
        self.targets = {}
        self.twice = []
        self.closes = []
        threading.Thread(target=self.follow, daemon=True).start()

    def follow(self):
        while True:
            line = self.server.events.get()
            if line is None:
                return
            event = json.loads(line)
            with self.changed:
                self.take(event)
                self.changed.notify_all()

    def take(self, event):
        number = event.get("connection")
        if event["event"] == "opened":
            target = event["target"]
            self.targets[number] = target
            others = self.live.setdefault(target, set())
            if others:
                self.twice.append(target)
            others.add(number)
        elif event["event"] == "closed" and number in self.targets:
            self.closes.append(event)
            self.live[self.targets[number]].discard(number)

    def wait_until(self, holds, what):
        """Waits until `holds`, given the targets that are live, says so."""
        with self.changed:
            if not self.changed.wait_for(lambda: holds(self.now()), DEADLINE):
                raise AssertionError(f"{what}: {len(self.now())} are live")

    def now(self):
        return {target for target, numbers in self.live.items() if numbers}


class FleetCase(Case):
    """A test with a fleet on this machine."""

    # How programs reach each other, and where the director is.
    transport = ("--plain",)
    place = "127.0.0.1"
    # How fast sessions are started.
    budget = ("--starts", "1000", "--burst", "1000")

    def prefix(self, name):
        """What comes before the command line of the program with that name."""
        return ()

    def address(self, name):
        """Where it listens."""
        return "127.0.0.1"

    def setUp(self):
        self.server = self.serve(prefix=self.prefix("server"))
        self.sessions = Sessions(self.server)
        self.nodes = {}
        self.director = None

    def direct(self, *options, port=0):
        """Runs a director; another one than before when there was one."""
        self.director = self.run_program(
            "director", "--json", *self.transport, *TIMES, *DIRECTOR, *self.budget,
            "--port", str(port), "--address", self.place, *options, prefix=self.prefix("director"))
        self.port = self.director.expect("listening")["port"]

    def direct_again(self):
        self.direct(port=self.port)

    def join(self, name):
        node = self.run_program(
            "node", "--json", *self.transport, *TIMES, "--address", self.address(name),
            "--name", name, "--join", f"{self.place}:{self.port}", prefix=self.prefix(name))
        node.expect("listening")
        self.nodes[name] = node
        return node

    def run_fleet(self, *words, port=None):
        """Runs `wsengine fleet` to its end."""
        return self.run_to_end(
            "fleet", *words, *self.transport, "--director", f"{self.place}:{port or self.port}",
            prefix=self.prefix("director"))

    def order(self, *words):
        """Has the director do something, which must succeed."""
        status, output, errors = self.run_fleet(*words)
        self.assertEqual((status, errors), (0, ""), words)
        return output

    def status(self):
        return json.loads(self.order("status", "--json"))

    def wait_for_status(self, holds, what):
        """Asks for the status until `holds`. Not too often: asking the nodes is work for a slow
        network."""
        said = ""

        def look():
            nonlocal said
            status, output, said = self.run_fleet("status", "--json")
            if status != 0:
                return None
            said = output
            now = json.loads(output)
            return now if holds(now) else None

        return ask_until(look, pause=0.2, complaint=lambda: f"{what}: {said}")

    def wait_for_nodes(self, *names):
        return self.wait_for_status(
            lambda now: {x["name"] for x in now["nodes"] if x["connected"]} == set(names),
            f"nodes {names}")

    def url(self, path):
        """How nodes name something at the server."""
        return self.server.url(path)

    def add(self, count, first=0):
        """Adds so many specifications. Returns their targets at the server."""
        numbers = range(first, first + count)
        with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as file:
            file.writelines(f"k{x} {self.url(self.target(x))}\n" for x in numbers)
        self.addCleanup(os.unlink, file.name)
        self.order("add", "--file", file.name)
        return {self.target(x) for x in numbers}

    @staticmethod
    def target(number):
        """Something that the server echoes, but that no other session asks for."""
        return f"/echo?fragment={number + 16}"

    def wait_for_live(self, targets, what="all sessions"):
        self.sessions.wait_until(lambda now: now == targets, what)

    def add_live(self, count):
        """The same, and waits until they are live."""
        targets = self.add(count)
        self.wait_for_live(targets)
        return targets

    def tell(self, what, began):
        """Prints how long it took; nothing depends on it."""
        print(f"{self.id().partition('.')[2]}: {what} after {time.monotonic() - began:.1f} s "
              f"(lease {LEASE} s, fencing {FENCING} s)")

    def check_none_twice(self):
        self.assertEqual(self.sessions.twice, [])

    def places(self):
        return {x["key"]: x["node"] for x in self.status()["sessions"]}
