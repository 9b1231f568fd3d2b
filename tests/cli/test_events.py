"""The events of `connect`, with every field that is promised."""

import base64

from harness import Case, unittest


class Events(Case):
    def test_a_session_from_open_to_stopped(self):
        server = self.serve()
        client = self.connect(server.url(), "--subprotocol", "chat", "--subprotocol", "feed")
        opened = client.expect(
            "on_open", restarting=False, status=101, subprotocol="chat"
        )
        self.assertRegex(opened["session"], "^[0-9a-f]{16}$")
        headers = {name.lower(): value for name, value in opened["headers"].items()}
        self.assertEqual(headers["sec-websocket-protocol"], "chat")
        self.assertIn("sec-websocket-accept", headers)
        client.say("/exit")
        client.expect("on_close", session=opened["session"], code=None, reason="")
        self.stop(client)

    def test_no_subprotocol_is_null(self):
        client = self.connect(self.serve().url())
        self.assertIsNone(client.expect("on_open")["subprotocol"])

    def test_text(self):
        client = self.open(self.serve().url(), "--send", 'grüße "\t\\" 🙂', "--count", "1")
        client.expect(
            "on_message",
            session=client.session,
            kind="text",
            data='grüße "\t\\" 🙂',
            size=len('grüße "\t\\" 🙂'.encode()),
        )
        client.expect("on_close", code=None)
        self.stop(client, "1 messages have come")

    def test_binary_is_base64(self):
        client = self.open(self.serve().url())
        data = bytes(range(256))
        client.say("/binary " + data.hex())
        message = client.expect("on_message", kind="binary", size=256)
        self.assertEqual(base64.b64decode(message["data_base64"]), data)
        self.assertNotIn("data", message)

    def test_the_close_of_the_server(self):
        client = self.open(self.serve().url("/close?code=4001&reason=enough+for+today"), "--no-reconnect")
        client.expect("on_close", session=client.session, code=4001, reason="enough for today")
        self.stop(client, "the session ended with 4001 (private use)")

    def test_time_never_goes_back(self):
        client = self.open(self.serve().url(), "--send", "a", "--send", "b", "--count", "2")
        client.wait_for("stopped")
        times = [event["t_ms"] for event in client.seen]
        self.assertEqual(times, sorted(times))
        self.assertGreaterEqual(times[0], 0)

    def test_time_never_goes_back_although_events_come_from_several_threads(self):
        client = self.open(self.serve().url("/flood?n=20000&size=10"), "--no-reconnect")
        client.say(*["/status"] * 300)
        client.wait_for("stopped")
        times = [event["t_ms"] for event in client.seen]
        self.assertEqual(times, sorted(times))

    def test_refused_start(self):
        client = self.connect(self.serve().url("/refuse?status=403"))
        error = client.expect("start_error", phase="upgrade", status=403)
        self.assertIn("403", error["error"])
        self.stop(client, error["error"], 1)

    def test_unreachable_start(self):
        server = self.serve()
        server.kill()
        client = self.connect(server.url())
        error = client.expect("start_error", phase="connect", status=None)
        self.assertIn("refused", error["error"])
        self.stop(client, error["error"], 1)

    def test_start_that_takes_too_long(self):
        client = self.connect(self.serve().url("/stall"), "--open-timeout", "200ms")
        client.expect("start_error", phase="upgrade", status=None)
        self.assertEqual(client.wait_for("stopped") and client.finish(), 1)

    def test_name_that_does_not_exist(self):
        client = self.connect("ws://no-such-host.invalid/")
        client.expect("start_error", phase="resolve", status=None)
        client.expect("stopped")
        self.assertEqual(client.finish(), 1)

    def test_words_for_people(self):
        status, output, errors = self.run_to_end(
            "connect", self.serve().url(), "--send", "a\x1b[31mb", "--count", "1"
        )
        self.assertEqual((status, errors), (0, ""))
        lines = output.splitlines()
        self.assertRegex(lines[0], "^open +open, session [0-9a-f]{16}$")
        self.assertRegex(lines[1], r"^text +a\\x1b\[31mb$")
        self.assertRegex(lines[2], "^close +by us$")
        self.assertRegex(lines[3], "^stopped +1 messages have come$")
        self.assertNotIn("\x1b", output)


if __name__ == "__main__":
    unittest.main()
