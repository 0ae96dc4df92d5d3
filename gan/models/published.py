"""What the published nets share: each was made for pictures of one size."""

from __future__ import annotations

from gan.errors import UserError


def require(family: str, shape: tuple[int, int, int], wanted: tuple[int, int, int]) -> None:
    """Whether pictures of this shape are those that a published net was made for.

    Args:
        family: the net's name, for the message.
        shape: height, width and channels of the pictures.
        wanted: those of the net.

    Raises:
        UserError: if they are not.
    """
    if tuple(shape) != wanted:
        raise UserError(f"{family} is for {_words(wanted)} pictures; this data set has {_words(shape)} ones.")


def _words(shape: tuple[int, int, int]) -> str:
    height, width, channels = shape
    return f"{height}x{width} {'grey' if channels == 1 else 'colour'}"
