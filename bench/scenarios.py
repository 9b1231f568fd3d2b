"""What is measured: the scenarios with their sizes, and the contestants."""

import dataclasses

KIB = 1024

# What a figure is called in tables, and whether more of it is better.
FIGURES = {
    "msgs_per_s": ("msg/s", True),
    "MB_per_s": ("MB/s", True),
    "connects_per_s": ("connects/s", True),
    "cpu_us_per_msg": ("µs CPU", False),
    "p50_us": ("µs p50", False),
    "p99_us": ("µs p99", False),
    "rss_kib_per_conn": ("KiB each", False),
    "threads": ("threads", False),
}

RATE = ("msgs_per_s", "cpu_us_per_msg")
LATENCY = ("p50_us", "p99_us", "cpu_us_per_msg")

BUSY_SESSIONS = (1, 10, 100, 1000, 10_000)


@dataclasses.dataclass(frozen=True)
class Scenario:
    """One row of the table. Without `quick`, a tenth of `n` will do."""

    name: str
    title: str
    n: int
    size: int
    figures: tuple
    quick: int = 0
    messages: int = 0

    def command(self, quick):
        """The arguments of a client, behind the port."""
        n = (self.quick or self.n // 10) if quick else self.n
        words = [self.name, str(n), str(self.size)]
        if self.messages:
            messages = max(self.messages // 10, 2 * n) if quick else self.messages
            words += ["--messages", str(messages)]
        return words


@dataclasses.dataclass(frozen=True)
class Contestant:
    """A client with its options. `only` names the scenarios it takes part in; empty: all."""

    title: str
    program: str
    options: tuple = ()
    only: tuple = ()

    def takes_part(self, scenario):
        return not self.only or scenario.name in self.only


YARDSTICK = Contestant("raw Beast", "raw_beast")


def busy(sessions):
    title = f"busy, {sessions} session" + ("s" if sessions > 1 else "")
    return Scenario("busy", title, sessions, 128, RATE, quick=sessions, messages=200_000)


SCENARIOS = [
    Scenario("rtt", "rtt, 128 B", 20_000, 128, LATENCY),
    Scenario("flood", "flood, 128 B", 2_000_000, 128, RATE),
    Scenario("flood", "flood, 4 KiB", 400_000, 4 * KIB, RATE),
    Scenario("sink", "sink, 128 B", 500_000, 128, RATE),
    Scenario("large", "large, 1 MiB echo", 1000, KIB * KIB, ("MB_per_s", "cpu_us_per_msg")),
    Scenario("tls_rtt", "tls_rtt, 128 B", 20_000, 128, LATENCY),
    Scenario("tls_flood", "tls_flood, 128 B", 1_000_000, 128, RATE),
    Scenario(
        "idle",
        "idle, 5 000 sessions",
        5000,
        0,
        ("connects_per_s", "rss_kib_per_conn", "threads"),
        quick=1000,
    ),
    Scenario("reconnect", "reconnect", 2000, 16, ("p50_us", "p99_us")),
    *(busy(sessions) for sessions in BUSY_SESSIONS),
]

CONTESTANTS = [
    YARDSTICK,
    Contestant("callbacks", "wsengine_client"),
    Contestant("actor", "wsengine_client", ("--client", "actor")),
    Contestant("batches", "wsengine_client", ("--client", "batches"), ("flood", "tls_flood", "sink")),
    Contestant(
        "on the scheduler", "wsengine_client", ("--placement", "scheduler"), ("flood", "rtt")
    ),
    Contestant("with metrics", "wsengine_client", ("--metrics",), ("rtt", "flood", "sink")),
    Contestant("websocketpp", "websocketpp_client"),
    Contestant("libwebsockets", "libwebsockets_client"),
]
