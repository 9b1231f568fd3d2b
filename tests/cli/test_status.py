"""The status page of `connect` and `node`: by HTTP, and in a browser without a window."""

import http.client
import json
import os
import socket
import urllib.parse

from browser import Page, need_browser
from harness import Case, ask_until, signal, subprocess, unittest, DEADLINE


class StatusCase(Case):
    """Programs with a status page."""

    def open_with_status(self, url, *options):
        client = self.connect(url, "--status", "0", *options)
        self.note_page(client)
        client.session = client.expect("on_open")["session"]
        return client

    @staticmethod
    def note_page(program):
        page = program.expect("status_page")
        program.http_port = page["port"]
        program.token = page["token"]
        program.page = page["url"]

    def ask(self, program, method, target, **headers):
        """Returns status, headers, body."""
        connection = http.client.HTTPConnection("127.0.0.1", program.http_port, timeout=DEADLINE)
        self.addCleanup(connection.close)
        host = headers.pop("host", f"127.0.0.1:{program.http_port}")
        connection.putrequest(method, target, skip_host=True)
        connection.putheader("Host", host)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()

    def status(self, program):
        status, _, body = self.ask(program, "GET", "/status.json")
        self.assertEqual(status, 200)
        return json.loads(body)

    def engine(self, program):
        return self.status(program)["engines"][0]

    def act(self, program, engine, what, token=None):
        token = token or program.token
        return self.ask(program, "POST", f"/engines/{engine}/{what}", authorization=f"Bearer {token}")[0]


class Http(StatusCase):
    def test_a_session_and_its_messages(self):
        server = self.serve()
        client = self.open_with_status(server.url())
        client.say("hello", "you")
        client.expect("on_message", data="hello")
        client.expect("on_message", data="you")
        client.say("/ping")
        client.expect("pong")
        # The page may hear of it a little later.
        ask_until(lambda: self.engine(client)["round_trip_ms"])
        status = self.status(client)
        self.assertEqual(status["states"], {"running": 1})
        engine = status["engines"][0]
        self.assertEqual(engine["url"], server.url())
        self.assertEqual(engine["session"], client.session)
        self.assertEqual(engine["received"], {"messages": 2, "bytes": 8})
        self.assertEqual(engine["sent"], {"messages": 2, "bytes": 8})
        self.assertEqual(engine["queued"], {"messages": 0, "bytes": 0})
        self.assertGreater(engine["round_trip_ms"], 0)
        self.assertGreaterEqual(status["uptime_s"], engine["session_age_s"])
        self.assertEqual(engine["errors"], [])

    def test_errors_are_shown_while_the_server_is_away(self):
        server = self.serve()
        client = self.open_with_status(server.url(), "--backoff-base", "10ms", "--jitter", "0")
        server.kill()
        client.expect("on_close", code=1006)
        client.expect("on_restart_error")
        engine = self.engine(client)
        self.assertIsNone(engine["session_age_s"])
        texts = [error["text"] for error in engine["errors"]]
        self.assertTrue(texts[0].startswith("connect_failed"), texts)
        self.assertTrue(texts[-1].startswith("closed by the server: 1006"), texts)
        self.assertGreaterEqual(engine["reconnects"], 1)

    def test_restart_takes_the_token(self):
        client = self.open_with_status(self.serve().url(), "--backoff-base", "1ms")
        number = self.engine(client)["engine"]
        self.assertEqual(self.act(client, number, "restart", "0" * 32), 403)
        self.assertEqual(self.ask(client, "POST", f"/engines/{number}/restart")[0], 403)
        self.assertEqual(self.ask(client, "GET", f"/engines/{number}/restart")[0], 405)
        self.assertEqual(self.engine(client)["session"], client.session)
        self.assertEqual(self.act(client, number, "restart"), 202)
        client.expect("on_close", code=None)
        again = client.expect("on_open", restarting=True)
        self.assertNotEqual(again["session"], client.session)

    def test_stop_ends_the_program(self):
        client = self.open_with_status(self.serve().url())
        self.assertEqual(self.act(client, self.engine(client)["engine"], "stop"), 202)
        client.expect("on_close", code=None)
        self.stop(client, "stopped on the status page")

    def test_names_of_others_that_point_here(self):
        client = self.open_with_status(self.serve().url())
        for host in ("evil.example", f"evil.example:{client.http_port}", "127.0.0.1"):
            for target in ("/", "/status.json", "/metrics"):
                status, _, body = self.ask(client, "GET", target, host=host)
                self.assertEqual(status, 403)
                self.assertNotIn(client.session, body)
        self.assertEqual(self.ask(client, "GET", "/", host=f"localhost:{client.http_port}")[0], 200)

    def test_what_browsers_are_told(self):
        client = self.open_with_status(self.serve().url())
        status, headers, body = self.ask(client, "GET", "/")
        self.assertEqual(status, 200)
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertNotIn(client.token, body)
        status, headers, body = self.ask(client, "HEAD", "/status.json")
        self.assertEqual((status, body), (200, ""))
        self.assertGreater(int(headers["Content-Length"]), 2)
        self.assertEqual(self.ask(client, "PUT", "/")[1]["Allow"], "GET, HEAD")

    def test_metrics(self):
        client = self.open_with_status(self.serve().url(), "--send", "x")
        client.expect("on_message", data="x")
        status, headers, body = self.ask(client, "GET", "/metrics")
        if status == 404:
            self.skipTest("the program was built without prometheus-cpp")
        self.assertTrue(headers["Content-Type"].startswith("text/plain; version=0.0.4"))
        self.assertIn('\nwsengine_engines{state="running"} 1\n', body)
        self.assertIn("\nwsengine_received_messages_total 1\n", body)

    def test_only_this_machine_is_listened_to(self):
        client = self.open_with_status(self.serve().url())
        with self.assertRaises(OSError):
            socket.create_connection(("127.0.0.2", client.http_port), 5).close()

    def test_nonsense_and_silence_harm_nobody(self):
        client = self.open_with_status(self.serve().url())
        address = ("127.0.0.1", client.http_port)
        silent = [socket.create_connection(address, DEADLINE) for _ in range(20)]
        for junk in (b"\0" * 100, b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\nHost: " + b"x" * 99999):
            with socket.create_connection(address, DEADLINE) as peer:
                try:
                    peer.sendall(junk)
                    while peer.recv(4096):
                        pass
                except ConnectionResetError:
                    pass
        self.assertEqual(self.status(client)["states"], {"running": 1})
        for peer in silent:
            peer.close()

    def test_a_port_that_is_taken(self):
        server = self.serve()
        status, _, errors = self.run_to_end("connect", server.url(), "--status", str(server.port))
        self.assertEqual(status, 1)
        self.assertIn(f"--status: 127.0.0.1:{server.port}", errors)

    def test_a_node_without_engines(self):
        node = self.run_program("node", "--plain", "--json", "--status", "0")
        self.note_page(node)
        node.expect("listening")
        self.assertEqual(self.status(node)["engines"], [])
        node.signal(signal.SIGTERM)
        self.stop(node, "SIGTERM")


    def test_engines_of_a_node(self):
        node = self.run_program("node", "--plain", "--json", "--status", "0")
        self.note_page(node)
        port = node.expect("listening")["port"]
        server = self.serve()
        client = subprocess.Popen(
            [os.environ["WSENGINE_CLUSTER_CLIENT"], str(port), "one", server.url()],
            stdout=subprocess.PIPE,
        )
        self.addCleanup(client.stdout.close)
        self.addCleanup(client.wait)
        self.addCleanup(client.kill)
        self.assertEqual(client.stdout.readline(), b"open\n")
        first = self.engine(node)
        self.assertEqual(first["url"], server.url())
        self.assertEqual(self.act(node, first["engine"], "restart"), 202)
        self.assertEqual(client.stdout.readline(), b"open\n")
        again = self.engine(node)
        self.assertNotEqual(again["session"], first["session"])
        self.assertEqual(again["reconnects"], 1)
        self.assertEqual(self.act(node, first["engine"], "stop"), 202)
        ask_until(lambda: self.status(node)["states"] == {"stopped": 1})


class Browser(StatusCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = need_browser()

    def browse(self, url):
        page = Page(self.browser, url)
        self.addCleanup(page.close)
        return page

    def test_it_shows_the_session_and_restarts_it(self):
        server = self.serve()
        client = self.open_with_status(server.url(), "--backoff-base", "1ms")
        client.say("hello")
        client.expect("on_message", data="hello")
        page = self.browse(client.page)
        page.wait_until("document.querySelector('.state')?.textContent === 'running'")
        shown = page.evaluate("document.querySelector('article').textContent")
        for text in (server.url(), client.session, "1 message, 5 B"):
            self.assertIn(text, shown)
        # The graphs grow by the second.
        client.say("again")
        client.expect("on_message", data="again")
        page.wait_until("document.querySelector('.in path').getAttribute('d').includes('L')")
        folder = os.environ.get("WSENGINE_SCREENSHOTS")
        if folder:
            page.screenshot(os.path.join(folder, "status.png"))
        # Nothing is from elsewhere, and nothing was refused by the page's own policy.
        loads = page.evaluate("performance.getEntriesByType('resource').map(x => x.name)")
        origin = f"http://127.0.0.1:{client.http_port}/"
        self.assertEqual({x for x in loads if not x.startswith(origin)}, set())
        page.evaluate("document.querySelectorAll('button')[0].click()")
        client.expect("on_close", code=None)
        client.session = client.expect("on_open", restarting=True)["session"]
        page.wait_until(f"document.body.textContent.includes('{client.session}')")

    def test_stop_asks_once_more(self):
        client = self.open_with_status(self.serve().url())
        page = self.browse(client.page)
        page.wait_until("document.querySelectorAll('button').length === 2")
        page.evaluate("document.querySelectorAll('button')[1].click()")
        self.assertEqual(
            page.evaluate("document.querySelectorAll('button')[1].textContent"), "Stop: sure?"
        )
        self.assertEqual(self.engine(client)["session"], client.session)
        page.evaluate("document.querySelectorAll('button')[1].click()")
        client.expect("on_close", code=None)
        self.stop(client, "stopped on the status page")
        page.wait_until("document.getElementById('about').className === 'lost'")

    def test_without_the_token_there_is_nothing_to_press(self):
        client = self.open_with_status(self.serve().url())
        page = self.browse(client.page.split("#")[0])
        page.wait_until("document.querySelectorAll('button').length === 2")
        self.assertTrue(page.evaluate("[...document.querySelectorAll('button')].every(x => x.disabled)"))
        self.assertIn("token", page.evaluate("document.getElementById('hint').textContent"))

    def test_what_a_server_says_is_shown_and_not_carried_out(self):
        evil = "<img src=x onerror=document.body.dataset.evil=1>"
        server = self.serve()
        client = self.connect(
            server.url("/close?code=4000&reason=" + urllib.parse.quote(evil)), "--status", "0",
            "--backoff-base", "30s",
        )  # fmt: skip
        self.note_page(client)
        client.wait_for("on_close")
        page = self.browse(client.page)
        page.wait_until("document.querySelector('.errors li') !== null")
        self.assertIn(evil, page.evaluate("document.querySelector('.errors').textContent"))
        self.assertEqual(page.evaluate("document.querySelectorAll('img').length"), 0)
        self.assertIsNone(page.evaluate("document.body.dataset.evil"))


if __name__ == "__main__":
    unittest.main()
