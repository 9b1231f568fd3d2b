"""Ways to the server: logins, cookies, redirects, several URLs, proxies, Unix-domain sockets."""

import base64
import hashlib
import os
import socketserver
import tempfile
import threading

from harness import Case, PROGRAM, subprocess, unittest

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Handler(socketserver.StreamRequestHandler):
    """Answers the requests of one connection as the test's server says, then ends it."""

    def handle(self):
        first = self.rfile.readline().decode().split()
        headers = {}
        for line in iter(self.rfile.readline, b"\r\n"):
            name, _, value = line.decode().strip().partition(":")
            headers[name.lower()] = value.strip()
        status, more = self.server.respond(first[1], headers)
        lines = [f"HTTP/1.1 {status} x", *more]
        if status == 101:
            key = headers["sec-websocket-key"] + MAGIC
            accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
            lines += ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: " + accept]
        else:
            lines += ["Content-Length: 0", "Connection: close"]
        self.wfile.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        if status == 101:
            # A close frame with 1000, and then the answer of the client.
            self.wfile.write(b"\x88\x02\x03\xe8")
            self.rfile.read(8)


class TcpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True


class UnixServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


class Dial(Case):
    def start_server(self, respond, address=None):
        """Runs a server; `respond(target, headers)` returns status and further header lines."""
        server = UnixServer(address, Handler) if address else TcpServer(("127.0.0.1", 0), Handler)
        server.respond = respond
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()

        def end():
            server.shutdown()
            server.server_close()
            thread.join()

        self.addCleanup(end)
        return server.server_address if address else f"127.0.0.1:{server.server_address[1]}"

    def run_session(self, url, *options, environment=None):
        """Runs a client until its first session has ended. Returns status and errors."""
        done = subprocess.run(
            [PROGRAM, "connect", url, "--no-reconnect", *options], capture_output=True, timeout=60,
            stdin=subprocess.DEVNULL, check=False, env={**os.environ, **(environment or {})},
        )
        return done.returncode, done.stderr.decode() + done.stdout.decode()

    def check_session(self, *arguments, **options):
        status, text = self.run_session(*arguments, **options)
        self.assertEqual(status, 0, text)

    def test_logins_cookies_and_redirects(self):
        seen = []

        def respond(target, headers):
            seen.append((target, headers.get("authorization"), headers.get("cookie")))
            if target == "/first":
                return 307, ["Location: /second", "Set-Cookie: a=1; Path=/"]
            return 101, []

        where = self.start_server(respond)
        self.check_session(f"ws://{where}/first", "--basic-auth", "me:pass", "--cookies",
                           "--max-redirects", "1")
        login = "Basic " + base64.b64encode(b"me:pass").decode()
        self.assertEqual(seen, [("/first", login, None), ("/second", login, "a=1")])

    def test_redirects_are_not_followed_unasked(self):
        where = self.start_server(lambda *_: (302, ["Location: /again"]))
        status, text = self.run_session(f"ws://{where}/")
        self.assertEqual(status, 1)
        self.assertIn("status 302", text)
        status, text = self.run_session(f"ws://{where}/", "--max-redirects", "2")
        self.assertIn("not followed: there were 2 redirects before", text)

    def test_failover(self):
        refusing = self.start_server(lambda *_: (503, []))
        serving = self.start_server(lambda *_: (101, []))
        self.check_session(f"ws://{refusing}/", "--failover", f"ws://{refusing}/",
                           "--failover", f"ws://{serving}/")

    def test_a_proxy_by_option_or_environment(self):
        seen = []

        def respond(target, headers):
            seen.append((target, headers.get("proxy-authorization")))
            return 407, []

        where = self.start_server(respond)
        url = "ws://nosuchhost.invalid/"
        status, text = self.run_session(url, "--proxy", f"http://me:pass@{where}")
        self.assertEqual(status, 1)
        self.assertIn("status 407", text)
        self.assertNotIn("pass", text)
        login = "Basic " + base64.b64encode(b"me:pass").decode()
        environment = {"http_proxy": f"http://{where}", "no_proxy": ""}
        self.run_session(url, "--proxy-from-env", environment=environment)
        # Unasked, the environment counts for nothing.
        self.run_session(url, environment=environment)
        self.run_session(url, "--proxy-from-env", "--no-proxy", "invalid", environment=environment)
        self.assertEqual(seen, [("nosuchhost.invalid:80", login), ("nosuchhost.invalid:80", None)])

    def test_a_proxy_in_the_environment_that_is_none(self):
        status, text = self.run_session("ws://x/", "--proxy-from-env",
                                        environment={"http_proxy": "gopher://x"})
        self.assertEqual(status, 2)
        self.assertIn("the proxy in the environment", text)

    def test_a_unix_domain_socket(self):
        seen = []

        def respond(target, headers):
            seen.append((target, headers["host"]))
            return 101, []

        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "socket")
            self.start_server(respond, path)
            self.check_session("ws://service:81/x?y", "--unix-socket", path)
        self.assertEqual(seen, [("/x?y", "service:81")])

    def test_a_unix_domain_socket_that_is_not_there(self):
        status, text = self.run_session("ws://x/", "--unix-socket", "/nonexistent/socket")
        self.assertEqual(status, 1)
        self.assertIn("/nonexistent/socket: No such file or directory", text)


if __name__ == "__main__":
    unittest.main()
