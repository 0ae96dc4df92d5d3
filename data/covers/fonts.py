"""The fonts that titles are set in, read from their npm packages."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# Looked at one by one. The weight is the one that is drawn.
LATIN = {
    "abril-fatface": 400,
    "alfa-slab-one": 400,
    "amatic-sc": 700,
    "baloo-2": 700,
    "bangers": 400,
    "bebas-neue": 400,
    "berkshire-swash": 400,
    "bowlby-one": 400,
    "bubblegum-sans": 400,
    "caveat-brush": 400,
    "chango": 400,
    "chewy": 400,
    "cinzel-decorative": 700,
    "comfortaa": 700,
    "cookie": 400,
    "courgette": 400,
    "creepster": 400,
    "fredoka": 700,
    "gloria-hallelujah": 400,
    "great-vibes": 400,
    "josefin-sans": 700,
    "kaushan-script": 400,
    "lobster": 400,
    "lora": 700,
    "luckiest-guy": 400,
    "merriweather": 700,
    "mystery-quest": 400,
    "oswald": 700,
    "pacifico": 400,
    "patua-one": 400,
    "permanent-marker": 400,
    "playfair-display": 700,
    "poiret-one": 400,
    "press-start-2p": 400,
    "righteous": 400,
    "rye": 400,
    "satisfy": 400,
    "sniglet": 400,
    "special-elite": 400,
    "titan-one": 400,
    "uncial-antiqua": 400,
    "unifrakturcook": 700,
    "yeseva-one": 400,
}
KOREAN = {
    "black-han-sans": 400,
    "cute-font": 400,
    "do-hyeon": 400,
    "east-sea-dokdo": 400,
    "gaegu": 700,
    "gamja-flower": 400,
    "gowun-batang": 700,
    "gugi": 400,
    "hi-melody": 400,
    "jua": 400,
    "nanum-brush-script": 400,
    "nanum-gothic": 700,
    "nanum-myeongjo": 700,
    "nanum-pen-script": 400,
    "single-day": 400,
}


@dataclass(frozen=True)
class Font:
    """A font from its npm package, and what the package says of itself."""

    name: str
    script: str  # "latin" or "korean"
    weight: int
    package: str
    version: str
    licence: str
    copyright: str
    data: bytes

    def has(self, text: str) -> bool:
        """Whether it draws every character itself."""
        return all(ord(one) in _characters(self.data) for one in text if one != " ")


@cache
def _characters(data: bytes) -> frozenset[int]:
    from fontTools.ttLib import TTFont  # only drawing needs it

    return frozenset(TTFont(io.BytesIO(data)).getBestCmap())


def read_font(folder: Path, name: str, script: str, weight: int) -> Font:
    """A font from the packages as ``npm pack`` writes them.

    Raises:
        SystemExit: if its package is not there.
    """
    from fontTools.ttLib import TTFont

    found = sorted(folder.glob(f"fontsource-{name}-[0-9]*.tgz"))
    if not found:
        raise SystemExit(f"no fontsource-{name}-*.tgz in {folder}; get it with: npm pack @fontsource/{name}")
    with tarfile.open(found[-1]) as package:
        about = json.load(package.extractfile("package/package.json"))  # type: ignore[arg-type]
        member = f"package/files/{name}-{script}-{weight}-normal.woff"
        data = package.extractfile(member).read()  # type: ignore[union-attr]
    line = " ".join((TTFont(io.BytesIO(data))["name"].getDebugName(0) or "").split())
    return Font(name, script, weight, about["name"], about["version"], about["license"], line, data)
