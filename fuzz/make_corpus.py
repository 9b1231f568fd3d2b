#!/usr/bin/env python3
"""Makes the files of corpus/ from which the fuzzers start: `fuzz/make_corpus.py`.

Files that a fuzzer has found are put beside them by hand, named `crash-...`, and stay.
"""

import os
import struct
import zlib

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus")


def write(suite, name, data):
    path = os.path.join(HERE, suite)
    os.makedirs(path, exist_ok=True)
    with open(os.path.join(path, name), "wb") as file:
        file.write(data)


def frame(opcode, payload=b"", fin=True, bits=0):
    size = len(payload)
    head = bytes([(0x80 if fin else 0) | bits | opcode])
    if size < 126:
        return head + bytes([size]) + payload
    if size < 65536:
        return head + b"\x7e" + struct.pack(">H", size) + payload
    return head + b"\x7f" + struct.pack(">Q", size) + payload


def deflated(payload):
    packer = zlib.compressobj(wbits=-15)
    return (packer.compress(payload) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]


CLOSE = frame(8, struct.pack(">H", 1000) + b"bye")

# What a server may send in a session; the size of the parts is chosen below.
SESSIONS = {
    "talk": frame(1, b"hello") + frame(2, b"\x00\xff") + frame(1) + CLOSE,
    "fragments": frame(1, b"a\xe2", False) + frame(9, b"ping") + frame(0, b"\x82", False)
    + frame(0, b"\xac") + CLOSE,
    "large": frame(2, b"x" * 126) + frame(2, b"y" * 3000) + CLOSE,
    "pong": frame(10, b"unasked") + frame(9) + CLOSE,
    "empty-close": frame(8),
    "half-code": frame(8, b"\x03"),
    "bad-code": frame(8, struct.pack(">H", 1005)),
    "odd-code": frame(8, struct.pack(">H", 5000)),
    "bad-reason": frame(8, struct.pack(">H", 1000) + b"\xff"),
    "bad-text": frame(1, b"\xff"),
    "bad-length": b"\x82\x7f" + b"\xff" * 8,
    "not-shortest": b"\x82\x7e\x00\x01x",
    "reserved": frame(3, b"x") + CLOSE,
    "masked": b"\x81\x85keyshello",
    "many-frames": frame(2, b"", False) + frame(0, b"", False) * 200 + frame(0),
    "no-message": frame(0, b"x"),
    "cut": frame(2, b"x" * 1000)[:900],
    "close-then-more": CLOSE + frame(1, b"late") + frame(3),
}

COMPRESSED = {
    "text": frame(1, deflated(b"hello hello hello"), bits=0x40) + CLOSE,
    "fragments": frame(1, deflated(b"hello" * 9)[:7], False, 0x40) + frame(9, b"p")
    + frame(0, deflated(b"hello" * 9)[7:]) + CLOSE,
    "plain": frame(1, b"plain") + CLOSE,
    "garbage": frame(2, b"\xff\xff\xff\xff", bits=0x40),
    "bomb": frame(2, deflated(b"\0" * (2 << 20)), bits=0x40),
    "out-of-place": frame(0, b"x", bits=0x40),
}

RESPONSES = {
    "refusal": b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nwait",
    "chunks": b"HTTP/1.1 500 x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "until-end": b"HTTP/1.0 404 Not Found\r\n\r\nnothing here",
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: ws://elsewhere/\r\nContent-Length: 0\r\n\r\n",
    "wrong-key": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n",
    "cut": b"HTTP/1.1 101 Switching Pro",
    "no-http": b"SSH-2.0-OpenSSH\r\n\r\n",
    "bad-line": b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
}

# By the number in the first byte of an input of the suite texts.
TEXTS = [
    ["ws://localhost", "wss://example.org:8443/a?b=c#d", "ws://[::1]:80/", "ws://user@x/", "http://x/",
     "ws://x:0/", "ws://x:65536/%zz"],
    ["X-Token: a\nX-Token: b\nchat\nmqtt", "Host: example.org\n", "Connection: close", "X:\r\n y",
     "Sec-WebSocket-Key: x", "two words"],
    ["permessage-deflate", "permessage-deflate; server_max_window_bits=10; client_no_context_takeover",
     'permessage-deflate; client_max_window_bits="9"', "x-other, permessage-deflate", "permessage-deflate; a="],
    ["ws://x/\n--count\n3\n--json", "ws://x/\n--proxy\nhttp://a:b@c:1\n--no-proxy\nx,.y,10.0.0.0/8",
     "--backoff-base\n5s\nws://x/\n--jitter\n2", "wss://x/\n--pin\nAAAA\n--adapter\nwebsocketpp"],
    ["0\x05HTTP/1.1 200 OK\r\n\r\n", "0\x00HTTP/1.1 407 No\r\nContent-Length: 3\r\n\r\nabc",
     "1\x00\x05\x00\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50", "1\x09\x05\x02\x01\x00\x05\x05\x00\x03\x01x\x00\x00",
     "1\x01\x04\x00"],
    ["http://user:p%40ss@proxy:3128", "socks5h://proxy", "proxy:99999", "localhost,.example.org 10.0.0.0/8",
     "*", "[fe80::1]:80,fe80::/10,*.org:443", "ftp://x"],
]


def main():
    for i, texts in enumerate(TEXTS):
        for j, text in enumerate(texts):
            write("texts", f"{i}-{j}", bytes([ord("0") + (i - ord("0")) % 7]) + text.encode("latin-1"))
    for name, data in RESPONSES.items():
        write("texts", f"6-{name}", bytes([ord("0") + (6 - ord("0")) % 7]) + data)
        for adapter in (0, 1):
            write("server", f"response-{name}-{adapter}", bytes([2 + adapter, 255]) + data)
    for name, data in SESSIONS.items():
        write("frames", f"plain-{name}", bytes([0, 255]) + data)
        write("frames", f"plain-{name}-bytewise", bytes([0, 0]) + data)
        for adapter in (0, 1):
            write("server", f"session-{name}-{adapter}", bytes([adapter, 255]) + data)
            write("server", f"session-{name}-{adapter}-bytewise", bytes([adapter, 0]) + data)
    for name, data in COMPRESSED.items():
        for takeover in (1, 2):
            write("frames", f"deflate-{name}-{takeover}", bytes([takeover, 255]) + data)
        write("server", f"deflate-{name}", bytes([4, 255]) + data)


if __name__ == "__main__":
    main()
