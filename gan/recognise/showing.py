"""The steps of the preparation as pictures, what was found marked on the picture, and where a net looked in colour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from gan import images, registry
from gan.recognise import nets, preparing
from gan.recognise.looking import Looked
from gan.recognise.preparing import Settings
from gan.recognise.reading import Answer, Prepared, Reading

MARK, GAP = np.array([45, 212, 191]), np.array([251, 146, 60])  # teal and orange: apart for the colour-blind too
CHOSEN, FOUND = (234, 88, 12), (13, 148, 136)  # frames around characters
STEP = 240  # pixels of the longer side of a step's picture

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Step:
    """One step: what it is called, what came of it (uint8 ``[h, w, c]``), and a few words."""

    title: str
    picture: Array
    said: str


def steps(prepared: Prepared, settings: Settings) -> list[Step]:
    """What was done to the whole picture to find its ink."""
    ink, strength = prepared.ink, preparing.noise(prepared.ink.grey)
    how = "automatic" if settings.ink == "automatic" else "as you chose"
    tone = "dark ink on light paper" if ink.dark else "light ink on dark paper"
    changed = not np.array_equal(ink.grey, ink.smooth)
    share = ink.mask.mean()
    return [
        Step("Grey", _small(ink.grey[..., None]), f"{ink.grey.shape[1]} × {ink.grey.shape[0]} pixels"),
        Step(
            "Denoised",
            _small(ink.smooth[..., None]),
            f"noise {strength:.1f} of 255" if changed else f"left as it is: noise {strength:.1f} of 255",
        ),
        Step("Paper", _small(ink.paper[..., None]), "the light on it, without the ink"),
        Step("Ink or paper", _small(_masked(prepared)), f"{tone}, {how}; {share:.1%} is ink"),
        Step("Inverted", _small(_light(ink.strength)), "light ink on black, the paper evened out"),
    ]


def steps_in_colour(prepared: Prepared) -> list[Step]:
    """What was done to a picture that a net sees in colour, before it is made small."""
    height, width = prepared.picture.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = prepared.picture[top : top + side, left : left + side]
    part = "all of it" if prepared.whole.shape == prepared.picture.shape else "the part that you chose"
    return [
        Step("As it came", _small(prepared.picture), f"{width} × {height} pixels, {part}"),
        Step("Cut out", _small(square), "the middle square"),
    ]


def steps_of(answer: Answer, card: registry.Card, settings: Settings) -> list[Step]:
    """What was done to one character to give it the net's form."""
    height, width = answer.picture.shape[:2]
    final = Step(f"{width} × {height}", images.enlarge(answer.picture, max(1, STEP // height)), "what the net is given")
    placed = answer.placed
    if placed is None:
        return [final]
    slant, thicker = np.degrees(np.arctan(placed.slant)), placed.thick is not placed.upright
    moved = placed.upright is not placed.cut
    lean = f"leaned {abs(slant):.0f}° to the {'left' if slant > 0 else 'right'}"
    found = [
        Step(
            "Cut out", _small(_light(placed.cut), enlarge=True), f"{placed.cut.shape[1]} × {placed.cut.shape[0]} pixels"
        ),
        Step(
            "Deskewed",
            _small(_light(placed.upright), enlarge=True),
            f"{lean}, put {'upright' if settings.deskew == 'always' else 'more upright'}"
            if moved
            else f"{lean}, left as it is",
        ),
    ]
    if thicker:
        found.append(Step("Thickened", _small(_light(placed.thick), enlarge=True), "thin strokes would have vanished"))
    by = "centre of mass" if nets.by_mass(card) else "middle"
    return [*found, Step(f"Centred, {final.title}", final.picture, f"by its {by}: what the net is given")]


def marked(prepared: Prepared, reading: Reading, chosen: int, longest: int = 900) -> Array:
    """The picture uint8 ``[h, w, 3]`` with a frame around each character; where there are several, the chosen one's in
    another colour."""
    small = preparing.reduced(prepared.picture, longest)
    scale = small.shape[0] / prepared.picture.shape[0]
    times = max(1, round(280 / max(small.shape[:2])))
    picture = Image.fromarray(images.enlarge(np.broadcast_to(small, (*small.shape[:2], 3)), times))
    draw, wide = ImageDraw.Draw(picture), max(2, max(picture.size) // 250)
    for index, answer in enumerate(reading.answers):
        top, left, bottom, right = (round(side * scale * times) for side in answer.box)
        draw.rectangle(
            (left - wide, top - wide, right + wide - 1, bottom + wide - 1),
            outline=CHOSEN if index == chosen and len(reading.answers) > 1 else FOUND,
            width=wide,
        )
    return np.asarray(picture)


def over(picture: Array, found: Looked) -> Array:
    """A net's picture uint8 ``[h, w, c]`` with what mattered in teal and the gaps that mattered in orange; a colour
    picture lit up where the net looked. uint8 ``[h, w, 3]``."""
    base = np.broadcast_to(picture, (*picture.shape[:2], 3)).astype(np.float64)
    if found.gaps is None:
        grey = base.mean(axis=-1, keepdims=True)
        shown = 0.3 * grey + found.marks[..., None] * (base - 0.3 * grey)
    else:
        shown = 0.45 * base
        for share, colour in ((found.marks, MARK), (found.gaps, GAP)):
            shown += share[..., None] * (colour - shown)
    return np.clip(np.rint(shown), 0, 255).astype(np.uint8)


def small(picture: Array, longest: int = 900) -> Array:
    """A picture uint8 ``[h, w, c]`` no larger than a page shows."""
    return preparing.reduced(picture, longest)


def _small(picture: Array, enlarge: bool = False) -> Array:
    times = max(1, STEP // max(picture.shape[:2])) if enlarge or max(picture.shape[:2]) < STEP // 2 else 1
    return images.enlarge(preparing.reduced(picture, STEP), times)


def _light(strength: Array) -> Array:
    return np.rint(255 * strength).astype(np.uint8)[..., None]


def _masked(prepared: Prepared) -> Array:
    """The grey picture, pale, with ink in teal."""
    plane = prepared.ink.grey[..., None].repeat(3, axis=-1)
    pale = 255 - (255 - plane) // 3 if prepared.ink.dark else plane // 2
    return np.where(prepared.ink.mask[..., None], np.array(FOUND, np.uint8), pale).astype(np.uint8)
