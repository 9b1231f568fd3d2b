"""Draws the plots as SVG."""

import math
from xml.sax.saxutils import escape

from scenarios import FIGURES, YARDSTICK
from report import find, number

# Yardstick first, then as many as there are contestants.
COLOURS = [
    "#555555",
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#7a5230",
    "#e69f00",
    "#56b4e9",
]
WIDTH = 900
FONT = "font-family='sans-serif' font-size='12'"


class Drawing:
    """An SVG image that grows."""

    def __init__(self, width, height, title):
        self.size = (width, height)
        self.parts = []
        self.text(width / 2, 20, title, anchor="middle")

    def text(self, x, y, content, anchor="start"):
        self.parts.append(
            f"<text x='{x:.1f}' y='{y:.1f}' text-anchor='{anchor}' {FONT}>{escape(content)}</text>"
        )

    def rectangle(self, x, y, width, height, colour):
        self.parts.append(
            f"<rect x='{x:.1f}' y='{y:.1f}' width='{width:.1f}' height='{height:.1f}' fill='{colour}'/>"
        )

    def line(self, points, colour, width=1):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(
            f"<polyline points='{path}' fill='none' stroke='{colour}' stroke-width='{width}'/>"
        )

    def dot(self, x, y, colour):
        self.parts.append(f"<circle cx='{x:.1f}' cy='{y:.1f}' r='3' fill='{colour}'/>")

    def legend(self, entries, y):
        x = 40
        for name, colour in entries:
            self.rectangle(x, y - 10, 12, 12, colour)
            self.text(x + 17, y, name)
            x += 40 + 7 * len(name)

    def write(self, path):
        width, height = self.size
        head = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'>"
        background = "<rect width='100%' height='100%' fill='white'/>"
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join([head, background, *self.parts, "</svg>\n"]))


class LogScale:
    """Maps values to positions, each decade as long as every other."""

    def __init__(self, low, high, start, end):
        self.low, self.high = math.log10(low), math.log10(high)
        self.start, self.end = start, end

    def __call__(self, value):
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def steps(low, high):
    """Round values between two bounds, for the lines of a grid."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    every = [digit * 10.0**power for power in range(first, last + 1) for digit in (1, 2, 5)]
    return [x for x in every if low <= x <= high]


def colours_of(contestants, summary):
    """Each contestant that was measured, with a colour that does not depend on the others."""
    measured = {entry["contestant"] for entry in summary}
    return {
        x.title: colour for x, colour in zip(contestants, COLOURS, strict=True) if x.title in measured
    }


def ratio_rows(summary, scenarios, colours):
    """The bars of the plot: [(label, [(ratio, colour)])]."""
    rows = []
    for scenario in scenarios:
        figures = [x for x in scenario.figures if x != "threads"]
        for figure in figures if scenario.name != "busy" else []:
            found = [(find(summary, scenario.title, figure, x), y) for x, y in colours.items()]
            bars = [
                (entry["ratio"], colour)
                for entry, colour in found
                if entry and entry["ratio"] and entry["contestant"] != YARDSTICK.title
            ]
            if bars:
                rows.append((f"{scenario.title}: {FIGURES[figure][0]}", bars))
    return rows


def draw_ratios(path, summary, scenarios, contestants):
    """Bars: how many times better than the yardstick. Returns whether there was anything."""
    colours = colours_of(contestants, summary)
    rows = ratio_rows(summary, scenarios, colours)
    if not rows:
        return False
    all_ratios = [ratio for _, bars in rows for ratio, _ in bars]
    low, high = min(0.5, *all_ratios) / 1.2, max(2.0, *all_ratios) * 1.4
    left, bar, top = 230, 11, 75
    height = top + sum(len(bars) * bar + 12 for _, bars in rows) + 10
    drawing = Drawing(WIDTH, height, "× better than raw Beast in the same round (logarithmic)")
    drawing.legend([x for x in colours.items() if x[0] != YARDSTICK.title], 42)
    scale = LogScale(low, high, left, WIDTH - 20)
    for step in steps(low, high):
        drawing.line([(scale(step), top - 5), (scale(step), height - 10)], "#dddddd")
        drawing.text(scale(step), top - 10, f"×{step:g}", anchor="middle")
    y = top
    for label, bars in rows:
        drawing.text(left - 8, y + len(bars) * bar / 2 + 4, label, anchor="end")
        for ratio, colour in bars:
            begin, end = sorted((scale(1), scale(ratio)))
            drawing.rectangle(begin, y, max(end - begin, 1), bar - 1, colour)
            y += bar
        y += 12
    drawing.line([(scale(1), top - 5), (scale(1), height - 10)], "#000000")
    drawing.write(path)
    return True


def cost_curves(summary, scenarios, colours):
    """{contestant: [(sessions, microseconds)]} of the busy scenarios."""
    curves = {}
    for scenario in scenarios:
        for name in colours if scenario.name == "busy" else []:
            entry = find(summary, scenario.title, "cpu_us_per_msg", name)
            if entry:
                curves.setdefault(name, []).append((scenario.n, entry["median"]))
    return curves


def draw_costs(path, summary, scenarios, contestants):
    """Curves: CPU per message against the number of busy sessions."""
    colours = colours_of(contestants, summary)
    curves = cost_curves(summary, scenarios, colours)
    if not curves:
        return False
    costs = [cost for curve in curves.values() for _, cost in curve]
    most = max(2, *(n for curve in curves.values() for n, _ in curve))
    low, high = min(costs) / 1.5, max(costs) * 1.5
    drawing = Drawing(WIDTH, 460, "CPU per message (µs) against busy sessions, both logarithmic")
    drawing.legend([(name, colours[name]) for name in curves], 42)
    across, up = LogScale(1, most, 70, WIDTH - 40), LogScale(low, high, 410, 60)
    for step in steps(low, high):
        drawing.line([(70, up(step)), (WIDTH - 40, up(step))], "#dddddd")
        drawing.text(62, up(step) + 4, f"{step:g}", anchor="end")
    for n in sorted({n for curve in curves.values() for n, _ in curve}):
        drawing.text(across(n), 432, number(n), anchor="middle")
    for name, curve in curves.items():
        points = [(across(n), up(cost)) for n, cost in curve]
        drawing.line(points, colours[name], 2)
        for point in points:
            drawing.dot(*point, colours[name])
    drawing.write(path)
    return True
