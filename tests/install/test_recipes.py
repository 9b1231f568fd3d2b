"""The recipes for vcpkg and Conan say the same as CMake does. Neither tool is run."""

import ast
import json
import os
import pathlib
import re
import unittest

SOURCE = pathlib.Path(os.environ["WSENGINE_SOURCE"])
CMAKE = (SOURCE / "CMakeLists.txt").read_text()
VERSION = re.search(r"project\(wsengine VERSION (\S+)", CMAKE).group(1)
COMPONENTS = set(re.search(r"set\(wsengine_components ([^)]*)\)", CMAKE).group(1).split())


class Vcpkg(unittest.TestCase):
    folder = SOURCE / "packaging" / "vcpkg" / "wsengine"

    def test_manifest(self):
        manifest = json.loads((self.folder / "vcpkg.json").read_text())
        self.assertEqual((manifest["name"], manifest["version"]), ("wsengine", VERSION))
        self.assertEqual(manifest["license"], "BSL-1.0")
        names = {x if isinstance(x, str) else x["name"] for x in manifest["dependencies"]}
        self.assertLessEqual({"caf", "openssl", "zlib", "boost-beast", "boost-json"}, names)

    def test_options_of_the_port_exist(self):
        port = (self.folder / "portfile.cmake").read_text()
        for option in re.findall(r"-D(WSENGINE_\w+)=", port):
            self.assertRegex(CMAKE, rf"option\({option} ")


class Conan(unittest.TestCase):
    text = (SOURCE / "packaging" / "conan" / "conanfile.py").read_text()

    def literals(self):
        return {
            node.value
            for node in ast.walk(ast.parse(self.text))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }

    def test_version(self):
        self.assertIn(f'version = "{VERSION}"', self.text)

    def test_every_component_is_there(self):
        # `asio` and the like are keys of the table of components.
        self.assertLessEqual(COMPONENTS, self.literals())

    def test_what_is_exported_exists(self):
        root = {path.name for path in SOURCE.iterdir()}
        exported = re.search(r"for pattern in \(([^)]*)\)", self.text).group(1)
        patterns = re.findall(r'"([^"]+)"', exported)
        self.assertGreater(len(patterns), 3)
        for pattern in patterns:
            self.assertIn(pattern.partition("/")[0], root)

    def test_options_exist(self):
        for option in re.search(r"for what in \(([^)]*)\)", self.text).group(1).split(","):
            name = option.strip().strip('"')
            self.assertRegex(CMAKE, rf"option\(WSENGINE_{name} ")


if __name__ == "__main__":
    unittest.main()
