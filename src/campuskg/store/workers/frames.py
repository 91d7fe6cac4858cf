"""What the processes say to each other: a length-prefixed frame of JSON and raw bytes. Nothing is ever unpickled.

A frame is two 32-bit lengths in network order, that many bytes of JSON (meta), that many bytes of body.
"""

import json
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_HEAD = struct.Struct("!II")
_CHUNK = 1 << 16
_MOST_META = 1 << 24
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer of a worker: a few facts about it (JSON values only) and its bytes."""

    meta: dict[str, Any]
    body: bytes


class FrameBroken(Exception):
    """The other side sent what is no frame."""


def packed(meta: Mapping[str, Any], body: bytes = b"") -> bytes:
    """Return the frame of *meta* and *body*."""
    said = _encode(meta).encode("utf-8", "surrogatepass")
    return b"".join((_HEAD.pack(len(said), len(body)), said, body))


def send(sock: socket.socket, meta: Mapping[str, Any], body: bytes = b"") -> None:
    """Send one frame on a blocking *sock*; a long body is not copied."""
    if len(body) <= _CHUNK:
        sock.sendall(packed(meta, body))
        return
    said = _encode(meta).encode("utf-8", "surrogatepass")
    sock.sendall(_HEAD.pack(len(said), len(body)) + said)
    sock.sendall(body)


def receive(sock: socket.socket) -> Reply | None:
    """Return the next frame of a blocking *sock*, and nothing of the one after; None when the other side has gone."""
    head = _exactly(sock, _HEAD.size)
    if not head:
        return None
    said, body = _HEAD.unpack(head)
    return Reply(_object(_exactly(sock, said)), _exactly(sock, body) if body else b"")


def _exactly(sock: socket.socket, size: int) -> bytes:
    data = sock.recv(size, socket.MSG_WAITALL)
    while data and len(data) < size:  # a signal came between
        more = sock.recv(size - len(data), socket.MSG_WAITALL)
        if not more:
            return b""
        data += more
    return data


def split(data: bytes) -> tuple[list[dict[str, Any]], bytes]:
    """Return the meta of all whole, bodiless frames in *data*, and the rest."""
    found, at = [], 0
    while len(data) - at >= _HEAD.size:
        said, _ = _HEAD.unpack_from(data, at)
        end = at + _HEAD.size + said
        if end > len(data):
            break
        found.append(_object(data[at + _HEAD.size : end]))
        at = end
    return found, data[at:]


class Inbox:
    """Puts one frame at a time together from the pieces that a socket gives."""

    __slots__ = ("_chunks", "_head", "_meta", "_missing", "_most")

    def __init__(self, most: int) -> None:
        """Accept bodies of up to *most* bytes."""
        self._most = most
        self._head = b""
        self._meta: dict[str, Any] | None = None
        self._chunks: list[bytes] = []
        self._missing = 0

    @property
    def wanted(self) -> int:
        """Return how much to read at once."""
        return min(max(self._missing, _CHUNK), 1 << 20)

    def feed(self, data: bytes) -> Reply | None:
        """Take *data*; return the frame when it is complete. Raises FrameBroken."""
        if self._meta is None:
            data = self._head + data if self._head else data
            self._head = data
            if len(data) < _HEAD.size:
                return None
            said, body = _HEAD.unpack_from(data)
            if said > _MOST_META or body > self._most:
                raise FrameBroken
            start = _HEAD.size + said
            if len(data) < start:
                return None
            self._meta = _object(data[_HEAD.size : start])
            self._head, data, self._missing = b"", data[start:], body
        self._missing -= len(data)
        self._chunks.append(data)
        if self._missing > 0:
            return None
        if self._missing < 0:
            raise FrameBroken
        reply = Reply(self._meta, b"".join(self._chunks))
        self._meta, self._chunks = None, []
        return reply


def _object(said: bytes) -> dict[str, Any]:
    try:
        meta = json.loads(said.decode("utf-8", "surrogatepass"))
    except ValueError as error:
        raise FrameBroken from error
    if not isinstance(meta, dict):
        raise FrameBroken
    return meta
