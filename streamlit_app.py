"""The whole server: the pages, and beside them the REST API and the live socket, behind one door. Start it with
``streamlit run streamlit_app.py``."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

# Before any page: Plotly looks into pandas wherever it finds it, and TensorFlow's thread imports it on its way. A chart
# drawn at that moment would meet half a module.
import pandas  # noqa: F401
import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from gan import access, api, inference, live, memory
from gan.errors import UserError

BREATH = 2.5  # seconds in which the first page is served before TensorFlow is loaded beside it


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Say where to come in, and load TensorFlow and the first model while the person looks at Home."""
    if guarded():
        print(invitation(), flush=True)
    warming = asyncio.get_running_loop().call_later(BREATH, inference.warm_in_background)
    over = memory.tidy()
    try:
        yield
    finally:
        over.set()
        warming.cancel()


def hosts() -> list[str]:
    """The names this server goes by: what is configured, else this machine's own if it listens to nobody else."""
    if named := st.get_option("server.allowedHosts"):
        return [name.lower() for name in named]
    return [*access.LOOPBACK] if st.get_option("server.address") in access.LOOPBACK else ["*"]


def origins() -> list[str]:
    """Hosts whose pages may use our routes though they are addressed otherwise (a proxy's public name)."""
    named = [st.get_option("browser.serverAddress") or "", *(st.get_option("server.corsAllowedOrigins") or [])]
    found = {urlsplit(name if "//" in name else f"//{name}").hostname for name in named}
    return [host for host in found if host and host not in access.LOOPBACK]


def guarded() -> bool:
    """Whether whoever comes needs the access token."""
    return access.wanted(st.get_option("server.address"))


def middleware() -> list[Middleware]:
    """What stands before everything, Streamlit's own routes and sockets too."""
    if not guarded():
        return []
    try:
        access.token(KEY)
    except UserError as error:
        sys.exit(f"gan: {error}")
    return [Middleware(access.Access, key=KEY, base=BASE)]


def invitation() -> str:
    """The links that let somebody in, as the server shows them at its start."""
    secure = "https" if st.get_option("server.sslCertFile") else "http"
    address = st.get_option("server.address")
    names = [address] if address and address not in ("0.0.0.0", "::") else ["localhost", socket.gethostname()]
    if public := st.get_option("browser.serverAddress"):
        names = [public, *names] if public not in names and public not in access.LOOPBACK else names
    port, path = st.get_option("server.port"), f"{BASE.strip('/')}/".lstrip("/")
    links = [access.link(f"{secure}://{_host(name)}:{port}/{path}", KEY) for name in names]
    return "\n".join(["  Whoever has this link may use the studio:", *(f"    {link}" for link in links), ""])


def _host(name: str) -> str:
    return f"[{name}]" if ":" in name else name


def routes() -> list[BaseRoute]:
    """What we serve beside Streamlit's own."""
    try:
        return [*api.routes(BASE, hosts(), origins()), *live.routes(BASE, hosts(), origins())]
    except UserError as error:
        sys.exit(f"gan: {error}")


BASE = st.get_option("server.baseUrlPath") or ""
KEY = access.secret() if guarded() else b""

app = st.App(
    "pages/navigation.py",
    routes=routes(),
    middleware=middleware(),
    lifespan=lifespan,
)
