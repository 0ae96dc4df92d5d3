"""The verbs that take a picture: enlarging it, and reading what is written on it."""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path

from gan import images
from gan.cli_base import Verb, tell, write_out
from gan.cli_progress import progress
from gan.datasets import decoding
from gan.errors import UserError

STEPS = {  # settings of the preparation: what each does
    "zoom": "look at a part of the picture, so many times larger, 1 to 10",
    "across": "where the middle of that part lies, 0 (left) to 1",
    "down": "where the middle of that part lies, 0 (top) to 1",
    "ink": "automatic, dark or light: which of the two is ink",
    "noise": "automatic, none, median or bilateral: how noise is taken away",
    "threshold": "otsu, or sauvola (by each pixel's surroundings)",
    "level": "0.4 to 1.6: below 1 fainter ink counts too",
    "specks": "0 to 0.5: what is smaller, beside the largest piece of ink, is dirt",
    "deskew": "strong (slants only), always or never",
    "fill": "0.6 to 1.3: how large a character is made",
}


def add(verb: Verb) -> None:
    """Add the verbs."""
    upscale = verb(
        "upscale",
        _upscale,
        "Make a picture four times larger.",
        more="Large pictures are done tile by tile, and show no seams. The net learned from drawings and a few "
        "photographs; evaluate --model sr4 --dataset pictures64 says what it is worth beside bicubic interpolation.",
        examples=["upscale face.png", "upscale photo.jpg photo-large.png --model sr4"],
    )
    upscale.add_argument("picture", metavar="FILE", type=Path, help="a picture of any common format")
    upscale.add_argument("larger", metavar="OUT", nargs="?", type=Path, help="as --out")
    upscale.add_argument("--model", help="an upscaler (default: sr4, or the one that is there)")
    upscale.add_argument("--out", type=Path, metavar="OUT.png", help="(default: FILE-4x.png beside it)")

    recognize = verb(
        "recognize",
        _recognize,
        "Read what is written on a picture: a digit, a row of them, letters, Korean syllables, a house number.",
        more="The picture is prepared step by step, as Explore > Recognise shows it; with --json every character "
        "comes with its place on the picture, in pixels, and how sure the net is of it; without, what it is unsure of "
        "is said on stderr. A net has no way to say that there is nothing to read.",
        examples=["recognize seven.png", "recognize note.jpg --what characters --several --json"],
    )
    recognize.add_argument("picture", metavar="IN", type=Path, help="a picture of any common format")
    recognize.add_argument(
        "--what", default="digits", help="digits, letters, characters, hangul, street, number, faces"
    )
    recognize.add_argument("--model", help="the net that reads (default: the one that ships for it)")
    recognize.add_argument("--several", action="store_true", help="find characters, and read them line by line")
    for name, help in STEPS.items():
        kind = str if name in ("ink", "noise", "threshold", "deskew") else float
        recognize.add_argument(f"--{name}", type=kind, help=help)
    recognize.add_argument("--no-thicken", action="store_true", help="leave thin strokes as they are")


def _read(path: Path, paper: decoding.Paper = "white") -> images.Array:
    try:
        return decoding.decode(path.read_bytes(), path.name, paper=paper)
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}).") from None


def _upscale(options) -> None:
    from gan import enlarging

    source = options.picture
    out = options.out or options.larger or source.parent / f"{source.stem}-{enlarging.TIMES}x.png"
    if out.suffix.lower() != ".png":
        raise UserError(f"--out {out}: end the name with .png.")
    model = enlarging.upscaler(options.model).name if options.model else enlarging.first()
    picture = _read(source)
    if out.exists() and out.samefile(source):
        raise UserError(f"--out {out}: would overwrite the original; choose another name.")
    large = enlarging.enlarge(model, picture, lambda share: progress(share, f"Enlarging {source.name}"))
    progress.done()
    write_out(out, images.encode_png(large))
    height, width = large.shape[:2]
    words = f"{out}: {width:,} x {height:,} pixels, by {model}."
    tell(options, words, out=out, width=width, height=height, model=model)


def _recognize(options) -> None:
    from gan import recognise

    card = recognise.chosen(options.what, options.model)
    given = {spec.name: getattr(options, spec.name, None) for spec in fields(recognise.Settings)}
    given["thicken"] = False if options.no_thicken else None
    settings = recognise.Settings(**{name: value for name, value in given.items() if value is not None})
    picture = _read(options.picture, "contrasting")
    prepared = recognise.prepare(picture, settings)
    reading = recognise.read(prepared, card, settings, options.several)
    for answer in () if options.json else reading.answers:
        if answer.chance < recognise.SURE:
            print(f"gan: unsure: {answer.text} ({answer.chance:.0%})", file=sys.stderr)
    tell(options, reading.text, **recognise.told(card, picture, prepared, reading, settings))
