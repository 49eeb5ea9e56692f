"""Clients of web sockets that cost as little as possible: what is measured is the server."""

import asyncio
import os
import time
from base64 import b64encode
from collections.abc import Callable
from uuid import UUID

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
UPGRADED = b"HTTP/1.1 101"


class Socket(asyncio.Protocol):
    """One client: takes frames up to 125 bytes, as the bell's are, answers pings, and notes the time."""

    def __init__(self, port: int, path: str, cookie: str, on_frame: Callable[[bytes, float], None]) -> None:
        self.request = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
            f"Cookie: {cookie}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {b64encode(os.urandom(16)).decode()}\r\n"
            "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"  # as browsers do; the server declines
        ).encode()
        self.on_frame = on_frame
        self.told = asyncio.get_running_loop().create_future()
        self.buffer = b""
        self.is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        self.buffer += data
        if not self.is_open:
            head, end, rest = self.buffer.partition(b"\r\n\r\n")
            if not end:
                return
            if not head.startswith(UPGRADED):
                raise ConnectionError(f"The server answers {head.splitlines()[0].decode()}")
            self.is_open, self.buffer = True, rest
        while len(self.buffer) >= 2 and len(self.buffer) >= 2 + self.buffer[1]:
            length = self.buffer[1]
            frame, self.buffer = self.buffer[: 2 + length], self.buffer[2 + length :]
            self.take(frame[0] & 15, frame[2:], now)

    def take(self, kind: int, content: bytes, now: float) -> None:
        if kind == PING:
            # Masked with zeros, which leaves the content as it is.
            self.transport.write(bytes([0x80 | PONG, 0x80 | len(content)]) + bytes(4) + content)
        elif kind == CLOSE:
            raise ConnectionError(f"The server closes with {int.from_bytes(content[:2], 'big')}")
        elif kind == TEXT:
            self.on_frame(content, now)
            if not self.told.done():
                self.told.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.told.done():
            self.told.set_exception(error or ConnectionError("The server hangs up."))


async def connect(port: int, meeting: UUID, session: str, on_frame: Callable[[bytes, float], None]) -> Socket:
    """Connect and return once the first frame is here."""
    path, cookie = f"/ws/runder-tisch/{meeting}/", f"kreisrund_session={session}"
    loop = asyncio.get_running_loop()
    _, socket = await loop.create_connection(
        lambda: Socket(port, path, cookie, on_frame), host="127.0.0.1", port=port
    )
    await asyncio.wait_for(socket.told, 60)
    return socket
