"""What the bench makes of its runs: a table and two plots, with all contestants in all scenarios."""

import os
import sys
import tempfile
import unittest
from xml.etree import ElementTree

sys.path.insert(0, os.path.join(os.environ["WSENGINE_SOURCE"], "bench"))

import plot
import report
from scenarios import CONTESTANTS, FIGURES, SCENARIOS, YARDSTICK


def runs():
    """Two rounds in which each contestant is twice as good as the one before."""
    result = []
    for number in range(2):
        for scenario in SCENARIOS:
            for place, contestant in enumerate(CONTESTANTS):
                if not contestant.takes_part(scenario):
                    continue
                better = 2.0**place
                line = {x: 10 * better if FIGURES[x][1] else 10 / better for x in scenario.figures}
                result.append(
                    {
                        "round": number,
                        "title": scenario.title,
                        "contestant": contestant.title,
                        "result": line,
                    }
                )
    return result


class BenchReport(unittest.TestCase):
    def setUp(self):
        self.summary = report.summarise(runs(), SCENARIOS, CONTESTANTS)
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def drawn(self, draw):
        path = os.path.join(self.folder.name, "plot.svg")
        self.assertTrue(draw(path, self.summary, SCENARIOS, CONTESTANTS))
        return ElementTree.parse(path).getroot()

    def texts(self, image):
        return [x.text for x in image.iter() if x.tag.endswith("text")]

    def test_the_table_has_the_ratios_to_the_yardstick(self):
        table = report.table(self.summary, SCENARIOS, CONTESTANTS)
        rows = [x for x in table.splitlines() if x.startswith("| rtt, 128 B | µs CPU |")]
        self.assertEqual(len(rows), 1)
        cells = [x.strip() for x in rows[0].split("|")][3:]
        self.assertEqual(cells[0], "10")
        for place, contestant in enumerate(CONTESTANTS[1:], 1):
            if contestant.takes_part(SCENARIOS[0]):
                self.assertIn(f"(×{2**place:.2f})", cells[place])
            else:
                self.assertEqual(cells[place], "–")

    def test_every_contestant_has_a_colour_of_its_own(self):
        colours = plot.colours_of(CONTESTANTS, self.summary)
        self.assertEqual(list(colours), [x.title for x in CONTESTANTS])
        self.assertEqual(len(set(colours.values())), len(CONTESTANTS))

    def test_the_ratios_are_drawn_for_every_contestant(self):
        texts = self.texts(self.drawn(plot.draw_ratios))
        for contestant in CONTESTANTS:
            self.assertEqual(contestant.title in texts, contestant is not YARDSTICK)

    def test_the_costs_are_drawn_for_each_number_of_sessions(self):
        texts = self.texts(self.drawn(plot.draw_costs))
        for scenario in SCENARIOS:
            if scenario.name == "busy":
                self.assertIn(report.number(scenario.n), texts)


if __name__ == "__main__":
    unittest.main()
