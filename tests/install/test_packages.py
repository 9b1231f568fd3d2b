"""The Debian packages, unpacked: what is in them, their libraries, and projects built against them."""

import re
import unittest

from projects import ALL_COMPONENTS, BUILD, SOURCE, STANDALONE, Case, run

CMAKE_LISTS = (SOURCE / "CMakeLists.txt").read_text()
VERSION = re.search(r"project\(wsengine VERSION (\S+)", CMAKE_LISTS).group(1)
# As long as the major version is 0, the minor one is part of it.
ABI = re.match(r"0\.\d+|\d+", VERSION).group(0)
COMPONENTS = [
    "asio", "beast", "cluster", "core", "json", "recording", "testing", "testing_sockets",
    "websocketpp",
]  # fmt: skip


class Packages(Case):
    @classmethod
    def install(cls):
        cls.packages = {
            run("dpkg-deb", "-f", path, "Package").stdout.strip(): path
            for path in sorted(BUILD.glob("*.deb"))
        }
        for path in cls.packages.values():
            run("dpkg-deb", "-x", path, cls.prefix)
        cls.prefix = cls.prefix / "usr"

    def field(self, package, name):
        return run("dpkg-deb", "-f", self.packages[package], name).stdout.strip()

    def files(self, package):
        lines = run("dpkg-deb", "-c", self.packages[package]).stdout.splitlines()
        return {line.split()[5].removeprefix("./") for line in lines}

    # -- what is in them -----------------------------------------------------------------------

    def test_there_are_three(self):
        self.assertEqual(set(self.packages), {f"libwsengine{ABI}", "libwsengine-dev", "wsengine"})
        for package in self.packages:
            self.assertEqual(self.field(package, "Version"), VERSION)
            self.assertIn(f"usr/share/doc/{package}/copyright", self.files(package))

    def test_what_they_need(self):
        same = f"libwsengine{ABI} (= {VERSION})"
        self.assertIn(same, self.field("libwsengine-dev", "Depends"))
        self.assertIn("libcaf-dev", self.field("libwsengine-dev", "Depends"))
        self.assertIn(same, self.field("wsengine", "Depends"))
        for library in ("libcaf", "libssl3", "zlib1g", "libstdc++6", "libboost-json"):
            self.assertIn(library, self.field(f"libwsengine{ABI}", "Depends"))

    def test_the_program_has_its_pages(self):
        for path in ("bin/wsengine", "share/man/man1/wsengine.1",
                     "share/bash-completion/completions/wsengine"):  # fmt: skip
            self.assertIn("usr/" + path, self.files("wsengine"))
        self.assertEqual(
            self.run_installed(self.prefix / "bin/wsengine", "--version"), f"wsengine {VERSION}\n"
        )

    # -- shared libraries ----------------------------------------------------------------------

    def test_names_of_the_libraries(self):
        for component in COMPONENTS:
            library = self.libraries() / f"libwsengine_{component}.so.{VERSION}"
            dynamic = run("readelf", "-d", library).stdout
            self.assertRegex(dynamic, rf"SONAME.*\[libwsengine_{component}\.so\.{re.escape(ABI)}\]")
            # Their neighbours are found by the system, not by a path of the machine that built them.
            self.assertNotRegex(dynamic, "RPATH|RUNPATH")
        found = {path.name for path in self.libraries().glob(f"*.so.{VERSION}")}
        self.assertEqual(found, {f"libwsengine_{x}.so.{VERSION}" for x in COMPONENTS})

    def symbols(self, component):
        """The names that a library shows."""
        library = self.libraries() / f"libwsengine_{component}.so.{VERSION}"
        lines = run("nm", "-D", "-C", "--defined-only", library).stdout.splitlines()
        return [line.split(" ", 2)[2] for line in lines]

    def test_libraries_show_no_functions_from_inside(self):
        """Type information, virtual tables and thunks are shown of all of wsengine, internals
        included: cmake/exports.map does not tell those apart."""
        data = r"(?:typeinfo(?: name)? for|vtable for|(?:non-)?virtual thunk to) "
        for component in COMPONENTS:
            # What the adapters share is inside of that one.
            if component == "asio":
                continue
            shown = self.symbols(component)
            self.assertGreater(len(shown), 0, component)
            for name in shown:
                self.assertRegex(name, rf"^(?:{data})?wsengine::", component)
                self.assertNotRegex(name, r"^wsengine::(?:internal|io|rules)::", component)

    # -- projects ------------------------------------------------------------------------------

    def test_the_example(self):
        self.check_project(STANDALONE, "hello\n")

    def test_every_component(self):
        self.check_project(ALL_COMPONENTS, "all components\n")

    def test_pkg_config(self):
        self.check_pkg_config(
            ["wsengine-testing", "wsengine"], STANDALONE / "main.cpp", "hello\n"
        )


if __name__ == "__main__":
    unittest.main()
