"""Builds projects against an installation."""

import os
import pathlib
import shlex
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["WSENGINE_SOURCE"])
BUILD = pathlib.Path(os.environ["WSENGINE_BUILD"])
CMAKE = os.environ["WSENGINE_CMAKE"]
COMPILER = os.environ["WSENGINE_CXX"]
LAUNCHER = os.environ["WSENGINE_LAUNCHER"]
# The program has to be built as the libraries were: with the same sanitizers, for example.
FLAGS = os.environ["WSENGINE_FLAGS"]
STANDALONE = SOURCE / "examples" / "standalone"
ALL_COMPONENTS = SOURCE / "tests" / "install" / "all_components"


def run(*command, check=True, **more):
    done = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **more,
    )
    if check and done.returncode != 0:
        raise AssertionError(f"{shlex.join(map(str, command))}\n{done.stdout}")
    return done


class Case(unittest.TestCase):
    """A test in a folder of its own; `prefix` is what it installs to."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="wsengine-install-")
        cls.addClassCleanup(folder.cleanup)
        cls.work = pathlib.Path(folder.name)
        # The compiler's cache must not mind that the folder has another name each time.
        os.environ.update(CCACHE_BASEDIR=str(cls.work), CCACHE_NOHASHDIR="1")
        cls.prefix = cls.work / "prefix"
        cls.install()

    def configure(self, source, name, *options):
        folder = self.work / name
        done = run(
            CMAKE, "-S", source, "-B", folder, "-G", "Ninja",
            f"-DCMAKE_CXX_COMPILER={COMPILER}", f"-DCMAKE_CXX_COMPILER_LAUNCHER={LAUNCHER}",
            f"-DCMAKE_CXX_FLAGS={FLAGS}", *options, check=False,
        )  # fmt: skip
        return folder, done

    def libraries(self):
        """The folder of the libraries, which have no rpath in programs that pkg-config links."""
        return next(self.prefix.rglob("wsengine.pc")).parent.parent

    def run_installed(self, *command):
        more = {**os.environ, "LD_LIBRARY_PATH": str(self.libraries())}
        return run(*command, env=more, timeout=120).stdout

    def check_project(self, project, output):
        """Finds the installation by CMake, builds the project, and runs its program."""
        folder, done = self.configure(
            project, "cmake-" + project.name, f"-DCMAKE_PREFIX_PATH={self.prefix}"
        )
        self.assertEqual(done.returncode, 0, done.stdout)
        run(CMAKE, "--build", folder)
        self.assertEqual(self.run_installed(folder / project.name), output)

    def check_pkg_config(self, names, source, output):
        """Finds the installation by pkg-config, and builds and runs one file."""
        more = {**os.environ, "PKG_CONFIG_PATH": str(self.libraries() / "pkgconfig")}
        flags = run("pkg-config", "--cflags", *names, env=more).stdout.split()
        libraries = run("pkg-config", "--libs", *names, env=more).stdout.split()
        program = self.work / "pkg-config-program"
        launcher = [LAUNCHER] if LAUNCHER else []
        made = self.work / "main.o"
        compiler = [COMPILER, *FLAGS.split(), "-std=c++20"]
        run(*launcher, *compiler, *flags, "-c", source, "-o", made)
        run(*compiler, made, "-o", program, *libraries)
        self.assertEqual(self.run_installed(program), output)
