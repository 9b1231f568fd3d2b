"""A Chromium without a window, driven by its debugging protocol."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import unittest

from harness import DEADLINE, ask_until
from websocket import WebSocket

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def need_browser():
    """The path of a browser; without one, the tests are skipped, in words."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if not found:
        reason = "there is no Chromium; looked for " + ", ".join(NAMES)
        print(f"skipped: {reason}", flush=True)
        raise unittest.SkipTest(reason)
    return found


class Page:
    """The one page of a browser that ends with `close`."""

    def __init__(self, browser, url, size=(1200, 900)):
        # The browser may still write when it is told to end.
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.process = subprocess.Popen(
            [
                browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-dev-shm-usage", f"--user-data-dir={self.folder.name}",
                f"--window-size={size[0]},{size[1]}", "--remote-debugging-port=0", "about:blank",
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.socket = None
        self.number = 0
        self.port = ask_until(self.read_port)
        target = ask_until(self.find_target)
        self.socket = WebSocket(self.port, target, timeout=DEADLINE)
        self.call("Page.enable")
        self.call("Page.navigate", url=url)
        self.wait_until("document.readyState === 'complete' && location.href !== 'about:blank'")

    # -- starting ------------------------------------------------------------------------------

    def read_port(self):
        try:
            with open(os.path.join(self.folder.name, "DevToolsActivePort"), encoding="ascii") as file:
                return int(file.readline())
        except (FileNotFoundError, ValueError):
            return None

    def find_target(self):
        from urllib.request import urlopen

        with urlopen(f"http://127.0.0.1:{self.port}/json/list", timeout=DEADLINE) as answer:
            pages = [x for x in json.load(answer) if x["type"] == "page"]
        url = pages[0]["webSocketDebuggerUrl"] if pages else ""
        return url[url.find("/devtools") :] if url else None

    # -- the protocol --------------------------------------------------------------------------

    def call(self, method, **parameters):
        self.number += 1
        text = json.dumps({"id": self.number, "method": method, "params": parameters})
        self.socket.send_text(text)
        while True:
            answer = json.loads(self.read_message())
            if answer.get("id") == self.number:
                assert "error" not in answer, answer
                return answer["result"]

    def read_message(self):
        data = b""
        while True:
            final, _, part = self.socket.read_frame()
            data += part
            if final:
                return data

    # -- what tests do -------------------------------------------------------------------------

    def evaluate(self, script):
        """The value of an expression in the page."""
        answer = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def wait_until(self, script):
        """Waits until an expression is true, and returns its value."""
        return ask_until(lambda: self.evaluate(script))

    def screenshot(self, path):
        answer = self.call("Page.captureScreenshot", format="png")
        with open(path, "wb") as file:
            file.write(base64.b64decode(answer["data"]))

    def close(self):
        if self.socket:
            self.socket.disconnect()
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()


__all__ = ["Page", "need_browser"]
