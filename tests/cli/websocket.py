"""A small blocking WebSocket client, for looking at the server without our own client, and a server
for the contrary."""

import base64
import hashlib
import os
import socket
import struct
import threading

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


class Listener:
    """Takes one client, and everything that it sends until its close frame, without an answer."""

    def __init__(self, timeout=60):
        self.messages = []
        self.code = None
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.settimeout(timeout)
        self.url = f"ws://127.0.0.1:{self.socket.getsockname()[1]}/"
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        connection, _ = self.socket.accept()
        with connection, connection.makefile("rwb") as stream:
            self.upgrade(stream)
            opcode = None
            while opcode != CLOSE:
                opcode, data = self.read_frame(stream)
                if opcode in (TEXT, BINARY):
                    self.messages.append((opcode, data))
                elif opcode == CONTINUATION:
                    kind, begin = self.messages[-1]
                    self.messages[-1] = (kind, begin + data)
            self.code = struct.unpack(">H", data[:2])[0]
            stream.write(bytes([0x80 | CLOSE, 2]) + data[:2])

    @staticmethod
    def upgrade(stream):
        fields = {}
        stream.readline()
        for line in iter(stream.readline, b"\r\n"):
            name, _, value = line.decode().strip().partition(":")
            fields[name.lower()] = value.strip()
        key = fields["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        stream.write(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
        )
        stream.flush()

    @staticmethod
    def read_frame(stream):
        """A frame of a client, which is masked."""
        first, second = stream.read(2)
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack(">H", stream.read(2))
        elif size == 127:
            (size,) = struct.unpack(">Q", stream.read(8))
        mask = stream.read(4)
        data = stream.read(size)
        return first & 0x0F, bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))

    def finish(self):
        """Waits for the close frame. Returns what was sent as (opcode, payload)."""
        self.thread.join()
        self.socket.close()
        return self.messages
