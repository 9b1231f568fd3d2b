"""Signals, and a standard output that nobody reads."""

import os
import socket
import threading
import time

from harness import Case, DEADLINE, signal, subprocess, unittest


class Signals(Case):
    def check(self, number, name):
        server = self.serve()
        client = self.open(server.url())
        client.signal(number)
        client.expect("on_close", code=None, reason="")
        self.stop(client, name)
        server.expect("opened")
        server.expect("closed", code=1001)

    def test_sigterm(self):
        self.check(signal.SIGTERM, "SIGTERM")

    def test_sigint(self):
        self.check(signal.SIGINT, "SIGINT")

    def test_while_waiting_for_the_next_attempt(self):
        server = self.serve()
        server.kill()
        client = self.connect(server.url(), "--retry-first", "--backoff-base", "10m")
        client.expect("on_restart_error")
        client.signal(signal.SIGINT)
        self.stop(client, "SIGINT")

    def test_while_dialing(self):
        with socket.create_server(("127.0.0.1", 0)) as mute:
            client = self.connect(f"ws://127.0.0.1:{mute.getsockname()[1]}/", "--open-timeout", "10m")
            with mute.accept()[0]:
                client.signal(signal.SIGTERM)
                self.stop(client, "SIGTERM")

    def test_a_server_that_does_not_answer_the_close_frame(self):
        client = self.open(self.serve().url("/silent"), "--stop-timeout", "300ms")
        client.signal(signal.SIGTERM)
        client.expect("on_close", code=None)
        client.wait_for("stopped")
        self.assertEqual(client.finish(), 0)

    def test_serve(self):
        server = self.serve()
        server.signal(signal.SIGTERM)
        self.assertEqual(server.finish(), 0)


class NobodyReads(Case):
    def wait_until_it_stands_still(self, program):
        """Waits until a program uses no processor time and no more memory."""
        deadline = time.monotonic() + DEADLINE
        def usage():
            with open(f"/proc/{program.process.pid}/stat", encoding="ascii") as stat:
                fields = stat.read().rpartition(")")[2].split()
            return fields[11:13]
        before, same = usage(), 0
        while same < 5:
            self.assertLess(time.monotonic(), deadline, "the program never stands still")
            # Nothing announces that nothing happens any more: this waits for a condition over time.
            threading.Event().wait(0.1)
            now = usage()
            same = same + 1 if now == before else 0
            before = now

    def flooded(self, *options):
        url = self.serve().url("/flood?n=1000000000&size=65536")
        client = self.connect(url, *options, read=False)
        self.wait_until_it_stands_still(client)
        return client

    def test_memory_stays_bounded(self):
        client = self.flooded()
        # Sanitizers multiply what a program uses and keep up to 256 MiB of what it has freed, but all
        # of that is nothing to the size of the flood: 61 TiB.
        self.assertLess(client.resident_kib(), 512 * 1024)

    def test_sigterm_ends_the_program(self):
        client = self.flooded("--stop-timeout", "2s")
        client.signal(signal.SIGTERM)
        self.assertEqual(client.process.wait(DEADLINE), 0)

    def test_it_goes_on_when_somebody_reads(self):
        client = self.flooded()
        client.threads.append(client.start(client.collect_events))
        client.expect("on_open")
        for _ in range(100):
            client.expect("on_message", kind="binary", size=65536)

    def test_pings_are_answered_meanwhile(self):
        server = self.serve()
        client = self.open(server.url("/echo"), "--ping-interval", "20ms", "--idle-timeout", "30s")
        client.say("/pause", "/status")
        client.expect("status", state="paused")
        client.say("/ping")
        client.expect("pong")

    def test_a_reader_that_goes_away_ends_the_program(self):
        server = self.serve()
        client = self.connect(server.url("/flood?n=1000000000&size=1000"), read=False)
        os.read(client.process.stdout.fileno(), 100)
        client.process.stdout.close()
        self.assertEqual(client.process.wait(DEADLINE), 1)

    def test_a_socket_as_standard_output(self):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            url = self.serve().url("/flood?n=1000000000&size=65536")
            process = subprocess.Popen(
                [os.environ["WSENGINE"], "connect", url, "--json", "--stop-timeout", "2s"],
                stdout=theirs, stdin=subprocess.DEVNULL,
            )
            self.addCleanup(process.kill)
            ours.recv(1)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(DEADLINE), 0)


if __name__ == "__main__":
    unittest.main()
