"""Help, the manual page, and complaints that say what to do."""

import re
import shutil
import socket

from harness import Case, subprocess, unittest

COMMANDS = ["connect", "serve", "node", "replay", "trace", "completion", "man"]


class Help(Case):
    def help(self, *line):
        status, output, errors = self.run_to_end(*line)
        self.assertEqual((status, errors), (0, ""))
        return output

    def test_help_fits_on_a_screen(self):
        for line in (["--help"], *([command, "--help"] for command in COMMANDS)):
            output = self.help(*line)
            self.assertLessEqual(len(output.splitlines()), 24, output)
            for one in output.splitlines():
                self.assertLessEqual(len(one), 80, one)
            self.assertIn("\nExamples:\n", output)

    def test_the_other_ways_to_ask(self):
        self.assertEqual(self.help("help", "connect"), self.help("connect", "--help"))
        self.assertEqual(self.help("connect", "ws://x/", "-h"), self.help("connect", "--help"))
        self.assertEqual(self.help("help"), self.help("--help"))

    def test_long_help_has_what_the_short_one_has(self):
        for command in COMMANDS:
            short, long = self.help(command, "--help"), self.help(command, "--help-all")
            for option in re.findall(r"^  (--[a-z-]+)", short, re.MULTILINE):
                self.assertRegex(long, rf"(?m)^  {option}\b")
            for one in long.splitlines():
                self.assertLessEqual(len(one), 80, one)

    def test_short_help_points_to_the_long_one(self):
        self.assertIn("wsengine connect --help-all", self.help("connect", "--help"))

    def test_the_examples_are_understood(self):
        """Those of connect, with a server in the place of the one that they name."""
        url = self.serve().url()
        examples = re.findall(r"^  +wsengine connect (\S+) (.*)$", self.help("connect", "--help"),
                              re.MULTILINE)
        self.assertGreaterEqual(len(examples), 3)
        for _, rest in examples:
            words = rest.partition("<")[0].split()
            status, _, errors = self.pipe(b"x\n", "connect", url, "--exit-on-eof", "--linger", "1ms",
                                          *(word for word in words if word != "--exit-on-eof"))
            self.assertEqual((status, errors), (0, ""), rest)


class ManualPage(Case):
    def page(self):
        status, output, errors = self.run_to_end("man")
        self.assertEqual((status, errors), (0, ""))
        return output

    def test_every_option_is_there(self):
        page = self.page()
        for command in COMMANDS:
            _, text, _ = self.run_to_end(command, "--help-all")
            for option in re.findall(r"^  (--[a-z-]+)", text, re.MULTILINE):
                self.assertIn(option.replace("-", "\\-"), page)

    @unittest.skipUnless(shutil.which("man"), "there is no man")
    def test_man_shows_it_without_warnings(self):
        done = subprocess.run(
            ["man", "--warnings=w", "-l", "-"], input=self.page().encode(), capture_output=True,
            check=True, env={"MANWIDTH": "80", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
        self.assertEqual(done.stderr, b"")
        shown = re.sub(r".\x08", "", done.stdout.decode())
        for line in ("NAME", "EXIT STATUS", "WSENGINE CONNECT"):
            self.assertRegex(shown, rf"(?m)^{line}$")
        # Words that people copy have no typographic hyphens or quotes.
        self.assertIn("--exit-on-eof", shown)
        self.assertIn("--header 'K: V'", shown)

    @unittest.skipUnless(shutil.which("mandoc"), "there is no mandoc")
    def test_mandoc_finds_nothing_to_mend(self):
        done = subprocess.run(
            ["mandoc", "-Tlint", "-Wwarning"], input=self.page().encode(), capture_output=True,
            check=False,
        )  # fmt: skip
        complaints = [
            line for line in done.stdout.decode().splitlines()
            # The page has no date, for it is made anew with each build.
            if "missing date" not in line
        ]  # fmt: skip
        self.assertEqual(complaints, [])


class Advice(Case):
    def complaints(self, *line):
        status, output, errors = self.run_to_end(*line)
        self.assertEqual((status, output), (2, ""))
        return errors

    def test_the_nearest_option(self):
        errors = self.complaints("connect", "ws://x/", "--cuont", "3")
        self.assertIn("unknown option --cuont; did you mean --count?", errors)
        self.assertIn("See: wsengine connect --help", errors)

    def test_the_nearest_command(self):
        self.assertIn("did you mean connect?", self.complaints("conect"))
        self.assertIn("did you mean wsengine connect ws://x/?", self.complaints("ws://x/"))

    def test_the_nearest_line(self):
        client = self.open(self.serve().url())
        client.say("/pign")
        self.assertIn("did you mean /ping?", client.next_error())

    def test_a_url_without_scheme(self):
        self.assertIn("did you mean ws://localhost:80/x?", self.complaints("connect", "localhost:80/x"))
        self.assertIn("did you mean wss://x/?", self.complaints("connect", "https://x/"))

    def test_secrets_of_unknown_options_are_not_repeated(self):
        self.assertNotIn("secret", self.complaints("connect", "ws://x/", "--bearer-aut=secret"))

    def test_what_to_check_when_nobody_listens(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        client = self.connect(f"ws://127.0.0.1:{port}/")
        error = client.expect("start_error", phase="connect")
        self.assertIn(f"port {port} of 127.0.0.1", error["advice"])
        status, output, _ = self.run_to_end("connect", f"ws://127.0.0.1:{port}/")
        self.assertEqual(status, 1)
        self.assertRegex(output, r"(?m)^advice +Does a server listen")

    def test_what_to_check_when_the_server_refuses(self):
        client = self.connect(self.serve().url("/refuse?status=401"))
        self.assertIn("--bearer-auth", client.expect("start_error")["advice"])

    def test_nothing_to_say(self):
        client = self.connect(self.serve().url("/refuse?status=500"))
        self.assertIsNone(client.expect("start_error")["advice"])


if __name__ == "__main__":
    unittest.main()
