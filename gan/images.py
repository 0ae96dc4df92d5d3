"""The one place that converts ranges, lays out, reads and writes pictures.

Inside ``gan`` a batch of pictures is ``uint8 [n, h, w, c]`` with c = 1 (grey) or 3 (RGB). The range
-1…1 that nets work in exists only between `to_model` and `from_model`.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

import numpy as np
from PIL import Image

Array = np.ndarray


def to_model(images: Array) -> Array:
    """uint8 0…255 to float32 -1…1, any shape."""
    return images.astype(np.float32) * np.float32(2 / 255) - np.float32(1)


def from_model(images: Array) -> Array:
    """Float -1…1 to uint8 0…255, any shape; values outside are clipped, halves round to even, NaN becomes 0."""
    scaled = np.rint((np.asarray(images, np.float32) + 1) * 127.5)
    return np.nan_to_num(np.clip(scaled, 0, 255), nan=0).astype(np.uint8)


def tile(images: Array, columns: int | None = None, gap: int = 2, paper: int = 0) -> Array:
    """Lay out ``[n, h, w, c]`` as one picture ``[H, W, c]``, row by row.

    Args:
        images: uint8, n >= 1.
        columns: how many stand in a row; by default as square as it goes.
        gap: pixels between neighbours.
        paper: grey value of the gaps and of the cells left over.
    """
    n, height, width, channels = images.shape
    columns = columns or math.ceil(math.sqrt(n))
    rows = math.ceil(n / columns)
    sheet = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap, channels), paper, np.uint8)
    for index, image in enumerate(images):
        top, left = index // columns * (height + gap), index % columns * (width + gap)
        sheet[top : top + height, left : left + width] = image
    return sheet


def beside(groups: Sequence[Array], gap: int = 2) -> Array:
    """Each group ``[n, h, w, c]`` of pictures as one picture, side by side: ``[len(groups), h, W, c]``."""
    return np.stack([tile(group, len(group), gap) for group in groups])


def enlarge(image: Array, factor: int) -> Array:
    """Repeat each pixel of ``[..., h, w, c]`` `factor` times each way: larger, and still crisp."""
    return image.repeat(factor, axis=-3).repeat(factor, axis=-2)


def shrink(images: Array, factor: int) -> Array:
    """The mean of each square of `factor` pixels: ``[n, h, w, c]`` to ``[n, h // factor, w // factor, c]``, uint8."""
    if factor == 1:
        return images
    n, height, width, channels = images.shape
    rows, columns = height // factor, width // factor
    total = np.zeros((n, rows, columns, channels), np.uint32)
    for top in range(factor):
        for left in range(factor):
            total += images[:, top : rows * factor : factor, left : columns * factor : factor]
    return ((total + factor**2 // 2) // factor**2).astype(np.uint8)


def bicubic(images: Array, factor: float) -> Array:
    """Resized by bicubic interpolation: uint8 ``[n, h, w, c]`` to ``[n, h * factor, w * factor, c]``, whole pixels."""
    height, width = (max(1, round(side * factor)) for side in images.shape[1:3])
    planes = [[Image.fromarray(image[..., c]) for c in range(image.shape[-1])] for image in images]
    size = (width, height)
    large = [[np.asarray(plane.resize(size, Image.Resampling.BICUBIC)) for plane in image] for image in planes]
    return np.stack([np.stack(image, axis=-1) for image in large])


def encode_jpeg(image: Array, size: tuple[int, int]) -> bytes:
    """One picture ``uint8 [h, w, c]`` as the bytes of a JPEG file of another size (width, height): a small preview."""
    buffer = io.BytesIO()
    picture = Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image)
    picture.resize(size, Image.Resampling.BILINEAR).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def encode_png(image: Array, quick: bool = False) -> bytes:
    """One picture ``uint8 [h, w, c]`` as the bytes of a PNG file; `quick` is sooner done, and larger."""
    buffer = io.BytesIO()
    picture = Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image)
    picture.save(buffer, "PNG", compress_level=1 if quick else 6)
    return buffer.getvalue()


def decode(data: bytes) -> Array:
    """The bytes of a picture file as ``uint8 [h, w, c]``: grey stays grey, all else becomes RGB."""
    with Image.open(io.BytesIO(data)) as picture:
        array = np.asarray(picture.convert("L" if picture.mode in ("1", "L") else "RGB"))
    return array if array.ndim == 3 else array[..., None]
