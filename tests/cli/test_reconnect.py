"""Sessions that end without being asked to, and attempts that fail."""

from harness import Case, unittest

FAST = ("--backoff-base", "20ms", "--backoff-cap", "40ms", "--jitter", "0")


class Reconnect(Case):
    def test_a_reset_gives_one_on_close_and_a_new_session(self):
        client = self.open(self.serve().url("/drop"), *FAST, "--send", "x")
        client.expect("on_close", session=client.session, code=1006)
        opened = client.expect("on_open", restarting=True, status=101)
        self.assertNotEqual(opened["session"], client.session)
        client.say("/exit")
        client.expect("on_close", session=opened["session"], code=None)
        self.stop(client)

    def test_a_server_that_dies_and_comes_back(self):
        server = self.serve()
        client = self.open(server.url(), *FAST)
        server.kill()
        client.expect("on_close", code=1006)
        for retry in range(3):
            failure = client.expect("on_restart_error", retry=retry, next_delay_ms=[40, 40, 40][retry])
            self.assertIn("refused", failure["error"])
        self.serve(port=server.port)
        opened = client.wait_for("on_open")
        self.assertTrue(opened["restarting"])
        client.say("hello")
        client.expect("on_message", data="hello", session=opened["session"])

    def test_an_outbox_keeps_lines_and_each_session_begins_with_what_is_set_up(self):
        server = self.serve()
        client = self.open(server.url(), *FAST, "--outbox", "10", "--setup", "login")
        client.expect("on_message", data="login")
        client.say("/subscribe trades sub trades")
        client.expect("on_message", data="sub trades")
        server.kill()
        client.expect("on_close", code=1006)
        for line in ["a", "b", "/unsubscribe trades", "/subscribe books sub books"]:
            client.say(line)
        client.expect("on_restart_error", retry=0)
        self.serve(port=server.port)
        client.wait_for("on_open")
        for line in ["login", "sub books", "a", "b"]:
            client.expect("on_message", data=line)

    def test_a_line_that_waits_too_long_expires(self):
        server = self.serve()
        client = self.open(server.url(), *FAST, "--outbox", "1", "--expire-after", "10ms")
        server.kill()
        client.expect("on_close", code=1006)
        client.say("a")
        self.assertIn("expired", client.next_error())

    def test_the_count_of_failures_starts_again(self):
        server = self.serve()
        client = self.open(server.url(), *FAST)
        for _ in range(2):
            server.kill()
            client.expect("on_close", code=1006)
            client.expect("on_restart_error", retry=0)
            server = self.serve(port=server.port)
            client.wait_for("on_open")

    def test_delays_grow_up_to_the_cap(self):
        server = self.serve()
        client = self.open(server.url(), "--backoff-base", "10ms", "--backoff-factor", "3",
                           "--backoff-cap", "50ms", "--jitter", "0", "--max-attempts", "4")
        server.kill()
        client.expect("on_close", code=1006)
        delays = [client.expect("on_restart_error", retry=i)["next_delay_ms"] for i in range(4)]
        self.assertEqual(delays, [30, 50, 50, None])

    def test_giving_up(self):
        server = self.serve()
        client = self.open(server.url(), *FAST, "--max-attempts", "2")
        server.kill()
        client.expect("on_close", code=1006)
        client.expect("on_restart_error", retry=0)
        client.expect("on_restart_error", retry=1, next_delay_ms=None)
        self.assertIn("gave_up", client.expect("stopped")["reason"])
        self.assertEqual(client.finish(), 1)

    def test_a_server_that_closes_at_once_is_not_hammered(self):
        server = self.serve()
        client = self.open(server.url("/accept-close"), "--backoff-base", "30ms", "--jitter", "0",
                           "--backoff-factor", "2")
        for _ in range(3):
            client.expect("on_close", code=1000)
            client.expect("on_open", restarting=True)
        opens = [event["t_ms"] for event in client.seen if event["event"] == "on_open"]
        gaps = [after - before for before, after in zip(opens, opens[1:])]
        for gap, least in zip(gaps, [30, 60, 120]):
            self.assertGreaterEqual(gap, least - 1, gaps)

    def test_no_reconnect_after_a_reset(self):
        client = self.open(self.serve().url("/drop"), "--no-reconnect", "--send", "x")
        client.expect("on_close", code=1006)
        self.stop(client, "the session ended with 1006 (abnormal)", 1)

    def test_no_reconnect_after_a_close(self):
        client = self.open(self.serve().url("/accept-close"), "--no-reconnect")
        client.expect("on_close", code=1000)
        self.stop(client, "the session ended with 1000 (normal)")

    def test_a_close_frame_without_a_code(self):
        client = self.open(self.serve().url("/close?code=1005"), "--no-reconnect")
        client.expect("on_close", code=1005)


class RetryFirst(Case):
    def test_attempts_until_the_server_is_there(self):
        server = self.serve()
        server.kill()
        client = self.connect(server.url(), *FAST, "--retry-first")
        client.expect("on_restart_error", retry=0, next_delay_ms=20)
        client.expect("on_restart_error", retry=1, next_delay_ms=40)
        self.serve(port=server.port)
        opened = client.wait_for("on_open")
        self.assertFalse(opened["restarting"])

    def test_giving_up(self):
        server = self.serve()
        server.kill()
        client = self.connect(server.url(), *FAST, "--retry-first", "--max-attempts", "2")
        client.expect("on_restart_error", retry=0)
        client.expect("on_restart_error", retry=1, next_delay_ms=None)
        self.assertIn("gave_up", client.expect("stopped")["reason"])
        self.assertEqual(client.finish(), 1)

    def test_exit_ends_the_attempts(self):
        server = self.serve()
        server.kill()
        client = self.connect(server.url(), "--retry-first", "--backoff-base", "10m")
        client.expect("on_restart_error", retry=0)
        client.say("/exit")
        self.stop(client)


if __name__ == "__main__":
    unittest.main()
