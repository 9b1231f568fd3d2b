"""Standard input: lines, commands, and its end."""

from harness import Case, subprocess, unittest


class Lines(Case):
    def test_lines_come_back_in_order(self):
        client = self.open(self.serve().url())
        words = [f"line {i}" for i in range(500)]
        client.say(*words)
        for word in words:
            client.expect("on_message", kind="text", data=word)

    def test_lines_before_the_session_opens_are_not_lost(self):
        client = self.connect(self.serve().url(), "--send", "first", "--count", "3")
        client.say("second", "third")
        client.expect("on_open")
        for word in ["first", "second", "third"]:
            client.expect("on_message", data=word)

    def test_lines_between_two_sessions_are_not_lost(self):
        server = self.serve()
        client = self.open(server.url(), "--backoff-base", "10ms")
        server.kill()
        client.expect("on_close", code=1006)
        client.expect("on_restart_error")
        client.say("are you back?")
        self.serve(port=server.port)
        client.wait_for("on_open")
        client.expect("on_message", data="are you back?")

    def test_the_end_of_input_does_not_end_the_session(self):
        server = self.serve()
        client = self.open(server.url("/slow?ms=100"), "--send", "x")
        client.end_input()
        client.expect("on_message", data="x")

    def test_exit_on_eof(self):
        server = self.serve()
        client = self.connect(server.url(), "--exit-on-eof", "--send", "x", stdin=subprocess.DEVNULL)
        client.wait_for("on_close")
        self.stop(client, "end of input")
        server.expect("opened")
        server.expect("closed", code=1000)

    def test_exit_on_eof_waits_for_the_count(self):
        client = self.connect(self.serve().url("/slow?ms=50"), "--exit-on-eof", "--count", "2")
        client.say("a", "b")
        client.end_input()
        client.expect("on_open")
        client.expect("on_message", data="a")
        client.expect("on_message", data="b")
        client.expect("on_close")
        self.stop(client, "2 messages have come")

    def test_the_last_line_needs_no_line_feed(self):
        client = self.connect(self.serve().url(), "--count", "1")
        client.process.stdin.write(b"no line feed")
        client.end_input()
        client.expect("on_open")
        client.expect("on_message", data="no line feed")

    def test_text_that_is_not_utf8_is_refused(self):
        client = self.open(self.serve().url())
        client.process.stdin.write(b"\xff\n")
        client.say("fine")
        self.assertIn("invalid_message", client.next_error())
        client.expect("on_message", data="fine")


class Commands(Case):
    def test_ping(self):
        client = self.open(self.serve().url())
        client.say("/ping")
        self.assertGreater(client.expect("pong")["rtt_us"], 0)

    def test_status(self):
        client = self.open(self.serve().url(), "--send", "x")
        # on_open is printed before it is answered; a message comes only behind the answer.
        client.expect("on_message", data="x")
        client.say("/status")
        client.expect("status", state="running", session=client.session, attempts=0,
                      last_error=None, next_retry_in_ms=None)

    def test_requests(self):
        client = self.open(self.serve().url(), "--request-key-pointer", "/id")
        client.say('/request 7 {"id": 7}')
        client.expect("answer", key="7", kind="text", data='{"id": 7}', size=9)
        # The echo of this one has another key.
        client.say('/request 8 {"id": 9}')
        client.expect("on_message", data='{"id": 9}')
        client.say('/request 8 {"id": 8}')
        self.assertIn("duplicate_key", client.expect("request_error", key="8")["error"])

    def test_requests_need_a_pointer(self):
        client = self.open(self.serve().url())
        client.say('/request 7 {"id": 7}')
        self.assertIn("no_key_function", client.expect("request_error", key="7")["error"])

    def test_what_a_request_asks_for_comes_before_the_exit(self):
        client = self.open(self.serve().url(), "--request-key-pointer", "/id")
        client.say('/request 7 {"id": 7}', "/exit")
        client.expect("answer", key="7")
        client.expect("on_close", code=None)
        self.stop(client)

    def test_status_tells_of_the_circuit(self):
        server = self.serve()
        client = self.open(server.url(), "--circuit-threshold", "1", "--circuit-open-time", "1m",
                           "--backoff-base", "1ms")
        server.kill()
        client.expect("on_close", code=1006)
        client.expect("on_restart_error")
        client.say("/status")
        status = client.expect("status", circuit="open")
        self.assertGreater(status["next_trial_in_ms"], 30000)

    def test_status_between_sessions(self):
        server = self.serve()
        client = self.open(server.url(), "--backoff-base", "1m", "--jitter", "0")
        server.kill()
        client.expect("on_close", code=1006)
        # The engine goes on when on_close has been answered, which is after it was printed.
        for _ in range(1000):
            client.say("/status")
            status = client.expect("status")
            if status["state"] == "backoff":
                break
        self.assertEqual(status["state"], "backoff")
        self.assertIsNone(status["session"])
        self.assertLessEqual(status["next_retry_in_ms"], 60000)
        self.assertGreater(status["next_retry_in_ms"], 30000)
        self.assertIn("closed", status["last_error"])

    def test_pause_and_resume(self):
        client = self.open(self.serve().url())
        client.say("/pause", "/status")
        client.expect("status", state="paused")
        client.say("one", "two", "/ping")
        # The answers are here with the pong, yet they are not handed out.
        client.expect("pong")
        client.say("/resume")
        client.expect("on_message", data="one")
        client.expect("on_message", data="two")
        client.say("/status")
        client.expect("status", state="running")

    def test_resume_without_pause(self):
        client = self.open(self.serve().url())
        client.say("/resume")
        self.assertIn("/resume", client.next_error())

    def test_restart(self):
        server = self.serve()
        client = self.open(server.url(), "--backoff-base", "10ms")
        client.say("/restart")
        client.expect("on_close", session=client.session, code=None)
        opened = client.expect("on_open", restarting=True)
        self.assertNotEqual(opened["session"], client.session)
        events = [server.next_event() for _ in range(3)]
        self.assertEqual([event["event"] for event in events], ["opened", "closed", "opened"])
        self.assertEqual(events[1]["code"], 1000)

    def test_what_follows_a_restart_is_for_the_next_session(self):
        client = self.open(self.serve().url(), "--backoff-base", "10ms")
        client.say("/restart", "hello", "/ping")
        client.expect("on_close", code=None)
        opened = client.expect("on_open", restarting=True)
        self.assertEqual({client.next_event()["event"] for _ in range(2)}, {"on_message", "pong"})
        message = next(event for event in client.seen if event["event"] == "on_message")
        self.assertEqual((message["data"], message["session"]), ("hello", opened["session"]))

    def test_restart_ends_the_waiting_between_attempts(self):
        server = self.serve()
        client = self.open(server.url(), "--backoff-base", "10m")
        server.kill()
        client.expect("on_close", code=1006)
        self.serve(port=server.port)
        client.say("/status")
        while client.expect("status")["state"] != "backoff":
            client.say("/status")
        client.say("/restart")
        client.expect("on_open", restarting=True)

    def test_exit(self):
        server = self.serve()
        client = self.open(server.url())
        client.say("/exit")
        client.expect("on_close", code=None)
        self.stop(client, "exit")
        server.expect("opened")
        server.expect("closed", code=1000)

    def test_close_with_code_and_reason(self):
        server = self.serve()
        client = self.open(server.url())
        client.say("/close 4321 see you later")
        client.expect("on_close", code=None)
        self.stop(client, "closed with 4321 (private use)")
        server.expect("opened")
        server.expect("closed", code=4321, reason="see you later")

    def test_close_without_code(self):
        server = self.serve()
        client = self.open(server.url())
        client.say("/close")
        client.expect("on_close", code=None)
        self.stop(client, "closed with 1000 (normal)")
        server.expect("opened")
        server.expect("closed", code=1000)

    def test_bad_commands_are_named_and_change_nothing(self):
        client = self.open(self.serve().url())
        bad = ["/dance", "/binary 0", "/binary xy", "/binary", "/close x", "/close 1006",
               "/close 70000", "/ping now", "/", "/close 1000 " + "x" * 124]
        client.say(*bad, "still here")
        for line in bad:
            self.assertIn(line.split()[0], client.next_error())
        client.expect("on_message", data="still here")

    def test_commands_from_a_pipe_run_in_order(self):
        client = self.connect(self.serve().url())
        client.say("a", "/binary 00ff", "/status", "/exit")
        client.end_input()
        # The status is that before the exit, and it is printed before what the exit does.
        self.assertEqual(client.wait_for("status")["state"], "running")
        client.wait_for("on_close")
        self.stop(client, "exit")

    def test_a_pause_from_a_pipe_comes_before_what_follows(self):
        client = self.connect(self.serve().url())
        client.say("/pause", "held back", "/status", "/resume")
        client.expect("on_open")
        client.expect("status", state="paused")
        client.expect("on_message", data="held back")

    def test_an_exit_from_a_pipe_waits_for_the_pong(self):
        client = self.connect(self.serve().url())
        client.say("/ping", "/exit")
        client.end_input()
        client.expect("on_open")
        client.expect("pong")
        client.expect("on_close", code=None)
        self.stop(client, "exit")

    def test_the_end_of_input_waits_for_the_pong(self):
        client = self.connect(self.serve().url(), "--exit-on-eof")
        client.say("/ping")
        client.end_input()
        client.expect("on_open")
        client.expect("pong")
        client.expect("on_close", code=None)
        self.stop(client, "end of input")

    def test_a_server_without_pongs_does_not_keep_an_exit(self):
        client = self.open(self.serve().url("/silent"), "--stop-timeout", "200ms")
        client.say("/ping", "/exit")
        client.wait_for("on_close")
        self.assertEqual(client.wait_for("stopped")["reason"], "exit")
        self.assertEqual(client.finish(), 0)


if __name__ == "__main__":
    unittest.main()
