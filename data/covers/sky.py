"""Skies, and what stands and flies in them."""

from __future__ import annotations

import math

import numpy as np
from canvas import Canvas, Rng, choose, colour, ellipse, light, mix, star
from palettes import Palette


def heavens(c: Canvas, p: Palette, rng: Rng, time: str, horizon: float = 0.7) -> None:
    """The sky with what stands in it at that time of day."""
    c.sky([*p.sky, p.sky[-1]] if horizon < 0.75 else p.sky)
    x, r = rng.uniform(0.2, 0.8), rng.uniform(0.055, 0.15)
    if time == "night":
        stars(c, p, rng, int(rng.integers(25, 70)), horizon)
        moon(c, p, x, rng.uniform(0.14, 0.36), r, rng)
        if rng.random() < 0.25:
            comet(c, p, rng)
    else:
        y = rng.uniform(0.14, 0.4) if time == "day" else horizon - rng.uniform(0.02, 0.24)
        sun(c, p, x, y, r, rng)
    if rng.random() < (0.75 if time == "day" else 0.4):
        for _ in range(rng.integers(1, 5)):
            cloud(c, p, rng.uniform(0, 1), rng.uniform(0.08, horizon - 0.22), rng.uniform(0.1, 0.26), rng)
    if time != "night" and rng.random() < 0.4:
        flock(c, p, rng)


def sun(c: Canvas, p: Palette, x: float, y: float, r: float, rng: Rng) -> None:
    kind = choose(rng, "glow", "rings", "rays", "plain")
    if kind == "glow":
        c.glow(x, y, r * 4, p.lamp, 0.7)
    elif kind == "rings":
        for step in (3, 2.3, 1.6):
            c.paint(ellipse(x, y, r * step, r * step), p.lamp, alpha=0.16)
    elif kind == "rays":
        for turn in np.arange(0, 360, 20):
            a, b = math.radians(turn - 4), math.radians(turn + 4)
            far = [(x + 1.5 * math.cos(t), y + 1.5 * math.sin(t)) for t in (a, b)]
            c.paint([(x, y), *far], p.lamp, alpha=0.13)
    c.paint(ellipse(x, y, r, r), (light(p.lamp, 0.3), mix(p.lamp, colour("ffb545"), 0.35)))


def moon(c: Canvas, p: Palette, x: float, y: float, r: float, rng: Rng) -> None:
    c.glow(x, y, r * 4, p.lamp, 0.45)
    if rng.random() < 0.45:  # a crescent: a disc less another
        a = ellipse(x, y, r, r, start=-60, end=240, turn=-30)
        b = ellipse(x + r * 0.42, y - r * 0.24, r * 0.9, r * 0.9, start=218, end=-38, turn=-30)
        c.paint([*a, *b], p.lamp)
        return
    c.paint(ellipse(x, y, r, r), p.lamp)
    for dx, dy, size in ((-0.35, -0.2, 0.2), (0.25, 0.3, 0.26), (0.3, -0.4, 0.13), (-0.2, 0.45, 0.12)):
        c.paint(ellipse(x + dx * r, y + dy * r, size * r, size * r), mix(p.lamp, p.sky[-1], 0.3))


def stars(c: Canvas, p: Palette, rng: Rng, count: int, horizon: float = 1) -> None:
    for _ in range(count):
        x, y, r = rng.uniform(0, 1), rng.uniform(0, horizon), rng.uniform(0.002, 0.006)
        c.paint(ellipse(x, y, r, r), mix(p.sky[0], p.lamp, rng.uniform(0.5, 1)))
    for _ in range(rng.integers(2, 8)):
        c.paint(star(rng.uniform(0, 1), rng.uniform(0, horizon * 0.8), rng.uniform(0.012, 0.024), 4, 0.22), p.lamp)


def comet(c: Canvas, p: Palette, rng: Rng) -> None:
    x, y, long = rng.uniform(0.15, 0.6), rng.uniform(0.1, 0.3), rng.uniform(0.2, 0.35)
    for share, alpha in ((1, 0.2), (0.7, 0.25), (0.4, 0.35)):
        c.paint([(x, y - 0.01), (x + long * share, y - long * share * 0.5), (x + 0.005, y + 0.01)], p.lamp, alpha)
    c.paint(star(x, y, 0.035, 5), p.lamp)


def cloud(c: Canvas, p: Palette, x: float, y: float, size: float, rng: Rng) -> None:
    tint, alpha = mix(p.paper, p.sky[-1], 0.25), rng.uniform(0.55, 0.95)
    lumps = [
        (0, 0, 0.3, 0.24),
        (-0.32, 0.08, 0.24, 0.16),
        (0.3, 0.06, 0.26, 0.19),
        (0.6, 0.12, 0.18, 0.1),
        (-0.6, 0.13, 0.16, 0.09),
    ]
    xs = np.linspace(-0.78, 0.8, 70)
    top = [
        min([0.2] + [cy - cr * math.sqrt(1 - ((at - cx) / rx) ** 2) for cx, cy, rx, cr in lumps if abs(at - cx) < rx])
        for at in xs
    ]
    line = [(x + at * size, y + h * size) for at, h in zip(xs, top, strict=True)]
    c.paint([*line, (x + 0.8 * size, y + 0.21 * size), (x - 0.78 * size, y + 0.21 * size)], tint, alpha)


def flock(c: Canvas, p: Palette, rng: Rng) -> None:
    x, y = rng.uniform(0.15, 0.75), rng.uniform(0.12, 0.4)
    for _ in range(rng.integers(3, 8)):
        s, bx, by = rng.uniform(0.012, 0.026), x + rng.normal(0, 0.09), y + rng.normal(0, 0.05)
        for side in (-1, 1):
            c.line(
                [(bx, by), (bx + side * s * 0.6, by - s * 0.7), (bx + side * s * 1.4, by - s * 0.35)], s * 0.22, p.ink
            )


def aurora(c: Canvas, p: Palette, rng: Rng) -> None:
    for tint in (p.fresh, p.warm, p.water):
        y, phase = rng.uniform(0.15, 0.4), rng.uniform(0, 6)
        xs = np.linspace(-0.05, 1.05, 40)
        ys = y + 0.06 * np.sin(xs * 7 + phase) + 0.03 * np.sin(xs * 15 + phase)
        for deep in (0.05, 0.1, 0.16):
            c.paint([*zip(xs, ys, strict=True), *zip(xs[::-1], ys[::-1] - deep, strict=True)], tint, alpha=0.16)
