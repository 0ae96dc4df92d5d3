"""What TensorFlow does differently from other back ends: gradients, compilation, devices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import tensorflow as tf

Tensor = Any
Variables = Mapping[str, Sequence[Any]]


class TensorFlowBackend:
    """The default back end. Makes TensorFlow deterministic, so that a resumed run is the same run bit for bit."""

    name = "tensorflow"
    compile_error = tf.errors.OpError  # what a function raises that XLA cannot compile

    def __init__(self) -> None:
        tf.config.experimental.enable_op_determinism()
        for gpu in tf.config.list_physical_devices("GPU"):
            tf.config.experimental.set_memory_growth(gpu, True)

    def device(self) -> str:
        """The name of the GPU in use, or "" when there is none."""
        gpus = tf.config.list_physical_devices("GPU")
        return tf.config.experimental.get_device_details(gpus[0]).get("device_name", "GPU") if gpus else ""

    def compile(self, function: Callable, xla: bool = False) -> Callable:
        """The function traced once per signature; with `xla`, compiled by XLA."""
        return tf.function(function, jit_compile=xla, reduce_retracing=True)

    def gradients(
        self, compute: Callable[[], tuple[dict[str, Tensor], dict[str, Tensor]]], variables: Variables
    ) -> tuple[dict[str, list[Tensor]], dict[str, Tensor]]:
        """One forward pass, then the gradient of each loss with respect to its player's variables.

        Args:
            compute: gives losses by player, and logs.
            variables: trainable variables by player.
        """
        with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
            for group in variables.values():
                for variable in group:
                    tape.watch(variable.value)
            losses, logs = compute()
        return {player: tape.gradient(losses[player], list(group)) for player, group in variables.items()}, logs

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
        with tf.GradientTape(watch_accessed_variables=False) as drawn:
            for variable in drawing:
                drawn.watch(variable.value)
            pictures = draw()
        with tf.GradientTape(watch_accessed_variables=False) as judged:
            judged.watch([pictures, *(variable.value for variable in judging)])
            loss, factor, logs = judge(pictures)
        slope, *of_judging = judged.gradient(loss, [pictures, *judging])
        slope *= tf.reshape(factor, (-1, 1, 1, 1))
        return drawn.gradient(pictures, list(drawing), output_gradients=slope), of_judging, logs

    def apply(self, optimizer: keras.Optimizer, gradients: Sequence[Tensor], variables: Sequence[Any]) -> None:
        """One step of Adam, as Keras' own, but each variable in one pass over memory instead of a dozen."""
        step = tf.cast(optimizer.iterations + 1, tf.float32)
        powers = [tf.pow(tf.constant(beta), step) for beta in (optimizer.beta_1, optimizer.beta_2)]
        slots = zip(variables, optimizer._momentums, optimizer._velocities, gradients, strict=True)
        for variable, momentum, velocity, gradient in slots:
            tf.raw_ops.ResourceApplyAdam(
                var=variable.value.handle,
                m=momentum.value.handle,
                v=velocity.value.handle,
                beta1_power=powers[0],
                beta2_power=powers[1],
                lr=optimizer.learning_rate.value,
                beta1=optimizer.beta_1,
                beta2=optimizer.beta_2,
                epsilon=optimizer.epsilon,
                grad=gradient,
            )
        optimizer.iterations.assign_add(1)

    def value_and_input_gradient(self, function: Callable[[Tensor], Tensor], inputs: Tensor) -> tuple[Tensor, Tensor]:
        """``function(inputs)``, and the gradient of its sum with respect to the inputs."""
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(inputs)
            outputs = function(inputs)
            total = tf.reduce_sum(outputs)
        return outputs, tape.gradient(total, inputs)
