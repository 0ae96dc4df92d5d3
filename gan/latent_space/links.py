"""A view as a link has it: short, and only of characters that a URL need not escape.

Keys (a seed, or z and a written latent) _ the way _ offsets _ the class of all keys, or of each: ``1~2_0.5__3``.
Links from before there was a strip are read too (``1~2~0.5~spherical_1~0_0.5~1_3``: two seeds, how far between them,
the way; sliders; pad; classes).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gan.errors import UserError
from gan.latent_space.views import EASINGS, PATHS, View

LOOP, PLANE = "loop", "plane"


def read(text: str, model: str, classes: int) -> View:
    """The view that a link names, checked as strictly as `View.from_json` checks.

    Raises:
        UserError: for a text that is not such a form, or says something impossible.
    """
    try:
        first, second, third, fourth = ([part for part in field.split("~") if part] for field in text.split("_"))
        if first and first[-1] in PATHS:
            data = _earlier(first, [*second, *["0"] * (6 - len(second)), *third], fourth, classes)
        else:
            data = _fields(first, second, third, fourth, classes)
    except (ValueError, IndexError):
        raise UserError("The view in the link cannot be read: it was cut off or mistyped.") from None
    return View.from_json({**data, "model": model}, classes)


def write(view: View) -> str:
    """The short form of a view, which `read` takes."""
    keys = "~".join(f"z{key.at}" if isinstance(key.at, str) else str(key.at) for key in view.keys)
    way = [_short(view.t), *(word for word in (view.path, view.easing) if word not in ("spherical", "even"))]
    way += [LOOP] if view.loop else []
    way += [PLANE, *map(_short, view.plane)] if view.plane else []
    offsets = "~".join(f"{name}~{_short(value)}" for name, value in view.offsets)
    mixes = [_mixed(key.classes) for key in view.keys]
    return "_".join((keys, "~".join(way), offsets, "~".join(mixes[:1] if len(set(mixes)) == 1 else mixes)))


def _fields(keys: list[str], way: list[str], offsets: list[str], mixes: list[str], classes: int) -> dict[str, Any]:
    """The fields of a link, as `from_json` takes them; ValueError or IndexError for one that cannot be read."""
    t, *words = way
    plane = None
    if PLANE in words:
        place = words.index(PLANE)
        plane = [float(value) for value in words[place + 1 :]]
        words = words[:place]
    if len(offsets) % 2 or len(mixes) not in (0, 1, len(keys)) or not {*words} <= {*PATHS, *EASINGS, LOOP}:
        raise ValueError
    told = [_weights(mix.split("-"), classes) for mix in mixes] or [[0.0] * classes]
    ats = [key[1:] if key.startswith("z") else int(key) for key in keys]
    return {
        "keys": [{"at": at, "classes": told[place % len(told)]} for place, at in enumerate(ats)],
        "t": float(t),
        "path": next((word for word in words if word in PATHS), "spherical"),
        "easing": next((word for word in words if word in EASINGS), "even"),
        "loop": LOOP in words,
        "plane": plane,
        "offsets": {name: float(value) for name, value in zip(offsets[::2], offsets[1::2], strict=True)},
    }


def _earlier(main: list[str], offsets: list[str], mix: list[str], classes: int) -> dict[str, Any]:
    """As `_fields`, of links before there was a strip; sliders and pad were the directions now called d1 to d8."""
    a, b, t, path = main
    if len(offsets) > 8 or len(offsets) == 7:
        raise ValueError
    weights = _weights(mix, classes)
    return {
        "keys": [{"at": int(at), "classes": weights} for at in (a, b)],
        "t": float(t),
        "path": path,
        "easing": "even",
        "loop": False,
        "plane": None,
        "offsets": {f"d{place}": far for place, value in enumerate(offsets, 1) if (far := float(value))},
    }


def _weights(mix: Sequence[str], classes: int) -> list[float]:
    """Class weights of a link: ``3``, or ``3x0.75`` and ``8x0.25``."""
    weights = [0.0] * classes
    for part in mix:
        index, _, weight = part.partition("x")
        weights[range(classes).index(int(index))] = float(weight or 1)
    return weights


def _mixed(weights: Sequence[float]) -> str:
    return "-".join(f"{i}" if w == 1 else f"{i}x{_short(w)}" for i, w in enumerate(weights) if w >= 0.00005)


def _short(value: float) -> str:
    """As many digits as the page keeps, without an exponent."""
    return f"{value:.4f}".rstrip("0").rstrip(".")
