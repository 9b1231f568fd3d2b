"""A small blocking WebSocket client, for looking at the server without our own client."""

import base64
import os
import socket
import struct

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


class Refused(Exception):
    """The server answered the upgrade request with another status than 101."""

    def __init__(self, status, body):
        super().__init__(f"HTTP {status}: {body}")
        self.status = status
        self.body = body


class WebSocket:
    """One connection. Every wait ends after `timeout` seconds with an exception."""

    def __init__(self, port, target="/echo", headers=(), timeout=10, wrap=None, host="127.0.0.1"):
        self.socket = socket.create_connection((host, port), timeout)
        if wrap:
            self.socket = wrap(self.socket)
        self.stream = self.socket.makefile("rb")
        lines = [
            f"GET {target} HTTP/1.1",
            f"Host: {host}:{port}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: " + base64.b64encode(os.urandom(16)).decode(),
            *(f"{name}: {value}" for name, value in headers),
        ]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.read_response()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.disconnect()

    def read_response(self):
        status = int(self.stream.readline().split()[1])
        self.headers = {}
        for line in iter(self.stream.readline, b"\r\n"):
            name, _, value = line.decode().strip().partition(":")
            self.headers[name.lower()] = value.strip()
        if status != 101:
            size = int(self.headers.get("content-length", 0))
            body = self.stream.read(size).decode()
            self.disconnect()
            raise Refused(status, body)

    def send(self, opcode, data, final=True):
        mask = os.urandom(4)
        size = len(data)
        head = bytes([opcode | (0x80 if final else 0)])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 1 << 16:
            head += bytes([0x80 | 126]) + struct.pack(">H", size)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", size)
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))
        self.socket.sendall(head + mask + masked)

    def send_text(self, text):
        self.send(TEXT, text.encode())

    def read_exactly(self, size):
        data = self.stream.read(size)
        if len(data) < size:
            raise EOFError("the server closed the connection")
        return data

    def read_frame(self):
        """Returns (final, opcode, payload)."""
        first, second = self.read_exactly(2)
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack(">H", self.read_exactly(2))
        elif size == 127:
            (size,) = struct.unpack(">Q", self.read_exactly(8))
        return bool(first & 0x80), first & 0x0F, self.read_exactly(size)

    def read_close(self):
        """Reads a close frame, answers it, and returns (code or None, reason)."""
        _, opcode, data = self.read_frame()
        assert opcode == CLOSE, f"expected a close frame, got opcode {opcode}"
        self.send(CLOSE, data)
        code = struct.unpack(">H", data[:2])[0] if data else None
        return code, data[2:].decode()

    def disconnect(self):
        self.stream.close()
        self.socket.close()
