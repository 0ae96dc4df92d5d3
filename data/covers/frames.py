"""What lies around and over a scene: borders, windows in patterned paper, panels."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from canvas import SIZE, Canvas, Colour, Points, choose, dark, ellipse, light, mix, rect, smooth, star
from palettes import Palette
from PIL import Image

Frame = Callable[[Canvas, Palette, np.random.Generator], None]


def none(c: Canvas, p: Palette, rng: np.random.Generator) -> None:
    pass


def pattern(c: Canvas, rng: np.random.Generator, paper: Colour, tint: Colour) -> None:
    """Fill everything with one of some small repeating motifs."""
    c.paint(rect(-0.01, -0.01, 1.01, 1.01), paper)
    kind, count = (
        choose(rng, "dots", "stars", "leaves", "stripes", "waves", "plain", "diamonds"),
        int(rng.integers(7, 12)),
    )
    step = 1 / count
    if kind == "stripes":
        for x in np.arange(-1, 1, step):
            c.paint([(x, 1), (x + 1, 0), (x + 1 + step / 2, 0), (x + step / 2, 1)], tint, alpha=0.5)
    elif kind == "waves":
        xs = np.linspace(-0.02, 1.02, 90)
        for y in np.arange(0, 1 + step, step):
            c.line(
                [*zip(xs, y + 0.22 * step * np.sin(xs * 2 * math.pi * count / 2), strict=True)],
                0.008,
                mix(paper, tint, 0.6),
            )
    elif kind != "plain":
        for row in range(count + 1):
            for column in range(-1, count + 1):
                x, y = (column + 0.5 * (row % 2) + 0.25) * step, (row + 0.25) * step
                if kind == "dots":
                    c.paint(ellipse(x, y, step * 0.16, step * 0.16), mix(paper, tint, 0.6))
                elif kind == "stars":
                    c.paint(star(x, y, step * 0.26, 5), mix(paper, tint, 0.6))
                elif kind == "diamonds":
                    c.paint(star(x, y, step * 0.3, 4, 0.6), mix(paper, tint, 0.6))
                else:
                    for turn in (-35, 35):
                        c.paint(ellipse(x, y, step * 0.1, step * 0.28, turn), mix(paper, tint, 0.6))


def _window(c: Canvas, p: Palette, rng: np.random.Generator, shape: Points) -> None:
    """Keep the scene inside a shape, shrunk to fit it; patterned paper covers the rest."""
    scene = c.image.copy()
    paper, tint = choose(
        rng, (p.near, p.warm), (p.ink, p.fresh), (p.paper, p.warm), (p.warm, p.paper), (dark(p.water, 0.3), p.lamp)
    )
    pattern(c, rng, paper, mix(paper, tint, 0.55))
    xs, ys = zip(*shape, strict=True)
    side = max(max(xs) - min(xs), max(ys) - min(ys))
    left, top = (max(xs) + min(xs) - side) / 2, (max(ys) + min(ys) - side) / 2
    wide = math.ceil(side * SIZE)
    small = Image.new("RGB", (SIZE, SIZE))
    small.paste(scene.resize((wide, wide), Image.Resampling.LANCZOS), (round(left * SIZE), round(top * SIZE)))
    middle = (sum((min(xs), max(xs))) / 2, sum((min(ys), max(ys))) / 2)
    for grow, fill in ((1.09, tint), (1.045, light(paper, 0.85))):
        c.paint(
            [(middle[0] + (x - middle[0]) * grow, middle[1] + (y - middle[1]) * grow) for x, y in shape],
            fill,
            lift=grow > 1.05,
        )
    c.image.paste(small, (0, 0), c.inside(shape))


def circle(c: Canvas, p: Palette, rng: np.random.Generator) -> None:
    _window(c, p, rng, ellipse(0.5, rng.uniform(0.45, 0.6), 0.37, 0.37))


def arch(c: Canvas, p: Palette, rng: np.random.Generator) -> None:
    top = rng.uniform(0.4, 0.5)
    _window(c, p, rng, [*ellipse(0.5, top, 0.34, 0.34, start=180, end=360), (0.84, 0.88), (0.16, 0.88)])


def panel(c: Canvas, p: Palette, rng: np.random.Generator) -> None:
    """A field of one colour at the top or the bottom, its edge straight or cut."""
    high, tint = rng.uniform(0.2, 0.32), choose(rng, p.paper, p.warm, p.ink, p.near, p.lamp)
    xs = np.linspace(-0.01, 1.01, 121)
    kind, count = rng.integers(4), int(rng.integers(6, 14))
    wave = {
        0: np.zeros_like(xs),
        1: np.abs(np.sin(xs * math.pi * count)) * 0.03,
        2: np.sin(xs * 2 * math.pi * count / 3) * 0.018,
        3: np.abs((xs * count) % 1 - 0.5) * 0.06,
    }[int(kind)]
    at_top = rng.random() < 0.6
    line = high + wave if at_top else 1 - high - wave
    edge = -0.02 if at_top else 1.02
    c.paint([*zip(xs, line, strict=True), (1.02, edge), (-0.02, edge)], tint, lift=True)
    if rng.random() < 0.5:
        c.line(
            [*zip(xs, line + (-0.022 if at_top else 0.022), strict=True)],
            0.006,
            mix(tint, p.warm if tint != p.warm else p.paper, 0.7),
        )


def border(c: Canvas, p: Palette, rng: np.random.Generator) -> None:
    """A broad edge, with lines and something at its corners."""
    wide, tint = rng.uniform(0.035, 0.06), choose(rng, p.ink, p.paper, p.warm, p.near)
    mark = choose(rng, p.lamp, p.fresh) if tint != p.paper else choose(rng, p.warm, p.near)
    for low, high in (
        ((-0.01, -0.01), (1.01, wide)),
        ((-0.01, 1 - wide), (1.01, 1.01)),
        ((-0.01, -0.01), (wide, 1.01)),
        ((1 - wide, -0.01), (1.01, 1.01)),
    ):
        c.paint(rect(*low, *high), tint)
    a, b = wide * 0.62, 1 - wide * 0.62
    c.line([(a, a), (b, a), (b, b), (a, b), (a, a)], 0.005, mark)
    kind = rng.integers(4)
    for turn, (x, y) in zip(
        (0, 90, 270, 180), ((wide, wide), (1 - wide, wide), (wide, 1 - wide), (1 - wide, 1 - wide)), strict=True
    ):
        corner = c.at(x, y, 0.12, turn=turn)
        if kind == 0:
            corner.paint([(-0.3, -0.3), (1, -0.3), (-0.3, 1)], tint)
            corner.paint(ellipse(0.12, 0.12, 0.12, 0.12), mark)
        elif kind == 1:
            corner.paint(ellipse(0, 0, 0.5, 0.5), tint)
            corner.paint(star(0, 0, 0.34, 5, turn=-90 - turn), mark)
        elif kind == 2:
            corner.paint(ellipse(0, 0, 0.42, 0.42), tint)
            for leaf in (8, 45, 82):
                corner.at(0, 0, turn=leaf).paint(smooth([(0, 0), (0.5, -0.16), (1, 0), (0.5, 0.16)]), mark)


def line(c: Canvas, p: Palette, rng: np.random.Generator) -> None:
    """One or two thin lines just inside the edge."""
    tint = choose(rng, p.paper, p.lamp, p.ink)
    for inset in (0.035, 0.055)[: rng.integers(1, 3)]:
        a, b = inset, 1 - inset
        c.line([(a, a), (b, a), (b, b), (a, b), (a, a)], 0.006 if inset == 0.035 else 0.003, tint)


FRAMES: dict[str, Frame] = {
    "none": none,
    "line": line,
    "border": border,
    "panel": panel,
    "circle": circle,
    "arch": arch,
}
SHARES = {"none": 0.56, "line": 0.12, "border": 0.1, "panel": 0.1, "circle": 0.06, "arch": 0.06}
