"""A line of text in a generator's hand: one picture a character, set side by side."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from gan import drawing, inference, registry
from gan.errors import UserError

LONGEST = 200  # characters in a line
INK = 32  # a column with a value above this is part of the character
SPACE = 0.4  # width of a space, as a share of the height


def write_line(
    model: str,
    text: str,
    seed: int,
    truncation: float = 1.0,
    one_hand: bool = True,
    spacing: int = 4,
    invert: bool = False,
) -> np.ndarray:
    """Write a line.

    Args:
        model: a generator's name.
        text: characters that are classes of the model, and spaces; at most `LONGEST`.
        seed: decides the hand.
        truncation: 0…1, how far from the mean latent; 1 leaves latents as they fall.
        one_hand: every character from the same latent; otherwise each from its own.
        spacing: pixels between the ink of neighbours.
        invert: dark ink on white paper, where the model draws light on black.

    Returns:
        uint8 ``[h, W, c]``.

    Raises:
        UserError: for an unknown or damaged model, text that is empty or too long, or characters the model cannot
            write: they are named, with those it can.
    """
    card = inference.card(model)
    labels = read(text, card)
    latents = drawing.latents_for(card, seed, 1 if one_hand else len(labels), truncation)
    latents = np.resize(latents, (len(labels), card.latent))
    pictures = inference.sample(card.name, latents, drawing.one_hot(card, labels))
    line = compose(text.strip(), pictures, spacing)
    return 255 - line if invert else line


def read(text: str, card: registry.Card) -> np.ndarray:
    """The labels of a text's characters, spaces left out: int64 ``[n]``, n >= 1.

    Raises:
        UserError: as `write_line`.
    """
    known = {name: label for label, name in enumerate(card.class_names) if len(name) == 1}
    can = f"{card.name} can write {' '.join(known)} and spaces." if known else f"{card.name} can write no characters."
    characters = [character for character in text if not character.isspace()]
    missing = list(dict.fromkeys(character for character in characters if character not in known))
    if missing:
        named = " ".join(f"“{character}”" for character in missing[:10]) + (" …" if len(missing) > 10 else "")
        raise UserError(f"There is no way to write {named}. {can}")
    if not characters:
        raise UserError(f"There is nothing to write yet. {can}")
    if len(text) > LONGEST:
        raise UserError(f"The text has {len(text)} characters; a line can have {LONGEST}.")
    return np.array([known[character] for character in characters], np.int64)


def compose(text: str, pictures: Iterable[np.ndarray], spacing: int = 4) -> np.ndarray:
    """Set characters side by side, each as wide as its ink.

    Args:
        text: what they say; one picture for each character that is not a space.
        pictures: uint8 ``[h, w, c]`` each, all of one size, light ink on black.
        spacing: pixels between the ink of neighbours, and left and right of the line; at least 0.

    Returns:
        uint8 ``[h, W, c]``, light ink on black.
    """
    glyphs = [_trimmed(picture) for picture in pictures]
    height, _, channels = glyphs[0].shape
    gap = np.zeros((height, spacing, channels), np.uint8)
    space = np.zeros((height, round(height * SPACE), channels), np.uint8)
    supply, parts = iter(glyphs), [gap]
    for character in text:
        parts += [space if character.isspace() else next(supply), gap]
    return np.concatenate(parts, axis=1)


def _trimmed(picture: np.ndarray) -> np.ndarray:
    """The columns from the first with ink to the last; the middle third if there is none."""
    inked = np.flatnonzero(picture.max(axis=(0, 2)) > INK)
    width = picture.shape[1]
    first, last = (inked[0], inked[-1]) if len(inked) else (width // 3, 2 * width // 3)
    return picture[:, first : last + 1]
