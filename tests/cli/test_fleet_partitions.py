"""A fleet whose network is cut, in one direction or both, or slow: each node is a network namespace of
its own. Only the way between nodes and director is broken; the server is always in reach. Prints how
long recoveries took; nothing depends on it."""

import os
import subprocess
import sys
import tempfile
import time

from fleet_programs import FleetCase
from harness import unittest

COUNT = 30
DIRECTOR = "10.77.0.1"
SERVER = "10.77.0.9"

# What the server's port is reached by from other namespaces: `wsengine serve` is at loopback only.
FORWARDER = """
import asyncio, sys

async def copy(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    writer.close()

async def serve(reader, writer):
    try:
        there = await asyncio.open_connection("127.0.0.1", int(sys.argv[2]))
    except OSError:
        writer.close()
        return
    await asyncio.gather(copy(reader, there[1]), copy(there[0], writer))

async def main():
    server = await asyncio.start_server(serve, sys.argv[1], int(sys.argv[2]), backlog=1000)
    print("ready", flush=True)
    await server.serve_forever()

asyncio.run(main())
"""


def run(*words):
    subprocess.run(words, check=True, capture_output=True)


def can_make_namespaces():
    try:
        name = f"wsengine-probe-{os.getpid()}"
        run("ip", "netns", "add", name)
        run("ip", "netns", "del", name)
        return True
    except (OSError, subprocess.CalledProcessError):
        return False


class Network:
    """A hub with the director and the server, and a namespace for each node."""

    def __init__(self, nodes):
        self.hub = f"wse-{os.getpid()}-hub"
        self.names = {}
        self.make(self.hub)
        run("ip", "-n", self.hub, "link", "add", "br0", "type", "bridge")
        for address in (DIRECTOR, SERVER):
            run("ip", "-n", self.hub, "addr", "add", f"{address}/24", "dev", "br0")
        run("ip", "-n", self.hub, "link", "set", "br0", "up")
        for number, node in enumerate(nodes, 10):
            self.connect(node, f"10.77.0.{number}")

    @staticmethod
    def make(name):
        run("ip", "netns", "add", name)
        run("ip", "-n", name, "link", "set", "lo", "up")

    def connect(self, node, address):
        name = f"wse-{os.getpid()}-{node}"
        self.make(name)
        self.names[node] = (name, address)
        run("ip", "-n", self.hub, "link", "add", f"to-{node}", "type", "veth",
            "peer", "name", "eth0", "netns", name)
        run("ip", "-n", self.hub, "link", "set", f"to-{node}", "master", "br0", "up")
        run("ip", "-n", name, "addr", "add", f"{address}/24", "dev", "eth0")
        run("ip", "-n", name, "link", "set", "eth0", "up")

    def close(self):
        for name in (self.hub, *(name for name, _ in self.names.values())):
            run("ip", "netns", "del", name)

    # -- faults ------------------------------------------------------------------------------------

    def cut_to_director(self, node, change="add"):
        """What the node sends to the director is lost."""
        run("ip", "-n", self.names[node][0], "rule", change, "to", DIRECTOR, "blackhole")

    def cut_from_director(self, node, change="add"):
        """What the director sends to the node is lost."""
        run("ip", "-n", self.hub, "rule", change, "from", DIRECTOR, "to", self.names[node][1],
            "blackhole")

    def slow_down(self, node):
        """Lets 128 kbit/s through in each direction."""
        for name, device in ((self.names[node][0], "eth0"), (self.hub, f"to-{node}")):
            run("tc", "-n", name, "qdisc", "add", "dev", device, "root", "tbf", "rate", "128kbit",
                "burst", "4kb", "latency", "1s")


@unittest.skipUnless(can_make_namespaces(), "network namespaces cannot be made here")
class Partitions(FleetCase):
    place = DIRECTOR

    def setUp(self):
        self.network = Network("abc")
        self.addCleanup(self.network.close)
        self.transport = self.make_certificate()
        super().setUp()
        self.forward()
        self.direct("--first")
        for name in "abc":
            self.join(name)
        self.wait_for_nodes("a", "b", "c")

    def make_certificate(self):
        """One for all, by its own authority."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        key = os.path.join(folder.name, "key.pem")
        certificate = os.path.join(folder.name, "certificate.pem")
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=node", "-keyout", key, "-out", certificate)
        return ("--cert", certificate, "--key", key, "--ca", certificate)

    def prefix(self, name):
        name = self.network.names[name][0] if name in self.network.names else self.network.hub
        return ("ip", "netns", "exec", name)

    def address(self, name):
        return self.network.names[name][1]

    def url(self, path):
        return f"ws://{SERVER}:{self.server.port}{path}"

    def forward(self):
        forwarder = subprocess.Popen(
            [*self.prefix("server"), sys.executable, "-c", FORWARDER, SERVER, str(self.server.port)],
            stdout=subprocess.PIPE)
        self.addCleanup(forwarder.stdout.close)
        self.addCleanup(forwarder.wait)
        self.addCleanup(forwarder.kill)
        self.assertEqual(forwarder.stdout.readline(), b"ready\n")

    def wait_until_moved(self, node, targets, began):
        self.wait_for_status(
            lambda now: all(x["node"] not in (None, node) and x["engine"] == "running"
                            for x in now["sessions"]), "all elsewhere")
        self.wait_for_live(targets)
        self.tell("all elsewhere", began)
        self.check_none_twice()

    def check_recovery(self, targets):
        """With the network as it was, the node is back, and all is well."""
        self.wait_for_nodes("a", "b", "c")
        self.wait_for_status(
            lambda now: all(x["engine"] == "running" for x in now["sessions"]), "all run")
        self.wait_for_live(targets)
        self.check_none_twice()

    def test_a_node_that_is_cut_off(self):
        targets = self.add_live(COUNT)
        began = time.monotonic()
        self.network.cut_to_director("a")
        self.network.cut_from_director("a")
        self.wait_until_moved("a", targets, began)
        self.network.cut_to_director("a", "del")
        self.network.cut_from_director("a", "del")
        self.check_recovery(targets)

    def test_a_node_that_is_not_heard(self):
        targets = self.add_live(COUNT)
        began = time.monotonic()
        self.network.cut_to_director("a")
        self.wait_until_moved("a", targets, began)
        self.network.cut_to_director("a", "del")
        self.check_recovery(targets)

    def test_a_node_that_hears_nothing(self):
        targets = self.add_live(COUNT)
        began = time.monotonic()
        self.network.cut_from_director("a")
        self.wait_until_moved("a", targets, began)
        self.network.cut_from_director("a", "del")
        self.check_recovery(targets)

    def test_all_nodes_are_cut_off(self):
        targets = self.add_live(COUNT)
        for node in "abc":
            self.network.cut_from_director(node)
        self.wait_for_live(set(), "none")
        for node in "abc":
            self.network.cut_from_director(node, "del")
        self.check_recovery(targets)

    def test_a_slow_network(self):
        targets = self.add_live(COUNT)
        for node in "abc":
            self.network.slow_down(node)
        self.order("drain", "a")
        self.wait_until_moved("a", targets, time.monotonic())


if __name__ == "__main__":
    unittest.main()
