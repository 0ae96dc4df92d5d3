"""Draw the data set `hangul`: sixteen Korean syllables from openly licensed fonts, many of them handwriting.

To draw it again, from the repository's root (fonts that are missing are fetched with npm and with Debian's apt-get):

    python data/hangul/render.py --fonts ../fonts

The digests it prints belong into ``gan/datasets/hangul.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from font_sets import Choice, FontSet, Style

# Looked at one by one. Left out: what is hard to read at this size (hairlines, outlines, blocks, worn letters, cursive,
# hearts that look like strokes), and near twins of a font listed, other weights of a family among them.
PACKED = {
    ("train", "handwriting"): "cute-font dongle gaegu gamja-flower kirang-haerang nanum-brush-script nanum-pen-script "
    "poor-story yeon-sung",
    ("test", "handwriting"): "east-sea-dokdo hi-melody stylish",
    ("train", "print"): "bagel-fat-one black-and-white-picture black-han-sans diphylleia do-hyeon gothic-a1 "
    "gowun-batang gugi ibm-plex-sans-kr jua nanum-gothic nanum-myeongjo noto-sans-kr noto-serif-kr orbit song-myung",
    ("test", "print"): "asta-sans gowun-dodum hahmlet sunflower",
}
VERSIONS = {  # those that are not of 5.3.0
    "cute-font": "5.2.8",
    "diphylleia": "5.2.7",
    "dongle": "5.2.7",
    "kirang-haerang": "5.0.7",
    "song-myung": "5.2.8",
    "stylish": "5.3.1",
    "sunflower": "5.3.1",
    "yeon-sung": "4.5.10",
}
ARTISTIC, BAEKMUK, GPL, OFL = "Artistic", "Baekmuk (MIT-like)", "GPL 2", "OFL 1.1"
ALEE = ("fonts-alee", "13.3", ARTISTIC)
BAEK = ("fonts-baekmuk", "2.2-13", BAEKMUK)
NANUM = ("fonts-nanum", "20200506-1", OFL)
NANUM_EXTRA = ("fonts-nanum-extra", "20200506-1", OFL)
UN_CORE = ("fonts-unfonts-core", "1:1.0.2-080608-18", GPL)
UN_EXTRA = ("fonts-unfonts-extra", "1:1.0.2-080608+dfsg-11", GPL)
WOOWA = ("fonts-woowa-bm", "20211009-2", OFL)
FILES = (
    (ALEE, "Bandal.ttf", "train", "print"),
    (ALEE, "Eunjin.ttf", "train", "handwriting"),
    (ALEE, "Guseul.ttf", "train", "print"),
    (BAEK, "batang.ttf", "test", "print"),
    (BAEK, "dotum.ttf", "train", "print"),
    (BAEK, "gulim.ttf", "train", "print"),
    (BAEK, "hline.ttf", "train", "print"),
    (NANUM, "NanumBarunGothic.ttf", "train", "print"),
    (NANUM, "NanumSquareR.ttf", "train", "print"),
    (NANUM, "NanumSquareRoundR.ttf", "train", "print"),
    (NANUM_EXTRA, "NanumBarunpenR.ttf", "train", "handwriting"),
    (UN_CORE, "UnPilgi.ttf", "train", "handwriting"),
    (UN_EXTRA, "UnPen.ttf", "train", "handwriting"),
    (UN_EXTRA, "UnPilgia.ttf", "train", "handwriting"),
    (UN_EXTRA, "UnVada.ttf", "test", "handwriting"),
    (WOOWA, "BMEULJIROTTF.ttf", "train", "handwriting"),
    (WOOWA, "BMHANNAAir_ttf.ttf", "test", "print"),
    (WOOWA, "BMHANNAPro.ttf", "train", "print"),
)
CHOICES = [
    *(
        Choice(f"@fontsource/{name}", VERSIONS.get(name, "5.3.0"), split, style)
        for (split, style), names in PACKED.items()
        for name in names.split()
    ),
    *(
        Choice(package, version, split, style, licence, file)
        for (package, version, licence), file, split, style in FILES
    ),
]

SET = FontSet(
    name="hangul",
    title="Hangul",
    characters="가나다라마바아사자차타파하전미정",
    choices=CHOICES,
    style=Style(size=32, padding=6.25, rotation=15, shift=10, scale=20, seed=20260102),
    variations={"train": 13, "test": 12},
    about="Sixteen syllables (가 나 다 라 마 바 아 사 자 차 타 파 하 전 미 정) drawn from openly licensed fonts\n"
    "by `render.py`: 32x32, every picture turned by up to 15 degrees, made smaller by up to a fifth, shifted, seeded.",
)

if __name__ == "__main__":
    SET.main()
