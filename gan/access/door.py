"""Which hosts and whose pages our own routes answer."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


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
