"""Runs the bench: every scenario with every client, in turn, round by round. See scripts/bench."""

import argparse
import os
import sys

import callgrind
import machine
import plot
import processes
import report
from scenarios import CONTESTANTS, SCENARIOS


def arguments():
    names = list(dict.fromkeys(x.name for x in SCENARIOS))
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__.split(". See")[0])
    parser.add_argument("--rounds", type=int, default=5, help="how many (5)")
    parser.add_argument("--quick", action="store_true", help="a tenth of the messages")
    parser.add_argument("--scenarios", help="names with commas between, of " + ", ".join(names))
    parser.add_argument("--out", default="build/bench-results", help="the folder for results")
    parser.add_argument(
        "--callgrind", action="store_true", help="count instructions per message instead"
    )
    parser.add_argument("--programs", default="build/bench/bench", help=argparse.SUPPRESS)
    result = parser.parse_args()
    result.names = result.scenarios.split(",") if result.scenarios else names
    for name in result.names:
        if name not in names:
            parser.error(f"there is no scenario {name}")
    if result.rounds < 1:
        parser.error("at least one round is needed")
    return result


def order_of(number):
    """The contestants of a round. Another one begins each time: who runs first may have it easier."""
    first = number % len(CONTESTANTS)
    return CONTESTANTS[first:] + CONTESTANTS[:first]


def measure_all(args, scenarios):
    """All runs: the clients take turns within each scenario, the scenarios within each round."""
    runs = []
    unable = set()
    for number in range(args.rounds):
        print(f"round {number + 1} of {args.rounds}", flush=True)
        with processes.server(args.programs) as port:
            for scenario in scenarios:
                for contestant in order_of(number):
                    key = (scenario.name, contestant.title)
                    if not contestant.takes_part(scenario) or key in unable:
                        continue
                    try:
                        line = processes.measure(
                            args.programs, contestant, port, scenario, args.quick
                        )
                    except processes.Unable as why:
                        unable.add(key)
                        print(f"  {scenario.title}, {contestant.title}: {why}", flush=True)
                        continue
                    runs.append(
                        {
                            "round": number,
                            "title": scenario.title,
                            "contestant": contestant.title,
                            "result": line,
                        }
                    )
    return runs


def run_scenarios(args, where):
    scenarios = [x for x in SCENARIOS if x.name in args.names]
    runs = measure_all(args, scenarios)
    summary = report.summarise(runs, scenarios, CONTESTANTS)
    text = report.table(summary, scenarios, CONTESTANTS)
    print(f"\n{machine.line(where)}; medians of {args.rounds}\n\n{text}\n")
    content = {"machine": where, "quick": args.quick, "summary": summary, "runs": runs}
    report.write_json(os.path.join(args.out, "results.json"), content)
    with open(os.path.join(args.out, "table.md"), "w", encoding="utf-8") as file:
        file.write(text + "\n")
    plot.draw_ratios(os.path.join(args.out, "ratios.svg"), summary, scenarios, CONTESTANTS)
    plot.draw_costs(os.path.join(args.out, "sessions.svg"), summary, scenarios, CONTESTANTS)
    print(f"results: {args.out}")


def run_callgrind(args, where):
    counts = callgrind.count(args.programs)
    print(f"\n{machine.line(where)}\n\n{report.instructions_table(counts)}\n")
    content = [
        {"scenario": scenario, "contestant": contestant, "instructions_per_msg": count}
        for (scenario, contestant), count in counts.items()
    ]
    report.write_json(
        os.path.join(args.out, "callgrind.json"), {"machine": where, "counts": content}
    )


def main():
    args = arguments()
    os.makedirs(args.out, exist_ok=True)
    where = machine.describe()
    try:
        (run_callgrind if args.callgrind else run_scenarios)(args, where)
    except processes.Failed as problem:
        sys.exit(f"bench: {problem}")


if __name__ == "__main__":
    main()
