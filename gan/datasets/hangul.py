"""Sixteen Korean syllables drawn from fonts; ``data/hangul/README.md`` says where each comes from."""

from gan.datasets.drawn import shipped
from gan.datasets.records import Source

SOURCE = Source(
    name="hangul",
    title="Hangul",
    summary="Sixteen Korean syllables drawn from 50 fonts, 19 of them handwriting; turned, scaled and shifted.",
    class_names=tuple("가나다라마바아사자차타파하전미정"),
    shape=(32, 32, 1),
    counts={"train": 8_320, "test": 1_920},
    licence="MIT, drawn from fonts under OFL 1.1, GPL 2 and others",
    citation="GAN Studio: data/hangul/README.md lists every font with its authors",
    homepage="",
    attributes=("font", "style"),
    split="by font: those of the test pictures are others",
    reader=shipped(
        "hangul",
        {
            "train": (
                "44d3fb90f308db17f896ba2f78edd642e90868fd3b40e40ca43552172eab69ee",
                "26bb1edc368659bee82af25e2071c60c0acd2d48460251b1ba38ef5c3f4d2351",
                "6a39cf10ea57526632ec7ea3423a2a89c9f98f890f7cd00840845e4689df9796",
            ),
            "test": (
                "95f23a55485c071e69c0e25f3c333841f6a1687cb77cff3c493fba8fb319c648",
                "ee64c7c9049f5b2c6de3f1ff0b27200bedfc5cc7bae3918dd0354107f51d14b7",
                "943cf3913e319aeec2c30132687299d7376b6bf57cbb48af741e7d456f8615ae",
            ),
        },
    ),
)
