"""Losses of the two players, as pure functions on logits. Adding one is two functions and a row of `LOSSES`.

All take float32 logits ``(n, 1)`` and give a scalar. "BCE" in many notebooks is `non_saturating`: binary
cross-entropy on a sigmoid, written on logits so that it cannot overflow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gan.errors import unknown

Tensor = Any


@dataclass(frozen=True)
class Loss:
    """What the generator and the discriminator minimise, both of the logits of real and drawn pictures.

    Attributes:
        generator, discriminator: of the logits ``(real, fake)``.
        softened: the discriminator's loss of ``(real, fake, real targets, fake targets)``, the targets ``(n, 1)`` in
            0...1 in place of 1 and 0; None where the loss has no targets.
        slopes: of ``(real, fake)``, the generator's slope over the discriminator's at each fake logit, where that is
            finite: one backward pass then serves both players, scaled for each picture.
        pairs: whether each drawn picture is compared with a real one, so that the generator's loss needs both.
        distance: whether logits measure a distance, rather than the odds of being real.
    """

    generator: Callable[[Tensor, Tensor], Tensor]
    discriminator: Callable[[Tensor, Tensor], Tensor]
    summary: str
    source: str
    softened: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor] | None = None
    slopes: Callable[[Tensor, Tensor], Tensor] | None = None
    pairs: bool = False
    distance: bool = False


def non_saturating_generator(real: Tensor, fake: Tensor) -> Tensor:
    """mean softplus(-fake): minus the log of the probability that a fake passes for real."""
    from keras import ops

    return ops.mean(ops.softplus(-fake))


def non_saturating_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """mean softplus(-real) + mean softplus(fake): the cross-entropy of both halves, added."""
    from keras import ops

    return ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(fake))


def non_saturating_softened(real: Tensor, fake: Tensor, real_target: Tensor, fake_target: Tensor) -> Tensor:
    """mean softplus(x) - target x, of real and of fake logits x, added: cross-entropy with any target."""
    from keras import ops

    return ops.mean(ops.softplus(real) - real_target * real) + ops.mean(ops.softplus(fake) - fake_target * fake)


def non_saturating_slopes(real: Tensor, fake: Tensor) -> Tensor:
    """-exp(-fake): the slope of softplus(-fake) over that of softplus(fake). Held finite below logits of -60."""
    from keras import ops

    return -ops.exp(-ops.maximum(fake, -60.0))


def hinge_generator(real: Tensor, fake: Tensor) -> Tensor:
    """-mean fake."""
    from keras import ops

    return -ops.mean(fake)


def hinge_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """mean max(0, 1 - real) + mean max(0, 1 + fake)."""
    from keras import ops

    return ops.mean(ops.relu(1.0 - real)) + ops.mean(ops.relu(1.0 + fake))


def least_squares_generator(real: Tensor, fake: Tensor) -> Tensor:
    """mean (fake - 1)^2."""
    from keras import ops

    return ops.mean(ops.square(fake - 1.0))


def least_squares_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """mean (real - 1)^2 + mean fake^2."""
    from keras import ops

    return ops.mean(ops.square(real - 1.0)) + ops.mean(ops.square(fake))


def least_squares_softened(real: Tensor, fake: Tensor, real_target: Tensor, fake_target: Tensor) -> Tensor:
    """mean (real - target)^2 + mean (fake - target)^2."""
    from keras import ops

    return ops.mean(ops.square(real - real_target)) + ops.mean(ops.square(fake - fake_target))


def wasserstein_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """mean fake - mean real: minus the distance that the discriminator has found."""
    from keras import ops

    return ops.mean(fake) - ops.mean(real)


def wasserstein_slopes(real: Tensor, fake: Tensor) -> Tensor:
    """-1: the generator lessens what the discriminator increases."""
    from keras import ops

    return -ops.ones_like(fake)


def relativistic_generator(real: Tensor, fake: Tensor) -> Tensor:
    """mean softplus(real - fake), real and fake in pairs: a fake is to seem more real than the real one beside it."""
    from keras import ops

    return ops.mean(ops.softplus(real - fake))


def relativistic_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """mean softplus(fake - real), in the same pairs."""
    from keras import ops

    return ops.mean(ops.softplus(fake - real))


def relativistic_slopes(real: Tensor, fake: Tensor) -> Tensor:
    """-exp(real - fake): as `non_saturating_slopes`, of the difference."""
    return non_saturating_slopes(real, fake - real)


LOSSES: dict[str, Loss] = {
    "non_saturating": Loss(
        non_saturating_generator,
        non_saturating_discriminator,
        "Cross-entropy; the generator maximises the probability of passing for real.",
        "Goodfellow et al. 2014, section 3",
        non_saturating_softened,
        non_saturating_slopes,
    ),
    "hinge": Loss(
        hinge_generator,
        hinge_discriminator,
        "Only pictures inside the margin teach the discriminator.",
        "Lim and Ye 2017; Miyato et al. 2018",
    ),
    "least_squares": Loss(
        least_squares_generator,
        least_squares_discriminator,
        "Logits are pulled to 1 for real and 0 for fake.",
        "Mao et al. 2017",
        least_squares_softened,
    ),
    "wasserstein": Loss(
        hinge_generator,  # minus the mean too
        wasserstein_discriminator,
        "The discriminator measures a distance between real and drawn pictures; it needs the gradient penalty.",
        "Arjovsky et al. 2017; Gulrajani et al. 2017 (the penalty)",
        slopes=wasserstein_slopes,
        distance=True,
    ),
    "relativistic": Loss(
        relativistic_generator,
        relativistic_discriminator,
        "Each drawn picture is judged against a real one beside it; steady with both R1 and R2.",
        "Jolicoeur-Martineau 2018; Huang et al. 2024 (R3GAN)",
        slopes=relativistic_slopes,
        pairs=True,
    ),
}


def loss(name: str) -> Loss:
    """The row of a loss.

    Raises:
        UserError: for a loss that is not in the table.
    """
    if name not in LOSSES:
        raise unknown("loss", name, LOSSES)
    return LOSSES[name]
