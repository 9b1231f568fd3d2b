"""The page that `trace` writes, in a browser without a window."""

import os
import re
import tempfile

from browser import need_browser
from harness import Case, subprocess, unittest, DEADLINE

EVIL = "</script><img src=x onerror=document.body.dataset.evil=1>"
RECORDING = (
    '{"wsengine_recording":1}\n'
    '{"t_ms":0,"event":"dial","connection":1,"by":"engine","url":"ws://example.org/"}\n'
    '{"t_ms":20,"event":"open","connection":1,"status":101}\n'
    '{"t_ms":20,"event":"callback","name":"on_open"}\n'
    '{"t_ms":21,"event":"answer","name":"on_open"}\n'
    '{"t_ms":300,"event":"received","connection":1,"by":"reader","kind":"text","text":"' + EVIL + '"}\n'
    '{"t_ms":300.5,"event":"callback","name":"on_message","info":"text, 57 bytes"}\n'
    '{"t_ms":301,"event":"write","connection":1,"by":"client","kind":"binary","base64":"AP8="}\n'
    '{"t_ms":302,"event":"answer","name":"on_message","info":"asks for restart, exit or pause"}\n'
    '{"t_ms":310,"event":"over","connection":1,"code":1006,"reason":"Connection reset by peer"}\n'
    '{"t_ms":310,"event":"callback","name":"on_close","info":"1006"}\n'
    '{"t_ms":310,"event":"answer","name":"on_close"}\n'
    '{"t_ms":1310,"event":"dial","connection":2,"by":"engine","url":"ws://example.org/"}\n'
    '{"t_ms":1320,"event":"dial_failed","connection":2,"name":"upgrade_refused","info":"503","status":503}\n'
    '{"t_ms":1330,"event":"stopped","name":"gave_up","info":"gave_up: 1 attempts failed"}\n'
)
# Presses keys when the page has drawn itself, and notes what is shown then.
KEYS = """<script>
for (const key of ["Home", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"])
  document.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));
document.body.dataset.chosen = document.getElementById("what").textContent;
document.body.dataset.focus = document.activeElement.getAttribute("aria-label");
document.body.dataset.bars = document.querySelectorAll(".bar").length;
document.body.dataset.waits = [...document.querySelectorAll(".backoff")].map(x => x.textContent).join();
document.body.dataset.loads = performance.getEntriesByType("resource").length;
</script>"""
# A window in the background tells its page nothing of the focus.
BACKGROUND = """<script>
window.addEventListener("focus", event => event.stopImmediatePropagation(), true);
</script>"""


class Trace(Case):
    @classmethod
    def setUpClass(cls):
        cls.browser = need_browser()

    def setUp(self):
        folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        recording = os.path.join(self.folder, "session.jsonl")
        self.page = os.path.join(self.folder, "session.html")
        with open(recording, "w", encoding="utf-8") as file:
            file.write(RECORDING)
        self.assertEqual(self.run_to_end("trace", recording, "--html", self.page), (0, "", ""))

    def browse(self, path):
        """The page as it is when it has drawn itself."""
        done = subprocess.run(
            [
                self.browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-dev-shm-usage", f"--user-data-dir={self.folder}/profile",
                "--window-size=1280,800", "--dump-dom", "file://" + path,
            ],
            capture_output=True, timeout=DEADLINE * 2, check=True,
        )  # fmt: skip
        return done.stdout.decode()

    def press_keys(self, before=""):
        """The page and its body after the keys of `KEYS`, with scripts `before` them."""
        with open(self.page, encoding="utf-8") as file:
            text = file.read()
        with open(self.page, "w", encoding="utf-8") as file:
            file.write(text.replace("</html>", before + KEYS + "</html>"))
        shown = self.browse(self.page)
        return shown, re.search(r"<body[^>]*>", shown).group(0)

    def test_it_draws_every_event_and_obeys_keys(self):
        shown, body = self.press_keys()
        self.assertIn('data-drawn="14"', body)
        self.assertEqual(shown.count('class="row '), 14)
        # The texts of a server are shown, not carried out.
        self.assertNotIn("data-evil", body)
        self.assertNotIn("<img", shown)
        # Down three times, up once: the third event.
        self.assertIn('data-chosen="callback at 0.020 s"', body)
        self.assertIn('data-focus="0.020 s, engine to client: on_open"', body)
        # Two connections; between them the engine waits.
        self.assertIn('data-waits="backoff 1.00 s"', body)
        self.assertIn('data-bars="3"', body)
        self.assertIn('data-loads="0"', body)

    def test_keys_choose_in_a_window_without_focus(self):
        _, body = self.press_keys(BACKGROUND)
        self.assertIn('data-chosen="callback at 0.020 s"', body)


if __name__ == "__main__":
    unittest.main()
