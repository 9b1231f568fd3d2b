"""Medians, ratios, and the table."""

import json
import statistics

from scenarios import FIGURES, YARDSTICK


def values(runs, scenario, contestant, figure):
    """What was measured, by round."""
    return {
        run["round"]: run["result"][figure]
        for run in runs
        if run["title"] == scenario.title
        and run["contestant"] == contestant.title
        and figure in run["result"]
    }


def ratios(runs, scenario, contestant, figure):
    """How many times better than the yardstick in the same round, for each round."""
    ours = values(runs, scenario, contestant, figure)
    theirs = values(runs, scenario, YARDSTICK, figure)
    more_is_better = FIGURES[figure][1]
    pairs = [(ours[x], theirs[x]) for x in ours if x in theirs and ours[x] > 0 and theirs[x] > 0]
    return [x / y if more_is_better else y / x for x, y in pairs]


def summarise(runs, scenarios, contestants):
    """One entry for each figure of each contestant in each scenario."""
    result = []
    for scenario in scenarios:
        for figure in scenario.figures:
            for contestant in contestants:
                measured = values(runs, scenario, contestant, figure)
                if not measured:
                    continue
                compared = ratios(runs, scenario, contestant, figure)
                result.append(
                    {
                        "title": scenario.title,
                        "figure": figure,
                        "contestant": contestant.title,
                        "median": statistics.median(measured.values()),
                        "ratio": statistics.median(compared) if compared else None,
                        "ratio_min": min(compared, default=None),
                        "ratio_max": max(compared, default=None),
                    }
                )
    return result


def find(summary, title, figure, contestant):
    for entry in summary:
        if (entry["title"], entry["figure"], entry["contestant"]) == (title, figure, contestant):
            return entry
    return None


def number(value):
    """With three digits that count."""
    if value >= 1e6:
        return f"{value / 1e6:.2f} M"
    if value >= 1e4:
        return f"{value / 1e3:.0f} k"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def cell(entry):
    if entry is None:
        return "–"
    text = number(entry["median"])
    if entry["contestant"] != YARDSTICK.title and entry["ratio"] is not None:
        text += f" (×{entry['ratio']:.2f})"
    return text


def table(summary, scenarios, contestants):
    """A table in Markdown: a row for each figure of each scenario."""
    present = [x for x in contestants if any(y["contestant"] == x.title for y in summary)]
    lines = [
        "| scenario | figure | " + " | ".join(x.title for x in present) + " |",
        "| --- " * (len(present) + 2) + "|",
    ]
    for scenario in scenarios:
        for figure in scenario.figures:
            entries = [find(summary, scenario.title, figure, x.title) for x in present]
            if any(entries):
                cells = [scenario.title, FIGURES[figure][0], *map(cell, entries)]
                lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def instructions_table(counts):
    """A table in Markdown from {(scenario, contestant): instructions per message}."""
    names = list(dict.fromkeys(contestant for _, contestant in counts))
    lines = [
        "| instructions per message | " + " | ".join(names) + " |",
        "| --- " * (len(names) + 1) + "|",
    ]
    for scenario in dict.fromkeys(name for name, _ in counts):
        cells = [f"{counts[scenario, x]:.0f}" if (scenario, x) in counts else "–" for x in names]
        lines.append(f"| {scenario} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def write_json(path, content):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1, ensure_ascii=False)
        file.write("\n")
