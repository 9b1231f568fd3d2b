"""`wsengine director`, `wsengine node --join` and `wsengine fleet`: what operators do."""

import json
import os

from fleet_programs import FleetCase
from harness import DEADLINE, signal, subprocess, unittest


class Fleet(FleetCase):
    def setUp(self):
        super().setUp()
        self.direct("--first")

    def test_sessions_are_spread_over_the_nodes(self):
        self.join("a")
        self.join("b")
        self.wait_for_nodes("a", "b")
        self.wait_for_live(self.add(20))
        now = self.wait_for_status(
            lambda now: all(x["engine"] == "running" for x in now["sessions"]), "all run")
        self.assertEqual({x["state"] for x in now["sessions"]}, {"live"})
        self.assertEqual(sum(x["sessions"] for x in now["nodes"]), 20)
        self.assertTrue(all(7 <= x["sessions"] <= 13 for x in now["nodes"]), now["nodes"])
        self.check_none_twice()

    def test_nothing_can_be_added_without_nodes(self):
        status, _, errors = self.run_fleet("add", "k", self.server.url())
        self.assertEqual(status, 1)
        self.assertIn("no_nodes", errors)

    def test_what_is_wrong_with_an_order(self):
        self.join("a")
        self.wait_for_nodes("a")
        self.add(1)
        for words, error in (
            (("add", "k0", self.server.url()), "key_taken"),
            (("add", "k1", "no-url"), "invalid_options"),
            (("remove", "k1"), "no_such_key"),
            (("move", "k0", "b"), "no_such_node"),
            (("drain", "b"), "no_such_node"),
            (("add", "--file", "/nowhere"), "/nowhere"),
        ):
            status, _, errors = self.run_fleet(*words)
            self.assertEqual(status, 1, words)
            self.assertIn(error, errors)

    def test_a_client_type_that_no_node_has(self):
        self.join("a")
        self.wait_for_nodes("a")
        self.order("add", "k", self.server.url(), "--client", "unknown")
        now = self.wait_for_status(lambda now: now["sessions"][0]["failures"] > 0, "a failure")
        self.assertIn("unknown", now["sessions"][0]["last_error"])

    def test_a_session_that_is_moved_and_removed(self):
        self.join("a")
        self.join("b")
        self.wait_for_nodes("a", "b")
        self.wait_for_live(self.add(1))
        before = self.places()["k0"]
        after = "b" if before == "a" else "a"
        self.order("move", "k0", after)
        self.wait_for_status(
            lambda now: now["sessions"][0]["node"] == after
            and now["sessions"][0]["engine"] == "running", "moved")
        self.check_none_twice()
        self.assertEqual(self.sessions.closes[-1]["code"], 1001)
        self.order("remove", "k0")
        self.wait_for_live(set(), "none")
        self.assertEqual(self.status()["sessions"], [])

    def test_a_node_that_is_drained_and_admitted(self):
        self.join("a")
        self.join("b")
        self.wait_for_nodes("a", "b")
        targets = self.add(10)
        self.wait_for_live(targets)
        self.order("drain", "a")
        self.assertEqual(set(self.places().values()), {"b"})
        self.wait_for_live(targets)
        self.order("admit", "a")
        self.assertFalse(any(x["draining"] for x in self.status()["nodes"]))
        self.check_none_twice()

    def test_a_node_that_ends_hands_its_sessions_over(self):
        self.join("a")
        self.join("b")
        self.wait_for_nodes("a", "b")
        targets = self.add(10)
        self.wait_for_live(targets)
        self.nodes["a"].signal(signal.SIGTERM)
        self.stop(self.nodes["a"], "SIGTERM")
        self.wait_for_live(targets)
        self.assertEqual(set(self.places().values()), {"b"})
        self.assertEqual({x["code"] for x in self.sessions.closes}, {1001})
        self.check_none_twice()

    def test_the_last_node_closes_its_sessions(self):
        self.join("a")
        self.wait_for_nodes("a")
        self.wait_for_live(self.add(3))
        self.nodes["a"].signal(signal.SIGTERM)
        self.stop(self.nodes["a"], "SIGTERM")
        self.wait_for_live(set(), "none")
        self.assertEqual({x["code"] for x in self.sessions.closes}, {1001})

    def test_the_table(self):
        self.join("a")
        self.wait_for_nodes("a")
        self.wait_for_live(self.add(2))
        lines = self.order("status").splitlines()
        self.assertEqual(lines[0].split()[:3], ["NODE", "STATE", "SESSIONS"])
        self.assertEqual(lines[1].split()[:3], ["a", "connected", "2"])
        self.assertEqual(lines[3].split()[:3], ["KEY", "NODE", "STATE"])
        self.assertEqual([line.split()[0] for line in lines[4:]], ["k0", "k1"])

    def test_a_status_that_is_watched(self):
        watching = self.run_program(
            "fleet", "status", "--watch", "--interval", "10ms", "--json", "--plain",
            "--director", f"127.0.0.1:{self.port}", read=False)
        for _ in range(3):
            self.assertEqual(json.loads(watching.process.stdout.readline())["nodes"], [])
        watching.signal(signal.SIGINT)
        self.assertEqual(watching.process.wait(), 0)

    def test_the_example(self):
        done = subprocess.run(
            [os.path.join(os.environ["WSENGINE_SOURCE"], "examples/fleet/run"), "--once"],
            capture_output=True, timeout=DEADLINE, check=True)
        output = done.stdout.decode()
        self.assertEqual(done.stderr, b"")
        self.assertIn("kill -KILL", output)
        for number in range(1, 13):
            self.assertIn(f"session-{number} ", output)

    def test_a_director_that_cannot_be_reached(self):
        status, _, errors = self.run_fleet("status", port=1)
        self.assertEqual(status, 1)
        self.assertIn("join_failed", errors)
        self.assertIn("127.0.0.1:1", errors)


if __name__ == "__main__":
    unittest.main()
