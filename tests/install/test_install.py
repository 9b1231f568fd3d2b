"""What is installed can be built against: by find_package, by pkg-config, and as a subfolder."""

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
PROJECT = SOURCE / "examples" / "standalone"


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


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="wsengine-install-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.work = pathlib.Path(cls.folder.name)
        # The compiler's cache must not mind that the folder has another name each time.
        os.environ.update(CCACHE_BASEDIR=str(cls.work), CCACHE_NOHASHDIR="1")
        cls.prefix = cls.work / "prefix"
        run(CMAKE, "--install", BUILD, "--prefix", cls.prefix)

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

    def check_program(self, program):
        more = {**os.environ, "LD_LIBRARY_PATH": str(self.libraries())}
        self.assertEqual(run(program, env=more, timeout=60).stdout, "hello\n")

    def test_find_package(self):
        folder, done = self.configure(PROJECT, "cmake", f"-DCMAKE_PREFIX_PATH={self.prefix}")
        self.assertEqual(done.returncode, 0, done.stdout)
        run(CMAKE, "--build", folder)
        self.check_program(folder / "standalone")

    def test_metrics(self):
        if not any(self.prefix.rglob("libwsengine_prometheus.*")):
            self.skipTest("built without prometheus-cpp")
        project = self.work / "metrics"
        project.mkdir()
        (project / "main.cpp").write_text(
            "#include <wsengine/prometheus.hpp>\n#include <iostream>\nint main() {\n"
            "  wsengine::metrics numbers;\n  auto watcher = numbers.watch();\n"
            '  if (numbers.text().find("wsengine_engines{") != std::string::npos)\n'
            '    std::cout << "hello\\n";\n}\n'
        )
        (project / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(metrics LANGUAGES CXX)\n"
            "find_package(wsengine CONFIG REQUIRED COMPONENTS prometheus)\n"
            "add_executable(numbers main.cpp)\n"
            "target_link_libraries(numbers PRIVATE wsengine::prometheus)\n"
        )
        folder, done = self.configure(project, "metrics-build", f"-DCMAKE_PREFIX_PATH={self.prefix}")
        self.assertEqual(done.returncode, 0, done.stdout)
        run(CMAKE, "--build", folder)
        self.check_program(folder / "numbers")

    def test_pkg_config(self):
        more = {**os.environ, "PKG_CONFIG_PATH": str(self.libraries() / "pkgconfig")}
        names = ("wsengine-testing", "wsengine")
        flags = run("pkg-config", "--cflags", *names, env=more).stdout.split()
        libraries = run("pkg-config", "--libs", *names, env=more).stdout.split()
        program = self.work / "pkg-config-program"
        launcher = [LAUNCHER] if LAUNCHER else []
        made = self.work / "main.o"
        compiler = [COMPILER, *FLAGS.split(), "-std=c++20"]
        run(*launcher, *compiler, *flags, "-c", PROJECT / "main.cpp", "-o", made)
        run(*compiler, made, "-o", program, *libraries)
        self.check_program(program)

    def test_a_component_that_there_is_not(self):
        project = self.work / "unknown"
        project.mkdir()
        (project / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(unknown LANGUAGES CXX)\n"
            "find_package(wsengine CONFIG REQUIRED COMPONENTS core telepathy)\n"
        )
        _, done = self.configure(project, "unknown-build", f"-DCMAKE_PREFIX_PATH={self.prefix}")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("telepathy", done.stdout)

    def test_as_a_subfolder(self):
        """Configured only: compiling all of it takes too long, and the suites have done it."""
        project = self.work / "outer"
        project.mkdir()
        (project / "main.cpp").write_text("int main() {}\n")
        (project / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(outer LANGUAGES CXX)\n"
            f'add_subdirectory("{SOURCE}" wsengine)\nadd_executable(outer main.cpp)\n'
            "target_link_libraries(outer PRIVATE wsengine::core wsengine::beast wsengine::testing)\n"
            "install(TARGETS outer)\n"
        )
        folder, done = self.configure(project, "outer-build")
        self.assertEqual(done.returncode, 0, done.stdout)
        targets = run(CMAKE, "--build", folder, "--target", "help").stdout
        self.assertIn("wsengine_beast", targets)
        for ours in ("wsengine_cli:", "wsengine_pure_suites"):
            self.assertNotIn(ours, targets)
        self.assertNotIn(
            "file(INSTALL", (folder / "wsengine" / "cmake_install.cmake").read_text()
        )

    def test_every_header(self):
        installed = self.prefix / "include" / "wsengine"
        headers = sorted(x.relative_to(installed) for x in installed.rglob("*") if x.is_file())
        ours = SOURCE / "include" / "wsengine"
        self.assertEqual(headers, sorted(x.relative_to(ours) for x in ours.rglob("*.hpp")))
        self.assertGreater(len(headers), 20)


if __name__ == "__main__":
    unittest.main()
