"""Which versions of CAF will do is said in words when the build is configured."""

import os
import pathlib
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["WSENGINE_SOURCE"])
CMAKE = os.environ["WSENGINE_CMAKE"]


class CafVersions(unittest.TestCase):
    """Each test has headers of a CAF that is not there, which say its version as that CAF does."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="wsengine-caf-")
        self.addCleanup(folder.cleanup)
        self.work = pathlib.Path(folder.name)
        self.prefix = self.work / "prefix"
        (self.prefix / "lib").mkdir(parents=True)
        (self.prefix / "lib" / "libcaf_core.so").touch()
        (self.prefix / "include" / "caf" / "detail").mkdir(parents=True)
        self.header("config.hpp", "#pragma once\n")

    def header(self, name, text):
        (self.prefix / "include" / "caf" / name).write_text(text)

    def old(self, number):
        """A version before 1.0, which is one number."""
        self.header("config.hpp", f"#define CAF_VERSION {number}\n")

    def new(self, version):
        """A version from 1.0 on, which is text in a header of its own."""
        self.header("detail/build_config.hpp", f'#define CAF_VERSION_STR "{version}"\n')

    def find(self):
        """What a project that looks for CAF is told, and whether it goes on."""
        (self.work / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(finder LANGUAGES NONE)\n"
            f'list(PREPEND CMAKE_MODULE_PATH "{SOURCE}/cmake")\n'
            "find_package(CAF REQUIRED COMPONENTS core)\n"
            'message(STATUS "CAF ${CAF_VERSION} is used")\n'
        )
        done = subprocess.run(
            [CMAKE, "-S", self.work, "-B", self.work / "build", f"-DCMAKE_PREFIX_PATH={self.prefix}"]
            # Without a compiler CMake does not know which suffix libraries have.
            + [f"-DCAF_core_LIBRARY={self.prefix}/lib/libcaf_core.so"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return " ".join(done.stdout.split()), done.returncode == 0

    def check_refused(self, version):
        said, goes_on = self.find()
        self.assertFalse(goes_on, said)
        self.assertIn("wsengine supports CAF 0.17.6 and CAF 1.1 or later 1.x", said)
        self.assertIn(f"but CAF {version} was found", said)
        self.assertIn("CMAKE_PREFIX_PATH", said)

    def check_used(self, version):
        said, goes_on = self.find()
        self.assertTrue(goes_on, said)
        self.assertIn(f"CAF {version} is used", said)

    def test_0_17_6(self):
        self.old(1706)
        self.check_used("0.17.6")

    def test_1_1_0(self):
        self.new("1.1.0")
        self.check_used("1.1.0")

    def test_before_0_17_6(self):
        self.old(1705)
        self.check_refused("0.17.5")

    def test_0_18(self):
        self.old(1807)
        self.check_refused("0.18.7")

    def test_0_19(self):
        self.old(1905)
        self.check_refused("0.19.5")

    def test_1_0(self):
        self.new("1.0.2")
        self.check_refused("1.0.2")

    def test_2_0(self):
        self.new("2.0.0")
        self.check_refused("2.0.0")


if __name__ == "__main__":
    unittest.main()
