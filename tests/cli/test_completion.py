"""Completion of command lines, as bash does it."""

import os
import re
import shutil
import tempfile

from harness import Case, PROGRAM, subprocess, unittest

SCRIPT = """
source <("$1" completion bash) || exit
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_wsengine
printf '%s\\n' "${COMPREPLY[@]}"
complete -p wsengine >&2
"""


@unittest.skipUnless(shutil.which("bash"), "there is no bash")
class Completion(Case):
    def complete(self, *words, folder=None):
        """What completes the last of these words."""
        done = subprocess.run(
            ["bash", "--norc", "-c", SCRIPT, "bash", PROGRAM, "wsengine", *words],
            capture_output=True, check=True, cwd=folder,
        )  # fmt: skip
        self.assertEqual(done.stderr.decode(), "complete -F _wsengine wsengine\n")
        return set(done.stdout.decode().split())

    def test_commands(self):
        self.assertEqual(self.complete("con"), {"connect"})
        self.assertLessEqual(
            {"connect", "serve", "node", "replay", "trace", "completion", "man", "help", "--version"},
            self.complete(""),
        )
        self.assertEqual(self.complete("help", "se"), {"serve"})

    def test_options(self):
        self.assertEqual(self.complete("connect", "ws://x/", "--exit"), {"--exit-on-eof"})
        self.assertEqual(self.complete("serve", "--po"), {"--port"})
        self.assertEqual(self.complete("serve", "--exit"), set())
        _, output, _ = self.run_to_end("connect", "--help-all")
        names = set(re.findall(r"^  (--[a-z-]+)", output, re.MULTILINE))
        self.assertIn("--jitter", names)
        self.assertEqual(
            self.complete("connect", "ws://x/", "--"), names | {"--help", "--help-all"}
        )

    def test_values(self):
        self.assertEqual(self.complete("connect", "--output", ""), {"events", "lines", "raw"})
        self.assertEqual(self.complete("connect", "--tls-min", "1"), {"1.2", "1.3"})
        self.assertEqual(self.complete("completion", ""), {"bash"})
        self.assertEqual(self.complete("connect", "--count", ""), set())

    def test_values_behind_an_equals_sign(self):
        self.assertEqual(self.complete("connect", "--adapter", "=", "b"), {"beast"})
        self.assertEqual(
            self.complete("connect", "--input", "="),
            {"commands", "lines", "text", "binary", "chunks"},
        )

    def test_files_and_folders(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "my.pem"), "w", encoding="ascii"):
                os.mkdir(os.path.join(folder, "my"))
            self.assertEqual(self.complete("connect", "--ca", "m", folder=folder), {"my", "my.pem"})
            self.assertEqual(self.complete("connect", "--ca-dir", "m", folder=folder), {"my"})
            self.assertEqual(self.complete("replay", "my.", folder=folder), {"my.pem"})
            self.assertEqual(self.complete("trace", "x", "--html", "my.", folder=folder), {"my.pem"})


if __name__ == "__main__":
    unittest.main()
