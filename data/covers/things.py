"""Things that float, fly and stand about, and planets."""

from __future__ import annotations

import math

from canvas import Canvas, Colour, Rng, choose, colour, dark, ellipse, light, mix, rect, smooth
from palettes import Palette


def boat(c: Canvas, x: float, y: float, size: float, p: Palette, rng: Rng) -> None:
    b = c.at(x, y, size, flip=rng.random() < 0.5, turn=rng.uniform(-6, 6))
    b.line([(0, -0.1), (0, -1.0)], 0.03, p.ink)
    b.paint(smooth([(0.04, -0.98), (0.04, -0.2), (0.48, -0.22), (0.3, -0.6)], 8), (p.paper, dark(p.paper, 0.14)))
    b.paint([(-0.04, -0.9), (-0.04, -0.22), (-0.38, -0.22)], p.fresh)
    b.paint([(0, -1.0), (0.18, -0.95), (0, -0.9)], p.warm)
    b.paint([(-0.48, -0.16), (0.55, -0.16), (0.36, 0.1), (-0.34, 0.1)], (p.warm, dark(p.warm, 0.25)))
    b.line([(-0.46, -0.13), (0.53, -0.13)], 0.025, p.paper)


def balloon(c: Canvas, x: float, y: float, size: float, p: Palette, rng: Rng) -> None:
    b = c.at(x, y, size)
    tints = [choose(rng, p.warm, p.fresh), p.paper]
    outline = smooth(
        [
            (0, -0.5),
            (-0.3, -0.42),
            (-0.42, -0.12),
            (-0.3, 0.18),
            (-0.1, 0.4),
            (0.1, 0.4),
            (0.3, 0.18),
            (0.42, -0.12),
            (0.3, -0.42),
        ]
    )
    b.paint(outline, tints[0], lift=True)
    for share in (0.62, 0.2):
        b.paint([(px * share, py) for px, py in outline], tints[1] if share > 0.5 else tints[0])
    b.paint(ellipse(-0.14, -0.22, 0.09, 0.16, 20), (255, 255, 255), alpha=0.22)
    for side in (-0.09, 0.09):
        b.line([(side, 0.4), (side * 0.7, 0.58)], 0.012, p.ink)
    b.paint(rect(-0.085, 0.57, 0.085, 0.7), colour("a8713f"))


def kite(c: Canvas, x: float, y: float, size: float, p: Palette) -> None:
    k = c.at(x, y, size, turn=25)
    k.line(smooth([(0, 0.6), (0.1, 0.9), (-0.1, 1.2), (0.1, 1.5), (-0.1, 1.2), (0.1, 0.9)])[:30], 0.03, p.ink)
    k.paint([(0, -0.5), (-0.35, 0), (0, 0.6), (0.35, 0)], p.warm)
    k.paint([(0, -0.5), (0.35, 0), (0, 0.6)], p.fresh)


def rocket(c: Canvas, x: float, y: float, size: float, turn: float, p: Palette) -> None:
    r = c.at(x, y, size, turn=turn)
    r.paint(smooth([(-0.12, 0.48), (0, 1.0), (0.12, 0.48)]), colour("ffb03a"))
    r.paint(smooth([(-0.07, 0.48), (0, 0.8), (0.07, 0.48)]), colour("fff1b8"))
    for side in (-1, 1):
        r.paint([(side * 0.15, 0.1), (side * 0.4, 0.55), (side * 0.13, 0.42)], dark(p.warm, 0.15))
    r.paint(
        smooth([(0, -0.72), (-0.2, -0.3), (-0.2, 0.2), (-0.12, 0.48), (0.12, 0.48), (0.2, 0.2), (0.2, -0.3)]), p.paper
    )
    r.paint(smooth([(0, -0.72), (-0.1, -0.56), (-0.165, -0.4), (0.165, -0.4), (0.1, -0.56)]), p.warm)
    r.paint(ellipse(0, -0.1, 0.12, 0.12), p.ink)
    r.paint(ellipse(0, -0.1, 0.085, 0.085), light(p.water, 0.45))
    r.paint(rect(-0.155, 0.28, 0.155, 0.35), p.fresh)


def planet(c: Canvas, x: float, y: float, r: float, tint: Colour, p: Palette, rng: Rng, ring: bool) -> None:
    o = c.at(x, y, r, turn=rng.uniform(-35, 35))
    other = choose(rng, p.paper, p.fresh, p.lamp)
    if ring:
        o.paint(
            [*ellipse(0, 0, 1.75, 0.42, start=180, end=360), *ellipse(0, 0, 1.3, 0.27, start=360, end=180)],
            mix(other, tint, 0.4),
        )
    c.glow(x, y, r * 1.7, tint, 0.35)
    o.paint(ellipse(0, 0, 1, 1), (light(tint, 0.22), dark(tint, 0.3)), lift=True)
    if rng.random() < 0.5:
        for at in (-0.5, -0.1, 0.35):
            half = math.sqrt(1 - at * at)
            low = math.sqrt(1 - (at + 0.17) ** 2)
            o.paint([(-half, at), (half, at), (low, at + 0.17), (-low, at + 0.17)], mix(tint, other, 0.5), alpha=0.7)
    else:
        for _ in range(6):
            a, d, s = rng.uniform(0, 7), rng.uniform(0, 0.68), rng.uniform(0.08, 0.2)
            o.paint(ellipse(d * math.cos(a), d * math.sin(a), s, s * 0.9), dark(tint, 0.25), alpha=0.7)
    if ring:
        o.paint([*ellipse(0, 0, 1.75, 0.42, start=0, end=180), *ellipse(0, 0, 1.3, 0.27, start=180, end=0)], other)


def butterfly(c: Canvas, x: float, y: float, size: float, tint: Colour, ink: Colour, turn: float) -> None:
    b = c.at(x, y, size, turn=turn)
    for side in (-1, 1):
        b.paint(ellipse(side * 0.36, -0.22, 0.36, 0.26, side * -35), tint)
        b.paint(ellipse(side * 0.26, 0.22, 0.25, 0.2, side * 35), light(tint, 0.35))
    b.line([(0, -0.3), (0, 0.35)], 0.09, ink)


def fish(c: Canvas, x: float, y: float, size: float, p: Palette, rng: Rng) -> None:
    f = c.at(x, y, size, flip=rng.random() < 0.5)
    tint = choose(rng, p.warm, p.fresh)
    f.paint([(-0.4, 0), (-0.85, -0.32), (-0.75, 0), (-0.85, 0.32)], dark(tint, 0.2))
    f.paint(ellipse(0, 0, 0.55, 0.32), (light(tint, 0.15), tint))
    f.paint(ellipse(0.28, -0.06, 0.06, 0.07), p.ink)


def snowman(c: Canvas, x: float, y: float, h: float, p: Palette) -> None:
    s = c.at(x, y, h)
    for cy, r in ((-0.24, 0.28), (-0.62, 0.21)):
        s.paint(ellipse(0, cy, r, r), (light(p.paper, 0.5), mix(p.paper, p.water, 0.3)))
    s.paint(ellipse(0, -0.92, 0.16, 0.16), (light(p.paper, 0.5), mix(p.paper, p.water, 0.25)))
    s.paint(rect(-0.16, -1.08, 0.16, -1.04), p.ink)
    s.paint(rect(-0.1, -1.25, 0.1, -1.06), p.ink)
    for dx in (-0.055, 0.055):
        s.paint(ellipse(dx, -0.96, 0.018, 0.022), p.ink)
    s.paint([(0, -0.925), (0.2, -0.89), (0, -0.88)], colour("f0903a"))
    s.paint(smooth([(-0.16, -0.8), (0, -0.75), (0.16, -0.8), (0.17, -0.73), (0, -0.68), (-0.17, -0.73)]), p.warm)
    for cy in (-0.62, -0.5, -0.3):
        s.paint(ellipse(0, cy, 0.02, 0.02), p.ink)
    for side in (-1, 1):
        s.line([(side * 0.18, -0.66), (side * 0.45, -0.84)], 0.022, colour("6b4632"))
