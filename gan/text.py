"""Lines of text, written by the generators there are: one picture a character, set side by side.

No single model knows all characters. Each is drawn by a model that does, all of them in one hand: from the same seed,
so that models with latents of one length get the very same latent, and those with longer ones start alike.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np

from gan import drawing, inference, registry, typesetting
from gan.errors import UserError

LONGEST, LINES = 200, 20  # characters and lines of a text
SIZES, SLANTS, SPACINGS = (8, 256), (-30, 30), (0, 100)  # that a look may have
LARGEST = 2**24  # pixels of a written text
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


@dataclass(frozen=True)
class Look:
    """How a text is set.

    Raises:
        UserError: naming what is out of range, or no colour.
    """

    spacing: int = 4  # pixels between the ink of neighbours, at the size that characters are drawn in
    size: int = 0  # pixels of a line's height; 0: as drawn
    slant: float = 0.0  # degrees to the right
    ink: str = "#ffffff"
    paper: str = "#000000"  # or "" for none: the picture is then transparent

    def __post_init__(self) -> None:
        ranges = {"spacing": SPACINGS, "size": SIZES, "slant": SLANTS}
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            if not low <= value <= high and not (name == "size" and value == 0):
                raise UserError(f"{name}: {value:g} is out of range; {low} to {high} works.")
        typesetting.colour("ink", self.ink)
        if self.paper:
            typesetting.colour("paper", self.paper)


def write(
    text: str,
    seed: int,
    model: str | None = None,
    truncation: float = 1.0,
    one_hand: bool = True,
    look: Look = Look(),
) -> np.ndarray:
    """Write a text.

    Args:
        text: characters that are classes of models, spaces, and ends of lines; at most `LONGEST`.
        seed: decides the hand.
        model: who writes, as in `plan`.
        truncation: 0…1, how far from the mean latent; 1 leaves latents as they fall.
        one_hand: every character from the same latent; otherwise each from its own.
        look: size, slant, colours.

    Returns:
        uint8 ``[h, W, c]``: a line as high as the highest of the models' pictures, or as the look says; in colour if a
        model or the look has any; with four channels, the last how far it covers, where there is no paper.

    Raises:
        UserError: for an unknown or damaged model, text that is empty or too long, or characters that no model can
            write: they are named, with those that can be written.
    """
    return ask(text, seed, plan(text, model), truncation, one_hand).set(look)


@dataclass(frozen=True, eq=False)
class Asked:
    """A text whose characters are being drawn.

    Attributes:
        text: what is written.
        parts: who draws each character.
        waiting: the pictures of each model's characters, uint8 ``[n, h, w, c]``, and their places among the parts.
    """

    text: str
    parts: Sequence[Part]
    waiting: Sequence[tuple[list[int], Future[np.ndarray]]]

    def set(self, look: Look = Look()) -> np.ndarray:
        """The written text, as `write` gives it; waits for what is not drawn yet.

        Raises:
            UserError: if a model is damaged, or the text would be too large.
        """
        supply = iter(zip(self.parts, self._pictures(), strict=True))
        said: list[tuple[str, list[np.ndarray]]] = []
        for line in _read(self.text).split("\n"):
            own = [next(supply) for character in line if not character.isspace()]
            drawn = iter(part.drawn for part, _ in own)
            words = "".join(" " if character.isspace() else next(drawn) for character in line.rstrip())
            said.append((words, [picture for _, picture in own]))
        height = max(len(picture) for _, pictures in said for picture in pictures)
        lines = [typesetting.compose(words, pictures, look.spacing, height) for words, pictures in said]
        shape = (
            len(lines) * (look.size or height),
            max(line.shape[1] for line in lines) * (look.size or height) / height,
        )
        if shape[0] * shape[1] > LARGEST:
            raise UserError(
                f"size: the text would be {shape[1]:,.0f} x {shape[0]:,} pixels; choose a smaller size, or break its "
                "lines."
            )
        whole = typesetting.stack([typesetting.shaped(line, look.size, look.slant) for line in lines])
        return typesetting.printed(whole, look.ink, look.paper) if look.paper else typesetting.cut_out(whole, look.ink)

    def _pictures(self) -> list[np.ndarray]:
        """The picture of each part, uint8 ``[h, w, c]``, light ink on black."""
        pictures: list[np.ndarray] = [np.empty(0)] * len(self.parts)
        for own, drawn in self.waiting:
            for place, picture in zip(own, typesetting.light_on_black(drawn.result()), strict=True):
                pictures[place] = picture
        return pictures


def ask(text: str, seed: int, parts: Sequence[Part], truncation: float = 1.0, one_hand: bool = True) -> Asked:
    """Have the characters of a text drawn, without waiting for them.

    Args:
        parts: who draws what, by `plan` of the same text.
        text, seed, truncation, one_hand: as `write`.

    Raises:
        UserError: for a model that is gone, or a seed or truncation that is out of range.
    """
    places: dict[str, list[int]] = {}
    for place, part in enumerate(parts):
        places.setdefault(part.card.name, []).append(place)
    waiting = []
    for name, own in places.items():
        card, labels = parts[own[0]].card, np.array([parts[place].label for place in own])
        latents = drawing.latents_for(card, seed, 1 if one_hand else len(parts), truncation)
        chosen = np.resize(latents, (len(own), card.latent)) if one_hand else latents[own]
        waiting.append((own, inference.submit(name, chosen, drawing.one_hot(card, labels))))
    return Asked(text, parts, waiting)


def able() -> list[registry.Card]:
    """The models that draw characters."""
    return [card for card in drawing.generators().values() if _known(card)]


def plan(text: str, model: str | None = None, cards: Sequence[registry.Card] | None = None) -> list[Part]:
    """Who draws each character of a text, spaces left out; at least one.

    A model that is named draws what it can, the others the rest. Of several, that one is taken which can draw most of
    the line's characters of the same kind (digits, Latin letters, syllables …), so that a word does not change hands;
    then one that ships, and then the one that knows the fewest characters. Where no model knows a letter, but one
    knows it as a capital, or as a small letter, that is drawn: data sets such as EMNIST letters hold both as one class.

    Args:
        text, model: as `write`.
        cards: what `able` has found, for who asks often.

    Raises:
        UserError: as `write`.
    """
    if len(text) > LONGEST:
        raise UserError(f"The text has {len(text):,} characters; {LONGEST} can be written at a time.")
    if (lines := _read(text).count("\n") + 1) > LINES:
        raise UserError(f"The text has {lines} lines; {LINES} can be written at a time.")
    characters = [character for character in _read(text) if not character.isspace()]
    first, cards = [inference.card(model)] if model is not None else [], able() if cards is None else cards
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
    """The text as it is written; typed Korean may come in pieces, and ends of lines in three forms."""
    return unicodedata.normalize("NFC", "\n".join(text.strip().splitlines()))


def _kind(character: str) -> str:
    """What a character is: DIGIT, LATIN, HANGUL …"""
    return unicodedata.name(character, "").partition(" ")[0]


def _rank(card: registry.Card, fits: int) -> tuple[int, bool, int, str]:
    return -fits, card.local, len(card.class_names), card.name


def _abilities(cards: Sequence[registry.Card], characters: Iterable[str]) -> str:
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
