"""Titles and authors' names set in fonts: a layer of their own, to lay over a cover."""

from __future__ import annotations

import io
import itertools
import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from canvas import FINE, SIDE, SIZE, Colour, colour, light, luminance
from fonts import Font
from palettes import Palette
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

Rng = np.random.Generator
MARGIN = 5 * FINE  # room for outlines and shadows
EDGE = 0.035  # of the side; no letter comes nearer to the picture's edge

FLOWING = {
    "cookie",
    "courgette",
    "great-vibes",
    "kaushan-script",
    "lobster",
    "pacifico",
    "satisfy",
    "unifrakturcook",
}  # not in capitals
NAMES = {
    "latin": ("josefin-sans", "lora", "oswald", "comfortaa", "patua-one"),
    "korean": ("nanum-gothic", "nanum-myeongjo", "gowun-batang"),
}


@cache
def _sized(data: bytes, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(data), size)


@dataclass(frozen=True)
class Style:
    """How a title is set: all that varies, drawn by chance."""

    lines: int
    justified: bool  # every line stretched to the same width
    aligned: str  # "centre" or "left"
    angle: float  # degrees, against the clock
    bow: float  # how far the middle rises above the ends, in widths
    outline: int  # pixels of the final picture, 0 for none
    shadow: tuple[int, int]  # likewise; (0, 0) for none
    height: float  # most of the cover it may take
    width: float
    place: str  # "top", "middle" or "bottom"

    @classmethod
    def drawn(cls, rng: Rng, words: int) -> Style:
        turned, lines = rng.random() < 0.32, int(rng.integers(1 if words < 3 else 2, min(4, words) + 1))
        return cls(
            lines=lines,
            justified=rng.random() < 0.22,
            aligned="left" if rng.random() < 0.12 else "centre",
            angle=float(np.round(rng.choice([-1, 1]) * min(25, 3 + rng.exponential(8)))) if turned else 0.0,
            bow=float(rng.uniform(0.06, 0.16)) if rng.random() < 0.13 else 0.0,
            outline=int(rng.integers(1, 4)) if rng.random() < 0.38 else 0,
            shadow=(int(rng.choice([-2, -1, 1, 2, 3])), int(rng.integers(1, 4))) if rng.random() < 0.33 else (0, 0),
            height=float(max(0.09 * lines, rng.uniform(0.17, 0.42))),
            width=float(rng.uniform(0.6, 0.92)),
            place=str(rng.choice(["top", "middle", "bottom"], p=[0.58, 0.14, 0.28])),
        )


def broken(words: list[str], lines: int) -> list[str]:
    """Words on so many lines, as even as can be."""
    if lines >= len(words):
        return words
    lengths = [len(word) for word in words]

    @cache
    def best(start: int, left: int) -> tuple[float, tuple[int, ...]]:
        if left == 1:
            return float(sum(lengths[start:]) + len(lengths) - start) ** 2, ()
        tries = []
        for end in range(start + 1, len(lengths) - left + 2):
            own = float(sum(lengths[start:end]) + end - start) ** 2
            rest, breaks = best(end, left - 1)
            tries.append((own + rest, (end, *breaks)))
        return min(tries)

    ends = [0, *best(0, lines)[1], len(words)]
    return [" ".join(words[a:b]) for a, b in itertools.pairwise(ends)]


def line_mask(data: bytes, text: str, size: int) -> Image.Image:
    """One line of text, cropped to its ink: mode L, white on black."""
    font = _sized(data, size)
    left, top, right, bottom = font.getbbox(text)
    mask = Image.new("L", (max(1, math.ceil(right - left)) + 8, max(1, math.ceil(bottom - top)) + 8))
    ImageDraw.Draw(mask).text((4 - left, 4 - top), text, 255, font)
    return mask.crop(mask.getbbox() or (0, 0, 1, 1))


def block(data: bytes, lines: list[str], style: Style) -> Image.Image:
    """Lines of text as one mask, scaled to fit the style's width and height, bowed and turned."""
    masks = [line_mask(data, line, 120) for line in lines]
    widest = max(mask.width for mask in masks)
    if style.justified:
        masks = [m.resize((widest, round(m.height * min(2.2, widest / m.width)))) for m in masks]
    gap = 0.22 * np.median([mask.height for mask in masks])
    sheet = Image.new("L", (widest, round(sum(m.height for m in masks) + gap * (len(masks) - 1))))
    y = 0.0
    for mask in masks:
        sheet.paste(mask, (0 if style.aligned == "left" else (widest - mask.width) // 2, round(y)))
        y += mask.height + gap
    scale = min(style.width * SIZE / sheet.width, style.height * SIZE / sheet.height)
    sheet = sheet.resize(
        (max(1, round(sheet.width * scale)), max(1, round(sheet.height * scale))), Image.Resampling.LANCZOS
    )
    if style.bow:
        rise = round(style.bow * sheet.width)
        pixels = np.zeros((sheet.height + rise, sheet.width), np.uint8)
        down = np.rint(rise * np.linspace(-1, 1, sheet.width) ** 2).astype(int)
        rows = np.arange(sheet.height)[:, None] + down
        pixels[rows, np.arange(sheet.width)] = np.asarray(sheet)
        sheet = Image.fromarray(pixels)
    if style.angle:
        sheet = sheet.rotate(style.angle, Image.Resampling.BICUBIC, expand=True)
    limit = SIZE * (1 - 2 * EDGE)
    shrink = min(1, limit / sheet.width, limit / sheet.height)
    if shrink < 1:
        sheet = sheet.resize((int(sheet.width * shrink), int(sheet.height * shrink)), Image.Resampling.LANCZOS)
    return sheet.crop(sheet.getbbox())


def contrast(one, other) -> float:
    """The web's contrast ratio, 1 to 21."""
    a, b = sorted((luminance(one), luminance(other)))
    return (b + 0.05) / (a + 0.05)


def inks(rng: Rng, ground: np.ndarray, p: Palette) -> tuple[Colour, Colour, bool]:
    """A colour for letters on some ground, one for their outline, and whether they need the outline to be read."""
    choices = [p.paper, p.lamp, p.warm, p.fresh, p.ink, p.near, light(p.warm, 0.5), colour("ffffff"), colour("14121f")]
    worst = [min(contrast(one, level) for level in np.percentile(ground, (10, 90), 0)) for one in choices]
    good = [one for one, value in zip(choices, worst, strict=True) if value >= 3.2]
    fill = good[rng.integers(len(good))] if good else choices[int(np.argmax(worst))]
    around = [one for one in choices if contrast(one, fill) >= 3.5] or [colour("14121f")]
    return fill, around[rng.integers(len(around))], not good


class Layer:
    """Colour and coverage built up from masks, at the canvas' size, then averaged down."""

    def __init__(self) -> None:
        self.rgb = np.zeros((SIZE, SIZE, 3), np.float32)  # times alpha
        self.alpha = np.zeros((SIZE, SIZE, 1), np.float32)

    def put(self, part: tuple[slice, slice], mask: np.ndarray, fill: Colour, upper: Colour | None = None) -> None:
        """Lay a colour over a part of what is there; `upper` is the colour at the mask's top, if it changes."""
        rows = np.flatnonzero(mask.any(1))
        share = np.clip((np.arange(len(mask)) - rows[0]) / max(1, np.ptp(rows)), 0, 1)[:, None, None]
        paint = (np.array(upper or fill) * (1 - share) + np.array(fill) * share).astype(np.float32)
        cover = mask[..., None]
        self.rgb[part] = self.rgb[part] * (1 - cover) + paint * cover
        self.alpha[part] = self.alpha[part] * (1 - cover) + cover

    def finish(self) -> Image.Image:
        """RGBA at the picture's size. Coverage and colour come in 16 levels each, so that the file stays small."""
        shape = (SIDE, FINE, SIDE, FINE, -1)
        alpha = self.alpha.reshape(shape).mean((1, 3))
        rgb = self.rgb.reshape(shape).mean((1, 3)) / np.maximum(alpha, 1e-6)
        pixels = np.concatenate([rgb / 255, alpha], 2)
        levels = np.clip(np.rint(pixels * 15) * 17, 0, 255).astype(np.uint8)
        levels[levels[..., 3] == 0] = 0
        return Image.fromarray(levels)


def _set(
    layer: Layer, letters: Image.Image, x: int, y: int, rng: Rng, art: np.ndarray, p: Palette, style: Style | None
) -> bool:
    """Ink a mask laid at (x, y) so that it can be read on the art; True if it got an outline."""
    left, top = max(0, x - MARGIN), max(0, y - MARGIN)
    right, bottom = min(SIZE, x + letters.width + MARGIN), min(SIZE, y + letters.height + MARGIN)
    sheet = Image.new("L", (right - left, bottom - top))
    sheet.paste(letters, (x - left, y - top))
    part, mask = (slice(top, bottom), slice(left, right)), np.asarray(sheet, np.float32) / 255
    outside = ndimage.distance_transform_edt(mask < 0.5)
    ground = art.repeat(FINE, 0).repeat(FINE, 1)[part][outside < 3 * FINE]
    fill, around, needed = inks(rng, ground[:: FINE * FINE], p)
    width = max(style.outline if style else 0, 1 if needed else 0)
    body = np.maximum(mask, np.clip(width * FINE + 0.5 - outside, 0, 1).astype(np.float32)) if width else mask
    if style and any(style.shadow):
        dx, dy = (FINE * step for step in style.shadow)
        shade = p.ink if contrast(p.ink, fill) > 2 and not width else around
        layer.put(part, np.roll(body, (dy, dx), (0, 1)), shade)
    if width:
        layer.put(part, body, around)
    fade = light(fill, 0.45) if style and luminance(fill) < 0.6 and rng.random() < 0.25 else None
    layer.put(part, mask, fill, fade)
    return width > 0


def letter(
    rng: Rng, fonts: dict[str, Font], title: str, author: str, art: Image.Image, p: Palette
) -> tuple[Image.Image, dict]:
    """The text of a cover.

    Args:
        fonts: by name, of one script.
        title: up to some eight words.
        author: may be empty.
        art: the cover, RGB at its own size: colours are chosen so that they can be read on it.
        p: where colours are chosen from.

    Returns:
        RGBA at the cover's size, and what was chosen: font, angle, outline, shadow.
    """
    able = sorted(name for name, font in fonts.items() if font.has(title))
    font = fonts[able[rng.integers(len(able))]]
    if font.script == "latin" and font.name not in FLOWING and rng.random() < 0.4:
        title = title.upper()
    style = Style.drawn(rng, len(title.split()))
    mask = block(font.data, broken(title.split(), style.lines), style)
    edge, room = round(EDGE * SIZE), SIZE - mask.height
    low = {"top": edge, "middle": room * 0.42, "bottom": room - edge - 0.1 * SIZE}[style.place]
    y = int(np.clip(low + rng.uniform(-0.03, 0.06) * SIZE, edge, room - edge))
    x = int(np.clip((SIZE - mask.width) / 2 + rng.normal(0, 0.02) * SIZE, edge, SIZE - edge - mask.width))
    layer, pixels = Layer(), np.asarray(art)
    outlined = _set(layer, mask, x, y, rng, pixels, p, style)
    if author:
        choices = [name for name in NAMES[font.script] if fonts[name].has(author)]
        own = fonts[choices[rng.integers(len(choices))]]
        text = author.upper() if own.script == "latin" and rng.random() < 0.5 else author
        small = line_mask(own.data, text, 90)
        scale = min(rng.uniform(0.035, 0.055) * SIZE / small.height, 0.8 * SIZE / small.width)
        small = small.resize((round(small.width * scale), round(small.height * scale)), Image.Resampling.LANCZOS)
        at = SIZE - small.height - round(0.06 * SIZE) if y + mask.height < 0.85 * SIZE else round(0.06 * SIZE)
        if at < y - small.height or at > y + mask.height:
            _set(layer, small, (SIZE - small.width) // 2, at, rng, pixels, p, None)
        else:
            author = ""
    chosen = {"title": title, "author": author, "font": font.name, "angle": f"{style.angle:g}"}
    words = [word for word, used in (("outline", outlined), ("shadow", any(style.shadow)), ("bow", style.bow)) if used]
    return layer.finish(), chosen | {"effects": " ".join(words) or "plain"}
