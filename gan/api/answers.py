"""What a client wants to have, by its ``Accept``, and how pictures are written in it."""

from __future__ import annotations

import base64
import io
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gan import images

JSON, PNG, NPZ, GIF, MP4 = "application/json", "image/png", "application/octet-stream", "image/gif", "video/mp4"
BINARY = {"schema": {"type": "string", "format": "binary"}}
QUICK = 2**20  # pixels from which a PNG is better sooner done than small, and as far below:
SMALL = 2**12  # of those there is little to save

Array = np.ndarray


def chosen(request: Request, offered: Sequence[str]) -> str:
    """The media type that a client likes best of some; the first of them where it does not say.

    Raises:
        HTTPException: 406 if it takes none of them.
    """
    accept = request.headers.get("accept", "")
    if not accept or accept == "*/*":
        return offered[0]
    if accept in offered:
        return accept
    asked = [_range(part) for part in accept.split(",") if part.strip()]

    def liking(kind: str) -> float:
        fits = [(len(name.strip("*")), share) for name, share in asked if _fits(kind, name)]
        return max(fits)[1] if fits else 0.0  # the most precise range counts

    best = max(offered, key=liking)
    if liking(best) <= 0:
        raise HTTPException(406, f"accept: {accept[:100]!r} takes none of {', '.join(offered)}.")
    return best


def _range(part: str) -> tuple[str, float]:
    name, *parameters = (word.strip().lower() for word in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                share = float(parameter[2:])
            except ValueError:
                return name, 0.0
            return name, share if 0 <= share <= 1 else 0.0
    return name, 1.0


def _fits(kind: str, name: str) -> bool:
    return name in ("*/*", kind) or (name.endswith("/*") and kind.startswith(name[:-1]))


def png(picture: Array) -> bytes:
    """A picture uint8 ``[h, w, c]``, c also 4, as PNG: in the time that it is worth."""
    pixels = picture.shape[0] * picture.shape[1]
    return images.encode_png(picture, quick=pixels <= SMALL or pixels >= QUICK)


def picture(request: Request, array: Array) -> Response:
    """A picture as the answer."""
    return Response(png(array), media_type=PNG)


def text(data: bytes) -> str:
    """Bytes as they stand in JSON."""
    return base64.b64encode(data).decode()


def arrays(**named: Array) -> bytes:
    """An .npz file of some arrays."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **named)  # type: ignore[arg-type]
    return buffer.getvalue()


def as_json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Plain values as the answer; numbers that JSON does not have (a loss that went to infinity) become null."""
    data = json.dumps(finite(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(data.encode("utf-8", "replace"), status, headers, JSON)


def finite(value: Any) -> Any:
    """The value with null in place of NaN and infinities."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value


def documented(model: Any = None, *kinds: str) -> dict[int | str, dict[str, Any]]:
    """What the documentation says of a successful answer: JSON of a model, and files of some media types."""
    said: dict[str, Any] = {"description": "As asked for by `Accept`; the first of these by default."}
    if model is not None:
        said["model"] = model
    if kinds:
        said["content"] = {kind: BINARY for kind in kinds}
    return {200: said}
