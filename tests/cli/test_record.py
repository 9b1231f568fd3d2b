"""`connect --record`, and what `replay` and `trace` make of the file."""

import json
import os
import tempfile

from harness import Case, subprocess, unittest, PROGRAM, DEADLINE


def read(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def outline(events):
    """What happened, without what differs from run to run."""
    kept = ("event", "data", "code", "reason", "restarting")
    return [{key: x[key] for key in kept if key in x} for x in events]


class Record(Case):
    adapter = "beast"

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = os.path.join(folder.name, "session.jsonl")
        self.page = os.path.join(folder.name, "session.html")

    def record(self, *options):
        """Records a session with an echo, a restart and an end. Returns what `connect` printed."""
        server = self.serve()
        client = self.open(
            server.url(), "--adapter", self.adapter, "--record", self.file, "--backoff-base", "10ms",
            "--jitter", "0", *options
        )
        client.say("hello")
        client.expect("on_message", data="hello")
        client.say("/restart")
        client.expect("on_close", code=None)
        client.expect("on_open", restarting=True)
        client.say("/binary 00ff")
        client.expect("on_message", data_base64="AP8=")
        client.say("/exit")
        client.expect("on_close", code=None)
        self.stop(client)
        return client.seen

    def replay(self, *options):
        done = subprocess.run(
            [PROGRAM, "replay", self.file, "--json", *options],
            capture_output=True, timeout=DEADLINE, check=True,
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_what_is_recorded(self):
        self.record("--bearer-auth", "secret")
        with open(self.file, encoding="utf-8") as file:
            self.assertNotIn("secret", file.read())
        header, *events = read(self.file)
        self.assertEqual(header, {"wsengine_recording": 1})
        names = [x["event"] for x in events]
        for name in ("dial", "open", "callback", "answer", "write", "received", "close", "over"):
            self.assertIn(name, names)
        self.assertEqual([x["name"] for x in events if x["event"] == "note"], ["restart", "stop"])
        # The connection tells of its end by itself, before the engine has stopped or behind.
        self.assertEqual([x for x in names if x != "over"][-1], "stopped")
        self.assertEqual(events[0]["headers"], [["Authorization", "***"]])
        times = [x["t_ms"] for x in events]
        self.assertEqual(times, sorted(times))

    def test_replay_prints_what_connect_printed(self):
        seen = self.record()
        for options in ((), ("--realtime",)):
            with self.subTest(options=options):
                again = self.replay(*options)
                self.assertEqual(outline(again[:-1]), outline(seen[:-1]))
                self.assertEqual(again[-1]["event"], "stopped")
        # In virtual time, times are those of the recording, to the millisecond.
        opened = [x["t_ms"] for x in read(self.file)[1:] if x["event"] == "open"]
        virtual = [x["t_ms"] for x in self.replay() if x["event"] == "on_open"]
        self.assertEqual(len(virtual), 2)
        for before, after in zip(opened, virtual):
            self.assertLessEqual(abs(before - after), 100)

    def test_trace_writes_a_page(self):
        self.record()
        self.assertEqual(self.run_to_end("trace", self.file, "--html", self.page), (0, "", ""))
        with open(self.page, encoding="utf-8") as file:
            page = file.read()
        self.assertIn("<!doctype html>", page)
        self.assertNotIn("http://", page.replace("http://www.w3.org/2000/svg", ""))

    def test_bad_files_are_told_with_their_lines(self):
        for content, problem in (
            ('{"wsengine_recording":99}\n', "line 1: the recording has version 99"),
            ('{"wsengine_recording":1}\n{"t_ms":0}\n', 'line 2: "event" is missing'),
            ("", "line 1: the recording is empty"),
        ):
            with open(self.file, "w", encoding="utf-8") as file:
                file.write(content)
            for command in (["replay", self.file], ["trace", self.file, "--html", self.page]):
                status, out, errors = self.run_to_end(*command)
                self.assertEqual((status, out), (1, ""))
                self.assertIn(f"wsengine: {self.file}: {problem}", errors)

    def test_files_that_are_not_there(self):
        missing = os.path.join(os.path.dirname(self.file), "no", "file")
        status, _, errors = self.run_to_end("replay", missing)
        self.assertEqual((status, errors), (1, f"wsengine: {missing}: cannot be opened\n"))
        status, _, errors = self.run_to_end("connect", "ws://127.0.0.1:1/", "--record", missing)
        self.assertEqual((status, errors), (1, f"wsengine: {missing}: cannot be written\n"))

    def test_bad_usage(self):
        status, _, errors = self.run_to_end("trace")
        self.assertEqual(status, 2)
        self.assertIn("FILE is missing", errors)
        self.assertIn("--html is missing", errors)
        status, _, errors = self.run_to_end("replay", "a", "b", "--no-such")
        self.assertEqual(status, 2)
        self.assertIn("unknown option --no-such", errors)


class RecordOverWebsocketpp(Record):
    adapter = "websocketpp"

    def setUp(self):
        super().setUp()
        missing = os.path.join(os.path.dirname(self.file), "no", "file")
        _, _, errors = self.run_to_end(
            "connect", "ws://127.0.0.1:1/", "--adapter", self.adapter, "--record", missing
        )
        if "built without" in errors:
            self.skipTest("the program was built without it")


if __name__ == "__main__":
    unittest.main()
