"""Land, water and what grows."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from canvas import Canvas, Colour, Rng, colour, dark, ellipse, light, mix, rect, skyline, smooth, star
from palettes import Palette


def scatter(rng: Rng, count: int, low: float, high: float, apart: float) -> Sequence[float]:
    """Places between two ends, none nearer to another than `apart`, from left to right."""
    found: list[float] = []
    for x in rng.uniform(low, high, count * 6):
        if len(found) < count and all(abs(x - other) >= apart for other in found):
            found.append(float(x))
    return sorted(found)


def hills(
    c: Canvas, near: Colour, far: Colour, top: float, bottom: float, count: int, rng: Rng, rough: float = 0.05
) -> list[np.ndarray]:
    """Rolling land in layers from the horizon to the foreground.

    Returns:
        The line of each layer: heights at 60 places from edge to edge.
    """
    xs, lines = np.linspace(0, 1, 60), []
    for layer in range(count):
        share = (layer + 1) / count
        y = top + (bottom - top) * layer / max(1, count - 1)
        line = y + sum(
            rough * a * np.sin(xs * f * rng.uniform(0.7, 1.3) + rng.uniform(0, 7))
            for a, f in ((0.7, 4), (0.35, 9), (0.12, 21))
        )
        tint = mix(far, near, share)
        c.paint(skyline(line), (light(tint, 0.13), dark(tint, 0.1)), lift=True)
        lines.append(line)
    return lines


def peaks(c: Canvas, p: Palette, y: float, rng: Rng, tint: Colour, snow: bool = True, count: int = 4) -> None:
    """Mountains with a lit and a shaded side."""
    for x in rng.permutation(np.linspace(0.02, 0.98, count)):
        h, wide = rng.uniform(0.2, 0.4), rng.uniform(0.2, 0.32)
        top = (x + rng.uniform(-0.03, 0.03), y - h)
        c.paint([top, (x - wide, y + 0.03), (x + wide, y + 0.03)], (light(tint, 0.12), tint), lift=True)
        mid = (x + 0.04, y - h * 0.45)
        c.paint([top, mid, (x - 0.02, y + 0.03), (x + wide, y + 0.03)], dark(tint, 0.22))
        if snow:
            s = 0.32
            left, right = (top[0] - wide * s, y - h * (1 - s)), (top[0] + wide * s, y - h * (1 - s))
            teeth = [
                (left[0] + (right[0] - left[0]) * t, left[1] + (0.03 if i % 2 else -0.02))
                for i, t in enumerate(np.linspace(0.1, 0.9, 5))
            ]
            c.paint([top, left, *teeth, right], mix(p.paper, p.sky[1], 0.12))


def sea(c: Canvas, p: Palette, y: float, rng: Rng, layers: int = 4) -> None:
    """Water from the horizon down, in rows of waves."""
    c.paint(rect(-0.02, y, 1.02, 1.02), (mix(p.water, p.sky[-1], 0.35), p.water))
    xs = np.linspace(-0.02, 1.02, 120)
    sharp = rng.random() < 0.5
    for layer in range(layers):
        deep = (layer + 0.6) / layers
        top, a, f = y + (1 - y) * deep, 0.008 + 0.012 * deep, rng.uniform(30, 46) * (1.15 - 0.5 * deep)
        wave = np.sin(xs * f + rng.uniform(0, 7))
        line = top - a * (np.abs(wave) * 2 - 1 if sharp else wave)
        tint = mix(mix(p.water, p.sky[-1], 0.3), dark(p.water, 0.45), deep)
        c.paint(skyline(line), (light(tint, 0.1), dark(tint, 0.1)), lift=True)
        for _ in range(rng.integers(0, 4)):
            gx = rng.uniform(0, 1)
            c.line([(gx, top + 0.04), (gx + rng.uniform(0.03, 0.09), top + 0.04)], 0.005, light(tint, 0.3))


def path(c: Canvas, tint: Colour, x: float, top: float, rng: Rng) -> None:
    """A way that winds from the lower edge to a place."""
    ys = np.linspace(top, 1.02, 30)
    share = (ys - top) / (1.02 - top)
    mid = x + 0.13 * np.sin(share * 5 + rng.uniform(0, 6)) * share
    wide = 0.008 + 0.09 * share**1.5
    c.paint(
        [*zip(mid - wide, ys, strict=True), *zip((mid + wide)[::-1], ys[::-1], strict=True)],
        (mix(tint, (255, 255, 255), 0.2), tint),
    )


def pine(c: Canvas, x: float, y: float, h: float, tint: Colour, snow: Colour | None = None) -> None:
    t = c.at(x, y, h)
    t.paint(rect(-0.035, -0.16, 0.035, 0.01), colour("5a3d2e"))
    for low, high, wide in ((-0.1, -0.55, 0.3), (-0.32, -0.78, 0.24), (-0.56, -1.0, 0.17)):
        t.paint(
            [(0, high), (-wide, low), (-wide * 0.4, low + 0.03), (0, low), (wide * 0.4, low + 0.03), (wide, low)], tint
        )
        t.paint([(0, high), (0, low), (wide * 0.4, low + 0.03), (wide, low)], dark(tint, 0.18))
        if snow:
            t.paint(
                [
                    (0, high),
                    (-wide * 0.5, (low + high) / 2),
                    (-wide * 0.15, (low + high) / 2 - 0.04),
                    (wide * 0.1, (low + high) / 2 + 0.03),
                    (wide * 0.5, (low + high) / 2),
                ],
                snow,
            )


def tree(c: Canvas, x: float, y: float, h: float, tint: Colour, rng: Rng) -> None:
    t = c.at(x, y, h)
    trunk = colour("6b4632")
    t.paint([(-0.045, 0.01), (-0.03, -0.5), (0.03, -0.5), (0.05, 0.01)], trunk)
    t.line([(0.0, -0.35), (0.12, -0.52)], 0.03, trunk)
    kind = rng.integers(3)
    if kind == 0:
        t.paint(ellipse(0, -0.68, 0.25, 0.32), (light(tint, 0.12), dark(tint, 0.12)))
    elif kind == 1:
        for dx, dy, r in (
            (-0.16, -0.52, 0.17),
            (0.17, -0.53, 0.17),
            (-0.08, -0.75, 0.2),
            (0.1, -0.72, 0.2),
            (0, -0.58, 0.2),
        ):
            t.paint(ellipse(dx, dy, r, r), mix(tint, light(tint, 0.18), (-dy - 0.5) * 3))
    else:
        t.paint(
            smooth([(0, -1.02), (-0.2, -0.6), (-0.16, -0.34), (0, -0.28), (0.16, -0.34), (0.2, -0.6)]),
            (light(tint, 0.15), dark(tint, 0.1)),
        )
        t.line([(0, -0.3), (0, -0.8)], 0.012, dark(tint, 0.3))
    for _ in range(rng.integers(0, 6)):
        t.paint(ellipse(rng.uniform(-0.15, 0.15), rng.uniform(-0.85, -0.5), 0.025, 0.025), light(tint, 0.3))


def trunk(c: Canvas, x: float, wide: float, tint: Colour, rng: Rng) -> None:
    """A trunk of a near tree, from edge to edge."""
    lean = rng.uniform(-0.05, 0.05)
    c.paint(
        [(x - wide, 1.02), (x - wide * 0.6 + lean, -0.02), (x + wide * 0.6 + lean, -0.02), (x + wide * 1.3, 1.02)],
        (tint, dark(tint, 0.2)),
        lift=True,
    )
    for side in (-1, 1):
        y = rng.uniform(0.1, 0.5)
        reach = side * rng.uniform(0.1, 0.25)
        c.line([(x + lean / 2, y + 0.08), (x + reach * 0.6, y), (x + reach, y - 0.09)], wide * 0.35, tint)


def palm(c: Canvas, x: float, y: float, lean: float, tint: Colour) -> None:
    top = (x + lean, y - 0.27)
    c.line([(x, y), (x + lean * 0.4, y - 0.14), top], 0.022, colour("8a5f3c"))
    for turn in (-160, -120, -60, -20, 20, 160):
        leaf = c.at(*top, 0.15, turn=turn)
        leaf.paint(smooth([(0, 0), (0.45, -0.16), (1, 0.12), (0.5, 0.06)]), tint)
    c.paint(ellipse(top[0] + 0.012, top[1] + 0.014, 0.015, 0.015), colour("7a4a2b"))


def flower(c: Canvas, x: float, y: float, h: float, tint: Colour, rng: Rng, green: Colour) -> None:
    top = (x + rng.uniform(-0.15, 0.15) * h, y - h)
    c.line([(x, y), ((x + top[0]) / 2 + 0.04 * h, y - h / 2), top], h * 0.07, green)
    c.paint(ellipse(x + 0.12 * h, y - 0.35 * h, 0.16 * h, 0.06 * h, -35), green)
    r, kind = h * rng.uniform(0.16, 0.26), rng.integers(3)
    if kind == 0:
        for turn in range(0, 360, 60):
            a = math.radians(turn)
            c.paint(ellipse(top[0] + r * math.cos(a), top[1] + r * math.sin(a), r * 0.62, r * 0.62), tint)
        c.paint(ellipse(*top, r * 0.55, r * 0.55), colour("f7c948"))
    elif kind == 1:  # a tulip
        c.paint(
            [
                (top[0] - r, top[1] - r),
                (top[0] - r * 0.5, top[1] - r * 0.3),
                (top[0], top[1] - r * 1.2),
                (top[0] + r * 0.5, top[1] - r * 0.3),
                (top[0] + r, top[1] - r),
                (top[0] + r * 0.7, top[1] + r * 0.7),
                (top[0] - r * 0.7, top[1] + r * 0.7),
            ],
            tint,
        )
    else:
        c.paint(star(*top, r * 1.5, 9, 0.55), tint)
        c.paint(ellipse(*top, r * 0.6, r * 0.6), mix(tint, (60, 30, 20), 0.6))


def grass(c: Canvas, y: float, tint: Colour, rng: Rng, count: int = 60) -> None:
    for x in rng.uniform(0, 1, count):
        h = rng.uniform(0.02, 0.07)
        c.paint(
            [(x - 0.006, y), (x + rng.uniform(-0.02, 0.02), y - h), (x + 0.006, y)],
            mix(tint, light(tint, 0.25), rng.random()),
        )


def mushroom(c: Canvas, x: float, y: float, h: float, tint: Colour) -> None:
    m = c.at(x, y, h)
    m.paint(smooth([(-0.12, 0), (-0.09, -0.5), (0.09, -0.5), (0.12, 0)]), colour("f6ead8"))
    m.paint(ellipse(0, -0.5, 0.42, 0.45, start=180, end=360), (light(tint, 0.1), dark(tint, 0.12)))
    for dx, dy, r in ((-0.2, -0.62, 0.07), (0.05, -0.78, 0.08), (0.22, -0.6, 0.06)):
        m.paint(ellipse(dx, dy, r, r * 0.8), colour("fff6ea"))


def cactus(c: Canvas, x: float, y: float, h: float, tint: Colour, warm: Colour) -> None:
    k = c.at(x, y, h)
    for points in (
        [(0, 0), (0, -0.9)],
        [(-0.02, -0.35), (-0.26, -0.38), (-0.28, -0.65)],
        [(0.02, -0.25), (0.24, -0.28), (0.26, -0.52)],
    ):
        k.line(points, 0.17, tint)
        k.line([(px + 0.03, py) for px, py in points], 0.02, dark(tint, 0.25))
    k.paint(star(0, -1.0, 0.09, 6, 0.5), warm)
