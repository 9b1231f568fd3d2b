"""`--otlp`: spans of `connect` and `node` as OpenTelemetry's lines of JSON."""

import json
import os
import tempfile

from harness import Case, unittest


def read_spans(path):
    """The spans by their ids, with attributes as a dictionary."""
    result = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            for resource in json.loads(line)["resourceSpans"]:
                for scope in resource["scopeSpans"]:
                    assert scope["scope"]["name"] == "wsengine"
                    for span in scope["spans"]:
                        span["facts"] = {x["key"]: x["value"] for x in span.get("attributes", [])}
                        span["start"] = int(span["startTimeUnixNano"])
                        span["end"] = int(span["endTimeUnixNano"])
                        assert span["spanId"] not in result
                        result[span["spanId"]] = span
    return result


class Tracing(Case):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = os.path.join(folder.name, "spans.jsonl")

    def talk(self, *options):
        """Opens a session, has it closed and opened again, and stops. Returns the spans."""
        client = self.open(
            self.serve().url("/echo?fragment=1000"), "--bearer-auth", "hunter2", "--otlp", self.file,
            "--backoff-base", "10ms", "--jitter", "0", *options
        )
        client.say("hello")
        client.expect("on_message", data="hello")
        client.say("/restart")
        client.expect("on_close", code=None)
        client.expect("on_open", restarting=True)
        client.say("/exit")
        client.expect("on_close", code=None)
        self.stop(client)
        return read_spans(self.file)

    def test_spans_form_trees(self):
        spans = self.talk()
        for span in spans.values():
            self.assertRegex(span["traceId"], "^[0-9a-f]{32}$")
            self.assertRegex(span["spanId"], "^[0-9a-f]{16}$")
            self.assertLessEqual(span["start"], span["end"])
            self.assertEqual(span["status"], {}, span)
            for link in span.get("links", []):
                self.assertEqual(spans[link["spanId"]]["name"], "dial")
                self.assertEqual(spans[link["spanId"]]["traceId"], link["traceId"])
            if "parentSpanId" in span:
                parent = spans[span["parentSpanId"]]
                self.assertEqual(parent["traceId"], span["traceId"])
                self.assertLessEqual(parent["start"], span["start"])
                self.assertLessEqual(span["end"], parent["end"], (parent["name"], span["name"]))

    def test_what_is_a_part_of_what(self):
        spans = self.talk()
        parts = sorted(
            (spans[x["parentSpanId"]]["name"] if "parentSpanId" in x else "", x["name"])
            for x in spans.values()
        )
        phases = [("dial", name) for name in ("connect", "resolve", "upgrade")]
        self.assertEqual(
            parts,
            sorted(
                [("", "start"), ("", "restart"), ("", "close"), ("", "close"), ("", "on_message"),
                 ("start", "dial"), ("start", "on_open"), ("restart", "dial"), ("restart", "on_open"),
                 ("close", "on_close"), ("close", "on_close"), *phases, *phases]
            ),
        )
        kinds = {x["name"]: x["kind"] for x in spans.values()}
        self.assertEqual((kinds["dial"], kinds["on_message"], kinds["start"]), (3, 5, 1))

    def test_names_of_attributes(self):
        spans = self.talk()
        dial = next(x for x in spans.values() if x["name"] == "dial")
        self.assertEqual(dial["facts"]["server.address"], {"stringValue": "127.0.0.1"})
        self.assertEqual(dial["facts"]["http.response.status_code"], {"intValue": "101"})
        self.assertTrue(dial["facts"]["url.full"]["stringValue"].endswith("/echo?fragment=REDACTED"))
        with open(self.file, encoding="utf-8") as file:
            text = file.read()
        self.assertNotIn("hunter2", text)
        resource = json.loads(text.splitlines()[0])["resourceSpans"][0]["resource"]
        self.assertIn({"key": "service.name", "value": {"stringValue": "wsengine"}},
                      resource["attributes"])

    def test_nothing_is_sampled(self):
        self.assertEqual(self.talk("--trace-sample", "0"), {})

    def test_failures_are_told(self):
        status, _, _ = self.run_to_end("connect", "ws://127.0.0.1:1/", "--otlp", self.file)
        self.assertEqual(status, 1)
        spans = {x["name"]: x for x in read_spans(self.file).values()}
        for name in ("start", "dial", "connect"):
            self.assertEqual(spans[name]["status"]["code"], 2)
            self.assertEqual(spans[name]["facts"]["error.type"], {"stringValue": "connect_failed"})
        self.assertEqual(spans["resolve"]["status"], {})

    def test_a_file_that_cannot_be_written(self):
        missing = os.path.join(self.file, "missing")
        status, _, errors = self.run_to_end("connect", "ws://127.0.0.1:1/", "--otlp", missing)
        self.assertEqual(status, 1)
        self.assertIn(missing, errors)


if __name__ == "__main__":
    unittest.main()
