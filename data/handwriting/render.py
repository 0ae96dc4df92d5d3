"""Draw the data set `handwriting`: digits and letters from openly licensed handwriting fonts, in the form of MNIST.

To draw it again, from the repository's root (the fonts are fetched with npm where they are missing):

    python data/handwriting/render.py --fonts ../fonts

The digests it prints belong into ``gan/datasets/handwriting.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from font_sets import Choice, FontSet, Style

# Looked at one by one. Left out: fonts whose small letters are small capitals, fonts with letters that are hard to read
# or digits that are struck through, and near twins of a font listed.
PACKED = {
    "train": """
annie-use-your-telescope architects-daughter bad-script caveat caveat-brush chilanka coming-soon covered-by-your-grace
crafty-girls dekko delius edu-nsw-act-foundation edu-sa-beginner gaegu gloria-hallelujah gochi-hand grape-nuts handlee
hi-melody indie-flower just-another-hand kalam kavivanar klee-one long-cang loved-by-the-king mali marck-script merienda
mynerve nanum-brush-script nanum-pen-script neucha nothing-you-could-do pangolin patrick-hand poor-story rancho
reenie-beanie shadows-into-light shadows-into-light-two short-stack sriracha sue-ellen-francisco swanky-and-moo-moo
waiting-for-the-sunrise yomogi yusei-magic zen-kurenaido
""",
    "test": """
cedarville-cursive gamja-flower itim la-belle-aurore mansalva playpen-sans schoolbell shantell-sans the-girl-next-door
unkempt
""",
}
APACHE = {"coming-soon", "crafty-girls", "just-another-hand", "rancho", "schoolbell", "unkempt"}
VERSION = "5.3.0"


def choice(name: str, split: str) -> Choice:
    licence = "Apache 2.0" if name in APACHE else "OFL 1.1"
    return Choice(f"@fontsource/{name}", VERSION, split, licence=licence)


SET = FontSet(
    name="handwriting",
    title="Handwriting",
    characters="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    choices=[choice(name, split) for split, names in PACKED.items() for name in names.split()],
    # MNIST's form: the ink in a box of 20 pixels, its centre of mass in the middle, the stroke of a pen.
    style=Style(
        size=28,
        padding=100 / 7,
        placing="mass",
        rotation=12,
        scale=10,
        slant=20,
        stretch=15,
        bend=8,
        pen=(7, 13),
        seed=20260101,
    ),
    variations={"train": 7, "test": 6},
    about="Digits and letters (0-9, A-Z, a-z) drawn from openly licensed handwriting fonts by `render.py`, in the\n"
    "form of MNIST and EMNIST: 28x28, white on black, the ink in a 20x20 box centred by its centre of mass. Every\n"
    "picture is turned by up to 12 degrees, slanted, stretched, bent and its stroke changed, seeded. As in EMNIST,\n"
    "letters that differ in size only (c and C, say) look alike.",
)

if __name__ == "__main__":
    SET.main()
