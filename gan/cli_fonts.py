"""The verb ``render-fonts``: fonts and a list of characters to a data set, an ``.npz`` or a sheet."""

from __future__ import annotations

import sys
from pathlib import Path

from gan.cli_base import Verb, tell, write_out
from gan.cli_progress import Progress
from gan.errors import UserError, unknown

LENGTHS = {  # settings of a style that are one number each
    "padding": "paper left free on every side, in percent (default 8)",
    "weight": "strokes thicker by so many percent of the side; below 0: thinner",
    "rotation": "turned by up to so many degrees",
    "shift": "moved by up to so many percent of the side",
    "scale": "smaller by up to so many percent",
    "slant": "slanted by up to so many percent",
    "stretch": "wider or narrower by up to so many percent",
    "bend": "bent by up to so many percent of the side",
}


def add(verb: Verb, progress: Progress) -> None:
    """Add the verb; `progress` shows how far it is."""
    render = verb(
        "render-fonts",
        _render,
        "Draw characters from fonts: a data set, an .npz, or a sheet to look at.",
        more="Each character of each font is drawn as often as --variations says, by chance turned, moved, scaled and "
        "bent as far as the other options allow. Fonts are divided between training and testing, not pictures.",
        examples=[
            "render-fonts --fonts /usr/share/fonts --chars digits --complete --out sheet.png",
            "render-fonts --fonts FONTS --chars hangul16 --variations 20 --rotation 8 --name syllables",
        ],
    )
    render.set_defaults(progress=progress)
    render.add_argument(
        "--fonts", nargs="+", action="extend", type=Path, required=True, metavar="PATH", help="font files and folders"
    )
    render.add_argument("--chars", required=True, help="characters, or hangul16, digits, upper, lower, alnum")
    render.add_argument(
        "--without", nargs="+", action="extend", default=[], metavar="FONT", help="names of fonts to leave out"
    )
    render.add_argument("--complete", action="store_true", help="leave out fonts that lack a character")
    render.add_argument("--variations", type=int, default=1, metavar="N", help="pictures of each character and font")
    render.add_argument("--size", type=int, default=32, help="pixels on each side")
    for name, words in LENGTHS.items():
        render.add_argument(f"--{name}", type=float, metavar="N", help=words)
    placing = "box: ink fills the room (default); mass: centre of mass in the middle; font: sizes as in the font"
    render.add_argument("--placing", default="box", help=placing)
    render.add_argument("--ink-on-paper", action="store_true", help="black on white (default: white on black)")
    render.add_argument("--seed", type=int, default=1, help="decides the jitter, and which fonts are for testing")
    to = render.add_mutually_exclusive_group(required=True)
    to.add_argument("--out", type=Path, help="FILE.npz (all pictures) or FILE.png (a sheet: a row a font)")
    to.add_argument("--name", help="keep it as a data set of your own")
    render.add_argument("--title", default="", help="the name that people read")
    render.add_argument("--share", type=float, default=0.8, help="of the fonts, for training")


def _render(options) -> None:
    from gan.datasets import fonts, lettering
    from gan.datasets.glyphs import Style

    if options.out and options.out.suffix.lower() not in (".npz", ".png"):
        raise UserError(f"--out {options.out}: end the name with .npz (all pictures) or .png (a sheet).")
    found, problems = fonts.read(fonts.files_in(options.fonts))
    for problem in problems:
        print(f"gan: {problem}", file=sys.stderr)
    for name in options.without:
        if name not in (names := [font.name for font in found]):
            raise unknown("font", name, names)
    wanted = lettering.characters(options.chars)
    lacking = lettering.missing(found, wanted)
    for name, lacks in lacking.items():
        print(f"gan: {name} lacks {lettering.listed(lacks)}", file=sys.stderr)
    left_out = {*options.without, *(lacking if options.complete else ())}
    given = {name: getattr(options, name) for name in LENGTHS if getattr(options, name) is not None}
    style = Style(
        options.size, placing=options.placing, white_on_black=not options.ink_on_paper, seed=options.seed, **given
    )
    chosen = [font for font in found if font.name not in left_out]
    letters = lettering.Lettering(chosen, wanted, style, options.variations)
    if options.name:
        row = lettering.keep(options.name, letters, options.title, options.share, options.progress)
        counts = " and ".join(f"{count:,} {name}" for name, count in row.counts.items())
        options.progress.done()
        words = f"Data set {row.name}: {counts} pictures, {row.split}."
        tell(options, words, dataset=row.name, counts=dict(row.counts), shape=row.shape, left_out=sorted(left_out))
        return
    data = letters.npz(options.progress) if options.out.suffix.lower() == ".npz" else letters.sheet(options.progress)
    options.progress.done()
    write_out(options.out, data)
    words = f"{len(chosen)} fonts, {len(letters.characters)} characters in {options.out}"
    fonts_drawn = [font.name for font in chosen]
    tell(options, words, out=options.out, fonts=fonts_drawn, characters="".join(letters.characters))
