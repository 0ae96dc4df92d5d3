"""Named, seeded changes to pictures: while training, and to make a data set larger.

An augmentation takes ``uint8 [n, h, w, c]`` and a NumPy generator, and gives pictures of the same shape and type:
the same ones for the same generator. Most are a `Plan`: steps of the table `TRANSFORMS`.
"""

from gan.augment.named import (
    PRESETS,
    Augmentation,
    augmentation,
    names,
    pinned,
    plan,
    remove,
    save,
    saved,
    shift,
    title,
)
from gan.augment.plan import Plan, Step, advice
from gan.augment.transforms import FILLS, TRANSFORMS, Transform

__all__ = [
    "FILLS",
    "PRESETS",
    "TRANSFORMS",
    "Augmentation",
    "Plan",
    "Step",
    "Transform",
    "advice",
    "augmentation",
    "names",
    "pinned",
    "plan",
    "remove",
    "save",
    "saved",
    "shift",
    "title",
]
