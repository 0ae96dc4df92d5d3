"""What can be measured of generated pictures, and what real ones measure beside them.

The arithmetic is pure NumPy and SciPy on arrays of features (n, d) and probabilities (n, k), which a feature function
(`gan.metrics.features`) computes from pictures. `gan.metrics.evaluate` puts all of it together.

A measure that a set of pictures does not allow raises `UserError`, whose text says "is not defined, because …".
"""

from __future__ import annotations

from gan.errors import UserError


def undefined(measure: str, reason: str) -> UserError:
    """The error for a number that would mean nothing."""
    return UserError(f"{measure} is not defined, because {reason}.")
