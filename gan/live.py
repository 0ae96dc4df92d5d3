"""The live socket: a view of the latent space comes in as a small message, its pixels go back raw.

``/live`` (WebSocket) and ``POST /live/frame`` (for where a proxy blocks sockets) take the same JSON and give the same
bytes::

    {"id": 7, "view": {...}, "want": "frame"}      view: gan.latent_space.views.View

    id u32 | count u16 | height u16 | width u16 | channels u16 | count * height * width * channels bytes

Numbers are little-endian. ``frame`` (the default) is the picture itself, ``keys`` each key of the strip, ``classes``
the point drawn as each class, or with each value of each column the model is told. ``ends`` and ``directions`` name a
family of directions beside it (``"family": "seen"``): the pictures at both ends of each of its sliders, and, as JSON,
what they are called (``{"id": 7, "directions": [{"name", "title", "note"}, …]}``, null while they are being found).

A message that cannot be answered gets ``{"id": 7, "error": "..."}`` and the socket stays open, unless it comes from
elsewhere (403), is too large (1009) or one of too many (1008). The client keeps one request in flight and the newest
position wins, so nothing piles up here.

These routes lie outside Streamlit's own checks, hence `gan.access.Door`: whose page may talk to us, under which name.
"""

from __future__ import annotations

import asyncio
import json
import logging
import struct
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from gan import drawing, inference
from gan.access import LOOPBACK, Allowance, Allowances, Door
from gan.errors import UserError, unknown
from gan.latent_space import directions
from gan.latent_space.views import View
from gan.registry import Card

log = logging.getLogger(__name__)

LARGEST = 2**17  # bytes of a message: a full strip of pictures that are mixtures of 700 classes
PER_SECOND = 240  # messages a socket may send, and as many at once
SOCKETS = 64
SENDING = 10.0  # seconds that a posted message may take to come
FAILED = "the server failed here; its log says how."
FIELDS = ("id", "view", "want", "family")
WANTS = ("frame", "keys", "ends", "classes", "directions")
HEADER = struct.Struct("<IHHHH")


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


async def answer(text: str | bytes) -> bytes | str:
    """What answers a message: bytes of pictures, or for ``directions`` JSON.

    Raises:
        UserError: for a message that cannot be answered; `gan.live.number` finds the id to report it under.
    """
    message = _parsed(text)
    if not isinstance(message, dict):
        raise UserError('message: must be an object such as {"id": 1, "view": {...}}.')
    for name in message:
        if name not in FIELDS:
            raise unknown("field of a message", name, FIELDS)
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
    shown = View.from_json(view, len(card.class_names))
    listed: tuple[directions.Direction, ...] = ()
    if want in ("ends", "directions"):
        finding = directions.family(model, _family(message))
        if want == "directions" and not finding.done():  # nothing else could be answered meanwhile
            return json.dumps({"id": ident, "directions": None})
        listed = await asyncio.wrap_future(finding)
    if want == "directions":
        rows = [{"name": one.name, "title": one.title, "note": one.note} for one in listed]
        return json.dumps({"id": ident, "directions": rows})
    pictures = await _pictures(card, _views(card, shown, want, [one.name for one in listed]))
    return HEADER.pack(ident, *pictures.shape) + pictures.tobytes()


def _family(message: Mapping[str, Any]) -> str:
    name = message.get("family")
    if not isinstance(name, str):
        raise UserError(f"family: must be one of {', '.join(directions.FAMILIES)}.")
    return name


def _views(card: Card, shown: View, want: str, listed: Sequence[str]) -> list[View]:
    """The views whose pictures are wanted."""
    if want == "classes":
        return shown.alone([len(values) for values in drawing.choices(card).values()])
    return {"frame": lambda: [shown], "keys": shown.stops, "ends": lambda: shown.pushed(listed)}[want]()


async def _pictures(card: Card, views: Sequence[View]) -> np.ndarray:
    """The pictures of views of one model, uint8 ``[n, h, w, c]``."""
    if not views:
        return np.zeros((0, *card.shape), np.uint8)
    names = list(dict.fromkeys(name for view in views for name, _ in view.offsets))
    found: list[directions.Direction] = []
    for family in directions.families_of(names):
        finding = directions.family(card.name, family)
        some = finding.result() if finding.done() else await asyncio.wrap_future(finding)
        found.extend(some)
    ways = directions.vectors(found, names)
    latents = np.stack([view.latent(ways, card.latent) for view in views])
    return await asyncio.wrap_future(inference.submit(card.name, latents, np.array([view.weights() for view in views])))


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
        self._posting = Allowances(PER_SECOND)

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
        allowance = Allowance(PER_SECOND)
        while (message := await socket.receive())["type"] == "websocket.receive":
            text = message.get("text") or message.get("bytes") or ""
            if len(text if isinstance(text, bytes) else text.encode()) > LARGEST:
                await socket.close(1009, f"a message may have {LARGEST} bytes")
                return
            if not allowance.spend():
                await socket.close(1008, f"at most {PER_SECOND} messages a second")
                return
            try:
                found = await answer(text)
                await (socket.send_text(found) if isinstance(found, str) else socket.send_bytes(found))
            except UserError as error:
                await socket.send_json(_trouble(text, str(error)))
            except (WebSocketDisconnect, asyncio.CancelledError):
                raise
            except Exception:
                log.exception("a live message could not be answered")
                await socket.send_json(_trouble(text, FAILED))

    async def post(self, request: Request) -> Response:
        if refusal := self._door.refusal(request.headers):
            return JSONResponse({"id": None, "error": refusal}, 403)
        # A foreign page can post plain text without asking first, but not JSON.
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return JSONResponse({"id": None, "error": "content-type: must be application/json."}, 415)
        if not self._posting.of(request.scope).spend():
            return JSONResponse({"id": None, "error": f"at most {PER_SECOND} messages a second."}, 429)
        body = b""
        try:
            async with asyncio.timeout(SENDING):
                async for part in request.stream():
                    body += part
                    if len(body) > LARGEST:
                        return JSONResponse({"id": None, "error": f"a message may have {LARGEST} bytes."}, 413)
        except (TimeoutError, ClientDisconnect):
            return JSONResponse({"id": None, "error": f"a message must come within {SENDING:g} seconds."}, 408)
        try:
            found = await answer(body)
            kind = "application/json" if isinstance(found, str) else "application/octet-stream"
            return Response(found, media_type=kind)
        except UserError as error:
            return JSONResponse(_trouble(body, str(error)), 422)
        except Exception:
            log.exception("a live message could not be answered")
            return JSONResponse(_trouble(body, FAILED), 500)


def _trouble(text: str | bytes, error: str) -> dict[str, Any]:
    return {"id": number(text), "error": error}


def _parsed(text: str | bytes) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise UserError("message: cannot be read as JSON (NaN and Infinity are not JSON).") from None


def _refuse(constant: str) -> float:
    raise ValueError(constant)
