"""`wsengine node` from outside: what it says, and how it ends. What it does is in tests/cluster/."""

from harness import Case, signal, unittest


class Node(Case):
    def test_it_listens_until_a_signal(self):
        for number, name in ((signal.SIGTERM, "SIGTERM"), (signal.SIGINT, "SIGINT")):
            node = self.run_program("node", "--plain", "--json")
            listening = node.expect("listening")
            self.assertEqual(listening["url"], f"plain://127.0.0.1:{listening['port']}")
            node.signal(number)
            self.stop(node, name)

    def test_a_port_that_is_taken(self):
        port = str(self.serve().port)
        status, _, errors = self.run_to_end("node", "--plain", "--port", port)
        self.assertEqual(status, 1)
        self.assertIn("listen_failed", errors)
        self.assertIn(port, errors)

    def test_without_certificates(self):
        status, _, errors = self.run_to_end("node")
        self.assertEqual(status, 2)
        for name in ("--cert", "--key", "--ca"):
            self.assertIn(name, errors)

    def test_plain_beyond_the_loopback_interface(self):
        status, _, errors = self.run_to_end("node", "--plain", "--address", "0.0.0.0")
        self.assertEqual(status, 2)
        self.assertIn("loopback", errors)


if __name__ == "__main__":
    unittest.main()
