"""Conan 2 recipe for wsengine, to be run in a clone: conan create packaging/conan"""

import os

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import copy


class WsengineConan(ConanFile):
    name = "wsengine"
    version = "0.1.0"
    license = "BSL-1.0"
    description = "WebSocket client engine for actor programs"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False]}
    default_options = {"shared": False, "fPIC": True, "boost/*:header_only": False}
    generators = "CMakeDeps"

    def export_sources(self):
        root = os.path.join(self.recipe_folder, "..", "..")
        for pattern in (
            "CMakeLists.txt", "LICENSE", "actors/*", "adapters/*", "cmake/*", "include/*",
        ):  # fmt: skip
            copy(self, pattern, root, self.export_sources_folder)

    def requirements(self):
        # Headers of CAF are part of ours; the others are not.
        self.requires("caf/0.17.6", transitive_headers=True)
        self.requires("boost/1.81.0")
        self.requires("openssl/[>=3 <4]")
        self.requires("zlib/[>=1.2.11 <2]")

    def layout(self):
        cmake_layout(self)

    def generate(self):
        toolchain = CMakeToolchain(self)
        # Our module finds CAF 0.17 by its headers and libraries.
        toolchain.cache_variables["CMAKE_FIND_PACKAGE_PREFER_CONFIG"] = False
        for what in ("BUILD_TESTS", "BUILD_EXAMPLES", "OPENTELEMETRY", "PROMETHEUS", "WEBSOCKETPP"):
            toolchain.cache_variables[f"WSENGINE_{what}"] = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "wsengine")
        core = self.cpp_info.components["core"]
        core.libs = ["wsengine_core"]
        core.requires = ["caf::caf"]
        core.set_property("cmake_target_name", "wsengine::core")
        for name, needs in {
            "asio": ["boost::headers", "openssl::openssl", "zlib::zlib"],
            "beast": ["asio"],
            "cluster": ["openssl::openssl"],
            "json": ["boost::json"],
            "otlp": ["boost::json"],
            "testing": [],
            "testing_sockets": ["beast", "testing", "openssl::openssl"],
            "recording": ["testing", "boost::json"],
        }.items():
            part = self.cpp_info.components[name]
            part.libs = [f"wsengine_{name}"]
            part.requires = ["core", *needs]
            part.set_property("cmake_target_name", f"wsengine::{name}")
