"""Draw the digits that `streetdigits` is composed of: printed and painted ones, from openly licensed fonts.

To draw them again, from the repository's root (fonts that are missing are fetched with npm and with Debian's apt-get):

    python data/streetdigits/render.py --fonts ../fonts

The digests it prints belong into ``gan/datasets/streetdigits.py``.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from font_sets import Choice, Drawn, FontSet, Style

APACHE, OFL = "Apache 2.0", "OFL 1.1"
# Looked at one by one. Left out: digits of different heights, struck-through and dotted zeros, hairlines, near twins,
# and fonts that do not say whose they are. The weights of a family stay together in one split.
PACKED = {  # npm: name, then weights
    "train": """
abril-fatface 400 / alfa-slab-one 400 / baloo-2 700 / black-han-sans 400 / bowlby-one 400 / comfortaa 700 /
courgette 400 / do-hyeon 400 / fredoka 600 / gothic-a1 500 800 / gugi 400 / hahmlet 700 / ibm-plex-sans-kr 400 700 /
josefin-sans 700 / jua 400 / kaushan-script 400 / lobster 400 / luckiest-guy 400 / merriweather 700 / nanum-gothic 700 /
noto-sans-kr 500 900 / noto-serif-kr 600 900 / oswald 400 700 / patua-one 400 / permanent-marker 400 /
playfair-display 700 / rancho 400 / righteous 400 / special-elite 400 / titan-one 400 / yeseva-one 400 / chewy 400 /
 sniglet 400 / lora 700 / bangers 400 / patrick-hand 400
""",
    "test": """
bagel-fat-one 400 / berkshire-swash 400 / gowun-dodum 400 / sunflower 700
""",
}
VERSIONS = {"sunflower": "5.3.1"}  # those that are not of 5.3.0
PACKED_APACHE = {"chewy", "luckiest-guy", "permanent-marker", "rancho", "special-elite"}
FILES = {  # Debian: package, version, licence, then files
    "train": (
        ("fonts-arapey", "0+git20200408-2", OFL, "Arapey-Black.otf", "Arapey-Regular.otf"),
        ("fonts-averia-sans-gwf", "1.00-2.1", OFL, "AveriaSansGWF-Bold.ttf"),
        ("fonts-averia-serif-gwf", "1.00-2.1", OFL, "AveriaSerifGWF-Bold.ttf"),
        ("fonts-b612", "1.008-3", OFL, "B612-Bold.otf"),
        ("fonts-bebas-neue", "3.0-2", OFL, "BebasNeue-Bold.otf", "BebasNeue-Regular.otf"),
        ("fonts-cabin", "1.5-3", OFL, "Cabin-Bold.otf", "Cabin-Regular.otf"),
        ("fonts-cantarell", "0.303.1-1", OFL, "Cantarell-ExtraBold.otf"),
        ("fonts-cardo", "1.04-3", OFL, "Cardo104s.ttf", "Cardob101.ttf"),
        ("fonts-clear-sans", "1.00-2", APACHE, "ClearSans-Bold.ttf", "ClearSans-Medium.ttf"),
        ("fonts-courier-prime", "0+git20190115-3", OFL, "Courier Prime Bold.otf"),
        (
            *("fonts-croscore", "20201225-1", OFL, "Arimo-Bold.ttf", "Arimo-BoldItalic.ttf", "Arimo-Regular.ttf"),
            *("Tinos-Bold.ttf", "Tinos-BoldItalic.ttf", "Tinos-Regular.ttf"),
        ),
        ("fonts-crosextra-caladea", "20200211-1", APACHE, "Caladea-Bold.ttf", "Caladea-Italic.ttf"),
        ("fonts-inter", "4.0~beta7+ds-1", OFL, "Inter-Bold.otf", "Inter-Medium.otf", "InterDisplay-Black.otf"),
        ("fonts-lato", "2.0-2.1", OFL, "Lato-Black.ttf", "Lato-Bold.ttf", "Lato-Medium.ttf"),
        ("fonts-lobstertwo", "2.0-2.1", OFL, "LobsterTwo-Bold.otf"),
        ("fonts-nanum", "20200506-1", OFL, "NanumMyeongjoBold.ttf", "NanumSquareB.ttf", "NanumSquareRoundB.ttf"),
        ("fonts-okolaks", "0.6.0-2", OFL, "okolaksBold.ttf"),
        ("fonts-open-sans", "1.11-2", APACHE, "OpenSans-Bold.ttf", "OpenSans-CondBold.ttf", "OpenSans-ExtraBold.ttf"),
        ("fonts-opendin", "1.0-4", OFL, "OSP-DIN.ttf"),
        ("fonts-play", "1.002+20150307.1-0.1", OFL, "Play-Bold.ttf", "Play-Regular.ttf"),
        ("fonts-quicksand", "0.2016-2.1", OFL, "Quicksand-Bold.ttf"),
        (
            *("fonts-roboto-unhinted", "2:0~20170802-3", APACHE, "Roboto-Bold.ttf", "Roboto-BoldItalic.ttf"),
            *("Roboto-Black.ttf", "Roboto-Medium.ttf", "RobotoCondensed-Bold.ttf", "RobotoCondensed-Regular.ttf"),
        ),
        ("fonts-roboto-slab", "1.100263+20170512-2", APACHE, "RobotoSlab-Bold.otf", "RobotoSlab-Regular.otf"),
        ("fonts-routed-gothic", "1.0.0+git20210723.e22ee83+dfsg-2", OFL, "routed-gothic.ttf"),
        ("fonts-sil-charis", "6.101-1", OFL, "CharisSIL-Bold.ttf"),
        ("fonts-sora", "0+git20201221+ds-2", OFL, "Sora-Bold.otf"),
        ("fonts-yanone-kaffeesatz", "2.0+git20211102+ds-1", OFL, "YanoneKaffeesatz-Bold.otf"),
    ),
    "test": (
        ("fonts-crosextra-carlito", "20220224-1", OFL, "Carlito-Bold.ttf", "Carlito-Regular.ttf"),
        ("fonts-junction", "20110525.18de841-1.1", OFL, "Junction.otf"),
        ("fonts-karla", "20201218-1", OFL, "Karla-Bold.otf"),
        ("fonts-linuxlibertine", "5.3.0-6", OFL, "LinBiolinum_RB.otf", "LinLibertine_RB.otf"),
        ("fonts-manrope", "4.504+git20201211-2", OFL, "Manrope-Bold.ttf"),
        ("fonts-oxygen", "4:5.4.3-4", OFL, "Oxygen-Sans-Bold.ttf"),
        ("fonts-quattrocento", "1.1-2.1", OFL, "Quattrocento-Regular.otf"),
        ("fonts-sil-andika", "6.101-2", OFL, "Andika-Bold.ttf"),
        ("fonts-woowa-bm", "20211009-2", OFL, "BMHANNAPro.ttf"),
    ),
}


def packed(split: str) -> list[Choice]:
    """The npm choices of a split."""
    found = []
    for entry in PACKED[split].split("/"):
        name, *weights = entry.split()
        licence = APACHE if name in PACKED_APACHE else OFL
        version = VERSIONS.get(name, "5.3.0")
        found += [Choice(f"@fontsource/{name}", version, split, "print", licence, weight=weight) for weight in weights]
    return found


CHOICES = [
    *(choice for split in PACKED for choice in packed(split)),
    *(
        Choice(package, version, split, "print", licence, file)
        for split, rows in FILES.items()
        for package, version, licence, *files in rows
        for file in files
    ),
]


class Weights(FontSet):
    """A set in which several weights of a family are fonts of their own, by name too."""

    def read(self, choice: Choice, folder: Path) -> Drawn:
        drawn = super().read(choice, folder)
        if sum(other.package == choice.package for other in self.choices) == 1:
            return drawn
        own = f"{drawn.family} {choice.weight}" if choice.weight else Path(choice.file).stem.replace("-", " ")
        return replace(drawn, family=own)


SET = Weights(
    name="streetdigits",
    title="Street digits",
    characters="0123456789",
    choices=CHOICES,
    style=Style(size=48, padding=2, seed=20260103),
    variations={"train": 1, "test": 1},
    about="Digits from printed and painted fonts, drawn by `render.py`: 48x48, upright, as large as their square.\n"
    "They are the glyphs from which `gan.datasets.streetdigits` makes colour pictures over walls and plates that it\n"
    "draws itself, once, into the cache. No photograph goes into them.",
)

if __name__ == "__main__":
    SET.main()
