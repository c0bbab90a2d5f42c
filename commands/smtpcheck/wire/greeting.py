"""A greeting and nothing else: what a control host says first. Heard to the end, thanked with QUIT.

Never a byte before the greeting is complete, nor to a host that did not finish one.
"""

import asyncio
import re
import socket

GREETING_SECONDS = 5.0
QUIT_SECONDS = 2.0
MOST = 4096
"""Bytes that are read of one greeting."""

_COMPLETE = re.compile(rb"(?:^|\n)[0-9]{3}(?: [^\n]*)?\r?\n")


async def greeting_of(sock: socket.socket, seconds: float = GREETING_SECONDS) -> str:
    """The lines of the greeting, or "" when none was complete in time. Closes the socket; never raises."""
    heard = bytearray()
    try:
        async with asyncio.timeout(seconds):
            await _read(sock, heard)
        if _COMPLETE.search(heard):
            await _part(sock)
    except (TimeoutError, OSError):
        pass
    finally:
        sock.close()
    return heard.decode("utf-8", "replace") if _COMPLETE.search(heard) else ""


async def _read(sock: socket.socket, heard: bytearray) -> None:
    loop = asyncio.get_running_loop()
    while len(heard) < MOST and not _COMPLETE.search(heard):
        piece = await loop.sock_recv(sock, MOST - len(heard))
        if not piece:
            return
        heard += piece


async def _part(sock: socket.socket) -> None:
    """QUIT, and a moment for the answer: who is hung up on writes it down."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(QUIT_SECONDS):
        await loop.sock_sendall(sock, b"QUIT\r\n")
        await loop.sock_recv(sock, MOST)
