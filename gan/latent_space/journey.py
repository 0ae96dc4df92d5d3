"""What a view of the latent space gives to take home: pictures along its way, a film's frames, its latents."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gan import films, images, inference
from gan.errors import UserError
from gan.latent_space import directions, links
from gan.latent_space.views import View

Array = np.ndarray
STEPS, LONGEST = 8, 60  # pictures of a sheet from key to key; at most


def points(views: Sequence[View]) -> tuple[Array, Array]:
    """The latents float32 ``(n, latent)`` and class weights ``(n, k)`` of views of one model.

    Raises:
        UserError: for a model or a direction that is not there.
    """
    card = inference.card(views[0].model)
    ways = directions.find(card.name, list(dict.fromkeys(name for view in views for name, _ in view.offsets)))
    latents = np.stack([view.latent(ways, card.latent) for view in views])
    return latents, np.array([view.weights() for view in views], np.float32).reshape(len(views), -1)


def draw(views: Sequence[View]) -> Array:
    """The pictures of views of one model, uint8 ``[n, h, w, c]``.

    Raises:
        UserError: as `points`.
    """
    return inference.sample(views[0].model, *points(views))


def large(view: View) -> bytes:
    """A PNG of the picture that is shown, enlarged to about 512 pixels."""
    picture = draw([view])[0]
    return images.encode_png(images.enlarge(picture, max(1, round(512 / max(picture.shape[:2])))))


def along(view: View, count: int) -> list[View]:
    """`count` views evenly along the whole strip; in a loop the first is not shown again at the end."""
    last = len(view.keys) - 1 + view.loop
    places = np.linspace(0, last, count, endpoint=not view.loop)
    return [replace(view, t=float(t), plane=None) for t in places]


def sheet(view: View, steps: int = STEPS) -> bytes:
    """A PNG of the whole way: a row of `steps` pictures from each key to the next; of one key, that picture.

    Raises:
        UserError: for fewer than two steps, or more than `LONGEST`; or as `points`.
    """
    if not 2 <= steps <= LONGEST:
        raise UserError(f"steps: {steps} is out of range; 2 to {LONGEST} works.")
    rows = len(view.keys) - 1 + view.loop
    places = [row + step for row in range(rows) for step in np.linspace(0, 1, steps)] or [0.0]
    pictures = draw([replace(view, t=float(t), plane=None) for t in places])
    return images.encode_png(images.tile(pictures, min(steps, len(places))))


def frames(view: View, rate: float, seconds: float) -> Array:
    """The frames of a film along the whole strip, uint8 ``[n, h, w, c]``.

    Raises:
        UserError: before anything is drawn, for a film that is too long or a rate out of range; or as `points`.
    """
    count = max(1, math.ceil(min(rate * seconds, 10**9)))
    films.check("gif", count, inference.card(view.model).shape, rate)
    return draw(along(view, count))


def as_json(view: View) -> bytes:
    """The latent and class weights of the picture that is shown, and of each key, for programs."""
    card = inference.card(view.model)
    latents, weights = points([view, *view.stops()])
    rows = [
        {"latent": [round(float(v), 6) for v in z], "classes": [round(float(v), 6) for v in c]}
        for z, c in zip(latents, weights, strict=True)
    ]
    whole = {"model": card.name, "weights_sha256": card.digest, "class_names": card.class_names}
    return json.dumps({**whole, "at": links.write(view), "shown": rows[0], "keys": rows[1:]}, indent=1).encode()


def as_npz(view: View) -> bytes:
    """The same as arrays: ``images`` uint8 ``[n, h, w, c]``, ``labels`` int64 ``[n]`` (the heaviest class), ``latents``
    ``(n, latent)``, ``classes`` ``(n, k)``; row 0 is what is shown, the others are the keys."""
    latents, weights = points([view, *view.stops()])
    pictures = inference.sample(view.model, latents, weights)
    labels = weights.argmax(1) if weights.shape[1] else np.zeros(len(weights), np.int64)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, images=pictures, labels=labels.astype(np.int64), latents=latents, classes=weights)
    return buffer.getvalue()
