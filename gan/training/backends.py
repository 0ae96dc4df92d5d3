"""The back ends that train: what each offers to games, and the choice of one for this process."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from gan import paths
from gan.errors import UserError, unknown

Tensor = Any
Variables = Mapping[str, Sequence[Any]]

DEFAULT = "tensorflow"
# By the name that Keras knows: the name that people read, module and class here, and how it is installed.
BACKENDS = {
    "tensorflow": ("TensorFlow", "gan.training.backend_tf", "TensorFlowBackend", "pip install -r requirements.txt"),
    "jax": (
        "JAX",
        "gan.training.backend_jax",
        "JaxBackend",
        'pip install "jax>=0.10,<0.11", or with an NVIDIA GPU pip install -r requirements-gpu-jax.txt',
    ),
}


class Backend(Protocol):
    """What Keras does not do alike everywhere. A run continues bit for bit with the back end that it was trained with.

    Attributes:
        name: as Keras calls it.
        always_xla: whether there is nothing to choose.
        compile_error: what a compiled function raises that cannot be compiled.
    """

    name: str
    always_xla: bool
    compile_error: type[Exception]

    def device(self) -> str:
        """The name of the GPU in use, or "" when there is none."""
        ...

    def compile(self, function: Callable, xla: bool = False, *, variables: Sequence[Any]) -> Callable:
        """The function traced once per signature.

        Args:
            function: of tensors. The other methods are called within one.
            xla: whether XLA compiles it, where that can be chosen.
            variables: all Keras variables that it reads or assigns, whether or not it learns them.
        """
        ...

    def gradients(
        self, compute: Callable[[], tuple[dict[str, Tensor], dict[str, Tensor]]], variables: Variables
    ) -> tuple[dict[str, list[Tensor]], dict[str, Tensor]]:
        """One forward pass, then the gradient of each loss with respect to its player's variables.

        Args:
            compute: gives losses by player, and logs.
            variables: trainable variables by player.
        """
        ...

    def gradients_of_both(
        self,
        draw: Callable[[], Tensor],
        judge: Callable[[Tensor], tuple[Tensor, Tensor, dict[str, Tensor]]],
        drawing: Sequence[Any],
        judging: Sequence[Any],
    ) -> tuple[list[Tensor], list[Tensor], dict[str, Tensor]]:
        """The gradients of both players from one backward pass through the judge.

        Args:
            draw: gives pictures ``(n, h, w, c)``.
            judge: gives the judging player's loss of these pictures, a factor ``(n, 1)`` that turns its slope at each
                picture into the drawing player's, and logs.
            drawing, judging: the players' trainable variables.

        Returns:
            Gradients for `drawing`, gradients for `judging`, logs.
        """
        ...

    def apply(self, optimizer: Any, gradients: Sequence[Tensor], variables: Sequence[Any]) -> None:
        """One step of Keras' Adam, in one pass over memory."""
        ...

    def value_and_input_gradient(self, function: Callable[[Tensor], Tensor], inputs: Tensor) -> tuple[Tensor, Tensor]:
        """``function(inputs)``, and the gradient of its sum with respect to the inputs. Can be differentiated."""
        ...


def title(name: str) -> str:
    """The name that people read."""
    return BACKENDS[name][0]


def check(name: str) -> None:
    """Whether a back end is there, without importing it.

    Raises:
        UserError: for one that does not exist or is not installed.
    """
    if name not in BACKENDS:
        raise unknown("back end", name, BACKENDS)
    if importlib.util.find_spec(name) is None:
        there = [other for other in BACKENDS if importlib.util.find_spec(other)]
        instead = f" Or train with --backend {there[0]}." if there else ""
        raise UserError(f"{title(name)} is not installed: {BACKENDS[name][3]}.{instead}")


def load(name: str) -> Backend:
    """Make Keras compute with a back end, and give ours on top of it. Once a process: Keras cannot change it later.

    Raises:
        UserError: for one that does not exist or is not installed.
        RuntimeError: if Keras was imported before, for another.
    """
    check(name)
    if "keras" not in sys.modules:  # afterwards it would only reach processes that this one starts
        os.environ["KERAS_BACKEND"] = name
    if name == "jax":
        _prepare_jax()
    import keras

    if keras.config.backend() != name:
        raise RuntimeError(f"Keras computes with {keras.config.backend()} in this process already, not with {name}.")
    _, module, kind, _ = BACKENDS[name]
    return getattr(importlib.import_module(module), kind)()


def _prepare_jax() -> None:
    """Settings that JAX reads when it starts; what the user has set stays."""
    # Deterministic, so that a resumed run is the same run bit for bit.
    os.environ["XLA_FLAGS"] = f"--xla_gpu_deterministic_ops=true {os.environ.get('XLA_FLAGS', '')}".strip()
    settings = {
        "XLA_PYTHON_CLIENT_PREALLOCATE": "false",  # others may need the GPU's memory too
        # Random numbers that can be drawn on several devices at once take twice the work, and long to compile.
        "JAX_THREEFRY_PARTITIONABLE": "0",
        # What is compiled is kept: drawing the first weights alone takes a compilation for each shape.
        "JAX_COMPILATION_CACHE_DIR": str(paths.cache_dir() / "jax"),
        "JAX_COMPILATION_CACHE_MAX_SIZE": str(2**29),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    }
    for name, value in settings.items():
        os.environ.setdefault(name, value)
