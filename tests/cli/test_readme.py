"""The README lists the options of the program as they are, and names files that exist."""

import os
import re
import subprocess
import unittest

SOURCE = os.environ["WSENGINE_SOURCE"]


class Readme(unittest.TestCase):
    def setUp(self):
        with open(os.path.join(SOURCE, "README.md"), encoding="utf-8") as file:
            self.readme = file.read()

    def test_every_option_is_in_the_table(self):
        for command in ("connect", "serve", "node", "director", "fleet", "replay", "trace"):
            done = subprocess.run(
                [os.environ["WSENGINE"], command, "--help-all"], capture_output=True, check=True
            )
            options = re.findall(r"^  (--[a-z-]+)", done.stdout.decode(), re.MULTILINE)
            self.assertGreaterEqual(len(options), 1)
            for option in options:
                self.assertRegex(self.readme, rf"\n\| `{option}[ `]")

    def test_what_it_names_exists(self):
        paths = re.findall(r"`([a-z_.]+/[a-z_./-]*)`", self.readme)
        self.assertGreater(len(paths), 10)
        for path in paths:
            self.assertTrue(os.path.exists(os.path.join(SOURCE, path)), path)

    def test_the_client_is_the_one_that_is_compiled(self):
        with open(os.path.join(SOURCE, "examples/minimal_client.cpp"), encoding="utf-8") as file:
            self.assertIn("```cpp\n" + file.read() + "```\n", self.readme)


if __name__ == "__main__":
    unittest.main()
