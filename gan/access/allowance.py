"""How much is allowed of something, in all or for each address."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict

from starlette.types import Scope


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
    """An `Allowance` for each address; the last thousand are remembered.

    Of IPv6, for each network of 64 bits: whoever has one address there has all of them.
    """

    def __init__(self, rate: float, most: float | None = None) -> None:
        self._limits = rate, most
        self._of: OrderedDict[str, Allowance] = OrderedDict()

    def of(self, scope: Scope) -> Allowance:
        """That of whoever a request comes from."""
        client = scope.get("client")
        name = _network(client[0]) if client else ""
        found = self._of.get(name)
        if found is None:
            found = self._of[name] = Allowance(*self._limits)
            while len(self._of) > 1000:
                self._of.popitem(last=False)
        self._of.move_to_end(name)
        return found


def _network(address: str) -> str:
    if ":" not in address or address.lower().startswith("::ffff:"):  # IPv4, also as a socket for both writes it
        return address
    try:
        return ":".join(ipaddress.IPv6Address(address).exploded.split(":")[:4])
    except ValueError:
        return address
