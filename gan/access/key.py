"""The installation's secret, and the token made from it."""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
from urllib.parse import urlencode

from gan import paths
from gan.access.door import LOOPBACK
from gan.errors import UserError

log = logging.getLogger(__name__)

SHORTEST = 8  # characters of a token that somebody chose


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
        return made(key, "token")[:32]
    if len(chosen) < SHORTEST or not chosen.isascii() or not chosen.isprintable() or " " in chosen:
        raise UserError(f"GAN_TOKEN: must have {SHORTEST} or more characters, letters, digits and signs of ASCII.")
    return chosen


def link(address: str, key: bytes) -> str:
    """The address of a server with what lets a browser in."""
    return f"{address}?{urlencode({'token': token(key)})}"


def made(key: bytes, *words: str) -> str:
    """A text that only who has the key can make of some words: 64 hexadecimal digits."""
    return hmac.new(key, "\n".join(words).encode(), hashlib.sha256).hexdigest()
