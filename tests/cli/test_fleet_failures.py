"""A fleet whose programs are killed, in each phase: every session is live exactly once in the end, and
never twice before. Prints how long that took; nothing depends on it."""

import time

from fleet_programs import FleetCase, Sessions
from harness import signal, unittest

COUNT = 60


class FailureCase(FleetCase):
    def setUp(self):
        super().setUp()
        self.direct("--first")
        for name in "abc":
            self.join(name)
        self.wait_for_nodes("a", "b", "c")

    def recover(self, targets, since):
        """Waits until all is well again."""
        self.wait_for_live(targets)
        self.tell("all live again", since)
        self.wait_for_status(
            lambda now: len(now["sessions"]) == len(targets)
            and all(x["engine"] == "running" and x["state"] == "live" for x in now["sessions"]),
            "all run")
        self.wait_for_live(targets)
        self.check_none_twice()

    def kill(self, *programs):
        began = time.monotonic()
        for program in programs:
            program.signal(signal.SIGKILL)
            # Its port is free when it has ended, which may be later.
            program.process.wait()
        return began

    def kill_nodes(self, *names):
        """Kills nodes that have sessions. Returns when the server has seen the end of some."""
        began = self.kill(*(self.nodes[name] for name in names))
        self.sessions.wait_until(lambda now: self.sessions.closes, "some are lost")
        return began

    def restart_server(self):
        """Kills the server and runs it again at the same port."""
        port = self.server.port
        began = self.kill(self.server)
        self.server = self.serve(port=port)
        self.sessions = Sessions(self.server)
        return began


class WhileLive(FailureCase):
    def test_a_node_is_killed(self):
        targets = self.add_live(COUNT)
        self.recover(targets, self.kill_nodes("a"))

    def test_two_nodes_are_killed(self):
        targets = self.add_live(COUNT)
        self.recover(targets, self.kill_nodes("a", "b"))

    def test_a_node_is_killed_and_comes_back(self):
        targets = self.add_live(COUNT)
        began = self.kill_nodes("a")
        self.join("a")
        self.recover(targets, began)
        self.wait_for_nodes("a", "b", "c")

    def test_the_director_is_killed(self):
        targets = self.add_live(COUNT)
        before = self.places()
        began = self.kill(self.director)
        self.direct_again()
        self.recover(targets, began)
        self.assertEqual(self.places(), before)
        self.assertEqual(self.sessions.closes, [])

    def test_director_and_node_are_killed(self):
        targets = self.add_live(COUNT)
        began = self.kill(self.director)
        self.kill_nodes("a")
        self.direct_again()
        self.recover(targets, began)

    def test_a_node_stands_still_and_goes_on(self):
        targets = self.add_live(COUNT)
        began = time.monotonic()
        self.nodes["a"].signal(signal.SIGSTOP)
        self.wait_for_status(
            lambda now: not any(x["node"] == "a" for x in now["sessions"]), "a has none")
        # It finds that its lease is over. Until it has ended them, the server sees its sessions
        # beside the new ones: that is what the rules allow a process that stood still.
        self.nodes["a"].signal(signal.SIGCONT)
        self.sessions.wait_until(
            lambda now: all(len(x) == 1 for x in self.sessions.live.values()), "each once")
        self.sessions.twice.clear()
        self.recover(targets, began)


class WhileStarting(FailureCase):
    budget = ("--starts", "20", "--burst", "1")

    def start(self):
        """Adds some. Returns when a part of them is live."""
        targets = self.add(COUNT)
        self.sessions.wait_until(lambda now: COUNT / 4 < len(now) < COUNT / 2, "a part")
        return targets

    def test_a_node_is_killed(self):
        targets = self.start()
        self.recover(targets, self.kill_nodes("b"))

    def test_the_director_is_killed(self):
        targets = self.start()
        began = self.kill(self.director)
        self.direct_again()
        self.recover(targets, began)


class WhileMoving(FailureCase):
    def drain_half(self):
        """Begins to drain a node. Returns when some sessions have moved."""
        self.run_program("fleet", "drain", "a", "--plain", "--director", f"127.0.0.1:{self.port}",
                         read=False)
        self.sessions.wait_until(lambda now: len(self.sessions.closes) > 3, "some have moved")

    def test_a_node_is_killed_that_drains(self):
        targets = self.add_live(COUNT)
        self.drain_half()
        self.recover(targets, self.kill(self.nodes["a"]))

    def test_a_node_is_killed_that_takes_over(self):
        targets = self.add_live(COUNT)
        self.drain_half()
        self.recover(targets, self.kill(self.nodes["b"]))

    def test_the_director_is_killed_while_a_node_drains(self):
        targets = self.add_live(COUNT)
        self.drain_half()
        began = self.kill(self.director)
        self.direct_again()
        self.recover(targets, began)


class Many(FailureCase):
    """Three nodes with a thousand sessions each."""

    budget = ("--starts", "2000", "--burst", "2000")

    def test_one_after_the_other(self):
        targets = self.add_live(3000)
        began = self.kill_nodes("a")
        self.recover(targets, began)
        self.join("a")
        self.wait_for_nodes("a", "b", "c")
        began = self.kill(self.director)
        self.direct_again()
        self.recover(targets, began)
        # All connections break at once, and all nodes dial again.
        self.recover(targets, self.restart_server())


class OfTheServer(FailureCase):
    def test_the_server_is_killed(self):
        targets = self.add_live(COUNT)
        self.recover(targets, self.restart_server())


if __name__ == "__main__":
    unittest.main()
