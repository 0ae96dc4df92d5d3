"""Directions of a generator's latent space, in families; each family is worked out once a model, when asked for.

All are unit vectors of the latent, so that one step along any is one standard deviation.

- ``seen``: those in which the pictures change most (`gan.inference.submit_directions`).
- ``components``: principal components of the first activations, carried back to the latent by regression (GANSpace;
  Härkönen et al. 2020).
- ``factors``: the closed-form factors of the first layer's kernel (SeFa; Shen and Zhou 2021).
- ``measured``: along which a measure of the pictures grows, by a linear fit on drawn ones: simple measures of the ink
  (`gan.latent_space.measuring`), and what a classifier of columns says.
- ``named``: which a person named, by picking pictures with more and less of something; kept in their folder.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np

from gan import images, inference, latent, registry
from gan.errors import UserError, unknown
from gan.latent_space import measuring, shelf
from gan.latent_space.views import Key, place
from gan.metrics import features

Array = np.ndarray
COUNT = 8  # directions of each family that is ranked
DRAWN = 1024  # pictures that activations are looked at for
MEASURED = 2048  # pictures that are measured
LEAST = 0.2  # correlation with what was measured, on other pictures, below which a fit is left out
FAMILIES = {  # name -> (letter that its directions begin with, title, what they are)
    "seen": ("d", "Seen most", "What changes the picture most, strongest first."),
    "components": ("p", "GANSpace", "How the first activations vary most among random latents, strongest first."),
    "factors": ("s", "SeFa", "What the first layer amplifies most, strongest first."),
    "measured": (
        "m",
        "Measured",
        "A measure of the picture grows along it; the number says how surely (1: always).",
    ),
    "named": ("u", "Yours", "What you named, by picking pictures with more and less of it."),
}
MODELS_KEPT = 16


@dataclass(frozen=True, eq=False)
class Direction:
    """A direction as the page shows it; `note` is its correlation with what was measured, if something was."""

    name: str
    title: str
    vector: Array  # float32 (latent,), unit length
    note: str = ""


def family(model: str, name: str) -> Future[tuple[Direction, ...]]:
    """The directions of a family, at once and without waiting; done already when they are known.

    Raises:
        UserError: for an unknown model or family.
    """
    if name not in FAMILIES:
        raise unknown("family of directions", name, FAMILIES)
    card = inference.card(model)
    if name == "named":  # a small file each, which another window may have added
        ready: Future[tuple[Direction, ...]] = Future()
        ready.set_result(_named(card))
        return ready
    key = (card.name, card.digest, name)
    with _LOCK:
        if kept := _FOUND.get(key):
            if kept.done() and kept.exception():
                del _FOUND[key]  # told once: who asks again has it tried again
            return kept
        future: Future[tuple[Direction, ...]] = Future()
        future.set_running_or_notify_cancel()  # shared by all who ask: nobody may cancel it for the others
        _FOUND[key] = future
        while len(_FOUND) > len(FAMILIES) * MODELS_KEPT:
            _FOUND.popitem(last=False)
    threading.Thread(target=_find, args=(_WAYS[name], card, future), name=f"gan-{name}", daemon=True).start()
    return future


def families_of(names: Iterable[str]) -> list[str]:
    """The families that directions belong to.

    Raises:
        UserError: for a name that belongs to none.
    """
    letters = {letter: known for known, (letter, _, _) in FAMILIES.items()}
    for name in names:
        if name[:1] not in letters:
            raise unknown("direction", name, [f"{letter}…" for letter in letters])
    return list(dict.fromkeys(letters[name[0]] for name in names))


def vectors(found: Iterable[Direction], names: Iterable[str]) -> Mapping[str, Array]:
    """The vectors of directions by name.

    Raises:
        UserError: for one that is not among those found.
    """
    known = {direction.name: direction.vector for direction in found}
    for name in names:
        if name not in known:
            raise unknown("direction of this model", name, known)
    return known


def gone(model: str, names: Iterable[str]) -> list[str]:
    """Those of the directions that no family can have, or that a person has removed; known without finding any."""
    letters = {letter for letter, _, _ in FAMILIES.values()}
    kept = {direction.name for direction in _named(inference.card(model))}
    return [name for name in names if name[:1] not in letters or (name.startswith("u-") and name not in kept)]


def find(model: str, names: Sequence[str]) -> Mapping[str, Array]:
    """The vectors of directions by name, waited for.

    Raises:
        UserError: for an unknown model or direction.
    """
    futures = [family(model, name) for name in families_of(names)]
    return vectors([direction for future in futures for direction in future.result()], names)


def name_direction(model: str, name: str, more: Sequence[object], less: Sequence[object]) -> shelf.Entry:
    """Keep the direction that leads from pictures with less of something to those with more of it.

    Args:
        name: what it is called.
        more, less: the places of pictures (`gan.latent_space.views.Key.at`), at least one each.

    Raises:
        UserError: for too few pictures, what cannot be a place, or a name that is empty or taken.
    """
    card = inference.card(model)
    if not more or not less:
        raise UserError("Pick at least one picture with more of it and one with less; several of each make it surer.")
    keys = [Key(place(f"picture {index}", at), ()) for index, at in enumerate([*more, *less], 1)]
    marks = np.r_[np.ones(len(more)), -np.ones(len(less))]
    found = measuring.fit(np.stack([key.latent(card.latent) for key in keys]), marks)
    picked = {"more": len(more), "less": len(less)}
    return shelf.keep("direction", model, name, {"vector": [round(float(v), 5) for v in found.direction], **picked})


def _named(card: registry.Card) -> tuple[Direction, ...]:
    found = []
    for entry in shelf.entries("direction", card.name):
        try:
            vector = np.asarray(entry.data.get("vector", []), np.float32)
        except (TypeError, ValueError):  # damaged
            continue
        if vector.shape == (card.latent,) and np.isfinite(vector).all():  # else of an earlier model of that name
            found.append(Direction(f"u-{entry.id}", entry.name, vector))
    return tuple(found)


def _find(way: Way, card: registry.Card, future: Future[tuple[Direction, ...]]) -> None:
    try:
        future.set_result(tuple(way(card)))
    except Exception as error:
        future.set_exception(error)


def _ranked(letter: str, rows: Array) -> list[Direction]:
    return [Direction(f"{letter}{rank}", f"Direction {rank}", row) for rank, row in enumerate(rows, 1)]


def _seen(card: registry.Card) -> list[Direction]:
    return _ranked("d", inference.submit_directions(card.name).result()[:COUNT])


def _components(card: registry.Card) -> list[Direction]:
    latents = latent.normal(0, DRAWN, card.latent)
    classes, groups = _turns(card, DRAWN)
    activations = inference.look_inside(card.name, "first_activations", latents, classes)
    return _ranked("p", components(activations, latents, groups, min(COUNT, card.latent)))


def components(activations: Array, latents: Array, groups: Array, k: int) -> Array:
    """Principal components of activations, as directions of the latent: float32 ``(k, dim)``, unit length.

    Args:
        activations: ``(n, features)``.
        latents: ``(n, dim)``, which they came from.
        groups: ``(n,)``; the mean of each (a class) is taken off, or classes would be the first components.
        k: how many.
    """
    centred = np.array(activations, np.float32)
    for group in np.unique(groups):
        centred[groups == group] -= centred[groups == group].mean(0)
    _, vectors = np.linalg.eigh((centred @ centred.T).astype(np.float64))  # the Gram matrix: fewer rows than columns
    coordinates = vectors[:, ::-1][:, :k]  # orthonormal, up to the length of each component
    rows = coordinates.T @ latents
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    largest = np.take_along_axis(rows, np.abs(rows).argmax(1)[:, None], axis=1)
    return (rows * np.where(largest < 0, -1, 1)).astype(np.float32)


def _factors(card: registry.Card) -> list[Direction]:
    points = np.concatenate([np.zeros((1, card.latent)), np.eye(card.latent)]).astype(np.float32)
    classes = np.eye(max(1, len(card.class_names)), dtype=np.float32)[: max(1, min(COUNT, len(card.class_names)))]
    kernels = []
    for row in classes[:, : len(card.class_names)]:
        outputs = inference.look_inside(card.name, "first_layer", points, np.tile(row, (len(points), 1)))
        kernels.append(outputs[1:] - outputs[0])
    return _ranked("s", latent.directions(np.concatenate(kernels, axis=1), min(COUNT, card.latent)))


def _measured(card: registry.Card) -> list[Direction]:
    latents = latent.normal(2, MEASURED, card.latent)
    classes, groups = _turns(card, MEASURED)
    pictures = inference.sample(card.name, latents, classes)
    simple = measuring.GREY if card.shape[2] == 1 else measuring.COLOUR
    values = {f"m-{name}": (title, measure(pictures)) for name, (title, measure) in simple.items()}
    values |= _judged(card, pictures)
    found = []
    for name, (title, measured) in values.items():
        fit = measuring.fit(latents, measured, groups)
        if fit.correlation >= LEAST:
            found.append(Direction(name, title, fit.direction, f"{fit.correlation:.2f}"))
    return found


def _judged(card: registry.Card, pictures: Array) -> dict[str, tuple[str, Array]]:
    """The log odds that classifiers of columns give each value, on pictures of the model."""
    found = {}
    for other in registry.cards("classifier"):
        if not other.columns or other.shape != card.shape:
            continue
        net = features.named(other.name)
        batches = [pictures[start : start + net.batch] for start in range(0, len(pictures), net.batch)]
        logits = np.concatenate([np.asarray(net.function(images.to_model(batch))[1], np.float64) for batch in batches])
        start = 0
        for order, (column, values) in enumerate(other.columns.items()):
            own = logits[:, start : start + len(values)]
            start += len(values)
            for index, value in enumerate(values):
                rest = np.logaddexp.reduce(np.delete(own, index, axis=1), axis=1)
                found[f"m-{other.name.replace('_', '-')[:24]}-{order}-{index}"] = (
                    f"{column.capitalize()}: {value}",
                    own[:, index] - rest,
                )
    return found


def _turns(card: registry.Card, count: int) -> tuple[Array, Array]:
    """Class weights ``(count, k)``, the classes taken in turn, and which class each row is."""
    known = len(card.class_names)
    groups = np.arange(count) % max(1, known)
    return np.eye(max(1, known), dtype=np.float32)[groups, :known], groups


Way = Callable[[registry.Card], Sequence[Direction]]
_WAYS: dict[str, Way] = {"seen": _seen, "components": _components, "factors": _factors, "measured": _measured}
_FOUND: OrderedDict[tuple[str, str, str], Future[tuple[Direction, ...]]] = OrderedDict()
_LOCK = threading.Lock()
