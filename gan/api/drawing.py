"""Pictures to order: a text, samples of a model, a way through its latent space."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Sequence

import numpy as np
from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.convertors import Convertor, register_url_convertor
from starlette.responses import Response

from gan import drawing, films, images, inference, latent, text
from gan.api import answers, work
from gan.api.answers import GIF, JSON, MP4, NPZ, PNG
from gan.api.schemas import Interpolation, Key, Sampled, Sampling, Writing, Written, parameters
from gan.errors import UserError, unknown
from gan.registry import Card

router = APIRouter(tags=["pictures"])
AT_ONCE = 2**15  # pixels of a text that is set without leaving the event loop, which takes less than a millisecond
PIXELS = 2**24  # numbers of all pictures of a request
TEXT = {
    "name": "text",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": text.LONGEST},
}
WAYS = {"slerp": latent.slerp, "lerp": latent.lerp}

Array = np.ndarray


class _Anything(Convertor[str]):
    """A part of a path with slashes and ends of lines too."""

    regex = "(?s:.*)"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("anything", _Anything())


@router.get(
    "/generate/{text:anything}",
    responses=answers.documented(Written, PNG),
    openapi_extra={"parameters": [TEXT, *parameters(Writing)]},
)
async def generate(request: Request) -> Response:
    """Write a text: digits, letters, whatever characters the models here know. A PNG, or JSON."""
    kind, how = answers.chosen(request, (PNG, JSON)), _writing(request)
    words = request.path_params["text"]
    look, parts = _look(how), _plan(words, how.model, _folder(), int(time.monotonic()))
    work.check_room()
    asked = _ask(words, how, parts)
    await work.drawn(*(future for _, future in asked.waiting))
    size = max(how.size, 64) ** 2 * len(asked.parts)
    shown = asked.set(look) if size <= AT_ONCE else await work.heavily(lambda say: asked.set(look))
    if kind == PNG:
        return Response(answers.png(shown), media_type=PNG)
    return answers.as_json({**_written(asked, how.seed, shown), "image": answers.text(answers.png(shown))})


def _writing(request: Request) -> Writing:
    """The query. FastAPI would check it field by field, which takes longer than all the rest; `text.plan` checks the
    text."""
    try:
        return Writing.model_validate(dict(request.query_params))
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None


def _look(how: Writing) -> text.Look:
    ink, paper = (f"#{colour.removeprefix('#')}" for colour in (how.ink, how.paper))
    return text.Look(how.spacing, how.size, how.slant, ink, "" if how.paper == "none" else paper)


def _ask(words: str, how: Writing, parts: Sequence[text.Part]) -> text.Asked:
    return text.ask(words, how.seed, parts, how.truncation, how.hands == "one")


def _written(asked: text.Asked, seed: int, shown: Array) -> dict[str, object]:
    size = {"width": shown.shape[1], "height": shown.shape[0]}
    return {"text": asked.text, "seed": seed, "writers": text.writers(asked.parts), **size}


@functools.lru_cache(maxsize=4096)
def _plan(words: str, model: str | None, folder: str, second: int) -> list[text.Part]:
    """Who writes what, looked up again after a second: models come and go."""
    return text.plan(words, model, _able(folder, second))


@functools.lru_cache(maxsize=1)
def _able(folder: str, second: int) -> list[Card]:
    return text.able()


def _folder() -> str:
    return os.environ.get("GAN_WEIGHTS_DIR", "")


@router.post("/sample", responses=answers.documented(Sampled, PNG, NPZ))
async def sample(request: Request, asked: Sampling) -> Response:
    """Draw pictures of a model: of labels, of mixtures, of latents. A sheet (PNG), JSON, or arrays (`.npz`)."""
    kind = answers.chosen(request, (PNG, JSON, NPZ))
    card = inference.card(asked.model)
    latents, weights = _points(card, asked)
    work.check_room()
    (pictures,) = await work.drawn(inference.submit(card.name, latents, weights))
    labels = weights.argmax(1) if weights.shape[1] else np.zeros(len(weights), np.int64)

    def write(_: work.Say) -> Response:
        if kind == NPZ:
            named = {"images": pictures, "labels": labels, "latents": latents, "classes": weights}
            return Response(answers.arrays(**named), media_type=NPZ)
        if kind == PNG:
            order = drawing.Order(card.name, tuple(dict.fromkeys(labels.tolist())), len(pictures), asked.seed)
            return Response(drawing.sheet(drawing.Drawing(order, pictures, _names(card, labels))), media_type=PNG)
        whole = {"model": card.name, "digest": card.digest, "labels": _names(card, labels)}
        whole |= {"latents": latents.tolist(), "weights": weights.tolist()}
        return answers.as_json({**whole, "images": [answers.text(answers.png(picture)) for picture in pictures]})

    return write(_nothing) if pictures.size <= AT_ONCE else await work.heavily(write)


def _points(card: Card, asked: Sampling) -> tuple[Array, Array]:
    """The latents float32 ``(n, latent)`` and class weights ``(n, k)`` of a request.

    Raises:
        UserError: for what does not fit the model, contradicts itself, or is too much.
    """
    told = [name for name in ("labels", "columns", "weights") if getattr(asked, name) is not None]
    if len(told) > 1:
        raise UserError(f"{' and '.join(told)}: give one of them.")
    labels = _labels(card, asked)
    longest = max(len(rows) for rows in (labels, asked.weights or (), asked.latents or (), (0,)))
    count = asked.n or min(longest, 1000)
    if (size := count * int(np.prod(card.shape))) > PIXELS:
        raise UserError(f"n: {count} pictures of {card.name} have {size:,} values; {PIXELS:,} are the most at once.")
    if asked.weights is not None:
        rows = np.array([_weights(card, "weights", row) for row in asked.weights], np.float32)
        weights = rows[np.arange(count) % len(rows)]
    else:
        weights = drawing.one_hot(card, np.resize(np.array(labels or [0]), count))
    if asked.latents is None:
        return drawing.latents_for(card, asked.seed, count, asked.truncation), weights
    latents = np.array([_latent(card, f"latents.{i}", row) for i, row in enumerate(asked.latents)], np.float32)
    return latents[np.arange(count) % len(latents)], weights


def _labels(card: Card, asked: Sampling) -> Sequence[int]:
    if asked.labels is not None:
        return [_label(card, name) for name in asked.labels]
    if asked.columns is None:
        return range(len(card.class_names)) if asked.weights is None else ()
    known = drawing.choices(card)
    for column, values in asked.columns.items():
        if column not in known:
            raise unknown(f"column of {card.name}", column, known)
        for value in values:
            if value not in known[column]:
                raise unknown(f"value of {column}", value, known[column])
    return drawing.labels_of(card, asked.columns)


def _label(card: Card, name: str) -> int:
    if name not in card.class_names:
        raise unknown(f"label of {card.name}", name, card.class_names)
    return card.class_names.index(name)


def _latent(card: Card, name: str, row: Sequence[float]) -> Sequence[float]:
    if len(row) != card.latent:
        raise UserError(f"{name}: a latent of {card.name} has {card.latent} numbers, you gave {len(row)}.")
    return row


def _weights(card: Card, name: str, row: Sequence[float]) -> Array:
    """Class weights as they are drawn with, adding up to one."""
    if len(row) != len(card.class_names):
        raise UserError(f"{name}: {card.name} has {len(card.class_names)} classes, you gave {len(row)} weights.")
    if row and not sum(row) > 0:
        raise UserError(f"{name}: at least one weight must be above 0.")
    values = np.array(row, np.float64)
    return (values / values.sum()).astype(np.float32) if row else values.astype(np.float32)


def _names(card: Card, labels: Array) -> tuple[str, ...]:
    return tuple(card.class_names[label] for label in labels) if card.class_names else ("",) * len(labels)


@router.post("/interpolate", responses=answers.documented(Sampled, GIF, MP4, PNG))
async def interpolate(request: Request, asked: Interpolation) -> Response:
    """Go from picture to picture through the latent space: a film (GIF, MP4), a strip (PNG), or JSON."""
    kind = answers.chosen(request, (GIF, MP4, PNG, JSON))
    card = inference.card(asked.model)
    if kind in (GIF, MP4):
        films.check(kind.rpartition("/")[2], asked.frames, card.shape, asked.rate)
    if (size := asked.frames * int(np.prod(card.shape))) > PIXELS:
        raise UserError(f"frames: {asked.frames} of {card.name} have {size:,} values; {PIXELS:,} are the most.")
    points = np.array([_place(card, f"keys.{i}", key) for i, key in enumerate(asked.keys)], np.float32)
    mixed = np.array([_mixture(card, f"keys.{i}", key) for i, key in enumerate(asked.keys)], np.float32)
    latents = latent.along(WAYS[asked.path], points, asked.frames, asked.loop)
    weights = latent.along(latent.lerp, mixed.reshape(len(points), -1), asked.frames, asked.loop)
    work.check_room()
    (pictures,) = await work.drawn(inference.submit(card.name, latents, weights))

    def write(say: work.Say) -> Response:
        if kind == PNG:
            return Response(answers.png(images.tile(pictures, min(len(pictures), 24))), media_type=PNG)
        if kind in (GIF, MP4):
            return Response(films.film(kind.rpartition("/")[2], list(pictures), asked.rate, say), media_type=kind)
        labels = _names(card, weights.argmax(1) if weights.shape[1] else np.zeros(len(weights), np.int64))
        whole = {"model": card.name, "digest": card.digest, "labels": labels}
        whole |= {"latents": latents.tolist(), "weights": weights.tolist()}
        return answers.as_json({**whole, "images": [answers.text(answers.png(picture)) for picture in pictures]})

    return await work.heavily(write)


def _place(card: Card, name: str, key: Key) -> Sequence[float] | Array:
    if (key.seed is None) == (key.latent is None):
        raise UserError(f"{name}: give a seed or a latent.")
    if key.latent is not None:
        return _latent(card, f"{name}.latent", key.latent)
    return latent.normal(key.seed or 0, 1, card.latent)[0]


def _mixture(card: Card, name: str, key: Key) -> Array:
    if key.label is not None and key.weights is not None:
        raise UserError(f"{name}: give a label or weights, not both.")
    if key.weights is not None:
        return _weights(card, f"{name}.weights", key.weights)
    if key.label is not None:
        return drawing.one_hot(card, np.array([_label(card, key.label)]))[0]
    return drawing.one_hot(card, np.array([0]))[0]


def _nothing(*_: object) -> None:
    """Nobody needs to be told."""
