"""The verbs that draw: pictures, labelled sets, lines of text."""

from __future__ import annotations

import argparse
from pathlib import Path

from gan import images, registry
from gan.cli_base import Verb, positive, seed, tell, write_out
from gan.cli_progress import progress
from gan.errors import UserError, unknown

TRUNCATION = "0.1 (typical) to 1 (full variety)"


def add(verb: Verb) -> None:
    """Add the verbs."""
    sample = verb(
        "sample",
        _sample,
        "Draw pictures with a model.",
        more="The seed decides: the same command draws the same pictures. An .npz holds images (uint8, n x height x "
        "width x channels) and labels (int, n), as evaluate --samples takes them.",
        examples=[
            "sample --model digits --per-class 10 --seed 1 --out digits.png",
            'sample --model avatars32 --labels "black, light; blonde, deep" --out faces.png',
            "sample --model hangul --n 1000 --agree --out hangul.npz",
        ],
    )
    which = _drawn_by(sample)
    which.add_argument("--n", type=positive, help="N pictures, classes in turn")
    sample.add_argument("--out", type=Path, required=True, help="FILE.png (a sheet), FILE.npz, or FILE.zip with a CSV")

    label_set = verb(
        "labelled-set",
        _labelled_set,
        "Draw a labelled data set of any size, written piece by piece.",
        more="Up to 200,000 pictures, each with the label that was asked for; cas says what such a set is worth.",
        examples=[
            "labelled-set --model digits --n 10000 --agree --out drawn.zip",
            "labelled-set --n 60000 --idx --out idx.zip",
        ],
    )
    which = _drawn_by(label_set)
    which.add_argument("--n", type=positive, help="N pictures, classes in turn: an equal share each")
    label_set.add_argument("--idx", action="store_true", help="MNIST's two files in the ZIP, in place of PNG files")
    label_set.add_argument("--out", type=Path, required=True, help="FILE.zip (a folder a label) or FILE.npz")

    text = verb(
        "text",
        _text,
        "Write lines of text, each character by a model that knows it.",
        more="All characters come from one latent, and so look written by one hand. Digits, Latin letters and 16 "
        "Korean syllables can be written with what ships.",
        examples=[
            'text "Room 101" --size 96 --slant 10 --out room.png',
            'text "2026" --model digits --ink #1a2b6c --paper none --seed 4 --out year.png',
        ],
    )
    text.add_argument("text", metavar="TEXT", help="an end of line begins another line")
    text.add_argument("--model", help="writes what it can, the others the rest (default: whichever fit best)")
    text.add_argument("--seed", type=seed, default=1, help="decides the hand")
    text.add_argument("--truncation", type=float, default=1.0, help=TRUNCATION)
    text.add_argument("--many-hands", action="store_true", help="every character from a latent of its own")
    text.add_argument("--size", type=int, default=0, help="pixels of a line's height (default: as drawn)")
    text.add_argument("--slant", type=float, default=0.0, help="degrees to the right, -30 to 30")
    text.add_argument("--spacing", type=int, default=4, help="pixels between characters, as drawn")
    text.add_argument("--ink", default="#ffffff", help="#rrggbb")
    text.add_argument("--paper", default="#000000", help="#rrggbb, or none for a transparent picture")
    text.add_argument("--out", type=Path, required=True, help="FILE.png")


def _drawn_by(parser: argparse.ArgumentParser):
    parser.add_argument("--model", default="digits", help="who draws")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--labels", help="class names, separated by commas (or semicolons)")
    which.add_argument("--per-class", type=positive, metavar="N", help="N pictures of each class")
    parser.add_argument("--seed", type=seed, default=1, help="decides the pictures")
    parser.add_argument("--truncation", type=float, default=1.0, help=TRUNCATION)
    help = "only pictures that the classifier of these classes reads as what was asked for"
    parser.add_argument("--agree", action="store_true", help=help)
    return which


def labels(card: registry.Card, text: str) -> tuple[int, ...]:
    """The labels of names; those of several columns hold commas themselves, and stand between semicolons.

    Raises:
        UserError: for a name that the model does not know.
    """
    names = [name.strip() for name in text.split(";" if ";" in text or len(card.columns) > 1 else ",")]
    for name in names:
        if name not in card.class_names:
            raise unknown(f"label of {card.name}", name, card.class_names)
    return tuple(map(card.class_names.index, names))


def _order(options):
    from gan import drawing

    card = registry.card(options.model)
    every = tuple(range(len(card.class_names)))
    chosen = every if options.labels is None else labels(card, options.labels)
    count = len(chosen) if options.labels is not None else options.n or max(1, len(every)) * options.per_class
    return drawing.Order(card.name, chosen, count, options.seed, options.truncation)


def _sample(options) -> None:
    from gan import drawing
    from gan.generating import batches

    writers = {".png": drawing.sheet, ".zip": drawing.archive, ".npz": drawing.arrays}
    write = writers.get(options.out.suffix.lower())
    if write is None:
        raise UserError(f"--out {options.out}: end the name with .png (a sheet), .zip (pictures and a CSV) or .npz.")
    drawn, share = batches.draw(_order(options), options.agree)
    write_out(options.out, write(drawn))
    _drawn(options, len(drawn.pictures), share)


def _labelled_set(options) -> None:
    from gan.generating import labelled

    kind = {".zip": "idx" if options.idx else "zip", ".npz": "npz"}.get(options.out.suffix.lower())
    if kind is None or (options.idx and kind == "npz"):
        raise UserError(f"--out {options.out}: end the name with .zip (folders, or with --idx MNIST's files) or .npz.")
    written = labelled.write(_order(options), kind, options.out, options.agree, progress)
    progress.done()
    _drawn(options, written.count, written.share)


def _drawn(options, count: int, share: float) -> None:
    agreed = f"; the classifier agreed with {share:.1%} of those drawn" if options.agree else ""
    answer = {"model": options.model, "pictures": count, "seed": options.seed, "agreed": share if agreed else None}
    tell(options, f"{count:,} pictures in {options.out}{agreed}", out=options.out, **answer)


def _text(options) -> None:
    from gan import text

    paper = "" if options.paper == "none" else options.paper
    look = text.Look(options.spacing, options.size, options.slant, options.ink, paper)
    hand = options.seed, options.model, options.truncation, not options.many_hands
    picture = text.write(options.text, *hand, look)
    write_out(options.out, images.encode_png(picture))
    writers = text.writers(text.plan(options.text, options.model))
    words = "\n".join(f"{name}: {characters}" for name, characters in writers.items())
    tell(options, words, out=options.out, width=picture.shape[1], height=picture.shape[0], writers=writers)
