"""A line of text, written by the generators there are: one picture a character, set side by side.

No single model knows all characters. Each is drawn by a model that does, all of them in one hand: from the same seed,
so that models with latents of one length get the very same latent, and those with longer ones start alike.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gan import drawing, inference, registry, typesetting
from gan.errors import UserError

LONGEST = 200  # characters in a line
RUN = 4  # so many neighbours of the alphabet are named as one range
NAMED = 24  # characters and ranges that a message names


@dataclass(frozen=True)
class Part:
    """A character of a line: the model that draws it, and as which class."""

    card: registry.Card
    label: int

    @property
    def drawn(self) -> str:
        """The character that the class stands for: "A" for an "a" that is drawn by a model of capitals."""
        return self.card.class_names[self.label]


def write_line(
    text: str,
    seed: int,
    model: str | None = None,
    truncation: float = 1.0,
    one_hand: bool = True,
    spacing: int = 4,
    invert: bool = False,
) -> np.ndarray:
    """Write a line.

    Args:
        text: characters that are classes of models, and spaces; at most `LONGEST`.
        seed: decides the hand.
        model: who writes, as in `plan`.
        truncation: 0…1, how far from the mean latent; 1 leaves latents as they fall.
        one_hand: every character from the same latent; otherwise each from its own.
        spacing: pixels between the ink of neighbours.
        invert: dark ink on white paper, in place of light on black.

    Returns:
        uint8 ``[h, W, c]``, as high as the highest of the models' pictures; in colour if any of them draws so.

    Raises:
        UserError: for an unknown or damaged model, text that is empty or too long, or characters that no model can
            write: they are named, with those that can be written.
    """
    parts = plan(text, model)
    places: dict[str, list[int]] = {}
    for place, part in enumerate(parts):
        places.setdefault(part.card.name, []).append(place)
    waiting = {}
    for name, own in places.items():
        card, labels = parts[own[0]].card, np.array([parts[place].label for place in own])
        latents = drawing.latents_for(card, seed, 1 if one_hand else len(parts), truncation)
        chosen = np.resize(latents, (len(own), card.latent)) if one_hand else latents[own]
        waiting[name] = inference.submit(name, chosen, drawing.one_hot(card, labels))
    pictures: list[np.ndarray] = [np.empty(0)] * len(parts)
    for name, own in places.items():
        for place, picture in zip(own, typesetting.light_on_black(waiting[name].result()), strict=True):
            pictures[place] = picture
    drawn = iter(parts)
    said = "".join(" " if character.isspace() else next(drawn).drawn for character in _read(text))
    line = typesetting.compose(said, pictures, spacing)
    return 255 - line if invert else line


def able() -> list[registry.Card]:
    """The models that draw characters."""
    return [card for card in drawing.generators().values() if _known(card)]


def plan(text: str, model: str | None = None) -> list[Part]:
    """Who draws each character of a text, spaces left out; at least one.

    A model that is named draws what it can, the others the rest. Of several, that one is taken which can draw most of
    the line's characters of the same kind (digits, Latin letters, syllables …), so that a word does not change hands;
    then one that ships, and then the one that knows the fewest characters. Where no model knows a letter, but one
    knows it as a capital, or as a small letter, that is drawn: data sets such as EMNIST letters hold both as one class.

    Raises:
        UserError: as `write_line`.
    """
    characters = [character for character in _read(text) if not character.isspace()]
    first, cards = [inference.card(model)] if model is not None else [], able()
    can = {card.name: _known(card) for card in (*cards, *first)}
    ranked: dict[str, list[registry.Card]] = {}
    for kind in dict.fromkeys(map(_kind, characters)):
        alike = [character for character in characters if _kind(character) == kind]
        ranked[kind] = sorted(cards, key=lambda card: _rank(card, sum(one in can[card.name] for one in alike)))

    def part(character: str) -> Part | None:
        for several in (first, ranked[_kind(character)]):
            for form in (character, character.swapcase()):
                for card in several:
                    if form in can[card.name]:
                        return Part(card, can[card.name][form])
        return None

    parts = {character: part(character) for character in dict.fromkeys(characters)}
    missing = [character for character, found in parts.items() if found is None]
    if missing or not characters:
        named = " ".join(f"“{character}”" for character in missing[:10]) + (" …" if len(missing) > 10 else "")
        problem = f"There is no way to write {named}." if missing else "There is nothing to write yet."
        raise UserError(f"{problem} {_abilities(cards, {one for names in can.values() for one in names})}")
    if len(text) > LONGEST:
        raise UserError(f"The text has {len(text):,} characters; a line can have {LONGEST}.")
    return [found for character in characters if (found := parts[character])]


def writers(parts: Iterable[Part]) -> dict[str, str]:
    """The characters that each model draws, by its name; each character once."""
    found: dict[str, dict[str, None]] = {}
    for part in parts:
        found.setdefault(part.card.name, {})[part.drawn] = None
    return {name: "".join(characters) for name, characters in found.items()}


def _known(card: registry.Card) -> dict[str, int]:
    """The characters among a model's classes, and the label of each."""
    return {name: label for label, name in enumerate(card.class_names) if len(name) == 1}


def _read(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip())  # typed Korean may come in pieces


def _kind(character: str) -> str:
    """What a character is: DIGIT, LATIN, HANGUL …"""
    return unicodedata.name(character, "").partition(" ")[0]


def _rank(card: registry.Card, fits: int) -> tuple[int, bool, int, str]:
    return -fits, card.local, len(card.class_names), card.name


def _abilities(cards: list[registry.Card], characters: Iterable[str]) -> str:
    """What can be written, in a sentence of bounded length: neighbours of the alphabet as ranges."""
    if not cards:
        return "No model here draws characters."
    ranges: list[list[str]] = []
    for character in sorted(characters):
        if ranges and ord(character) == ord(ranges[-1][-1]) + 1:
            ranges[-1].append(character)
        else:
            ranges.append([character])
    words = [word for run in ranges for word in ([f"{run[0]}–{run[-1]}"] if len(run) >= RUN else run)]
    more = f" … ({len(words) - NAMED} more)" if len(words) > NAMED else ""
    who = cards[0].name if len(cards) == 1 else "The models here"
    return f"{who} can write {' '.join(words[:NAMED])}{more} and spaces."
