"""What JAX does differently from other back ends: functions without side effects, gradients of these, devices.

Games read and assign Keras variables as they go. What JAX compiles or differentiates may only take and give values, so
within it the variables stand for entries of a table; the table's values are taken first and given back at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import keras
from keras.src.backend.jax import nn

from gan.training.backends import Backend, Tensor, Variables

Values = dict[int, Tensor]  # of variables, by the id of each

_conv_transpose = nn.conv_transpose


class _Table(keras.StatelessScope):
    """Within, variables are read from and assigned to `values`. One that has no entry is an error: its value would
    silently become a constant of the compiled function."""

    def __init__(self, values: Values) -> None:
        super().__init__()
        self.values = values

    def get_current_value(self, variable: Any) -> Tensor:
        if id(variable) not in self.values:
            raise RuntimeError(f"{variable.path}: a compiled function uses this variable without having been given it.")
        return self.values[id(variable)]

    def add_update(self, update: tuple[Any, Tensor]) -> None:
        variable, value = update
        self.get_current_value(variable)
        self.values[id(variable)] = value


def conv_transpose(
    inputs: Tensor,
    kernel: Tensor,
    strides: Any = 1,
    padding: str = "valid",
    output_padding: Any = None,
    data_format: str | None = None,
    dilation_rate: Any = 1,
) -> Tensor:
    """Keras' transposed convolution with a faster gradient of the kernel.

    To it JAX comes by a convolution of the inputs, spread out with zeros, whose kernel is as large as a picture, which
    XLA knows no quick way for. It is also that of the plain convolution from outputs to inputs, and for this there is.
    """
    if padding != "same" or output_padding is not None or dilation_rate not in (1, (1, 1)):
        return _conv_transpose(inputs, kernel, strides, padding, output_padding, data_format, dilation_rate)

    @jax.custom_vjp
    def spread(inputs: Tensor, kernel: Tensor) -> Tensor:
        return _conv_transpose(inputs, kernel, strides, padding, data_format=data_format)

    def forward(inputs: Tensor, kernel: Tensor) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        return spread(inputs, kernel), (inputs, kernel)

    def backward(given: tuple[Tensor, Tensor], slope: Tensor) -> tuple[Tensor, Tensor]:
        inputs, kernel = given
        to_inputs, back = jax.vjp(lambda kernel: nn.conv(slope, kernel, strides, padding, data_format), kernel)
        return to_inputs, *back(inputs)

    spread.defvjp(forward, backward)
    return spread(nn.convert_to_tensor(inputs), nn.convert_to_tensor(kernel))


class JaxBackend(Backend):
    """The back end of ``--backend jax``. `gan.training.backends.load` has told XLA to be deterministic."""

    name = "jax"
    always_xla = True
    compile_error = jax.errors.JaxRuntimeError

    def __init__(self) -> None:
        self._values: Values = {}  # of the innermost function that is being traced
        nn.conv_transpose = conv_transpose

    def device(self) -> str:
        device = jax.devices()[0]
        return "" if device.platform == "cpu" else device.device_kind

    def compile(self, function: Callable, xla: bool = False, *, variables: Sequence[Any]) -> Callable:
        known = list({id(variable): variable for variable in variables}.values())

        def pure(before: list[Tensor], arguments: tuple) -> tuple[Any, list[Tensor]]:
            values = {id(variable): value for variable, value in zip(known, before, strict=True)}
            result = self._run(function, arguments, values)
            return result, list(values.values())

        compiled = jax.jit(pure, donate_argnums=0)  # new values take the memory of the old ones
        running = None

        def run(*arguments: Any) -> Any:
            nonlocal running
            result, after = compiled([variable.value for variable in known], arguments)
            for variable, value in zip(known, after, strict=True):
                variable._value = value  # `assign` would check and convert each one, at every step
            # The call before is waited for, this one is not: the device is never idle, and a pause is never far.
            jax.block_until_ready(running)
            running = result
            return result

        return run

    def gradients(
        self, compute: Callable[[], tuple[dict[str, Tensor], dict[str, Tensor]]], variables: Variables
    ) -> tuple[dict[str, list[Tensor]], dict[str, Tensor]]:
        groups = {player: list(group) for player, group in variables.items()}

        def losses_of(values: dict[str, list[Tensor]]) -> tuple[dict[str, Tensor], tuple[dict[str, Tensor], Values]]:
            pairs = [pair for player in groups for pair in zip(groups[player], values[player], strict=True)]
            (losses, logs), assigned = self._apart(compute, pairs)
            return losses, (logs, assigned)

        start = {player: [variable.value for variable in group] for player, group in groups.items()}
        losses, backward, (logs, assigned) = jax.vjp(losses_of, start, has_aux=True)
        self._values.update(assigned)
        found = {}
        for player in groups:
            only = {name: jax.numpy.full_like(value, name == player) for name, value in losses.items()}
            found[player] = backward(only)[0][player]
        return found, logs

    def gradients_of_both(
        self,
        draw: Callable[[], Tensor],
        judge: Callable[[Tensor], tuple[Tensor, Tensor, dict[str, Tensor]]],
        drawing: Sequence[Any],
        judging: Sequence[Any],
    ) -> tuple[list[Tensor], list[Tensor], dict[str, Tensor]]:
        def drawn(values: list[Tensor]) -> tuple[Tensor, Values]:
            return self._apart(draw, list(zip(drawing, values, strict=True)))

        def judged(pictures: Tensor, values: list[Tensor]) -> tuple[Tensor, tuple[Tensor, dict[str, Tensor], Values]]:
            pairs = list(zip(judging, values, strict=True))
            (loss, factor, logs), assigned = self._apart(judge, pairs, pictures)
            return loss, (factor, logs, assigned)

        pictures, backward, assigned = jax.vjp(drawn, [variable.value for variable in drawing], has_aux=True)
        self._values.update(assigned)
        slopes = jax.grad(judged, argnums=(0, 1), has_aux=True)
        (slope, of_judging), (factor, logs, assigned) = slopes(pictures, [variable.value for variable in judging])
        self._values.update(assigned)
        (of_drawing,) = backward(slope * factor.reshape(-1, 1, 1, 1))
        return of_drawing, of_judging, logs

    def apply(self, optimizer: keras.Optimizer, gradients: Sequence[Tensor], variables: Sequence[Any]) -> None:
        optimizer.apply(list(gradients), list(variables))  # XLA makes one pass over memory of it

    def value_and_input_gradient(self, function: Callable[[Tensor], Tensor], inputs: Tensor) -> tuple[Tensor, Tensor]:
        def total(inputs: Tensor) -> tuple[Tensor, tuple[Tensor, Values]]:
            outputs, assigned = self._apart(function, [], inputs)
            return outputs.sum(), (outputs, assigned)

        slope, (outputs, assigned) = jax.grad(total, has_aux=True)(inputs)
        self._values.update(assigned)
        return outputs, slope

    def _apart(
        self, function: Callable, replaced: Sequence[tuple[Any, Tensor]], *arguments: Tensor
    ) -> tuple[Any, Values]:
        """The function's result with other values for some variables, and what it assigned, which is not done yet."""
        start = self._values | {id(variable): value for variable, value in replaced}
        values = dict(start)
        result = self._run(function, arguments, values)
        return result, {key: value for key, value in values.items() if value is not start[key]}

    def _run(self, function: Callable, arguments: tuple, values: Values) -> Any:
        """The function's result, its variables read from and assigned to `values`."""
        before, self._values = self._values, values
        try:
            with _Table(values):
                return function(*arguments)
        finally:
            self._values = before
