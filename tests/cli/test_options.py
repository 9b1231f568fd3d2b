"""Command lines that are wrong, and what options do to the handshake."""

import re

from harness import Case, unittest
from websocket import Refused, WebSocket


class BadUsage(Case):
    def complaints(self, *arguments):
        status, output, errors = self.run_to_end(*arguments)
        self.assertEqual(status, 2, errors)
        self.assertEqual(output, "")
        return errors

    def test_no_command(self):
        self.assertIn("connect", self.complaints())

    def test_unknown_command(self):
        self.assertIn("'listen'", self.complaints("listen"))

    def test_missing_url(self):
        self.assertIn("URL", self.complaints("connect"))

    def test_bad_url(self):
        self.assertIn("URL", self.complaints("connect", "http://localhost/"))

    def test_every_bad_option_is_named(self):
        durations = ["backoff-base", "backoff-cap", "stable-after", "open-timeout", "stop-timeout",
                     "ping-interval", "pong-timeout", "idle-timeout", "write-timeout",
                     "tcp-keepalive", "tcp-keepalive-interval", "tcp-user-timeout"]
        numbers = ["count", "handlers", "backoff-factor", "jitter", "max-attempts",
                   "tcp-keepalive-count", "max-message-size", "max-frames", "deflate-level", "deflate-memory",
                   "deflate-threshold", "client-window-bits", "server-window-bits", "write-queue",
                   "waiting-room", "outbox", "outbox-bytes"]
        durations.append("expire-after")
        arguments = [word for name in durations + numbers for word in ("--" + name, "often")]
        arguments += ["--header", "no colon", "--subprotocol", "two words", "--unknown"]
        errors = self.complaints("connect", "ftp://nowhere", *arguments)
        for name in durations + numbers + ["header", "subprotocol", "unknown"]:
            self.assertRegex(errors, f"--{name}\\b")
        self.assertIn("URL", errors)

    def test_values_out_of_range_are_named(self):
        errors = self.complaints(
            "connect", "ws://localhost/", "--jitter", "1.5", "--backoff-factor", "0.5",
            "--backoff-base", "5s", "--backoff-cap", "1s", "--handlers", "0", "--open-timeout", "0",
            "--header", "Upgrade: other",
        )
        for name in ["jitter", "backoff-factor", "backoff-cap", "handlers", "open-timeout", "header"]:
            self.assertRegex(errors, f"--{name}\\b")

    def test_what_needs_an_outbox_is_named(self):
        errors = self.complaints("connect", "ws://x/", "--expire-after", "1s", "--resend-unknown",
                                 "--queue-policy", "often")
        for name in ["expire-after", "resend-unknown", "queue-policy"]:
            self.assertRegex(errors, f"--{name}\\b")

    def test_missing_values_are_named(self):
        errors = self.complaints("connect", "ws://localhost/", "--bogus", "--count")
        self.assertIn("--count", errors)
        self.assertIn("--bogus", errors)

    def test_an_option_twice(self):
        self.assertIn("--count", self.complaints("connect", "ws://x/", "--count", "1", "--count", "2"))

    def test_two_urls(self):
        self.assertIn("ws://y/", self.complaints("connect", "ws://x/", "ws://y/"))

    def test_serve(self):
        errors = self.complaints("serve", "--port", "65536", "--tls", "--no", "extra")
        for name in ["--port", "--cert", "--key", "--no", "extra"]:
            self.assertIn(name, errors)

    def test_serve_with_a_certificate_but_without_tls(self):
        self.assertIn("--tls", self.complaints("serve", "--cert", "x", "--key", "y"))


class GoodUsage(Case):
    def test_help_names_every_option(self):
        status, output, errors = self.run_to_end("connect", "--help-all")
        self.assertEqual((status, errors), (0, ""))
        for name in ["json", "send", "count", "handlers", "no-reconnect", "retry-first",
                     "backoff-base", "backoff-factor", "backoff-cap", "jitter", "max-attempts",
                     "stable-after", "open-timeout", "stop-timeout", "ping-interval",
                     "pong-timeout", "idle-timeout", "write-timeout", "tcp-keepalive",
                     "tcp-keepalive-interval", "tcp-keepalive-count", "tcp-user-timeout",
                     "max-message-size", "max-frames", "deflate", "deflate-level",
                     "deflate-memory", "deflate-threshold", "client-window-bits",
                     "server-window-bits", "client-no-takeover", "server-no-takeover", "header",
                     "subprotocol", "ca", "insecure", "exit-on-eof", "input",
                     "output", "chunk-size", "linger"]:
            self.assertRegex(output, f"--{name}\\b")

    def test_version(self):
        status, output, _ = self.run_to_end("--version")
        self.assertEqual(status, 0)
        self.assertRegex(output, r"^wsengine \d+\.\d+\.\d+\n$")

    def test_durations_with_units(self):
        for text in ["250ms", "5s", "1m", "1.5s", "1h"]:
            client = self.open(self.serve().url(), "--open-timeout", text, "--count", "1",
                               "--send", "x")
            client.wait_for("stopped")
            self.assertEqual(client.finish(), 0)

    def test_messages_that_are_too_big_are_refused(self):
        client = self.open(self.serve().url("/flood?n=1&size=101"), "--max-message-size", "100",
                           "--no-reconnect")
        client.expect("on_close", code=1009)

    def test_messages_of_the_largest_size_are_accepted(self):
        client = self.open(self.serve().url("/flood?n=1&size=100"), "--max-message-size", "100",
                           "--no-reconnect")
        client.expect("on_message", size=100)

    def test_messages_are_compressed_if_asked_for(self):
        text = "again and " * 100
        client = self.open(self.serve().url("/echo?deflate=1"), "--deflate",
                           "--server-window-bits", "10", "--client-no-takeover", "--send", text,
                           "--count", "1")
        client.expect("on_message", data=text)

    def test_messages_of_too_many_frames_are_refused(self):
        client = self.open(self.serve().url("/echo?fragment=16"), "--max-frames", "4", "--send",
                           "x" * 65, "--no-reconnect")
        client.expect("on_close", code=1008)

    def test_pings_keep_a_silent_session(self):
        client = self.open(self.serve().url("/slow?ms=4000"), "--ping-interval", "50ms",
                           "--idle-timeout", "2s", "--send", "late", "--count", "1")
        client.expect("on_message", data="late")

    def test_a_dead_server_is_noticed(self):
        client = self.open(self.serve().url("/silent"), "--ping-interval", "50ms",
                           "--pong-timeout", "200ms", "--no-reconnect")
        client.expect("on_close", code=1006, reason="nothing came for 200 ms after a ping")
        self.assertEqual(client.wait_for("stopped") and client.finish(), 1)


class Serving(Case):
    """The echo server, seen by another client."""

    def test_paths(self):
        port = self.serve().port
        with WebSocket(port, "/echo") as socket:
            socket.send_text("hello")
            self.assertEqual(socket.read_frame(), (True, 1, b"hello"))
        with WebSocket(port, "/close?code=3000&reason=bye") as socket:
            self.assertEqual(socket.read_close(), (3000, "bye"))
        with WebSocket(port, "/flood?n=3&size=9") as socket:
            for index in range(3):
                self.assertEqual(socket.read_frame()[2], index.to_bytes(8, "big") + b"x")
            self.assertEqual(socket.read_close(), (1000, ""))
        with WebSocket(port, "/slow?ms=20") as socket:
            socket.send_text("hello")
            self.assertEqual(socket.read_frame()[2], b"hello")
        with WebSocket(port, "/drop") as socket:
            socket.send_text("hello")
            self.assertRaises(ConnectionResetError, socket.read_frame)

    def test_wrong_paths_and_parameters(self):
        port = self.serve().port
        wrong = {
            "/nowhere": 404,
            "/": 404,
            "/close?code=1006": 400,
            "/close?code=99999": 400,
            "/close?code=1000&reason=" + "x" * 124: 400,
            "/flood?n=-1": 400,
            "/flood?size=x": 400,
            "/slow?ms=1&ms=2": 400,
            "/echo?what=1": 400,
        }
        for target, status in wrong.items():
            with self.assertRaises(Refused) as refused:
                WebSocket(port, target)
            self.assertEqual(refused.exception.status, status, target)

    def test_listening_is_the_first_event(self):
        server = self.serve()
        server.kill()
        # They all wait for the server, so that some connect while it starts.
        for _ in range(8):
            self.connect(server.url(), "--retry-first", "--backoff-base", "1ms", "--backoff-cap", "1ms")
        for _ in range(12):
            self.serve(port=server.port).kill()

    def test_a_taken_port(self):
        server = self.serve()
        status, _, errors = self.run_to_end("serve", "--port", str(server.port))
        self.assertEqual(status, 1)
        self.assertTrue(re.search("cannot start", errors), errors)


if __name__ == "__main__":
    unittest.main()
