"""The whole server: the pages, and beside them the live socket. Start it with ``streamlit run streamlit_app.py``."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

# Before any page: Plotly looks into pandas wherever it finds it, and TensorFlow's thread imports it on its way. A chart
# drawn at that moment would meet half a module.
import pandas  # noqa: F401
import streamlit as st

from gan import inference, live

BREATH = 2.5  # seconds in which the first page is served before TensorFlow is loaded beside it


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Load TensorFlow and the first model while the person looks at Home."""
    warming = asyncio.get_running_loop().call_later(BREATH, inference.warm_in_background)
    try:
        yield
    finally:
        warming.cancel()


def hosts() -> list[str]:
    """The names this server goes by: what is configured, else this machine's own if it listens to nobody else."""
    if named := st.get_option("server.allowedHosts"):
        return [name.lower() for name in named]
    return [*live.LOOPBACK] if st.get_option("server.address") in live.LOOPBACK else ["*"]


def origins() -> list[str]:
    """Hosts whose pages may use our routes though they are addressed otherwise (a proxy's public name)."""
    named = [st.get_option("browser.serverAddress") or "", *(st.get_option("server.corsAllowedOrigins") or [])]
    found = {urlsplit(name if "//" in name else f"//{name}").hostname for name in named}
    return [host for host in found if host and host not in live.LOOPBACK]


app = st.App(
    "pages/navigation.py",
    routes=live.routes(st.get_option("server.baseUrlPath"), hosts(), origins()),
    lifespan=lifespan,
)
