"""Houses, castles, cities."""

from __future__ import annotations

import numpy as np
from canvas import Canvas, Colour, Rng, choose, dark, ellipse, light, mix, rect
from palettes import Palette


def house(c: Canvas, x: float, y: float, size: float, p: Palette, rng: Rng) -> None:
    h = c.at(x, y, size)
    wall, roof = (
        choose(rng, p.paper, mix(p.paper, p.warm, 0.3), mix(p.paper, p.fresh, 0.4)),
        choose(rng, p.warm, p.fresh, dark(p.warm, 0.3)),
    )
    h.paint(rect(0.18, -1.05, 0.3, -0.7), dark(roof, 0.35))
    h.paint(rect(-0.4, -0.6, 0.4, 0), (wall, dark(wall, 0.12)), lift=True)
    h.paint([(-0.5, -0.58), (0, -1.1), (0.5, -0.58)], (light(roof, 0.1), dark(roof, 0.12)))
    h.paint([*rect(-0.09, -0.22, 0.09, 0)[2:], *ellipse(0, -0.22, 0.09, 0.09, start=180)], dark(roof, 0.4))
    for wx in (-0.27, 0.17):
        h.paint(rect(wx, -0.45, wx + 0.13, -0.28), p.lamp)
        h.line([(wx + 0.065, -0.45), (wx + 0.065, -0.28)], 0.015, dark(roof, 0.4))
    h.paint(ellipse(0, -0.72, 0.08, 0.08), p.lamp)


def castle(c: Canvas, x: float, y: float, size: float, p: Palette, rng: Rng, wall: Colour) -> None:
    k = c.at(x, y, size)
    shade = dark(wall, 0.28)

    def tower(tx: float, wide: float, high: float) -> None:
        k.paint(rect(tx - wide, -high, tx + wide, 0), (wall, mix(wall, shade, 0.6)), lift=True)
        k.paint(rect(tx + wide * 0.35, -high, tx + wide, 0), mix(wall, shade, 0.55))
        for wy in np.arange(-high + 0.09, -0.16, 0.17):
            k.paint(
                [
                    *ellipse(tx - 0.01, wy, wide * 0.22, wide * 0.26, start=180),
                    (tx - 0.01 + wide * 0.22, wy + 0.06),
                    (tx - 0.01 - wide * 0.22, wy + 0.06),
                ],
                p.lamp if rng.random() < 0.7 else shade,
            )
        if rng.random() < 0.75:
            k.paint(
                [(tx - wide * 1.35, -high + 0.01), (tx, -high - wide * 3.2), (tx + wide * 1.35, -high + 0.01)],
                (light(p.warm, 0.1), dark(p.warm, 0.25)),
            )
            k.line([(tx, -high - wide * 3.1), (tx, -high - wide * 3.1 - 0.13)], 0.012, p.ink)
            k.paint(
                [
                    (tx, -high - wide * 3.1 - 0.13),
                    (tx + 0.12, -high - wide * 3.1 - 0.095),
                    (tx, -high - wide * 3.1 - 0.06),
                ],
                p.fresh,
            )
        else:
            for step in np.linspace(-1, 0.6, 3):
                k.paint(rect(tx + step * wide * 1.1, -high - 0.06, tx + (step + 0.42) * wide * 1.1, -high + 0.01), wall)

    tower(rng.uniform(-0.08, 0.08), 0.12, rng.uniform(0.75, 1.0))
    k.paint(rect(-0.5, -0.36, 0.5, 0), (wall, mix(wall, shade, 0.5)), lift=True)
    for step in np.arange(-0.5, 0.45, 0.12):
        k.paint(rect(step, -0.42, step + 0.065, -0.35), wall)
    for side in (-1, 1):
        tower(side * rng.uniform(0.24, 0.3), 0.085, rng.uniform(0.5, 0.72))
        tower(side * 0.5, 0.105, rng.uniform(0.42, 0.62))
    k.paint([*ellipse(0, -0.15, 0.1, 0.12, start=180), (0.1, 0), (-0.1, 0)], p.ink)


def tower_block(
    c: Canvas, x: float, y: float, wide: float, high: float, tint: Colour, p: Palette, rng: Rng, lit: float
) -> None:
    """A house of a city, windows lit or not, with one of some roofs."""
    c.paint(rect(x, y - high, x + wide, 1.02), (tint, mix(tint, p.ink, 0.15)), lift=True)
    roof = rng.integers(5)
    if roof == 0:
        c.paint([(x, y - high), (x + wide / 2, y - high - wide * 0.7), (x + wide, y - high)], dark(tint, 0.2))
    elif roof == 1:
        c.line([(x + wide / 2, y - high), (x + wide / 2, y - high - 0.07)], 0.006, tint)
    elif roof == 2:
        c.paint(ellipse(x + wide / 2, y - high, wide * 0.36, wide * 0.36, start=180, end=360), light(tint, 0.12))
    elif roof == 3:
        c.paint(rect(x + wide * 0.2, y - high - 0.03, x + wide * 0.55, y - high), dark(tint, 0.15))
    columns = max(2, int(wide / 0.034))
    step = wide / columns
    for column in range(columns):
        for wy in np.arange(y - high + 0.025, min(1, y + 0.02), 0.042):
            if rng.random() < lit:
                wx = x + column * step + step * 0.28
                c.paint(rect(wx, wy, wx + step * 0.46, wy + 0.021), p.lamp if rng.random() < 0.8 else p.fresh)


def lighthouse(c: Canvas, x: float, y: float, h: float, p: Palette, beam: bool) -> None:
    t = c.at(x, y, h)
    if beam:
        for far in (-1.9, 1.9):
            t.paint([(0, -0.9), (far, -1.2), (far, -0.75)], p.lamp, alpha=0.28)
    for row in range(4):
        low, high = -row * 0.2, -(row + 1) * 0.2
        t.paint(
            [
                (-0.13 + row * 0.015, low),
                (-0.115 + row * 0.015, high),
                (0.115 - row * 0.015, high),
                (0.13 - row * 0.015, low),
            ],
            p.paper if row % 2 else p.warm,
        )
    t.paint(rect(-0.1, -0.84, 0.1, -0.79), p.ink)
    t.paint(rect(-0.06, -0.95, 0.06, -0.83), p.lamp)
    t.paint([(-0.09, -0.94), (0, -1.06), (0.09, -0.94)], p.warm)


def windmill(c: Canvas, x: float, y: float, h: float, p: Palette, rng: Rng) -> None:
    m = c.at(x, y, h)
    m.paint([(-0.2, 0), (-0.12, -0.6), (0.12, -0.6), (0.2, 0)], (p.paper, dark(p.paper, 0.15)), lift=True)
    m.paint(ellipse(0, -0.6, 0.13, 0.14, start=180, end=360), p.warm)
    m.paint(rect(-0.05, -0.16, 0.05, 0), dark(p.warm, 0.4))
    turn = rng.uniform(0, 90)
    for step in range(4):
        blade = m.at(0, -0.62, 1, turn=turn + step * 90)
        blade.paint(rect(0.05, 0.0, 0.5, 0.11), light(p.fresh, 0.2))
        blade.line([(0, 0), (0.5, 0)], 0.022, p.ink)
    m.paint(ellipse(0, -0.62, 0.035, 0.035), p.ink)
