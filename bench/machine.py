"""Says what the figures were measured on."""

import os
import platform
import subprocess


def first_value(path, key):
    """The value of a line `key : value`, as the kernel writes them."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            name, _, value = line.partition(":")
            if name.strip() == key:
                return value.strip()
    return "unknown"


def output_of(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def describe():
    memory_kib = int(first_value("/proc/meminfo", "MemTotal").split()[0])
    changed = output_of("git", "status", "--porcelain", "--untracked-files=no")
    return {
        "commit": output_of("git", "rev-parse", "--short", "HEAD") + (" (changed)" if changed else ""),
        "processor": first_value("/proc/cpuinfo", "model name"),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(memory_kib / 1024 / 1024, 1),
        "kernel": platform.release(),
        "compiler": output_of("c++", "--version").split("\n", 1)[0],
    }


def line(machine):
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB, "
        f"Linux {machine['kernel']}, {machine['compiler']}; commit {machine['commit']}"
    )
