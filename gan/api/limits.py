"""What stands before the API: who is let in, how large and how frequent requests may be, how long they may take."""

from __future__ import annotations

import asyncio
import logging
import math
import os
from dataclasses import dataclass, replace
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gan.access import Allowances, Door
from gan.errors import UserError

log = logging.getLogger(__name__)

VARIABLES = {
    "rate": "GAN_API_RATE",
    "seconds": "GAN_API_SECONDS",
    "json": "GAN_API_JSON",
    "upload": "GAN_API_UPLOAD",
}
UPLOADS = ("/upscale", "/recognize", "/evaluate/pictures")  # routes that take files
LINGER = 5.0  # seconds in which the rest of a body that is refused is thrown away, so that its sender hears why


@dataclass(frozen=True)
class Limits:
    """What a request may take; those in `VARIABLES` can be set for a server."""

    rate: float = 1000.0  # requests a second from one address, and twice as many at once
    requests: int = 256  # in work at once, from all addresses
    json: int = 4 * 2**20  # bytes of a body
    upload: int = 32 * 2**20  # bytes of a file
    held: int = 512 * 2**20  # bytes of all bodies that are held at once
    pause: float = 10  # seconds between two parts of a body
    body: float = 60  # seconds for all of it
    seconds: float = 60.0  # from there to the last byte of the answer

    @classmethod
    def configured(cls) -> Limits:
        """These limits, as the environment changes them.

        Raises:
            UserError: naming a variable that holds no number above 0.
        """
        found: dict[str, Any] = {}
        for field, name in VARIABLES.items():
            if text := os.environ.get(name):
                try:
                    value = float(text)
                except ValueError:
                    value = 0.0
                if not 0 < value < 1e15:
                    raise UserError(f"{name}: {text!r} is not a number above 0.")
                found[field] = value if isinstance(getattr(cls, field), float) else math.ceil(value)
        return replace(cls(), **found)


class Gate:
    """Turns away what is not to be answered, before anything of it is read or done (ASGI).

    Bodies are read here, with a limit and against the clock, so that nothing behind waits for a slow sender. An answer
    has a deadline too; a client that does not take it is left.
    """

    def __init__(self, app: ASGIApp, door: Door, limits: Limits) -> None:
        self._app, self._door, self._limits = app, door, limits
        self._allowed = Allowances(limits.rate, 2 * limits.rate)
        self._open = self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
            return
        answer = _Answer(scope, receive, send)
        headers = Headers(scope=scope)
        if refusal := self._door.refusal(headers):
            await answer.refuse(403, f"{refusal}.")
        elif not self._allowed.of(scope).spend():
            await answer.refuse(429, f"At most {self._limits.rate:g} requests a second from one address.", 1)
        elif self._open >= self._limits.requests:
            await answer.refuse(503, f"{self._limits.requests} requests are in work; try again in a moment.", 1)
        else:
            self._open += 1
            try:
                await self._pass(scope, headers, receive, answer)
            finally:
                self._open -= 1

    async def _pass(self, scope: Scope, headers: Headers, receive: Receive, answer: _Answer) -> None:
        body = b""
        if "content-length" in headers or "transfer-encoding" in headers:
            read = await self._read(scope, headers, receive, answer)
            if read is None:
                return
            body = read
        try:
            async with asyncio.timeout(self._limits.seconds):
                await self._app(scope, _replay(body, receive), answer.send)
        except TimeoutError:
            if not answer.begun:
                words = f"It took more than {self._limits.seconds:g} seconds and was given up; ask for less."
                await answer.refuse(504, words)
        finally:
            self._held -= len(body)

    async def _read(self, scope: Scope, headers: Headers, receive: Receive, answer: _Answer) -> bytes | None:
        """The whole body, which counts as held; or None if the request was answered instead."""
        limits = self._limits
        path = str(scope["path"])[len(scope.get("root_path", "")) :]
        most = limits.upload if path in UPLOADS else limits.json
        too_large = f"body: at most {_said(most)} may be sent here."
        announced = headers.get("content-length", "0")
        if announced.isdecimal() and int(announced) > most:
            await answer.refuse(413, too_large)
            return None
        parts: list[bytes] = []
        size, whole, status = 0, False, 0
        try:
            async with asyncio.timeout(limits.body):
                while not whole and not status:
                    async with asyncio.timeout(limits.pause):
                        message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    parts.append(message.get("body", b""))
                    size += len(parts[-1])
                    self._held += len(parts[-1])
                    whole = not message.get("more_body")
                    status = 413 if size > most else 503 if self._held > limits.held else 0
        except TimeoutError:
            status = 408
        finally:
            if status or not whole:
                self._held -= size
        if not status:
            return b"".join(parts)
        parts.clear()
        # Not until here: refusing takes its time too, and the clock of the body must not end it.
        if status == 413:
            await answer.refuse(413, too_large)
        elif status == 503:
            await answer.refuse(503, "Too much is being sent at once; try again in a moment.", 1)
        else:
            await answer.refuse(408, f"body: it came too slowly; {limits.body:g} seconds are the most.", linger=False)
        return None


class _Answer:
    """What goes back, and whether it has begun."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self.begun = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            message["headers"] = [*message.get("headers", ()), (b"x-content-type-options", b"nosniff")]
        await self._send(message)

    async def refuse(self, status: int, detail: str, again: int = 0, linger: bool = True) -> None:
        """Say why not. What is still being sent is thrown away for a moment: a connection that is closed meanwhile
        takes the answer with it.

        Args:
            again: seconds after which it may be tried again.
        """
        sending = status != 504 and _sends(self._scope)
        headers = {"Retry-After": str(again)} if again else {}
        if sending:
            headers["Connection"] = "close"
        response = JSONResponse({"detail": detail}, status, headers)
        start = {"type": "http.response.start", "status": status, "headers": response.raw_headers}
        await self.send(start)
        await self.send({"type": "http.response.body", "body": response.body, "more_body": sending and linger})
        if sending and linger:
            try:
                async with asyncio.timeout(LINGER):
                    while (message := await self._receive())["type"] == "http.request" and message.get("more_body"):
                        pass
            except TimeoutError:
                pass
            await self.send({"type": "http.response.body", "body": b""})


def _sends(scope: Scope) -> bool:
    """Whether a body comes with the request."""
    return any(name in (b"content-length", b"transfer-encoding") and value != b"0" for name, value in scope["headers"])


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body once more, for whoever is behind; after that, whether the client is still there."""
    told = False

    async def again() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _said(size: int) -> str:
    return f"{size / 2**20:g} MB" if size >= 2**20 else f"{size:,} bytes"
