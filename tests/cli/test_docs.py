"""The code in the documentation is from files that are compiled, and what it names exists."""

import glob
import os
import re
import textwrap
import unittest

SOURCE = os.environ["WSENGINE_SOURCE"]
# Those whose code is meant to be compiled as it stands.
PAGES = ["docs/observing.md", "docs/recording.md", "docs/testing.md"]


def read(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
        return file.read()


def plain(text):
    """Without the indentation that the block has as a whole, nor blank ends."""
    return textwrap.dedent(text).strip("\n")


class Docs(unittest.TestCase):
    def test_code_is_from_compiled_files(self):
        sources = [
            read(os.path.relpath(path, SOURCE))
            for folder in ("examples", "tests")
            for path in glob.glob(os.path.join(SOURCE, folder, "**", "*.cpp"), recursive=True)
        ]
        found = 0
        for page in PAGES:
            for block in re.findall(r"^```cpp\n(.*?)^```$", read(page), re.MULTILINE | re.DOTALL):
                found += 1
                lines = plain(block)
                self.assertTrue(
                    any(
                        textwrap.indent(lines, " " * depth, lambda line: line.strip()) in text
                        for text in sources
                        for depth in (0, 2, 4)
                    ),
                    f"{page}: no file has\n{block}",
                )
        self.assertGreaterEqual(found, len(PAGES))

    def test_what_is_named_exists(self):
        for page in PAGES:
            paths = re.findall(r"`((?:docs|examples|include|tests|wsengine)/[a-z0-9_./]*)`", read(page))
            self.assertGreaterEqual(len(paths), 1)
            for path in paths:
                where = path if not path.startswith("wsengine/") else "include/" + path
                self.assertTrue(os.path.exists(os.path.join(SOURCE, where)), f"{page}: {path}")


if __name__ == "__main__":
    unittest.main()
