"""The live socket: a view of the latent space comes in as a small message, its pixels go back raw.

``/live`` (WebSocket) and ``POST /live/frame`` (for where a proxy blocks sockets) take the same JSON and give the same
bytes::

    {"id": 7, "view": {...}, "want": "frame"}      want: frame (default), ends or classes; view: gan.latent.View

    id u32 | count u16 | height u16 | width u16 | channels u16 | count * height * width * channels bytes

Numbers are little-endian. ``frame`` is the picture itself, ``ends`` the pictures at the ends of every control,
``classes`` the point drawn as each class. A message that cannot be answered gets ``{"id": 7, "error": "..."}`` and the
socket stays open, unless it comes from elsewhere (403), is too large (1009) or one of too many (1008). The client keeps
one request in flight and the newest position wins, so nothing piles up here.

These routes lie outside Streamlit's own checks, hence `Door`: whose page may talk to us, under which name.
"""

from __future__ import annotations

import asyncio
import json
import logging
import struct
import time
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from gan import inference
from gan.errors import UserError, unknown
from gan.latent import View

log = logging.getLogger(__name__)

SLIDERS = 6  # directions with a slider of their own; the pad takes the next two
LARGEST = 4096  # bytes of a message
PER_SECOND = 240  # messages a socket may send, and as many at once
SOCKETS = 64
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
WANTS = ("frame", "ends", "classes")
HEADER = struct.Struct("<IHHHH")


@dataclass(frozen=True)
class Door:
    """Who may come in: a browser's page of our own address, and programs, which send no Origin.

    Args:
        hosts: names under which this server may be addressed, "*" standing for anything. A server on localhost must
            name its own: another site can point its domain at 127.0.0.1 (DNS rebinding) and is then "the same origin".
        origins: further hosts whose pages may connect (a proxy's public name).
    """

    hosts: frozenset[str] = LOOPBACK
    origins: frozenset[str] = frozenset()

    def refusal(self, headers: Mapping[str, str]) -> str:
        """Why a request is turned away, or an empty text."""
        host, origin = _Address.of(f"//{headers.get('host', '')}"), headers.get("origin")
        if host is None or not any(fnmatchcase(host.name, name) for name in self.hosts):
            return f"this server does not go by {headers.get('host', '')!r}; add the name to server.allowedHosts"
        page = None if origin is None else _Address.of(origin)
        if origin is not None and (page is None or (page != host and page.name not in self.origins)):
            return f"pages of {origin!r} may not use this server"
        return ""


@dataclass(frozen=True)
class _Address:
    name: str
    port: int | None

    @classmethod
    def of(cls, url: str) -> _Address | None:
        try:
            parts = urlsplit(url)
            standard = {"http": 80, "https": 443}.get(parts.scheme)
            return cls(parts.hostname, None if parts.port == standard else parts.port) if parts.hostname else None
        except ValueError:
            return None


class _Allowance:
    """So many messages a second, and as many at once (a token bucket)."""

    def __init__(self) -> None:
        self._left, self._then = float(PER_SECOND), time.monotonic()

    def spend(self) -> bool:
        now = time.monotonic()
        self._left, self._then = min(PER_SECOND, self._left + (now - self._then) * PER_SECOND), now
        self._left -= 1
        return self._left >= 0


def routes(base: str = "", hosts: Collection[str] = LOOPBACK, origins: Collection[str] = ()) -> list[BaseRoute]:
    """The socket and its plain stand-in.

    Args:
        base: the path the server lies under (``server.baseUrlPath``).
        hosts, origins: see `Door`.
    """
    live = _Live(Door(frozenset(hosts), frozenset(origins)))
    prefix = f"/{base.strip('/')}" if base.strip("/") else ""
    return [
        WebSocketRoute(f"{prefix}/live", live.socket),
        Route(f"{prefix}/live/frame", live.post, methods=["POST"]),
    ]


async def answer(text: str | bytes) -> bytes:
    """The bytes that answer a message.

    Raises:
        UserError: for a message that cannot be answered; `gan.live.number` finds the id to report it under.
    """
    message = _parsed(text)
    if not isinstance(message, dict):
        raise UserError('message: must be an object such as {"id": 1, "view": {...}}.')
    for name in message:
        if name not in ("id", "view", "want"):
            raise unknown("field of a message", name, ("id", "view", "want"))
    ident = number(message)
    if ident is None:
        raise UserError("id: must be a whole number from 0 to 4294967295.")
    want = message.get("want", "frame")
    if want not in WANTS:
        raise unknown("want", want, WANTS)
    view = message.get("view")
    model = view.get("model") if isinstance(view, dict) else None
    if not isinstance(model, str):
        raise UserError("view: must be an object with the name of a model and the other fields of a view.")
    card = inference.card(model)
    shown = View.from_json(view, len(card.class_names), SLIDERS)
    ways = (await asyncio.wrap_future(inference.submit_directions(model)))[: SLIDERS + 2]
    if len(ways) < SLIDERS + 2:  # a latent may have fewer dimensions than controls
        ways = np.pad(ways, ((0, SLIDERS + 2 - len(ways)), (0, 0)))
    views = {"frame": lambda: [shown], "ends": shown.ends, "classes": shown.alone}[want]()
    latents = np.stack([one.latent(ways, card.latent) for one in views])
    pictures = await asyncio.wrap_future(inference.submit(model, latents, np.array([one.classes for one in views])))
    return HEADER.pack(ident, *pictures.shape) + pictures.tobytes()


def number(message: object) -> int | None:
    """The id of a message, parsed or not; None when it has none that is usable."""
    try:
        ident = (_parsed(message) if isinstance(message, str | bytes) else message)["id"]  # type: ignore[index]
    except (UserError, TypeError, KeyError, IndexError):
        return None
    return ident if type(ident) is int and 0 <= ident < 2**32 else None


class _Live:
    """The endpoints, and what they count."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._open = 0
        self._posting: OrderedDict[str, _Allowance] = OrderedDict()

    async def socket(self, socket: WebSocket) -> None:
        if refusal := self._door.refusal(socket.headers):
            log.warning("live socket refused: %s", refusal)
            await socket.close(1008)  # before it is accepted: the client sees 403
            return
        await socket.accept()
        if self._open >= SOCKETS:
            await socket.close(1013, f"{SOCKETS} sockets are open; try again later")
            return
        self._open += 1
        try:
            await self._talk(socket)
        except WebSocketDisconnect:
            pass
        finally:
            self._open -= 1

    async def _talk(self, socket: WebSocket) -> None:
        allowance = _Allowance()
        while (message := await socket.receive())["type"] == "websocket.receive":
            text = message.get("text") or message.get("bytes") or ""
            if len(text if isinstance(text, bytes) else text.encode()) > LARGEST:
                await socket.close(1009, f"a message may have {LARGEST} bytes")
                return
            if not allowance.spend():
                await socket.close(1008, f"at most {PER_SECOND} messages a second")
                return
            try:
                await socket.send_bytes(await answer(text))
            except UserError as error:
                await socket.send_json(_trouble(text, str(error)))
            except (WebSocketDisconnect, asyncio.CancelledError):
                raise
            except Exception:
                log.exception("a live message could not be answered")
                await socket.send_json(_trouble(text, "the server failed here; its log says how."))

    async def post(self, request: Request) -> Response:
        if refusal := self._door.refusal(request.headers):
            return JSONResponse({"id": None, "error": refusal}, 403)
        # A foreign page can post plain text without asking first, but not JSON.
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return JSONResponse({"id": None, "error": "content-type: must be application/json."}, 415)
        if not self._allowance(request.client.host if request.client else "").spend():
            return JSONResponse({"id": None, "error": f"at most {PER_SECOND} messages a second."}, 429)
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > LARGEST:
                return JSONResponse({"id": None, "error": f"a message may have {LARGEST} bytes."}, 413)
        try:
            return Response(await answer(body), media_type="application/octet-stream")
        except UserError as error:
            return JSONResponse(_trouble(body, str(error)), 422)

    def _allowance(self, client: str) -> _Allowance:
        allowance = self._posting.setdefault(client, _Allowance())
        self._posting.move_to_end(client)
        while len(self._posting) > 1000:
            self._posting.popitem(last=False)
        return allowance


def _trouble(text: str | bytes, error: str) -> dict[str, Any]:
    return {"id": number(text), "error": error}


def _parsed(text: str | bytes) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise UserError("message: cannot be read as JSON (NaN and Infinity are not JSON).") from None


def _refuse(constant: str) -> float:
    raise ValueError(constant)
