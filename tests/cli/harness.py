"""Runs the program and reads its events, with a deadline on every wait."""

import json
import os
import queue
import re
import signal
import subprocess
import threading
import time
import unittest

PROGRAM = os.environ["WSENGINE"]
# Far longer than anything takes, even with sanitizers on a busy machine.
DEADLINE = 60


def ask_until(look, pause=0.05, complaint=lambda: "what was asked for has not come"):
    """Asks again and again until there is an answer, and returns it: for what other programs know and
    announce to nobody."""
    end = time.monotonic() + DEADLINE
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(complaint())
        time.sleep(pause)


class Program:
    """A running `wsengine`, whose standard output is JSON lines."""

    def __init__(self, *arguments, stdin=subprocess.PIPE, read=True, prefix=()):
        self.process = subprocess.Popen(
            [*prefix, PROGRAM, *arguments], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.events = queue.Queue()
        self.seen = []
        self.errors = queue.Queue()
        self.threads = [self.start(self.collect_errors)]
        if read:
            self.threads.append(self.start(self.collect_events))

    @staticmethod
    def start(target):
        thread = threading.Thread(target=target, daemon=True)
        thread.start()
        return thread

    def collect_events(self):
        for line in self.process.stdout:
            self.events.put(line)
        self.events.put(None)

    def collect_errors(self):
        for line in self.process.stderr:
            self.errors.put(line.decode().rstrip("\n"))

    # -- reading -------------------------------------------------------------------------------

    def next_event(self):
        """The next line of standard output, which must be a JSON object with the common fields."""
        try:
            line = self.events.get(timeout=DEADLINE)
        except queue.Empty:
            raise AssertionError(f"no event came after {self.seen[-3:]}") from None
        if line is None:
            raise AssertionError(f"the output ended after {self.seen[-3:]}")
        event = json.loads(line)
        assert isinstance(event["event"], str) and isinstance(event["t_ms"], int), event
        self.seen.append(event)
        return event

    def expect(self, name, **fields):
        """Reads the next event, which must have that name and those fields."""
        event = self.next_event()
        wanted = {"event": name, **fields}
        got = {key: event.get(key) for key in wanted}
        assert got == wanted, f"expected {wanted}, got {event}"
        return event

    def wait_for(self, name):
        """Reads events until one has that name."""
        while True:
            event = self.next_event()
            if event["event"] == name:
                return event

    def next_error(self):
        """The next line of standard error."""
        try:
            return self.errors.get(timeout=DEADLINE)
        except queue.Empty:
            raise AssertionError("nothing came on standard error") from None

    # -- acting --------------------------------------------------------------------------------

    def say(self, *lines):
        """Writes lines to standard input."""
        self.process.stdin.write("".join(line + "\n" for line in lines).encode())
        self.process.stdin.flush()

    def end_input(self):
        self.process.stdin.close()

    def signal(self, number):
        self.process.send_signal(number)

    # -- ending --------------------------------------------------------------------------------

    def finish(self):
        """Waits for the end. Returns the exit status; nothing may be left on standard output."""
        status = self.process.wait(DEADLINE)
        for thread in self.threads:
            thread.join(DEADLINE)
        left = [line for line in iter(self.events.get_nowait, None)] if self.seen else []
        assert not left, f"events after the last: {left}"
        return status

    def kill(self):
        self.process.kill()
        self.process.wait()
        # They read until the end, which has come.
        for thread in self.threads:
            thread.join(DEADLINE)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream:
                try:
                    stream.close()
                except BrokenPipeError:
                    pass

    def resident_kib(self):
        """How much memory it uses."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))


class Server(Program):
    """A running `wsengine serve` that tells of its sessions."""

    def __init__(self, *arguments, port=0, prefix=()):
        super().__init__(
            "serve", "--json", "--verbose", "--port", str(port), *arguments, prefix=prefix)
        self.port = self.expect("listening")["port"]

    def url(self, path="/echo", scheme="ws", host="127.0.0.1"):
        return f"{scheme}://{host}:{self.port}{path}"


class Case(unittest.TestCase):
    """A test with programs that end with it."""

    def run_program(self, *arguments, **options):
        program = Program(*arguments, **options)
        self.addCleanup(program.kill)
        return program

    def serve(self, *arguments, **options):
        server = Server(*arguments, **options)
        self.addCleanup(server.kill)
        return server

    def connect(self, url, *options, **settings):
        return self.run_program("connect", url, "--json", *options, **settings)

    def open(self, url, *options, **settings):
        """Runs a client and waits until its session is open."""
        client = self.connect(url, *options, **settings)
        opened = client.expect("on_open")
        client.session = opened["session"]
        return client

    def stop(self, client, reason="exit", status=0):
        """Reads the last event and the exit status."""
        self.assertEqual(client.expect("stopped")["reason"], reason)
        self.assertEqual(client.finish(), status)

    def run_to_end(self, *arguments, prefix=()):
        """Runs a program that ends by itself. Returns status, output, errors."""
        status, output, errors = self.pipe(b"", *arguments, prefix=prefix)
        return status, output.decode(), errors

    def pipe(self, given, *arguments, prefix=()):
        """Runs a program that ends by itself, with that input; returns its output as bytes."""
        done = subprocess.run(
            [*prefix, PROGRAM, *arguments], capture_output=True, timeout=DEADLINE, input=given,
            check=False
        )
        return done.returncode, done.stdout, done.stderr.decode()


__all__ = [
    "Case", "DEADLINE", "PROGRAM", "Program", "Server", "ask_until", "signal", "subprocess", "unittest",
]  # fmt: skip
