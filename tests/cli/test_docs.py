"""The code in the documentation is from files that are compiled, and what it names exists."""

import glob
import os
import re
import textwrap
import unittest
import xml.etree.ElementTree

SOURCE = os.environ["WSENGINE_SOURCE"]
PAGES = sorted(
    os.path.relpath(path, SOURCE) for path in glob.glob(os.path.join(SOURCE, "docs", "*.md"))
)


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
                        for depth in (0, 2, 4, 6)
                    ),
                    f"{page}: no file has\n{block}",
                )
        self.assertGreaterEqual(found, 20)

    def test_what_is_named_exists(self):
        for page in PAGES:
            paths = re.findall(
                r"`((?:actors|adapters|bench|docs|examples|fuzz|include|scripts|tests|wsengine)/[a-z0-9_./-]*)`",
                read(page),
            )
            for path in paths:
                where = path if not path.startswith("wsengine/") else "include/" + path
                self.assertTrue(os.path.exists(os.path.join(SOURCE, where)), f"{page}: {path}")


    def test_links_lead_somewhere(self):
        found = 0
        for page in PAGES:
            prose = re.sub(r"^```.*?^```$", "", read(page), flags=re.MULTILINE | re.DOTALL)
            for target in re.findall(r"\]\(([^)]+)\)", prose):
                found += 1
                path = os.path.join(SOURCE, "docs", target.partition("#")[0])
                self.assertTrue(os.path.exists(path), f"{page}: {target}")
        self.assertGreaterEqual(found, 20)

    def test_the_guide_leads_to_every_page(self):
        guide = read("docs/guide.md")
        for page in PAGES:
            self.assertIn(f"({os.path.basename(page)})" if page != "docs/guide.md" else "# Guide", guide)

    def test_drawings_are_well_formed(self):
        for path in glob.glob(os.path.join(SOURCE, "docs", "*.svg")):
            self.assertTrue(xml.etree.ElementTree.parse(path).getroot().tag.endswith("svg"), path)


if __name__ == "__main__":
    unittest.main()
