"""Favourites: views of the latent space under a name, with the latent itself, kept by `gan.latent_space.shelf`."""

from __future__ import annotations

import functools
import json
from dataclasses import replace

import numpy as np

from gan import inference, latent
from gan.errors import UserError
from gan.latent_space import journey, links, shelf
from gan.latent_space.views import MOST, Key, View

Array = np.ndarray


def keep(view: View, name: str) -> shelf.Entry:
    """Keep the picture that a view shows, and the view.

    Raises:
        UserError: for a name that is empty or taken by another favourite of the model, or a model that is not there.
    """
    latents, weights = journey.points([view])
    data = {
        "view": links.write(view),
        "latent": [round(float(value), 6) for value in latents[0]],
        "classes": [round(float(value), 6) for value in weights[0]],
        "weights_sha256": inference.card(view.model).digest,
    }
    return shelf.keep("favourite", view.model, name, data)


def pictures(entries: list[shelf.Entry]) -> Array:
    """The pictures of favourites of one model as it draws them now, uint8 ``[n, h, w, c]``.

    Raises:
        UserError: for a favourite that does not fit the model that has its name now.
    """
    return _drawn(entries[0].model, inference.card(entries[0].model).digest, tuple(key(entry) for entry in entries))


@functools.lru_cache(maxsize=8)
def _drawn(model: str, digest: str, keys: tuple[Key, ...]) -> Array:
    """Asked for again whenever a slider is let go."""
    latents = np.stack([one.latent(inference.card(model).latent) for one in keys])
    found = inference.sample(model, latents, np.array([one.classes for one in keys]).reshape(len(keys), -1))
    found.flags.writeable = False
    return found


def fits(entry: shelf.Entry) -> bool:
    """Whether the model that has the name now can draw it: it may have been made anew, or be gone."""
    try:
        key(entry)
    except UserError:
        return False
    return True


def here(model: str) -> bool:
    """Whether there is a generator of this name."""
    try:
        inference.card(model)
    except UserError:
        return False
    return True


def as_json(entry: shelf.Entry) -> bytes:
    """A favourite as a file, with its latent, also when its model is gone."""
    return json.dumps({"name": entry.name, "model": entry.model, **entry.data}, ensure_ascii=False, indent=1).encode()


def key(entry: shelf.Entry) -> Key:
    """The picture of a favourite as a key of a strip.

    Raises:
        UserError: if its model is gone or another one by now, or the file is damaged.
    """
    card = inference.card(entry.model)
    try:
        point = np.asarray(entry.data["latent"], np.float32)
        classes = np.asarray(entry.data["classes"], np.float64)
        whole = bool(np.isfinite([*point.flat, *classes.flat]).all() and (classes >= 0).all())
        whole = whole and bool(classes.sum() > 0 or not classes.size)
    except (KeyError, TypeError, ValueError):
        whole = False
    if not whole or point.shape != (card.latent,) or classes.shape != (len(card.class_names),):
        raise UserError(f"{entry.name}: it does not fit the model that is called {entry.model} now.")
    weights = classes / classes.sum() if len(classes) else classes
    return Key(latent.coded(point), tuple(weights.tolist()))


def view(entry: shelf.Entry) -> View:
    """The whole view of a favourite; its picture alone where a direction that it was pushed along is gone.

    Raises:
        UserError: as `key`.
    """
    alone = View(entry.model, (key(entry),), 0.0)
    try:
        found = links.read(str(entry.data.get("view")), entry.model, len(alone.keys[0].classes))
        journey.points([found])
    except UserError:
        return alone
    return found


def added(shown: View, entry: shelf.Entry) -> View:
    """A view with a favourite's picture at the end of its strip, standing there.

    Raises:
        UserError: as `key`, or when the strip is full.
    """
    return with_key(shown, key(entry))


def with_key(shown: View, new: Key) -> View:
    """A view with one more key at the end of its strip, standing there.

    Raises:
        UserError: when the strip is full.
    """
    if len(shown.keys) >= MOST:
        raise UserError(f"The strip holds {MOST} pictures; remove one first.")
    return replace(shown, keys=(*shown.keys, new), t=float(len(shown.keys)), plane=None)
