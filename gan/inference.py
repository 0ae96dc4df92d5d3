"""The one warm, thread-safe path from (model, latents, class weights) to pictures.

One thread owns TensorFlow (`gan.batching`). Callers (pages, the live socket, the API, the command line) leave requests
and get futures; what waits for one model is drawn in one call. A call is a compiled function of a fixed batch size
(`BUCKETS`; smaller batches are padded), so there are five compilations a model and none later.

TensorFlow is imported by the first request or by `warm`, never by importing this module. In this process it gets
``GAN_INFERENCE_THREADS`` threads (1), because a server shares its cores with a training worker and a browser, and
sees no GPU unless ``GAN_INFERENCE_GPU=1``: drawing takes a millisecond or two without one.
"""

from __future__ import annotations

import functools
import gc
import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import numpy as np

from gan import batching, images, latent, registry
from gan.errors import UserError
from gan.models import inside

log = logging.getLogger(__name__)

BUCKETS = (1, 4, batching.SMALL, 64, batching.LARGEST)
SPARE = 16  # rows that a batch may be padded by
MODELS_KEPT = 12  # more than ship: a net that is dropped and built again leaves memory behind in TensorFlow
PARTS = {"first_layer": inside.first_layer, "first_activations": inside.first_activations}

Array = np.ndarray


def sample(model: str, latents: Array, classes: Array) -> Array:
    """Draw pictures and wait for them.

    Args:
        model: a generator's name in the registry.
        latents: float ``(n, latent)``, finite.
        classes: ``(n, k)`` class weights, each row adding up to one; ``(n, 0)`` for a model without classes.

    Returns:
        uint8 ``[n, h, w, c]``. One picture may differ by a grey level between batch sizes: float sums are ordered so.

    Raises:
        UserError: for an unknown or damaged model, or arrays that do not fit it.
    """
    return submit(model, latents, classes).result()


def submit(model: str, latents: Array, classes: Array) -> Future[Array]:
    """As `sample`, at once and without waiting. Cancelling the future drops what is not drawn yet."""
    known = card(model)
    return _BATCHER.submit((known.name, known.digest), *_checked(known, latents, classes))


def waiting() -> int:
    """How many pictures wait to be drawn."""
    return _BATCHER.waiting


def card(model: str) -> registry.Card:
    """A generator's card, read again only when its files have changed: cheap enough to ask for every frame.

    Raises:
        UserError: for a model that is unknown, damaged or not a generator.
    """
    key = (os.environ.get("GAN_WEIGHTS_DIR"), model)  # the folder's full path would cost a look at the disk a frame
    kept, stamp = _CARDS.get(key, (None, None))
    if kept and stamp and stamp == _stamp(kept):
        return kept
    _CARDS.pop(key, None)
    found = registry.card(model)
    if found.kind != "generator":
        raise UserError(f"model: {model} is a {found.kind} and draws nothing; choose a generator.")
    if len(_CARDS) > 100:
        _CARDS.clear()
    _CARDS[key] = found, _stamp(found)
    return found


def model_directions(model: str, k: int) -> Array:
    """The k directions of the latent that change a generator's pictures most, float32 ``(k, latent)``, orthonormal.

    Found at the pixels: around some latents, pictures to either side on each axis are compared, and the strongest
    directions of their differences, averaged over latents and classes, are taken (`gan.latent.directions`; the mean
    metric of Wang and Ponce 2021). For the first dense layer alone this is SeFa; taken at the output it needs no
    particular layer, so it holds for any generator, and what it ranks first is what is seen most. Two or three thousand
    pictures are drawn for it, once for each model.

    Raises:
        UserError: for an unknown or damaged model, or more directions than its latent has.
    """
    found = submit_directions(model).result()
    if not 1 <= k <= len(found):
        raise UserError(f"directions: {model} has 1 to {len(found)}, you asked for {k}.")
    return found[:k]


def submit_directions(model: str) -> Future[Array]:
    """All directions as `model_directions` ranks them, at once and without waiting; done already when known."""
    known = card(model)
    key = (known.name, known.digest)
    with _DIRECTIONS_LOCK:
        if kept := _DIRECTIONS.get(key):
            return kept
        future: Future[Array] = Future()
        future.set_running_or_notify_cancel()  # shared by all who ask: nobody may cancel it for the others
        _DIRECTIONS[key] = future
        while len(_DIRECTIONS) > 4 * MODELS_KEPT:
            _DIRECTIONS.popitem(last=False)
    threading.Thread(target=_find_directions, args=(known, future), name="gan-directions", daemon=True).start()
    return future


def look_inside(model: str, part: str, latents: Array, classes: Array) -> Array:
    """What the generator's first layers make of latents: float32 ``(n, numbers)``.

    Args:
        part: "first_layer" (before its nonlinearity) or "first_activations" (after it); see `gan.models.inside`.
        model, latents, classes: as `sample`.

    Raises:
        UserError: as `sample`, or for a generator that has no such part.
    """
    known = card(model)
    return _BATCHER.submit((known.name, known.digest, part), *_checked(known, latents, classes)).result()


def warm(model: str = "digits") -> None:
    """Load TensorFlow and the model, compile all batch sizes and find the directions; `ready` after the small sizes.

    Raises:
        UserError: for an unknown or damaged model.
    """
    known = card(model)
    for size in BUCKETS:
        classes = np.zeros((size, len(known.class_names)), np.float32)
        classes[:, :1] = 1
        sample(model, np.zeros((size, known.latent), np.float32), classes)
        if size == batching.SMALL:
            _READY.set()
    submit_directions(model).result()
    # TensorFlow's objects stay for good, and are many: the collector need not look at them again, holding everyone up.
    gc.collect()
    gc.freeze()


def warm_in_background(model: str = "digits") -> threading.Thread:
    """`warm` in a thread of its own. A model that is missing is not an error here: its page says so."""

    def work() -> None:
        try:
            warm(model)
        except UserError as error:
            log.info("not warmed: %s", error)

    thread = threading.Thread(target=work, name="gan-warm", daemon=True)
    thread.start()
    return thread


def ready() -> bool:
    """Whether `warm` has got so far that a picture takes milliseconds."""
    return _READY.is_set()


class _Net:
    """A generator, or a part of one, and its compiled functions, one a batch size. Lives in the inference thread."""

    def __init__(self, name: str, part: str = "") -> None:
        self._tf = prepare()
        self._net, self._encoding = registry.load(name), registry.card(name).encoding
        if part:
            self._net = PARTS[part](self._net)
        self._finish = np.asarray if part else images.from_model
        self._functions: dict[int, Callable[..., Any]] = {}

    def __call__(self, latents: Array, classes: Array) -> Array:
        parts, start = [], 0
        while start < len(latents):
            rows = slice(start, start + _at_once(len(latents) - start))
            parts.append(self._call(latents[rows], classes[rows]))
            start = rows.stop
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _call(self, latents: Array, classes: Array) -> Array:
        n = len(latents)
        size = next(bucket for bucket in BUCKETS if bucket >= n)
        inputs = [latents, classes @ self._encoding] if classes.shape[1] else [latents]
        if size > n:
            inputs = [np.concatenate([values, np.zeros((size - n, values.shape[1]), np.float32)]) for values in inputs]
        if size not in self._functions:
            self._functions[size] = self._compile(inputs)
        outputs = self._functions[size](*(self._tf.constant(values) for values in inputs))
        return self._finish(outputs.numpy()[:n])

    def _compile(self, inputs: list[Array]) -> Callable[..., Any]:
        net = self._net
        signature = [self._tf.TensorSpec(values.shape, self._tf.float32) for values in inputs]
        return self._tf.function(lambda *values: net(list(values), training=False)).get_concrete_function(*signature)


def _at_once(n: int) -> int:
    """How many of n rows one call takes: all where little has to be added, else as many as fill a batch."""
    above = next(size for size in BUCKETS if size >= n)
    return n if above - n <= SPARE else max(size for size in BUCKETS if size <= n)


def _draw(key: tuple[str, ...], latents: Array, classes: Array) -> Array:
    """The work of the inference thread: pictures by the net of a name and digest, the last few nets being kept."""
    if len(key) == 3:  # wanted for a moment, once a model
        return _part(*key)(latents, classes)
    if key not in _NETS:
        for stale in [other for other in _NETS if other[0] == key[0]]:
            del _NETS[stale]
        _NETS[key] = _Net(key[0])
        while len(_NETS) > MODELS_KEPT:
            _NETS.popitem(last=False)
    _NETS.move_to_end(key)
    return _NETS[key](latents, classes)


@functools.lru_cache(maxsize=1)
def _part(name: str, digest: str, part: str) -> _Net:
    return _Net(name, part)


def prepare() -> Any:
    """TensorFlow, its threads and devices set before anything runs in it."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    import tensorflow as tf

    threads = int(os.environ.get("GAN_INFERENCE_THREADS") or 1)
    try:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
        if os.environ.get("GAN_INFERENCE_GPU") != "1":
            tf.config.set_visible_devices([], "GPU")
    except RuntimeError:
        pass  # TensorFlow is running already (training in this very process): as it was set up there
    return tf


def _checked(known: registry.Card, latents: Array, classes: Array) -> tuple[Array, Array]:
    """Copies of both as float32, if they fit the model."""
    latents, classes = np.array(latents, np.float32), np.array(classes, np.float32)
    if latents.ndim != 2 or not len(latents) or latents.shape[1] != known.latent:
        raise UserError(f"latents: {known.name} takes (n, {known.latent}) with n at least 1, you gave {latents.shape}.")
    expected = (len(latents), len(known.class_names))
    if classes.shape != expected:
        raise UserError(f"classes: {known.name} takes {expected} for these latents, you gave {classes.shape}.")
    for name, values in (("latents", latents), ("classes", classes)):
        if not np.isfinite(values).all():
            raise UserError(f"{name}: all values must be finite numbers.")
    if classes.size and ((classes < 0).any() or np.abs(classes.sum(1) - 1).max() > 1e-3):
        raise UserError("classes: the weights of each row must not be negative and must add up to one.")
    return latents, classes


def _stamp(known: registry.Card) -> tuple[tuple[int, int, int], ...] | None:
    """What the card and the files it names look like on disk now; None when one is gone."""
    try:
        stats = [os.stat(f"{known.folder}/{name}") for name in ("card.json", *known.files)]  # noqa: PTH116 - sooner
    except OSError:
        return None
    return tuple((stat.st_mtime_ns, stat.st_size, stat.st_ino) for stat in stats)


def _find_directions(known: registry.Card, future: Future[Array]) -> None:
    try:
        pictures = sample(known.name, *latent.probes(known.latent, len(known.class_names)))
        future.set_result(latent.directions(latent.differences(pictures, known.latent), known.latent))
    except Exception as error:
        with _DIRECTIONS_LOCK:
            _DIRECTIONS.pop((known.name, known.digest), None)
        future.set_exception(error)


_BATCHER = batching.Batcher(_draw, "gan-inference")
_READY = threading.Event()
_NETS: OrderedDict[tuple[str, ...], _Net] = OrderedDict()  # the inference thread's own
_CARDS: dict[tuple[str | None, str], tuple[registry.Card, Any]] = {}
_DIRECTIONS: OrderedDict[tuple[str, str], Future[Array]] = OrderedDict()
_DIRECTIONS_LOCK = threading.Lock()
