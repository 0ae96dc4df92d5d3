"""The REST API at ``/api``, beside the pages on the same port. ``/api/docs`` explains and tries every route.

    routes(...)     what the server mounts
    app.build()     the FastAPI app itself
    limits          who is let in, how much of what, how often and how long
    drawing, pictures, evaluating, looking      the routes

Every route asks `gan` for what it gives: there is no logic of its own here. None of them is imported before the
first request, so that the server starts as fast as without them.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from gan.access import LOOPBACK, Door
from gan.api.limits import Gate, Limits


def routes(base: str = "", hosts: Collection[str] = LOOPBACK, origins: Collection[str] = ()) -> list[BaseRoute]:
    """The API and the way to its documentation.

    Args:
        base: the path the server lies under (``server.baseUrlPath``).
        hosts, origins: see `gan.access.Door`.

    Raises:
        UserError: if a limit that the environment sets is no number: the start should end with it, not each request.
    """
    Limits.configured()
    prefix = f"/{base.strip('/')}" if base.strip("/") else ""

    async def front(request: Request) -> Response:
        return RedirectResponse("./api/docs", 307)

    mount = Mount(f"{prefix}/api", app=_Later(Door(frozenset(hosts), frozenset(origins))))
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)  # a text to write may have several lines
    return [Route(f"{prefix}/api", front), mount]


class _Later:
    """The app, built when it is first asked for (ASGI)."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._app: ASGIApp | None = None
        self._lock = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self._app or await self._built())(scope, receive, send)

    async def _built(self) -> ASGIApp:
        async with self._lock:
            if self._app is None:
                self._app = await asyncio.to_thread(self._build)
            return self._app

    def _build(self) -> ASGIApp:
        from gan.api import app

        return Gate(app.build(), self._door, Limits.configured())
