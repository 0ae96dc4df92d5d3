"""The eight kinds of scene."""

from __future__ import annotations

from collections.abc import Callable

from canvas import Canvas, Rng
from far_scenes import sea, space
from landscapes import castle, city, desert, forest, meadow, snow
from palettes import Palette

Scene = Callable[[Canvas, Palette, Rng, str, str], None]  # canvas, colours, chance, time of day, animal or "none"

SCENES: dict[str, Scene] = {
    "castle": castle,
    "city": city,
    "desert": desert,
    "forest": forest,
    "meadow": meadow,
    "sea": sea,
    "snow": snow,
    "space": space,
}
