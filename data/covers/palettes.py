"""Colours that go together: four palettes for each time of day."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from canvas import Colour, colour, turned


@dataclass(frozen=True)
class Palette:
    sky: tuple[Colour, ...]  # from the top down
    far: Colour  # land at the horizon
    near: Colour  # land at one's feet
    water: Colour
    warm: Colour  # roofs, flowers, what should catch the eye
    fresh: Colour  # its companion
    lamp: Colour  # sun, moon, lit windows
    ink: Colour  # lines, silhouettes
    paper: Colour  # snow, sails, walls

    def varied(self, rng: np.random.Generator) -> Palette:
        """All hues turned by the same few degrees."""
        hue = rng.uniform(-0.03, 0.03)
        changed = {f.name: turned(getattr(self, f.name), hue) for f in fields(self) if f.name != "sky"}
        return replace(self, sky=tuple(turned(one, hue) for one in self.sky), **changed)


def _row(sky: str, *others: str) -> Palette:
    return Palette(tuple(map(colour, sky.split())), *map(colour, others))


TIMES: dict[str, list[Palette]] = {
    "dawn": [
        _row("86a8e7 ffd6c0 fff0d0", "c9a0c0", "5d5a8a", "8fb3d9", "f28482", "f6bd60", "fff1b8", "33305c", "fff7ec"),
        _row("f79d84 ffc9a3 ffeccd", "e6a18c", "7a4a5e", "d98f8a", "c8553d", "588b8b", "fff3c9", "3d2438", "fff3e4"),
        _row("7cc5c9 c9e4d0 fde2c8", "a9c5a0", "3f7363", "7fc0c0", "f2785c", "f4c95d", "fff5c8", "1f3f3c", "fffaef"),
        _row("c9b6e4 f7c5cc fff1e6", "d9a5b3", "7c4d74", "b9a3d6", "e5647f", "8f7fd1", "fff4d6", "3f2547", "fff6f4"),
    ],
    "day": [
        _row("5cb8e4 a9dcf0 e9f7f5", "a8d5ba", "358a5a", "3597c4", "e2574c", "f4b942", "fff6cf", "173f4f", "ffffff"),
        _row("f6b765 ffd99b fff4dc", "e8b27d", "ad5238", "4fa3a3", "d8433b", "2f7f82", "fffbe6", "47231f", "fff8e8"),
        _row("86d6c6 c5ead6 f6f4d4", "8fcfa0", "2b7a69", "43b0ae", "f2785c", "fccf55", "fffbe0", "14433f", "fffef4"),
        _row("b3aef0 dcd2f7 fdeaf3", "bca9e6", "6656b5", "7ea2ea", "ff6f99", "ffca58", "fff8d8", "2e2466", "ffffff"),
    ],
    "dusk": [
        _row("3a2a6b a4427a ffab5c", "7d3b78", "2b1d4a", "6a4a9a", "ff6b6b", "ffd166", "ffe9a8", "1b1233", "ffe8d6"),
        _row("15406b c9606a ffcf7c", "8c4b62", "1d2a48", "3d6285", "f2545b", "f7b267", "fff0b5", "0f1a30", "fdeedd"),
        _row("5b2a5e d9526a f9c46b", "93385f", "351736", "8a3f74", "ff9f5a", "5ec4b6", "fff0b0", "220d26", "ffeadb"),
        _row("24446a 7f8fa6 f0b483", "6a7287", "1b2a3f", "4f7590", "e8743b", "9fc4a8", "ffe9b8", "101b2b", "fbeadb"),
    ],
    "night": [
        _row("0b1437 1b2c66 3650a0", "2f4586", "0d1836", "23488f", "ff8c66", "ffd76a", "fdf3c4", "070d24", "dfe8ff"),
        _row("120f33 2f2a66 5a4a97", "4d4288", "171233", "3f4aa0", "ff7aa8", "8ee3ef", "fff3cf", "0c0920", "e9e4ff"),
        _row("052433 0f4a58 2c8285", "276c70", "06222c", "1c7580", "ffa552", "a8e0b0", "fdf6cc", "041820", "def5ef"),
        _row("1c0f2e 4c1f57 8f3a78", "66306a", "1d0e2b", "5a3a8c", "ff9a5c", "f7d06e", "ffeec4", "12081d", "f8e3f0"),
    ],
}
