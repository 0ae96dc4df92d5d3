"""Who may come in: `Door` looks at host and origin, `Access` asks for a token, `Allowance` counts.

Our own routes (`gan.api`, `gan.live`) lie outside Streamlit's own checks, hence `Door`. `Access` stands before all of
the server, pages and their sockets too, whenever it can be reached from elsewhere.
"""

from __future__ import annotations

import asyncio
import functools
import hashlib
import hmac
import html
import logging
import os
import secrets
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from string import Template
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gan import paths
from gan.errors import UserError

log = logging.getLogger(__name__)

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SHORTEST = 8  # characters of a token that somebody chose
DAYS = 30  # that a browser stays in
WRONG, MENDED = 20, 1 / 3  # wrong tokens from one address at once, and how many a second are forgotten
FORM = 4096, 10  # bytes of a form with a token, and seconds to send it
OPEN = ("/_stcore/health", "/api/health")  # whoever watches over the server has no token


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
        return self._refusal(headers.get("host", ""), headers.get("origin"))

    @functools.lru_cache(maxsize=256)  # noqa: B019 - there is one door a server, and it lives as long
    def _refusal(self, named: str, page_of: str | None) -> str:
        host = _Address.of(f"//{named}")
        if host is None or not any(fnmatchcase(host.name, name) for name in self.hosts):
            return f"this server does not go by {named[:100]!r}; add the name to server.allowedHosts"
        page = None if page_of is None else _Address.of(page_of)
        if page_of is not None and (page is None or (page != host and page.name not in self.origins)):
            return f"pages of {page_of[:100]!r} may not use this server"
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


class Allowance:
    """So many a second, and so many at once (a token bucket).

    Args:
        rate: how many are given back a second.
        most: how many there are at once; by default as many as a second gives.
    """

    def __init__(self, rate: float, most: float | None = None) -> None:
        self._rate, self._most = rate, rate if most is None else most
        self._left, self._then = float(self._most), time.monotonic()

    def spend(self) -> bool:
        """Take one, if there is one."""
        if (left := self.left()) < 1:
            return False
        self._left = left - 1
        return True

    def left(self) -> float:
        now = time.monotonic()
        self._left, self._then = min(self._most, self._left + (now - self._then) * self._rate), now
        return self._left


class Allowances:
    """An `Allowance` for each address; the last thousand are remembered."""

    def __init__(self, rate: float, most: float | None = None) -> None:
        self._limits = rate, most
        self._of: OrderedDict[str, Allowance] = OrderedDict()

    def of(self, scope: Scope) -> Allowance:
        """That of whoever a request comes from."""
        client = scope.get("client")
        name = client[0] if client else ""
        found = self._of.get(name)
        if found is None:
            found = self._of[name] = Allowance(*self._limits)
            while len(self._of) > 1000:
                self._of.popitem(last=False)
        self._of.move_to_end(name)
        return found


def wanted(address: str | None) -> bool:
    """Whether a server that listens at an address asks for a token: always where others can reach it."""
    return bool(os.environ.get("GAN_TOKEN")) or address not in LOOPBACK


def secret() -> bytes:
    """32 random bytes of this installation, from which its token and cookies are made.

    Kept in the user's own folder, for their eyes only, so that links and open pages outlive a restart: training goes
    on without the server, and whoever watches it should not be locked out when the server comes back. Deleting the
    file makes a new token. Where it cannot be kept, a start has its own.
    """
    path = paths.kept_dir() / "access.key"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(32))
            os.link(aside, path)  # whole at once, and never over one that is there: two servers may start together
        except FileExistsError:
            pass
        finally:
            aside.unlink(missing_ok=True)
        path.chmod(0o600)
        if len(found := path.read_bytes()) == 32:
            return found
        log.warning("%s is damaged; this start has a token of its own. Delete the file.", path)
    except OSError as error:
        log.warning("%s cannot be kept (%s); this start has a token of its own.", path, error.strerror)
    return secrets.token_bytes(32)


def token(key: bytes) -> str:
    """The access token: what ``GAN_TOKEN`` says, or one made from the installation's secret.

    Raises:
        UserError: if ``GAN_TOKEN`` is too short, or cannot stand in a link and a header.
    """
    chosen = os.environ.get("GAN_TOKEN", "")
    if not chosen:
        return _made(key, "token")[:32]
    if len(chosen) < SHORTEST or not chosen.isascii() or not chosen.isprintable() or " " in chosen:
        raise UserError(f"GAN_TOKEN: must have {SHORTEST} or more characters, letters, digits and signs of ASCII.")
    return chosen


def link(address: str, key: bytes) -> str:
    """The address of a server with what lets a browser in."""
    return f"{address}?{urlencode({'token': token(key)})}"


def _made(key: bytes, *words: str) -> str:
    return hmac.new(key, "\n".join(words).encode(), hashlib.sha256).hexdigest()


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
        self._cookie = _made(key, "cookie", token(key))
        self._name = f"gan_access_{_made(key, 'name', token(key))[:8]}"  # servers of one host share its cookies
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
        """Whether a program asks, not a person."""
        return self._inside(scope).startswith(("/api/", "/live", "/_stcore/"))

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
