"""The token is asked for here, before all of the server."""

from __future__ import annotations

import asyncio
import hmac
import html
from string import Template
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gan.access.allowance import Allowances
from gan.access.key import made, token

DAYS = 30  # that a browser stays in
WRONG, MENDED = 20, 1 / 3  # wrong tokens from one address at once, and how many a second are forgotten
FORM = 4096, 10  # bytes of a form with a token, and seconds to send it
OPEN = ("/_stcore/health", "/api/health")  # whoever watches over the server has no token


class Access:
    """Lets in who has the token: pages, their sockets, uploads and media, ``/api`` and ``/live`` alike (ASGI).

    A browser brings it once, in a link (``?token=…``) or a form, and then has a cookie that no script can read; the
    cookie is not the token, and cannot be made from it. Programs send ``Authorization: Bearer …``. Wrong tokens are
    counted by address; while there are too many none is looked at, the right one neither, but for cookies: guessing
    one of those is hopeless, and so open pages stay open.

    Args:
        app: what is behind.
        key: the installation's secret.
        base: the path that the server lies under (``server.baseUrlPath``).
    """

    def __init__(self, app: ASGIApp, key: bytes, base: str = "") -> None:
        self._app, self._token = app, token(key).encode()
        self._base = f"/{base.strip('/')}" if base.strip("/") else ""
        self._cookie = made(key, "cookie", token(key))
        self._name = f"gan_access_{made(key, 'name', token(key))[:8]}"  # servers of one host share its cookies
        self._wrong = Allowances(MENDED, WRONG)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or self._inside(scope) in OPEN:
            await self._app(scope, receive, send)
            return
        headers, page = Headers(scope=scope), scope["type"] == "http" and not self._ours(scope)
        if not (known := self._has_cookie(headers)) and page and _is_form(scope, headers):
            await self._form(scope, receive, send)
            return
        offered, in_link = _offered(headers, scope["query_string"])
        if not known and offered is None:
            await self._refuse(scope, receive, send, 401, "")
        elif not known and (problem := self._problem(scope, offered or "")):
            await self._refuse(scope, receive, send, *problem)
        elif in_link and page and scope["method"] == "GET":
            await self._let_in(scope, receive, send)
        else:
            await self._app(self._without_token(scope), receive, send)

    def _inside(self, scope: Scope) -> str:
        """The path below that of the server."""
        return str(scope["path"]).removeprefix(self._base)

    def _ours(self, scope: Scope) -> bool:
        """Whether a program asks, not a person, who may well open the documentation by a link with the token."""
        path = self._inside(scope)
        return path.startswith(("/api/", "/live", "/_stcore/")) and path != "/api/docs"

    def _has_cookie(self, headers: Headers) -> bool:
        found = [cookie_parser(text).get(self._name) for text in headers.getlist("cookie") if self._name in text]
        return any(value and hmac.compare_digest(value.encode(), self._cookie.encode()) for value in found)

    def _problem(self, scope: Scope, offered: str) -> tuple[int, str] | None:
        """Why a token opens nothing: status and words."""
        wrong = self._wrong.of(scope)
        if wrong.left() < 1:
            return 429, "Too many wrong tokens came from here. Wait a little, then try again."
        if hmac.compare_digest(offered.encode("utf-8", "replace"), self._token):
            return None
        wrong.spend()
        return 401, "That is not this server's token."

    def _without_token(self, scope: Scope) -> Scope:
        """What is behind, and its log, need not know it."""
        if b"token=" not in scope["query_string"]:
            return scope
        return {**scope, "query_string": _rest(scope).encode("latin-1")}

    async def _form(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A person typed the token."""
        body, (most, seconds) = b"", FORM
        try:
            async with asyncio.timeout(seconds):
                while (message := await receive())["type"] == "http.request":
                    body += message.get("body", b"")
                    if len(body) > most or not message.get("more_body"):
                        break
        except TimeoutError:
            await self._refuse(scope, receive, send, 408, "The token did not come.")
            return
        offered = dict(parse_qsl(body[:most].decode("utf-8", "replace"))).get("token", "").strip()
        if problem := self._problem(scope, offered):
            await self._refuse(scope, receive, send, *problem)
        else:
            await self._let_in(scope, receive, send)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The same address again, without the token; relative, so that it holds behind any proxy."""
        rest = _rest(scope)
        place = f"./{quote(str(scope['path']).rpartition('/')[2])}{'?' if rest else ''}{rest}"
        response = RedirectResponse(place, 303, headers=QUIET)
        secure = scope["scheme"] == "https"
        path = self._base or "/"
        response.set_cookie(
            self._name, self._cookie, DAYS * 86400, path=path, secure=secure, httponly=True, samesite="lax"
        )
        await response(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, status: int, why: str) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": ""})  # before it is accepted: 403
            return
        headers = {**QUIET, "WWW-Authenticate": "Bearer"} if status == 401 else dict(QUIET)
        if status == 429:
            headers["Retry-After"] = str(round(1 / MENDED))
        said = why or "This server asks for its access token."
        response: Response
        if self._ours(scope):
            advice = "Send it as: Authorization: Bearer TOKEN. The link that the server shows at its start has it."
            response = JSONResponse({"detail": f"{said} {advice}"}, status, headers)
        elif "text/html" in Headers(scope=scope).get("accept", ""):
            response = HTMLResponse(PAGE.substitute(why=html.escape(why)), status, headers)
        else:
            response = PlainTextResponse(said, status, headers)
        await response(scope, receive, send)


def _offered(headers: Headers, query: bytes) -> tuple[str | None, bool]:
    """The token that a request brings, if it does, and whether one stands in its address."""
    kind, _, brought = headers.get("authorization", "").partition(" ")
    in_link = b"token=" in query and "token" in (pairs := dict(_pairs(query)))
    return brought.strip() if kind.lower() == "bearer" else pairs["token"] if in_link else None, in_link


def _pairs(query: bytes) -> list[tuple[str, str]]:
    return parse_qsl(query.decode("latin-1"), keep_blank_values=True)


def _is_form(scope: Scope, headers: Headers) -> bool:
    """A form that was filled in on our page. Nobody else sends one here."""
    kind = headers.get("content-type", "").partition(";")[0].strip()
    return (
        scope["method"] == "POST"
        and kind == "application/x-www-form-urlencoded"
        and "text/html" in headers.get("accept", "")
    )


def _rest(scope: Scope) -> str:
    """The query without the token."""
    return urlencode([(name, value) for name, value in _pairs(scope["query_string"]) if name != "token"])


QUIET = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>GAN Studio</title>
<style>
  :root { color-scheme: light dark; --paper: #fbfbf9; --ink: #1c2321; --line: #d9ddd8; --accent: #0f766e; --on: #fff; }
  @media (prefers-color-scheme: dark) {
    :root { --paper: #121615; --ink: #e6ebe9; --line: #323b39; --accent: #2dd4bf; --on: #121615; }
  }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper); color: var(--ink);
    font: 15px/1.5 "Source Sans", system-ui, sans-serif; }
  main { width: min(24rem, calc(100vw - 3rem)); }
  h1 { font-size: 1.9rem; font-weight: 600; margin: 0 0 .5rem; }
  p { margin: 0 0 1rem; }
  label { display: block; font-size: .9rem; margin-bottom: .25rem; }
  input, button { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem .7rem; border-radius: .3rem; }
  input { border: 1px solid var(--line); background: transparent; color: inherit; margin-bottom: .75rem; }
  input:focus-visible, button:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
  button { border: 0; background: var(--accent); color: var(--on); font-weight: 600; cursor: pointer; }
  [role=alert]:empty { display: none; }
  code { font-size: .9em; }
</style>
</head>
<body>
<main>
  <h1>GAN Studio</h1>
  <p>This server asks for its access token. It stands at the end of the link that the server shows when it starts,
    behind <code>token=</code>.</p>
  <form method="post">
    <label for="token">Access token</label>
    <input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
    <p role="alert">$why</p>
    <button>Open</button>
  </form>
</main>
</body>
</html>
""")
