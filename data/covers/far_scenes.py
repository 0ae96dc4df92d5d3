"""Scenes at sea and in space. Each paints all of a canvas."""

from __future__ import annotations

import buildings
import land
import numpy as np
import sky
import things
from animals import ANIMALS
from canvas import Canvas, Rng, choose, colour, dark, ellipse, light, mix, smooth, star
from landscapes import SAND, stand
from palettes import Palette


def sea(c: Canvas, p: Palette, rng: Rng, time: str, animal: str) -> None:
    horizon = rng.uniform(0.52, 0.68)
    sky.heavens(c, p, rng, time, horizon)
    if rng.random() < 0.5:
        tint = mix(p.far, p.sky[-1], 0.35)
        for x in land.scatter(rng, 2, 0.05, 0.95, 0.4):
            c.paint(
                smooth(
                    [
                        (x - 0.25, horizon + 0.02),
                        (x - 0.1, horizon - 0.06),
                        (x + 0.03, horizon - 0.12),
                        (x + 0.14, horizon - 0.04),
                        (x + 0.28, horizon + 0.02),
                    ]
                ),
                tint,
            )
    land.sea(c, p, horizon, rng)
    y = horizon + (1 - horizon) * 0.45
    if animal == "whale":
        ANIMALS["whale"](
            c.at(
                rng.uniform(0.42, 0.58),
                y + 0.07,
                rng.uniform(0.36, 0.48),
                flip=rng.random() < 0.5,
                turn=rng.uniform(-10, 4),
            ),
            rng,
        )
        _wave_before(c, p, y + 0.1, rng)
        if rng.random() < 0.5:
            things.boat(c, rng.uniform(0.12, 0.88), horizon + 0.03, rng.uniform(0.08, 0.13), p, rng)
        return
    if animal != "none":  # in a boat, or on a rock
        x, size = rng.uniform(0.4, 0.6), rng.uniform(0.28, 0.36)
        if rng.random() < 0.5:
            stand(c, animal, rng, x, y + 0.06, size)
            c.paint(
                [(x - 0.26, y - 0.03), (x + 0.28, y - 0.03), (x + 0.18, y + 0.13), (x - 0.17, y + 0.13)],
                (p.warm, dark(p.warm, 0.3)),
                lift=True,
            )
            c.line([(x - 0.25, y - 0.02), (x + 0.27, y - 0.02)], 0.014, p.paper)
        else:
            c.paint(
                smooth([(x - 0.28, y + 0.16), (x - 0.18, y), (x, y - 0.03), (x + 0.2, y + 0.02), (x + 0.3, y + 0.16)]),
                (light(p.near, 0.2), p.near),
                lift=True,
            )
            stand(c, animal, rng, x, y, size)
        _wave_before(c, p, y + 0.08, rng)
        return
    what = choose(rng, "boats", "lighthouse", "boats", "island")
    if what == "boats":
        for x in land.scatter(rng, int(rng.integers(1, 4)), 0.15, 0.85, 0.26):
            things.boat(c, x, y + rng.uniform(-0.05, 0.1), rng.uniform(0.18, 0.36), p, rng)
    else:
        x = rng.uniform(0.25, 0.75)
        ground = mix(p.near, colour("7d6b5d"), 0.4) if what == "lighthouse" else mix(SAND, p.far, 0.25)
        c.paint(
            smooth([(x - 0.34, y + 0.16), (x - 0.18, y), (x, y - 0.05), (x + 0.16, y), (x + 0.36, y + 0.16)]),
            (light(ground, 0.15), ground),
            lift=True,
        )
        if what == "lighthouse":
            buildings.lighthouse(c, x, y - 0.03, rng.uniform(0.34, 0.46), p, time in ("night", "dusk"))
        else:
            for lean in (-0.09, 0.11):
                land.palm(c, x, y, lean, mix(colour("4f9a55"), p.near, 0.25))
    _wave_before(c, p, y + 0.1, rng)
    if rng.random() < 0.4:
        for x in land.scatter(rng, 2, 0.1, 0.9, 0.3):
            things.fish(c, x, rng.uniform(0.9, 0.95), rng.uniform(0.06, 0.1), p, rng)


def _wave_before(c: Canvas, p: Palette, y: float, rng: Rng) -> None:
    xs = np.linspace(-0.02, 1.02, 100)
    line = y + 0.012 * np.sin(xs * rng.uniform(24, 40) + rng.uniform(0, 7))
    tint = dark(p.water, 0.15)
    c.paint([*zip(xs, line, strict=True), (1.02, 1.02), (-0.02, 1.02)], (light(tint, 0.12), dark(tint, 0.3)), lift=True)


def space(c: Canvas, p: Palette, rng: Rng, time: str, animal: str) -> None:
    # The palette's ink is the darkest of its hues: space stays deep and never grey, whatever the time.
    deep = [mix(p.ink, one, share) for one, share in zip(p.sky, (0.1, 0.25, 0.4), strict=True)]
    c.sky(deep[:: choose(rng, 1, -1)])
    for _ in range(3):
        c.glow(
            rng.uniform(0, 1),
            rng.uniform(0, 1),
            rng.uniform(0.3, 0.6),
            choose(rng, p.warm, p.fresh, p.water, p.far),
            0.35,
        )
    sky.stars(c, p, rng, int(rng.integers(50, 110)))
    tints = [p.warm, p.fresh, p.water, p.far, mix(p.warm, p.water, 0.5)]
    places = [(x, y) for x in (0.2, 0.5, 0.8) for y in (0.2, 0.5)]
    for at in rng.permutation(len(places))[: rng.integers(2, 5)]:
        x, y = places[at][0] + rng.uniform(-0.07, 0.07), places[at][1] + rng.uniform(-0.07, 0.07)
        things.planet(c, x, y, rng.uniform(0.04, 0.13), tints[rng.integers(5)], p, rng, rng.random() < 0.4)
    if rng.random() < 0.35:
        sky.comet(c, p, rng)
    if animal == "none":
        if rng.random() < 0.8:
            things.rocket(
                c, rng.uniform(0.35, 0.65), rng.uniform(0.5, 0.62), rng.uniform(0.24, 0.34), rng.uniform(-40, 40), p
            )
        if rng.random() < 0.5:
            things.planet(c, rng.uniform(0.2, 0.8), 1.25, 0.5, tints[rng.integers(5)], p, rng, False)
        return
    if animal == "whale":
        ANIMALS["whale"](
            c.at(0.5, 0.72, rng.uniform(0.34, 0.44), flip=rng.random() < 0.5, turn=rng.uniform(-20, 5)), rng
        )
        return
    ground = choose(rng, mix(p.paper, p.far, 0.4), mix(p.warm, p.far, 0.5), mix(p.fresh, p.far, 0.5))
    c.glow(0.5, 1.35, 0.85, ground, 0.5)
    c.paint(ellipse(0.5, 1.35, 0.75, 0.5), (light(ground, 0.15), dark(ground, 0.3)), lift=True)
    for x, y, r in ((0.2, 0.95, 0.06), (0.72, 0.93, 0.05), (0.86, 0.98, 0.03), (0.38, 0.97, 0.03)):
        c.paint(ellipse(x, y, r, r * 0.4), dark(ground, 0.28))
    c.paint(star(0.83, 0.72, 0.05, 5), p.lamp)
    stand(c, animal, rng, rng.uniform(0.42, 0.58), 0.89, rng.uniform(0.32, 0.42))
