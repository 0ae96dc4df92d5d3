"""Scenes on land. Each paints all of a canvas."""

from __future__ import annotations

import buildings
import land
import numpy as np
import sky
import things
from animals import ANIMALS
from canvas import Canvas, Colour, Rng, choose, colour, dark, ellipse, light, mix, rect, smooth
from palettes import Palette

GREEN, SAND, LEAVES = colour("5fa052"), colour("e3b06b"), ("4f9150", "d98c3f", "7fae4a", "3f7d6a", "c9592e")


def tinted(p: Palette, base: Colour, share: float = 0.5) -> tuple[Colour, Colour]:
    """Near and far land of a colour of its own in the light of the palette."""
    return mix(base, p.near, share), mix(light(base, 0.25), p.far, share)


def stand(c: Canvas, name: str, rng: Rng, x: float, y: float, size: float) -> None:
    """An animal on the ground, with a shadow; nothing for 'none'."""
    if name != "none":
        c.paint(ellipse(x, y, size * 0.36, size * 0.045), (20, 16, 40), alpha=0.28)
        ANIMALS[name](c.at(x, y, size, flip=rng.random() < 0.5), rng)


def castle(c: Canvas, p: Palette, rng: Rng, time: str, animal: str) -> None:
    sky.heavens(c, p, rng, time)
    near, far = tinted(p, GREEN, 0.45)
    if rng.random() < 0.5:
        land.peaks(c, p, 0.72, rng, mix(p.far, p.sky[-1], 0.3))
    land.hills(c, near, far, 0.66, 0.76, 2, rng)
    x = rng.uniform(0.35, 0.65)
    wall = mix(
        choose(rng, colour("cfc4b8"), colour("b9a7c9"), colour("e6d3b1"), colour("9fb0bd")),
        p.near,
        0.1 if time == "day" else 0.35,
    )
    c.paint(
        smooth([(x - 0.5, 0.92), (x - 0.3, 0.74), (x, 0.7), (x + 0.3, 0.74), (x + 0.5, 0.92)]),
        mix(near, far, 0.5),
        lift=True,
    )
    buildings.castle(c, x, 0.76, rng.uniform(0.45, 0.6), p, rng, wall)
    land.hills(c, near, mix(near, far, 0.3), 0.82, 0.92, 2, rng, 0.03)
    land.path(c, mix(SAND, p.near, 0.3), x, 0.77, rng)
    for at in land.scatter(rng, 7, 0.02, 0.98, 0.07):
        if abs(at - x) > 0.13:
            land.pine(c, at, rng.uniform(0.86, 0.98), rng.uniform(0.1, 0.2), dark(near, 0.2))
    stand(c, animal, rng, x + choose(rng, -0.27, 0.27), 0.95, rng.uniform(0.2, 0.3))


def city(c: Canvas, p: Palette, rng: Rng, time: str, animal: str) -> None:
    sky.heavens(c, p, rng, time, 0.8)
    lit = {"night": 0.6, "dusk": 0.5, "dawn": 0.25, "day": 0.35}[time]
    for layer, (y, tall) in enumerate(((0.86, 0.42), (0.92, 0.34), (1.0, 0.3))):
        x = rng.uniform(-0.08, 0)
        tint = mix(p.far, p.near, layer / 2)
        while x < 1:
            wide = rng.uniform(0.08, 0.17)
            own = mix(tint, choose(rng, p.warm, p.fresh, p.water), 0.22) if layer else tint
            buildings.tower_block(
                c, x, y, wide, tall * rng.uniform(0.5, 1.15), own, p, rng, lit if layer else lit * 0.35
            )
            x += wide + rng.uniform(0, 0.02)
    if rng.random() < 0.4:
        things.balloon(c, rng.uniform(0.2, 0.8), rng.uniform(0.16, 0.3), rng.uniform(0.12, 0.2), p, rng)
    floor = rng.uniform(0.88, 0.93)
    c.paint(rect(-0.02, floor, 1.02, 1.02), (p.near, p.ink), lift=True)
    if animal != "none":  # on a roof, looking out
        c.paint(
            [(0.5, floor - 0.1), (1.02, floor - 0.02), (1.02, 1.02), (0.2, 1.02)],
            (dark(p.warm, 0.25), dark(p.warm, 0.5)),
            lift=True,
        )
        c.paint(rect(0.74, floor - 0.16, 0.82, floor), dark(p.warm, 0.45))
        stand(c, animal, rng, 0.52, floor - 0.06, rng.uniform(0.3, 0.4))
    else:
        for x in np.arange(0.08, 1, 0.21):
            c.line([(x, 1), (x, floor - 0.07)], 0.009, p.ink)
            c.glow(x, floor - 0.08, 0.09, p.lamp, 0.7)
            c.paint(ellipse(x, floor - 0.08, 0.014, 0.014), p.lamp)


def desert(c: Canvas, p: Palette, rng: Rng, time: str, animal: str) -> None:
    sky.heavens(c, p, rng, time, 0.68)
    near, far = tinted(p, SAND, 0.3)
    kind = choose(rng, "mesas", "pyramids", "dunes")
    if kind == "mesas":
        rock = mix(colour("c9683f"), p.far, 0.45)
        for x in land.scatter(rng, 3, 0.05, 0.95, 0.25):
            w, h = rng.uniform(0.08, 0.16), rng.uniform(0.12, 0.24)
            c.paint(
                [(x - w * 1.3, 0.72), (x - w, 0.7 - h), (x + w, 0.7 - h), (x + w * 1.4, 0.72)],
                (light(rock, 0.1), rock),
                lift=True,
            )
            for y in (0.25, 0.55):
                c.line([(x - w, 0.7 - h * y), (x + w * 1.05, 0.7 - h * y)], 0.007, dark(rock, 0.18))
    elif kind == "pyramids":
        stone = mix(SAND, p.far, 0.35)
        for x in land.scatter(rng, 3, 0.1, 0.9, 0.22):
            h = rng.uniform(0.14, 0.3)
            c.paint([(x, 0.72 - h), (x - h, 0.74), (x + h, 0.74)], light(stone, 0.1), lift=True)
            c.paint([(x, 0.72 - h), (x + h * 0.3, 0.74), (x + h, 0.74)], dark(stone, 0.28))
    lines = land.hills(c, near, far, 0.7, 0.9, 4, rng, 0.045)
    plant = mix(colour("4c8a5b"), p.near, 0.25)
    for x in land.scatter(rng, 4, 0.05, 0.95, 0.16):
        land.cactus(c, x, float(lines[-1][int(x * 59)]) + 0.03, rng.uniform(0.1, 0.26), plant, p.warm)
    if rng.random() < 0.35:
        things.balloon(c, rng.uniform(0.2, 0.8), rng.uniform(0.2, 0.34), rng.uniform(0.14, 0.26), p, rng)
    stand(c, animal, rng, rng.uniform(0.35, 0.65), 0.95, rng.uniform(0.28, 0.4))


def forest(c: Canvas, p: Palette, rng: Rng, time: str, animal: str) -> None:
    sky.heavens(c, p, rng, time)
    near, far = tinted(p, mix(GREEN, colour("2f6b4f"), 0.5), 0.35)
    leaves = [mix(colour(one), p.near, 0.25) for one in LEAVES]
    autumn, pines = rng.random() < 0.4, rng.random() < 0.5
    for layer in range(4):
        share = layer / 3
        y, h = 0.66 + 0.09 * layer, 0.2 + 0.09 * layer
        ground = mix(far, near, share)
        for x in land.scatter(rng, 9 - layer, -0.02, 1.02, 0.07):
            if layer == 3 and 0.25 < x < 0.75:
                continue  # leave the middle open for who lives here
            tint = mix(leaves[rng.integers(1, 5)] if autumn else leaves[rng.integers(2) * 3], far, 0.75 - 0.75 * share)
            if pines:
                land.pine(c, x, y + 0.03, h * rng.uniform(0.8, 1.3), tint)
            else:
                land.tree(c, x, y + 0.03, h * rng.uniform(0.8, 1.2), tint, rng)
        land.hills(c, ground, ground, y + 0.01, y + 0.01, 1, rng, 0.02)
    if rng.random() < 0.5:
        land.path(c, mix(SAND, near, 0.45), rng.uniform(0.4, 0.6), 0.76, rng)
    for x in land.scatter(rng, 5, 0.04, 0.96, 0.12):
        land.mushroom(c, x, rng.uniform(0.94, 0.99), rng.uniform(0.05, 0.11), p.warm)
    stand(c, animal, rng, rng.uniform(0.4, 0.6), 0.95, rng.uniform(0.3, 0.46))
    if rng.random() < 0.35:
        for x in (rng.uniform(-0.02, 0.1), rng.uniform(0.9, 1.02)):
            land.trunk(c, x, rng.uniform(0.05, 0.08), dark(mix(colour("5a3d2e"), p.near, 0.5), 0.2), rng)
    land.grass(c, 1.01, near, rng)
    if time in ("night", "dusk"):
        for _ in range(14):
            x, y = rng.uniform(0, 1), rng.uniform(0.5, 0.95)
            c.glow(x, y, 0.025, p.lamp, 0.8)


def meadow(c: Canvas, p: Palette, rng: Rng, time: str, animal: str) -> None:
    sky.heavens(c, p, rng, time)
    near, far = tinted(p, mix(GREEN, colour("9cc45a"), 0.4), 0.4)
    lines = land.hills(c, near, far, 0.6, 0.82, 4, rng, 0.05)
    what = choose(rng, "windmill", "house", "trees", "house", "balloons", "kite")
    x = rng.uniform(0.15, 0.85)
    y = float(lines[1][int(x * 59)]) + 0.04
    if what == "windmill":
        buildings.windmill(c, x, y, rng.uniform(0.2, 0.34), p, rng)
    elif what == "house":
        for dx in (-0.13, 0, 0.15)[: rng.integers(1, 4)]:
            buildings.house(c, x + dx, y + rng.uniform(0, 0.02), rng.uniform(0.1, 0.17), p, rng)
    elif what == "balloons":
        for bx in land.scatter(rng, 3, 0.12, 0.88, 0.2):
            things.balloon(c, bx, rng.uniform(0.15, 0.42), rng.uniform(0.12, 0.28), p, rng)
    elif what == "kite":
        things.kite(c, x, rng.uniform(0.2, 0.36), rng.uniform(0.12, 0.18), p)
    for tx in land.scatter(rng, 5, 0, 1, 0.1):
        if abs(tx - x) > 0.15:
            land.tree(
                c,
                tx,
                float(lines[2][int(tx * 59)]) + 0.02,
                rng.uniform(0.1, 0.22),
                mix(colour(LEAVES[rng.integers(4)]), p.near, 0.35),
                rng,
            )
    land.hills(c, near, near, 0.86, 0.86, 1, rng, 0.02)
    stand(c, animal, rng, rng.uniform(0.3, 0.7), 0.96, rng.uniform(0.3, 0.46))
    tints = [p.warm, p.fresh, p.paper, mix(p.warm, p.paper, 0.5)]
    for fx in land.scatter(rng, int(rng.integers(6, 22)), 0.01, 0.99, 0.03):
        land.flower(
            c, fx, 1.0 - rng.uniform(0, 0.07), rng.uniform(0.05, 0.13), tints[rng.integers(4)], rng, dark(near, 0.25)
        )
    land.grass(c, 1.01, near, rng, 40)
    for _ in range(rng.integers(0, 4)):
        things.butterfly(
            c,
            rng.uniform(0.1, 0.9),
            rng.uniform(0.45, 0.8),
            rng.uniform(0.03, 0.055),
            tints[rng.integers(2)],
            p.ink,
            rng.uniform(-30, 30),
        )


def snow(c: Canvas, p: Palette, rng: Rng, time: str, animal: str) -> None:
    sky.heavens(c, p, rng, time)
    if time == "night" and rng.random() < 0.6:
        sky.aurora(c, p, rng)
    white = mix(p.paper, p.sky[-1], 0.12)
    cool = mix(p.paper, p.far, 0.55)
    if rng.random() < 0.7:
        land.peaks(c, p, 0.7, rng, mix(p.far, p.sky[-1], 0.25))
    lines = land.hills(c, white, cool, 0.66, 0.84, 3, rng, 0.045)
    green = mix(colour("2f6b5a"), p.near, 0.4)
    for x in land.scatter(rng, 9, 0, 1, 0.06):
        y = float(lines[1][int(np.clip(x * 59, 0, 59))]) + 0.03
        land.pine(c, x, y, rng.uniform(0.12, 0.26), mix(green, cool, rng.uniform(0, 0.35)), white)
    x = rng.uniform(0.2, 0.8)
    if rng.random() < 0.6:
        buildings.house(c, x, float(lines[1][int(x * 59)]) + 0.06, rng.uniform(0.15, 0.24), p, rng)
    land.hills(c, white, white, 0.86, 0.86, 1, rng, 0.025)
    if animal == "none" or rng.random() < 0.25:
        things.snowman(c, (x + 0.4) % 0.8 + 0.1, 0.96, rng.uniform(0.2, 0.32), p)
    stand(c, animal, rng, 0.5 + rng.uniform(-0.15, 0.15), 0.95, rng.uniform(0.3, 0.42))
    for _ in range(rng.integers(30, 90)):
        r = rng.uniform(0.003, 0.009)
        c.paint(ellipse(rng.uniform(0, 1), rng.uniform(0, 1), r, r), light(p.paper, 0.5))
