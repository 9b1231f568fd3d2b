"""Standard input and output as parts of a pipe: lines, whole messages, chunks, and raw bytes."""

import os
import tempfile

from harness import Case, signal, unittest
from websocket import BINARY, TEXT, Listener

BYTES = bytes(range(256)) * 400


class Output(Case):
    def test_lines(self):
        status, output, errors = self.pipe(
            b"one\ntwo\n", "connect", self.serve().url(), "--output", "lines", "--count", "2"
        )
        self.assertEqual((status, output, errors), (0, b"one\ntwo\n", ""))

    def test_raw_adds_nothing(self):
        status, output, errors = self.pipe(
            b"one\n/binary 00ff\n", "connect", self.serve().url(), "--output", "raw", "--count", "2"
        )
        self.assertEqual((status, output, errors), (0, b"one\0\xff", ""))

    def test_parts_of_a_message_make_one_line(self):
        status, output, _ = self.pipe(
            b"0123456789\nx\n", "connect", self.serve().url(), "--output", "lines", "--max-part",
            "3", "--count", "2",
        )  # fmt: skip
        self.assertEqual((status, output), (0, b"0123456789\nx\n"))

    def test_answers_of_requests_are_contents_too(self):
        status, output, _ = self.pipe(
            b'/request 7 {"id": 7}\n/exit\n', "connect", self.serve().url(), "--output", "lines",
            "--request-key-pointer", "/id",
        )  # fmt: skip
        self.assertEqual((status, output), (0, b'{"id": 7}\n'))

    def test_what_goes_wrong_is_on_standard_error(self):
        url = self.serve().url("/refuse?status=403")
        status, output, errors = self.pipe(b"", "connect", url, "--output", "raw")
        self.assertEqual((status, output), (1, b""))
        self.assertIn("403", errors)
        url = self.serve().url("/close?code=4001&reason=enough")
        status, output, errors = self.pipe(b"", "connect", url, "--output", "raw", "--no-reconnect")
        self.assertEqual((status, output), (0, b""))
        self.assertIn("enough", errors)

    def test_a_clean_end_says_nothing(self):
        url = self.serve().url("/flood?n=3&size=8")
        status, output, errors = self.pipe(b"", "connect", url, "--output", "raw", "--no-reconnect")
        wanted = b"".join(i.to_bytes(8, "big") for i in range(3))
        self.assertEqual((status, output, errors), (0, wanted, ""))


class Input(Case):
    def sent(self, given, *options):
        """What a server gets when that is piped in."""
        listener = Listener()
        status, _, errors = self.pipe(given, "connect", listener.url, "--exit-on-eof", *options)
        messages = listener.finish()
        self.assertEqual((status, errors, listener.code), (0, "", 1000))
        return messages

    def test_lines_are_no_commands(self):
        self.assertEqual(
            self.sent(b"/ping\n\nlast", "--input", "lines"),
            [(TEXT, b"/ping"), (TEXT, b""), (TEXT, b"last")],
        )

    def test_all_as_one_text(self):
        self.assertEqual(self.sent(b"/a\nb\n", "--input", "text"), [(TEXT, b"/a\nb\n")])

    def test_all_as_one_binary_message(self):
        self.assertEqual(self.sent(BYTES, "--input", "binary"), [(BINARY, BYTES)])

    def test_nothing_is_an_empty_message(self):
        self.assertEqual(self.sent(b"", "--input", "binary"), [(BINARY, b"")])

    def test_what_is_named_first_is_sent_first(self):
        self.assertEqual(
            self.sent(b"x", "--input", "binary", "--send", "hello"), [(TEXT, b"hello"), (BINARY, b"x")]
        )

    def test_everything_is_written_before_the_close_frame(self):
        lines = [f"line {i}".encode() for i in range(2000)]
        wanted = [(TEXT, line) for line in lines]
        self.assertEqual(self.sent(b"\n".join(lines)), wanted)
        self.assertEqual(self.sent(b"\n".join(lines), "--outbox", "4000"), wanted)

    def test_chunks_of_a_file(self):
        listener = Listener()
        with tempfile.TemporaryFile() as file:
            file.write(BYTES)
            file.seek(0)
            client = self.connect(
                listener.url, "--exit-on-eof", "--input", "chunks", "--chunk-size", "1000", stdin=file
            )
            client.wait_for("stopped")
            self.assertEqual(client.finish(), 0)
        messages = listener.finish()
        self.assertEqual([len(data) for _, data in messages], [1000] * 102 + [400])
        self.assertEqual(b"".join(data for _, data in messages), BYTES)
        self.assertEqual({opcode for opcode, _ in messages}, {BINARY})

    def test_chunks_do_not_wait_for_each_other(self):
        client = self.open(self.serve().url(), "--input", "chunks")
        for part in (b"one", b"two"):
            client.process.stdin.write(part)
            client.process.stdin.flush()
            client.expect("on_message", kind="binary", size=3)

    def test_what_comes_out_is_what_went_in(self):
        status, output, errors = self.pipe(
            BYTES, "connect", self.serve().url(), "--input", "binary", "--output", "raw", "--count",
            "1",
        )  # fmt: skip
        self.assertEqual((status, output, errors), (0, BYTES, ""))


class Failures(Case):
    def test_text_that_cannot_be_sent_shows_in_the_status(self):
        status, output, errors = self.pipe(
            b"\xff\nfine\n", "connect", self.serve().url(), "--exit-on-eof"
        )
        self.assertEqual(status, 1)
        self.assertIn("invalid_message", errors)
        self.assertIn("not sent: 1", output.decode())

    def test_text_that_cannot_be_sent_by_an_outbox(self):
        status, output, errors = self.pipe(
            b"\xff\nfine\n", "connect", self.serve().url(), "--exit-on-eof", "--outbox", "9"
        )
        self.assertEqual(status, 1)
        self.assertIn("invalid_message", errors)
        self.assertIn("not sent: 1", output.decode())

    def test_input_that_is_too_long_for_a_message(self):
        status, output, errors = self.pipe(
            b"0123456789x", "connect", self.serve().url(), "--input", "binary", "--max-message-size",
            "10",
        )  # fmt: skip
        self.assertEqual(status, 1)
        self.assertIn("--input chunks", errors)
        self.assertIn("too long", output.decode())

    def test_the_largest_message_that_can_be_sent(self):
        status, output, _ = self.pipe(
            b"0123456789", "connect", self.serve().url(), "--input", "binary", "--max-message-size",
            "10", "--count", "1", "--output", "raw",
        )  # fmt: skip
        self.assertEqual((status, output), (0, b"0123456789"))

    def test_a_line_that_is_too_long(self):
        status, _, errors = self.pipe(
            b"0123456789x\ny\n", "connect", self.serve().url(), "--input", "lines",
            "--max-message-size", "10", "--exit-on-eof",
        )  # fmt: skip
        self.assertEqual(status, 1)
        self.assertIn("longer than --max-message-size", errors)

    def test_a_reader_that_goes_away_ends_the_program(self):
        url = self.serve().url("/flood?n=1000000000&size=1000")
        client = self.run_program("connect", url, "--output", "raw", read=False)
        os.read(client.process.stdout.fileno(), 100)
        client.process.stdout.close()
        self.assertEqual(client.process.wait(60), 1)


class Linger(Case):
    def test_messages_still_come(self):
        client = self.connect(self.serve().url(), "--exit-on-eof", "--linger", "10m")
        client.say("x")
        client.end_input()
        client.expect("on_open")
        client.expect("on_message", data="x")
        client.signal(signal.SIGTERM)
        client.expect("on_close", code=None)
        self.stop(client, "SIGTERM")

    def test_it_ends(self):
        client = self.connect(self.serve().url(), "--exit-on-eof", "--linger", "10ms")
        client.end_input()
        client.expect("on_open")
        client.expect("on_close", code=None)
        self.stop(client, "end of input")

    def test_the_count_may_come_first(self):
        client = self.connect(
            self.serve().url(), "--exit-on-eof", "--linger", "10m", "--count", "1"
        )
        client.say("x")
        client.end_input()
        client.wait_for("on_close")
        self.stop(client, "1 messages have come")

    def test_or_the_time(self):
        client = self.connect(
            self.serve().url("/silent"), "--exit-on-eof", "--linger", "10ms", "--count", "1",
            "--stop-timeout", "100ms",
        )  # fmt: skip
        client.say("x")
        client.end_input()
        self.assertEqual(client.wait_for("stopped")["reason"], "end of input")
        self.assertEqual(client.finish(), 0)


if __name__ == "__main__":
    unittest.main()
