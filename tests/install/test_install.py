"""What is installed can be built against: by find_package, by pkg-config, and as a subfolder."""

import re
import unittest

from projects import ALL_COMPONENTS, BUILD, CMAKE, SOURCE, STANDALONE, Case, run


class Install(Case):
    @classmethod
    def install(cls):
        run(CMAKE, "--install", BUILD, "--prefix", cls.prefix)

    def test_find_package(self):
        self.check_project(STANDALONE, "hello\n")

    def test_every_component(self):
        self.check_project(ALL_COMPONENTS, "all components\n")

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
            "add_executable(metrics main.cpp)\n"
            "target_link_libraries(metrics PRIVATE wsengine::prometheus)\n"
        )
        self.check_project(project, "hello\n")

    def test_pkg_config(self):
        self.check_pkg_config(
            ["wsengine-testing", "wsengine"], STANDALONE / "main.cpp", "hello\n"
        )

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


    def test_headers_are_free_of_what_we_are_built_with(self):
        for header in (self.prefix / "include" / "wsengine").rglob("*.hpp"):
            found = re.findall(r"#include [<\"](?:boost|openssl|websocketpp|zlib)", header.read_text())
            self.assertEqual(found, [], header)

    def test_pages_of_the_program(self):
        page = (self.prefix / "share/man/man1/wsengine.1").read_text()
        self.assertIn(".TH WSENGINE 1", page)
        script = self.prefix / "share/bash-completion/completions/wsengine"
        run("bash", "-n", script)
        self.assertIn("complete -F _wsengine wsengine", script.read_text())


if __name__ == "__main__":
    unittest.main()
