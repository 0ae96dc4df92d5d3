"""What TensorFlow does differently from other back ends: gradients, compilation, devices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import tensorflow as tf

from gan.training.backends import Backend, Tensor, Variables


class TensorFlowBackend(Backend):
    """The default back end. Makes TensorFlow deterministic, so that a resumed run is the same run bit for bit."""

    name = "tensorflow"
    always_xla = False
    compile_error = tf.errors.OpError

    def __init__(self) -> None:
        tf.config.experimental.enable_op_determinism()
        for gpu in tf.config.list_physical_devices("GPU"):
            tf.config.experimental.set_memory_growth(gpu, True)

    def device(self) -> str:
        gpus = tf.config.list_physical_devices("GPU")
        return tf.config.experimental.get_device_details(gpus[0]).get("device_name", "GPU") if gpus else ""

    def compile(self, function: Callable, xla: bool = False, *, variables: Sequence[Any]) -> Callable:
        return tf.function(function, jit_compile=xla, reduce_retracing=True)

    def gradients(
        self, compute: Callable[[], tuple[dict[str, Tensor], dict[str, Tensor]]], variables: Variables
    ) -> tuple[dict[str, list[Tensor]], dict[str, Tensor]]:
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
        # Keras' own step would pass over each variable's memory a dozen times.
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
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(inputs)
            outputs = function(inputs)
            total = tf.reduce_sum(outputs)
        return outputs, tape.gradient(total, inputs)
