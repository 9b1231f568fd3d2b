"""Sessions over TLS: who is trusted, and who is not."""

import os
import socket
import ssl
import subprocess
import tempfile

from harness import Case, unittest


class Tls(Case):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.certificate = os.path.join(cls.folder.name, "certificate.pem")
        cls.key = os.path.join(cls.folder.name, "key.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
             "-keyout", cls.key, "-out", cls.certificate],
            check=True, capture_output=True,
        )

    def serve_tls(self):
        return self.serve("--tls", "--cert", self.certificate, "--key", self.key)

    def exchange(self, url, *options):
        client = self.open(url, "--send", "secret", "--count", "1", *options)
        client.expect("on_message", data="secret")
        client.expect("on_close", code=None)
        client.expect("stopped")
        self.assertEqual(client.finish(), 0)

    def refused(self, url, *options):
        client = self.connect(url, *options)
        error = client.expect("start_error", phase="tls", status=None)
        client.expect("stopped")
        self.assertEqual(client.finish(), 1)
        return error["error"]

    def test_a_certificate_that_is_trusted(self):
        url = self.serve_tls().url(scheme="wss", host="localhost")
        self.exchange(url, "--ca", self.certificate)

    def test_a_certificate_that_is_not_trusted(self):
        url = self.serve_tls().url(scheme="wss", host="localhost")
        self.assertIn("certificate", self.refused(url))

    def test_a_certificate_for_another_name(self):
        url = self.serve_tls().url(scheme="wss", host="127.0.0.1")
        self.refused(url, "--ca", self.certificate)

    def names_asked_for(self, host, *options):
        """What a client puts into the TLS handshake as the name of the server (SNI)."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        names = []
        context.sni_callback = lambda _socket, name, _context: names.append(name)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            client = self.connect(f"wss://{host}:{listener.getsockname()[1]}/", *options)
            with context.wrap_socket(listener.accept()[0], server_side=True):
                pass
            client.expect("start_error", status=None)
            client.expect("stopped")
            self.assertEqual(client.finish(), 1)
        return names

    def test_the_name_of_the_server_is_in_the_handshake(self):
        self.assertEqual(self.names_asked_for("localhost", "--ca", self.certificate), ["localhost"])

    def test_an_address_is_no_name(self):
        # RFC 6066, section 3: literal addresses are not permitted.
        self.assertEqual(self.names_asked_for("127.0.0.1", "--insecure"), [None])

    def test_insecure(self):
        url = self.serve_tls().url(scheme="wss", host="127.0.0.1")
        self.exchange(url, "--insecure")

    def test_a_flood_over_tls(self):
        url = self.serve_tls().url("/flood?n=2000&size=1000", scheme="wss", host="localhost")
        client = self.open(url, "--ca", self.certificate, "--no-reconnect")
        for _ in range(2000):
            client.expect("on_message", size=1000)
        client.expect("on_close", code=1000)

    def test_a_reset_over_tls(self):
        url = self.serve_tls().url("/drop", scheme="wss", host="localhost")
        client = self.open(url, "--ca", self.certificate, "--no-reconnect", "--send", "x")
        client.expect("on_close", code=1006)

    def test_a_server_without_tls(self):
        self.refused(self.serve().url(scheme="wss", host="localhost"))

    def test_a_certificate_file_that_is_missing(self):
        status, _, errors = self.run_to_end(
            "serve", "--port", "0", "--tls", "--cert", "/nowhere", "--key", "/nowhere"
        )
        self.assertEqual(status, 1)
        self.assertIn("cannot start", errors)


if __name__ == "__main__":
    unittest.main()
