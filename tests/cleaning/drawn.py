"""Small pictures with words on them, drawn with Pillow's own font, and where the letters are."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont


def ground(width: int = 256, height: int = 256) -> np.ndarray:
    """A sky that grows lighter, with a hill."""
    rows = np.linspace(60, 150, height)[:, None]
    sky = np.stack([0.6 * rows, 0.8 * rows, 1.2 * rows], -1) * np.ones((1, width, 1))
    y, x = np.mgrid[:height, :width]
    sky[y > height * 0.8 + x / 8] = (40, 90, 50)
    return sky.astype(np.uint8)


def titled(
    words: str = "MOON RIVER", size: int = 34, angle: float = 0, art: np.ndarray | None = None, ink=(250, 240, 120)
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A picture with words in its middle: uint8 [h, w, 3]; the same without; where the letters are, bool [h, w]."""
    art = ground() if art is None else art
    height, width = art.shape[:2]
    layer = Image.new("L", (width, height))
    ImageDraw.Draw(layer).text((width / 2, height / 2), words, 255, ImageFont.load_default(size), anchor="mm")
    share = np.asarray(layer.rotate(angle, Image.Resampling.BICUBIC), np.float32)[..., None] / 255
    picture = np.rint(art * (1 - share) + np.array(ink) * share).astype(np.uint8)
    return picture, art, share[..., 0] > 0.1
