"""What the latent page shows, as plain numbers: key pictures, the way along them, and how far it is pushed where to.

A view is in the page's address, in every message of the live socket, in a favourite. NumPy only.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gan import latent
from gan.errors import UserError, unknown

PATHS = {"spherical": latent.slerp, "straight": latent.lerp}
EASINGS = ("even", "smooth")  # of the way from key to key: at one speed, or resting at each key
REACH = 3.0  # how far a direction may be followed either way, in standard deviations of the latent
MOST = 24  # key pictures of a strip
OFFSETS = 64  # directions followed at once, of all families
DIRECTION = re.compile(r"[a-z][a-z0-9.-]{0,39}")
BEYOND = (-1.0, 2.0)  # how far a plane goes past its three pictures, which lie at (0, 0), (1, 0) and (0, 1)

Array = np.ndarray


@dataclass(frozen=True)
class Key:
    """One picture of the strip.

    Args:
        at: the seed of its latent, 0…2**32 - 1, or the latent itself as `latent.coded` writes it.
        classes: the weight of each class, adding up to one; empty for a model without classes.
    """

    at: int | str
    classes: tuple[float, ...]

    def latent(self, dim: int) -> Array:
        """float32 ``(dim,)``, not to be written to.

        Raises:
            UserError: for a written latent of another size.
        """
        return _latent(self.at, dim)


@dataclass(frozen=True)
class View:
    """All that the latent page shows.

    Args:
        model: the generator's name.
        keys: 1 to `MOST` pictures.
        t: where along them: i is key i, up to the last key, or in a loop up to the first one again.
        path: how it goes from key to key, "spherical" or "straight".
        easing: "even" or "smooth".
        loop: whether the first key follows the last.
        offsets: name of a direction -> how far along it, -REACH…REACH; none is 0.
        plane: a place on the plane through the first three keys, shown instead of the way along all; or none.
    """

    model: str
    keys: tuple[Key, ...]
    t: float
    path: str = "spherical"
    easing: str = "even"
    loop: bool = False
    offsets: tuple[tuple[str, float], ...] = ()
    plane: tuple[float, float] | None = None

    @classmethod
    def start(cls, model: str, classes: int) -> View:
        """What a first visit shows: half-way between two pictures of one class."""
        chosen = min(3, classes - 1)
        weights = tuple(float(index == chosen) for index in range(classes))
        return cls(model, (Key(1, weights), Key(2, weights)), 0.5)

    @classmethod
    def from_json(cls, data: object, classes: int) -> View:
        """A view from parsed JSON, every value checked; class weights are scaled to add up to one.

        Args:
            data: an object with exactly the fields of a view; `keys` objects with `at` and `classes`, `offsets` an
                object.
            classes: how many classes the model has.

        Raises:
            UserError: naming the field, what it holds and what it may hold.
        """
        fields = _fields("view", data, cls.__annotations__)
        if not isinstance(fields["model"], str) or not 0 < len(fields["model"]) <= 100:
            raise UserError(f"model: must be the name of a generator, got {_said(fields['model'])}.")
        for name, known in (("path", tuple(PATHS)), ("easing", EASINGS)):
            if fields[name] not in known:
                raise unknown(name, fields[name], known)
        if not isinstance(fields["loop"], bool):
            raise UserError(f"loop: must be true or false, got {_said(fields['loop'])}.")
        keys = fields["keys"]
        if not isinstance(keys, list) or not 1 <= len(keys) <= MOST:
            raise UserError(f"keys: must be a list of 1 to {MOST} pictures, got {_said(keys)}.")
        offsets = fields["offsets"]
        if not isinstance(offsets, Mapping) or len(offsets) > OFFSETS:
            raise UserError(f"offsets: must be an object of at most {OFFSETS} directions, got {_said(offsets)}.")
        for name in offsets:
            if not isinstance(name, str) or not DIRECTION.fullmatch(name):
                raise UserError(f"offsets: {_said(name)} cannot be the name of a direction.")
        plane = None if fields["plane"] is None else _numbers("plane", fields["plane"], 2, *BEYOND)
        if plane and len(keys) < 3:
            raise UserError(f"plane: three pictures span one; there are {len(keys)}.")
        far = {name: _number(f"offsets.{name}", value, -REACH, REACH) for name, value in offsets.items()}
        return cls(
            model=fields["model"],
            keys=tuple(_key(f"keys[{place}]", key, classes) for place, key in enumerate(keys)),
            t=_number("t", fields["t"], 0, len(keys) - 1 + fields["loop"]),
            path=fields["path"],
            easing=fields["easing"],
            loop=fields["loop"],
            offsets=tuple((name, value) for name, value in far.items() if value),
            plane=(plane[0], plane[1]) if plane else None,
        )

    def to_json(self) -> dict[str, Any]:
        """The view as plain values, which `from_json` takes."""
        found = {name: getattr(self, name) for name in self.__annotations__}
        keys = [{"at": key.at, "classes": list(key.classes)} for key in self.keys]
        return {**found, "keys": keys, "offsets": dict(self.offsets), "plane": self.plane and list(self.plane)}

    def latent(self, ways: Mapping[str, Array], dim: int) -> Array:
        """The point of the latent space that this view shows, float32 ``(dim,)``.

        Args:
            ways: directions ``(dim,)`` by name, at least those of `offsets`.
            dim: the size of the model's latent.
        """
        if self.plane:
            corners = np.stack([key.latent(dim) for key in self.keys[:3]])
            point = _on_plane(corners, self._shares(), self.path == "spherical")
        else:
            before, after, share = self._between()
            point = PATHS[self.path](before.latent(dim), after.latent(dim), share)
        return point + sum((np.float32(value) * ways[name] for name, value in self.offsets), np.float32(0))

    def weights(self) -> tuple[float, ...]:
        """The class weights where this view stands, adding up to one."""
        if self.plane:  # past a picture, a class cannot have less than none of it
            parts = np.maximum(self._shares(), 0)
            mixed = parts / parts.sum() @ np.array([key.classes for key in self.keys[:3]])
            return tuple(mixed.tolist())
        before, after, share = self._between()
        if before.classes == after.classes:
            return before.classes
        return tuple((1 - share) * a + share * b for a, b in zip(before.classes, after.classes, strict=True))

    def stops(self) -> list[View]:
        """The view at each of its keys."""
        return [replace(self, t=float(place), plane=None) for place in range(len(self.keys))]

    def pushed(self, directions: Sequence[str]) -> list[View]:
        """The view at the two ends of each direction, the other offsets left as they are."""
        kept = dict(self.offsets)
        return [
            replace(self, offsets=tuple({**kept, name: end}.items())) for name in directions for end in (-REACH, REACH)
        ]

    def alone(self, sizes: Sequence[int] = ()) -> list[View]:
        """This point with each value of each column by itself, the other columns left as they are.

        Args:
            sizes: how many values each of the columns has whose combinations the classes are, the last one changing
                fastest; by default the classes are the values of one column.
        """
        classes = self.weights()
        weights = np.reshape(classes, sizes or (len(classes),))
        views = []
        for axis, size in enumerate(weights.shape):
            others = np.moveaxis(weights.sum(axis, keepdims=True), axis, 0)
            for only in np.eye(size):
                mixed = np.moveaxis(only.reshape(-1, *[1] * (weights.ndim - 1)) * others, 0, axis)
                chosen = tuple(mixed.ravel().tolist())
                views.append(replace(self, keys=tuple(replace(key, classes=chosen) for key in self.keys)))
        return views

    def _shares(self) -> Array:
        """What each of the first three keys counts on the plane, adding up to one; below 0 or above 1 past them."""
        across, up = self.plane or (0.0, 0.0)
        return np.array([1 - across - up, across, up])

    def _between(self) -> tuple[Key, Key, float]:
        """The keys before and after this place, and the share of the way between them that is gone."""
        count = len(self.keys)
        place = max(0, min(int(self.t), count - 2 + self.loop))
        share = self.t - place
        if self.easing == "smooth":
            share = share * share * (3 - 2 * share)
        return self.keys[place], self.keys[(place + 1) % count], share


def _on_plane(corners: Array, shares: Array, keep_length: bool) -> Array:
    """The point that corners ``(3, dim)`` give by their shares; if asked, as long as the corners are on the whole."""
    point = shares @ corners.astype(np.float64)
    if keep_length and (length := np.linalg.norm(point)) > 0:
        point = point * (max(0.0, shares @ np.linalg.norm(corners, axis=1)) / length)
    return point.astype(np.float32)


@functools.lru_cache(maxsize=1024)
def _latent(at: int | str, dim: int) -> Array:
    """Asked for again with every frame of a slide."""
    found = latent.decoded(at, dim) if isinstance(at, str) else latent.normal(at, 1, dim)[0]
    found.flags.writeable = False
    return found


def place(name: str, at: object) -> int | str:
    """Where a key lies, `Key.at`, if it can be one.

    Raises:
        UserError: calling it by `name`.
    """
    if isinstance(at, str) or (isinstance(at, int) and not isinstance(at, bool) and 0 <= at < latent.SEEDS):
        return at
    raise UserError(
        f"{name}: must be a whole number from 0 to {latent.SEEDS - 1}, or a written latent; got {_said(at)}."
    )


def _key(name: str, data: object, classes: int) -> Key:
    fields = _fields(name, data, Key.__annotations__)
    at = place(f"{name}.at", fields["at"])
    weights = _numbers(f"{name}.classes", fields["classes"], classes, 0, 1e6)
    total = sum(weights)
    if classes and not total > 0:
        raise UserError(f"{name}.classes: at least one weight must be above 0.")
    return Key(at, weights if total == 1 else tuple(weight / total for weight in weights))


def _fields(what: str, data: object, known: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of an object, if they are all there and no others."""
    if not isinstance(data, Mapping):
        raise UserError(f"{what}: must be an object with {', '.join(known)}; got {_said(data)}.")
    for name in data:
        if name not in known:
            raise unknown(f"field of a {what}", name, known)
    if missing := [name for name in known if name not in data]:
        raise UserError(f"{what}: {', '.join(missing)} missing.")
    return data


def _said(value: object) -> str:
    """A value as an error message quotes it: short, whatever was sent."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _number(name: str, value: object, low: float, high: float) -> float:
    # Compared before it is converted: NaN fails, and so does an integer too large for a float.
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise UserError(f"{name}: must be a number from {low:g} to {high:g}, got {_said(value)}.")
    return float(value)


def _numbers(name: str, value: object, n: int, low: float, high: float) -> tuple[float, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != n:
        raise UserError(f"{name}: must be a list of {n} numbers, got {_said(value)}.")
    if all(type(item) in (float, int) and low <= item <= high for item in value):
        return tuple(
            map(float, value)
        )  # asked for with every frame, of hundreds of weights: names are for what is wrong
    return tuple(_number(f"{name}[{index}]", item, low, high) for index, item in enumerate(value))
