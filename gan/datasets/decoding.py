"""Picture files that somebody brings, turned into arrays or refused with a reason.

`decode` never trusts a file: the formats are a short list, the size is checked before anything is unpacked, and
whatever the decoder stumbles over becomes a `UserError` with the file's name. Both functions may run in threads;
Pillow lets other threads work while it decodes.
"""

from __future__ import annotations

import io
import math
from typing import Literal

import numpy as np
from PIL import Image, ImageOps

from gan.datasets.report import why
from gan.errors import UserError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF")
SUFFIXES = (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".pgm", ".ppm",
            ".pbm", ".pnm", ".avif")  # fmt: skip
PIXELS = 50_000_000  # most that a picture may have: 150 MB unpacked
GREY = ("1", "L", "LA", "La", "I", "F", "I;16", "I;16L", "I;16B", "I;16N")

SIGNATURES = {b"\x89PNG": "PNG", b"\xff\xd8": "JPEG", b"GIF8": "GIF", b"BM": "BMP", b"RIFF": "WebP", b"II*": "TIFF"}

How = Literal["crop", "pad"]
Paper = Literal["white", "contrasting"]


def decode(data: bytes, name: str, near: int | None = None, limit: int = PIXELS, paper: Paper = "white") -> np.ndarray:
    """The bytes of a picture file as an array: upright as its EXIF says, transparency over paper, the first frame.

    Args:
        data: the file.
        name: what to call it in a message.
        near: the size it will be shrunk to, if it will: a JPEG is then decoded at a fraction of its size, not below
            twice this.
        limit: most pixels to unpack.
        paper: what is behind a transparent picture: "white", or "contrasting", black where what can be seen of it is
            light, as white ink is that would vanish on white.

    Returns:
        uint8 ``[h, w, 1]`` for grey pictures of any depth, else ``[h, w, 3]``.

    Raises:
        UserError: naming the file and what is wrong with it.
    """
    if not data:
        raise UserError(f"{name}: the file is empty.")
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > limit:
                raise UserError(_too_large(name, f"{width:,} x {height:,} pixels", limit))
            if near:
                picture.draft(None, (2 * near, 2 * near))
            picture.load()
            array = _plain(_upright(picture), paper)
    except UserError:
        raise
    except Image.DecompressionBombError:
        raise UserError(_too_large(name, "far more pixels", limit)) from None
    except Image.UnidentifiedImageError:
        raise UserError(f"{name}: not a picture that can be read; {_looks_like(data)}.") from None
    except Exception as error:  # decoders of eight formats on bytes of any kind: there is no list of what they raise
        raise UserError(f"{name}: damaged, or of a kind that cannot be read ({why(error)}).") from None
    if not array.size:
        raise UserError(f"{name}: the picture has no pixels.")
    return array


def fit(image: np.ndarray, size: int, how: How = "crop", channels: int = 3) -> np.ndarray:
    """A picture as a square of one size.

    Args:
        image: uint8 ``[h, w, 1 or 3]``.
        size: pixels of a side.
        how: "crop" the middle, or "pad" the shorter side, in the colour that the picture's edge has.
        channels: 1 grey, 3 colour.

    Returns:
        uint8 ``[size, size, channels]``. Shrunk with Lanczos' filter, enlarged with a bicubic one, which rings less.
    """
    height, width = image.shape[:2]
    picture = Image.fromarray(image[..., 0] if image.shape[2] == 1 else image)
    picture = picture.convert("L" if channels == 1 else "RGB")
    if how == "crop":
        side = min(height, width)
        left, top = (width - side) / 2, (height - side) / 2
        square = _resized(picture, (size, size), (left, top, left + side, top + side))
    else:
        scale = size / max(height, width)
        inner = (max(1, round(width * scale)), max(1, round(height * scale)))
        square = Image.new(picture.mode, (size, size), _edge(picture))
        shrunk = _resized(picture, inner, (0, 0, width, height))
        square.paste(shrunk, ((size - inner[0]) // 2, (size - inner[1]) // 2))
    return np.asarray(square).reshape(size, size, channels)


def _resized(picture: Image.Image, size: tuple[int, int], box: tuple[float, float, float, float]) -> Image.Image:
    if size == picture.size and box == (0, 0, *size):
        return picture
    shrinks = box[2] - box[0] > size[0]
    # reducing_gap shrinks in two steps where there is far to go: faster, and not to be told apart at 3.
    return picture.resize(
        size, Image.Resampling.LANCZOS if shrinks else Image.Resampling.BICUBIC, box, reducing_gap=3.0
    )


def _edge(picture: Image.Image) -> int | tuple[int, ...]:
    """The median colour of a picture's edge."""
    array = np.asarray(picture)
    edge = np.concatenate([array[0], array[-1], array[:, 0], array[:, -1]])
    median = np.median(edge, axis=0)
    return int(median) if array.ndim == 2 else tuple(int(value) for value in median)


def _upright(picture: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # a damaged note about the picture is no damage to the picture
        return picture


def _plain(picture: Image.Image, paper: Paper) -> np.ndarray:
    """uint8 ``[h, w, 1 or 3]`` of a picture in any mode."""
    grey = picture.mode in GREY
    if picture.mode in ("I", "F") or picture.mode.startswith("I;"):
        return _eight_bits(np.asarray(picture))[..., None]
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        ground = "black" if paper == "contrasting" and _light(picture) else "white"
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, ground), picture)
    array = np.asarray(picture.convert("L" if grey else "RGB"))
    return array[..., None] if grey else array


def _light(picture: Image.Image) -> bool:
    """Whether what can be seen of an RGBA picture is light rather than dark."""
    grey, cover = np.asarray(picture.convert("L"), np.float64), np.asarray(picture.getchannel("A"), np.float64)
    return bool((cover * (grey - 127.5)).sum() > 0)


def _eight_bits(values: np.ndarray) -> np.ndarray:
    """Grey values of any depth as uint8: by the type's range, or by their own where the type has none to speak of."""
    if values.dtype == np.uint16:
        return (values.astype(np.uint32) * 255 // 65535).astype(np.uint8)
    values = np.nan_to_num(values.astype(np.float64), nan=0, posinf=0, neginf=0)
    top = float(values.max(initial=0))
    scale = next((s for s in (1, 255, 65535) if top <= s), top)
    if scale == 1 and np.array_equal(values, values.astype(np.int64)):
        scale = 255  # whole numbers 0 and 1: nearly black, not black and white
    return np.clip(np.rint(values * (255 / scale)), 0, 255).astype(np.uint8)


def _too_large(name: str, found: str, limit: int) -> str:
    side = math.isqrt(limit) // 100 * 100
    return f"{name}: has {found}; at most {limit:,} are opened (about {side:,} x {side:,}). Shrink it first."


def _looks_like(data: bytes) -> str:
    start = data[:24]
    for signature, kind in SIGNATURES.items():
        if data.startswith(signature):
            return f"it begins like a {kind}, but its head is damaged"
    if data[:4] in (b"PK\3\4", b"PK\5\6"):
        return "it is a ZIP file"
    if data[:4] == b"%PDF":
        return "it is a PDF file"
    text = start.decode("utf-8", "ignore").strip()
    if text and text.isprintable() and len(text) >= len(start) // 2:
        return f"it holds text ({text[:20]!r}…)"
    return f"its first bytes are {start[:4].hex(' ')}"
