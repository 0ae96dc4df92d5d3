"""Writing a net in each format, and loading what was written as others will."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gan import inference

if TYPE_CHECKING:
    import keras

Array = np.ndarray
Net = Callable[[Mapping[str, Array]], dict[str, Array]]
BATCH = "n"  # what ONNX calls the first axis


def write_keras(net: keras.Model, path: Path) -> None:
    net.save(path)


def write_saved_model(net: keras.Model, path: Path) -> None:
    with _quiet():
        net.export(path, format="tf_saved_model", verbose=False)


def write_onnx(net: keras.Model, path: Path, facts: Mapping[str, str] | None = None) -> None:
    """Write ONNX; `facts` go into its metadata, where viewers of such files show them."""
    with _quiet():
        net.export(path, format="onnx", verbose=False)
    import onnx

    model = onnx.load(path)
    for values in (*model.graph.input, *model.graph.output):
        values.type.tensor_type.shape.dim[0].dim_param = BATCH
    onnx.helper.set_model_props(model, dict(facts or {}))
    onnx.save(model, path)


def load_keras(path: Path) -> Net:
    import keras

    net = keras.saving.load_model(path, compile=False, safe_mode=True)
    return lambda given: _arrays(net(dict(given), training=False))


def load_saved_model(path: Path) -> Net:
    whole = inference.prepare().saved_model.load(str(path))  # has to stay: its functions alone do not keep its weights
    return lambda given: _arrays(whole.serve(dict(given)))


def load_onnx(path: Path) -> Net:
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return lambda given: dict(zip(names, session.run(names, dict(given)), strict=True))


def _arrays(outputs: Mapping[str, Any]) -> dict[str, Array]:
    return {name: np.asarray(values) for name, values in outputs.items()}


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Converters talk to whoever listens; what matters they raise."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
