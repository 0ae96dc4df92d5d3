"""Animals built from shapes. Each stands at the origin, is about one unit tall, and looks at us or to the right."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from canvas import Canvas, Colour, colour, dark, ellipse, light, mix, smooth

INK = colour("241a24")
WHITE = colour("fffaf0")
CREAM = colour("f8e6cb")
ROSE = colour("e88a8a")

Animal = Callable[[Canvas, np.random.Generator], None]


def _either(points):
    """A shape and its mirror image."""
    return points, [(-x, y) for x, y in points]


def _coat(rng: np.random.Generator, *choices: str) -> Colour:
    return colour(choices[rng.integers(len(choices))])


def _eyes(c: Canvas, x: float, y: float, r: float, iris: Colour | None = None) -> None:
    for side in (-x, x):
        if iris:
            c.paint(ellipse(side, y, r * 1.7, r * 1.7), iris)
        c.paint(ellipse(side, y, r * (0.9 if iris else 1), r * 1.25), INK)
        c.paint(ellipse(side + r * 0.3, y - r * 0.4, r * 0.32, r * 0.32), WHITE)


def _cheeks(c: Canvas, x: float, y: float, r: float) -> None:
    for side in (-x, x):
        c.paint(ellipse(side, y, r, r * 0.7), ROSE, alpha=0.45)


def _smile(c: Canvas, y: float, width: float) -> None:
    for side in (-1, 1):
        c.line(ellipse(side * width / 2, y, width / 2, width * 0.45, start=15, end=165), 0.012, INK)


def cat(c: Canvas, rng: np.random.Generator) -> None:
    coat = _coat(rng, "e39445", "4a4652", "b9b2ad", "f2e3cc", "8d6b52")
    shade, belly = dark(coat, 0.2), mix(coat, WHITE, 0.65)
    tail = [(0.2, -0.08), (0.42, -0.02), (0.52, -0.2), (0.44, -0.4), (0.5, -0.5)]
    c.line(smooth([*tail, *tail[::-1]])[:45], 0.085, shade)
    c.paint(
        smooth([(-0.12, -0.55), (-0.28, -0.2), (-0.27, 0), (0, 0.02), (0.27, 0), (0.28, -0.2), (0.12, -0.55)]),
        (coat, shade),
    )
    c.paint(ellipse(0, -0.22, 0.14, 0.2), belly)
    for x in (-0.1, 0.1):
        c.paint(ellipse(x, -0.02, 0.09, 0.05), light(coat, 0.15))
    for ear in _either([(-0.27, -0.7), (-0.27, -1.02), (-0.05, -0.86)]):
        c.paint(smooth(ear, 6), coat)
    for ear in _either([(-0.23, -0.78), (-0.235, -0.93), (-0.12, -0.84)]):
        c.paint(ear, ROSE)
    c.paint(ellipse(0, -0.68, 0.29, 0.23), (light(coat, 0.1), coat))
    for x in (-0.08, 0, 0.08):
        c.line([(x, -0.89), (x * 0.8, -0.82)], 0.025, shade)
    c.paint(ellipse(0, -0.59, 0.13, 0.09), belly)
    _eyes(c, 0.13, -0.7, 0.038, _coat(rng, "b9d66a", "f3c24b", "8fd0d8"))
    c.paint([(-0.03, -0.635), (0.03, -0.635), (0, -0.605)], ROSE)
    _smile(c, -0.6, 0.07)
    for side in (-1, 1):
        for rise in (-0.03, 0.02):
            c.line([(side * 0.14, -0.6), (side * 0.36, -0.6 + rise)], 0.008, light(INK, 0.25))


def fox(c: Canvas, rng: np.random.Generator) -> None:
    coat = _coat(rng, "e2672f", "d9772b", "c9512e", "8e97ad")
    shade, dark_coat = dark(coat, 0.15), dark(coat, 0.7)
    c.paint(
        smooth([(0.1, -0.05), (0.4, 0.0), (0.62, -0.2), (0.62, -0.48), (0.5, -0.62), (0.44, -0.4), (0.3, -0.22)]),
        (coat, shade),
    )
    c.paint(smooth([(0.5, -0.62), (0.63, -0.5), (0.61, -0.38), (0.53, -0.44), (0.46, -0.42)]), WHITE)
    c.paint(
        smooth([(-0.1, -0.55), (-0.24, -0.2), (-0.24, 0), (0, 0.02), (0.24, 0), (0.24, -0.2), (0.1, -0.55)]),
        (coat, shade),
    )
    c.paint(smooth([(0, -0.5), (-0.11, -0.32), (0, -0.1), (0.11, -0.32)]), WHITE)
    for x in (-0.1, 0.1):
        c.paint(ellipse(x, -0.03, 0.075, 0.05), dark_coat)
    for ear in _either([(-0.3, -0.68), (-0.3, -1.06), (-0.04, -0.84)]):
        c.paint(smooth(ear, 6), coat)
    for ear in _either([(-0.265, -0.84), (-0.275, -1.0), (-0.17, -0.9)]):
        c.paint(ear, dark_coat)
    c.paint(
        smooth(
            [
                (0, -0.88),
                (-0.25, -0.82),
                (-0.36, -0.6),
                (-0.16, -0.52),
                (0, -0.43),
                (0.16, -0.52),
                (0.36, -0.6),
                (0.25, -0.82),
            ]
        ),
        coat,
    )
    for cheek in _either(smooth([(-0.36, -0.6), (-0.2, -0.68), (-0.05, -0.56), (0, -0.43), (-0.16, -0.51)])):
        c.paint(cheek, WHITE)
    _eyes(c, 0.14, -0.69, 0.04)
    c.paint(ellipse(0, -0.47, 0.05, 0.038), INK)


def bear(c: Canvas, rng: np.random.Generator) -> None:
    coat = _coat(rng, "7a4a2b", "a06a3d", "efe9e0", "4b3a36", "5d6d8c")
    shade, muzzle = dark(coat, 0.2), mix(coat, CREAM, 0.6)
    c.paint(
        smooth([(-0.16, -0.58), (-0.36, -0.3), (-0.36, -0.04), (0, 0.03), (0.36, -0.04), (0.36, -0.3), (0.16, -0.58)]),
        (coat, shade),
    )
    c.paint(ellipse(0, -0.25, 0.21, 0.23), muzzle)
    for arm in _either(smooth([(-0.22, -0.5), (-0.4, -0.36), (-0.38, -0.16), (-0.27, -0.2), (-0.24, -0.34)])):
        c.paint(arm, shade)
    for x in (-0.22, 0.22):
        c.paint(ellipse(x, -0.02, 0.13, 0.08), shade)
        c.paint(ellipse(x, -0.015, 0.065, 0.045), muzzle)
    for x in (-0.23, 0.23):
        c.paint(ellipse(x, -0.92, 0.105, 0.105), coat)
        c.paint(ellipse(x, -0.915, 0.055, 0.055), muzzle)
    c.paint(ellipse(0, -0.75, 0.3, 0.25), (light(coat, 0.08), coat))
    c.paint(ellipse(0, -0.66, 0.15, 0.115), muzzle)
    _eyes(c, 0.12, -0.8, 0.034)
    c.paint(ellipse(0, -0.71, 0.055, 0.038), INK)
    _smile(c, -0.65, 0.075)
    _cheeks(c, 0.21, -0.7, 0.05)
    if rng.random() < 0.5:
        scarf = _coat(rng, "d9483b", "3f8fbf", "f2b441", "4fa36a")
        c.paint(smooth([(-0.24, -0.57), (0, -0.5), (0.24, -0.57), (0.26, -0.5), (0, -0.42), (-0.26, -0.5)]), scarf)
        c.paint([(0.08, -0.48), (0.2, -0.5), (0.22, -0.25), (0.1, -0.23)], dark(scarf, 0.12))


def rabbit(c: Canvas, rng: np.random.Generator) -> None:
    coat = _coat(rng, "f3ece2", "cbb6a0", "a9a3ab", "d9a877")
    shade = dark(coat, 0.14)
    c.paint(ellipse(0.24, -0.1, 0.09, 0.09), WHITE)
    c.paint(
        smooth([(-0.1, -0.5), (-0.25, -0.2), (-0.24, 0), (0, 0.02), (0.24, 0), (0.25, -0.2), (0.1, -0.5)]),
        (coat, shade),
    )
    c.paint(ellipse(0, -0.2, 0.13, 0.17), light(coat, 0.5))
    for x in (-0.11, 0.11):
        c.paint(ellipse(x, -0.02, 0.11, 0.05), light(coat, 0.2))
    tilt = rng.uniform(6, 22)
    for side in (-1, 1):
        c.paint(ellipse(side * 0.13, -0.94, 0.075, 0.24, side * tilt), coat)
        c.paint(ellipse(side * 0.13, -0.94, 0.035, 0.18, side * tilt), ROSE, alpha=0.7)
    c.paint(ellipse(0, -0.62, 0.25, 0.21), (light(coat, 0.2), coat))
    _eyes(c, 0.11, -0.65, 0.036)
    c.paint([(-0.025, -0.585), (0.025, -0.585), (0, -0.56)], ROSE)
    _smile(c, -0.55, 0.06)
    c.paint([(-0.025, -0.525), (0.025, -0.525), (0.022, -0.475), (-0.022, -0.475)], WHITE)
    _cheeks(c, 0.17, -0.57, 0.045)


def owl(c: Canvas, rng: np.random.Generator) -> None:
    coat = _coat(rng, "8a5a3a", "6b5b7b", "b98b5e", "4f6f7f", "efe6d8")
    shade, breast = dark(coat, 0.25), mix(coat, CREAM, 0.65)
    for x in (-0.1, 0.1):
        c.paint(ellipse(x, 0, 0.075, 0.035), colour("f0a63c"))
    for ear in _either([(-0.3, -0.72), (-0.33, -1.02), (-0.06, -0.86)]):
        c.paint(smooth(ear, 5), shade)
    c.paint(
        smooth(
            [
                (0, -0.94),
                (-0.28, -0.84),
                (-0.36, -0.5),
                (-0.3, -0.14),
                (0, 0.0),
                (0.3, -0.14),
                (0.36, -0.5),
                (0.28, -0.84),
            ]
        ),
        (coat, shade),
    )
    c.paint(smooth([(0, -0.56), (-0.2, -0.42), (-0.19, -0.16), (0, -0.05), (0.19, -0.16), (0.2, -0.42)]), breast)
    for row, count in enumerate((3, 4, 3)):
        for x in np.linspace(-0.055 * (count - 1), 0.055 * (count - 1), count):
            c.line(ellipse(x, -0.4 + row * 0.1, 0.035, 0.035, start=10, end=170), 0.016, shade)
    for wing in _either(smooth([(-0.3, -0.6), (-0.42, -0.34), (-0.34, -0.08), (-0.23, -0.3)])):
        c.paint(wing, dark(coat, 0.38))
    for x in (-0.145, 0.145):
        c.paint(ellipse(x, -0.7, 0.155, 0.155), breast)
    _eyes(c, 0.14, -0.7, 0.062, _coat(rng, "f6c445", "ffffff", "f09a4a"))
    c.paint([(-0.045, -0.65), (0.045, -0.65), (0, -0.54)], colour("f0a63c"))


def bird(c: Canvas, rng: np.random.Generator) -> None:
    coat = _coat(rng, "d9483b", "3d86c6", "f2b632", "3fa58a", "8a62b8")
    shade, belly = dark(coat, 0.22), mix(coat, CREAM, 0.75)
    c.paint(smooth([(-0.25, -0.35), (-0.72, -0.62), (-0.78, -0.48), (-0.7, -0.38), (-0.3, -0.18)], 8), shade)
    for x in (-0.02, 0.12):
        c.line([(x, -0.15), (x + 0.03, 0)], 0.028, colour("c77b30"))
    c.paint(
        smooth(
            [
                (0.3, -0.84),
                (0.08, -0.78),
                (-0.12, -0.58),
                (-0.38, -0.42),
                (-0.26, -0.16),
                (0.1, -0.1),
                (0.38, -0.28),
                (0.5, -0.6),
            ]
        ),
        (coat, shade),
    )
    c.paint(smooth([(0.42, -0.56), (0.2, -0.4), (0.0, -0.14), (0.22, -0.13), (0.4, -0.28)]), belly)
    c.paint(smooth([(0.05, -0.52), (-0.22, -0.5), (-0.55, -0.3), (-0.2, -0.24), (0.1, -0.3)]), dark(coat, 0.4))
    c.paint([(0.46, -0.74), (0.68, -0.64), (0.47, -0.58)], colour("f2a33a"))
    c.paint(ellipse(0.34, -0.68, 0.045, 0.05), INK)
    c.paint(ellipse(0.355, -0.695, 0.015, 0.015), WHITE)
    for turn in (-30, 0):
        c.paint(ellipse(0.22, -0.88, 0.03, 0.1, turn - 15), shade)


def whale(c: Canvas, rng: np.random.Generator) -> None:
    coat = _coat(rng, "3f6fa8", "4d5c7d", "57a0ac", "7d6bb0", "e88f8f")
    shade, belly = dark(coat, 0.25), mix(coat, WHITE, 0.75)
    c.paint(
        smooth(
            [(-0.62, -0.42), (-0.98, -0.86), (-0.8, -0.84), (-0.7, -0.74), (-0.62, -0.9), (-0.46, -0.98), (-0.5, -0.5)],
            8,
        ),
        shade,
    )
    body = smooth(
        [
            (-0.66, -0.5),
            (-0.4, -0.42),
            (-0.05, -0.62),
            (0.45, -0.62),
            (0.74, -0.36),
            (0.66, -0.1),
            (0.2, 0.02),
            (-0.3, -0.08),
        ]
    )
    c.paint(body, (light(coat, 0.08), shade))
    c.paint(smooth([(0.74, -0.28), (0.66, -0.08), (0.2, 0.02), (-0.24, -0.06), (0.1, -0.14), (0.5, -0.2)]), belly)
    for step in range(5):
        x = 0.02 + step * 0.12
        c.line([(x, -0.1), (x + 0.05, -0.01)], 0.012, mix(belly, shade, 0.35))
    c.paint(smooth([(0.1, -0.14), (-0.02, 0.1), (-0.16, 0.12), (-0.06, -0.14)]), shade)
    c.paint(ellipse(0.5, -0.33, 0.04, 0.045), INK)
    c.paint(ellipse(0.513, -0.345, 0.014, 0.014), WHITE)
    c.line(ellipse(0.62, -0.3, 0.12, 0.08, start=70, end=170), 0.014, INK)
    drop = light(coat, 0.65)
    for side in (-1, 1):
        c.line(
            ellipse(0.3 + side * 0.12, -0.72, 0.12, 0.2, start=180 if side > 0 else 0, end=300 if side > 0 else -120),
            0.035,
            drop,
        )


ANIMALS: dict[str, Animal] = {
    "bear": bear,
    "bird": bird,
    "cat": cat,
    "fox": fox,
    "owl": owl,
    "rabbit": rabbit,
    "whale": whale,
}
