"""The verbs that draw: pictures, lines of text, morphs, labelled sets, and what those are worth to learn from."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from gan import images, paths, registry
from gan.cli_progress import progress
from gan.cli_runs import settings
from gan.errors import UserError, unknown

Verb = Callable[..., argparse.ArgumentParser]


def add(verb: Verb) -> None:
    """Add the verbs."""
    sample = verb("sample", _sample, "Draw pictures with a model.")
    which = _drawn_by(sample)
    which.add_argument("--n", type=positive, help="N pictures, classes in turn")
    sample.add_argument("--out", type=Path, required=True, help="FILE.png, FILE.npz or FILE.zip")

    label_set = verb("labelled-set", _labelled_set, "Draw a labelled data set of any size, written piece by piece.")
    which = _drawn_by(label_set)
    which.add_argument("--n", type=positive, help="N pictures, classes in turn: an equal share each")
    label_set.add_argument("--idx", action="store_true", help="MNIST's two files in the ZIP, in place of PNG files")
    label_set.add_argument("--out", type=Path, required=True, help="FILE.zip (a folder a label) or FILE.npz")

    text = verb("text", _text, "Write lines of text, each character by a model that knows it.")
    text.add_argument("text", help="an end of line begins another line")
    text.add_argument("--model", help="writes what it can, the others the rest (default: whichever fit best)")
    text.add_argument("--seed", type=int, default=1)
    text.add_argument("--truncation", type=float, default=1.0, help="0.1 (typical) to 1 (full variety; default)")
    text.add_argument("--many-hands", action="store_true", help="every character from a latent of its own")
    text.add_argument("--size", type=int, default=0, help="pixels of a line's height (default: as drawn)")
    text.add_argument("--slant", type=float, default=0.0, help="degrees to the right, -30 to 30")
    text.add_argument("--spacing", type=int, default=4, help="pixels between characters, as drawn")
    text.add_argument("--ink", default="#ffffff", help="#rrggbb (default: white)")
    text.add_argument("--paper", default="#000000", help="#rrggbb, or none for a transparent picture (default: black)")
    text.add_argument("--out", type=Path, required=True, help="FILE.png")

    morph = verb("morph", _morph, "Go from label to label with the latent held.")
    morph.add_argument("--model", default="digits")
    morph.add_argument("--labels", required=True, help="class names in order, separated by commas (or semicolons)")
    morph.add_argument("--loop", action="store_true", help="and back to the first")
    morph.add_argument("--rows", type=positive, default=1, help="latents, each going the same way")
    morph.add_argument("--steps", type=positive, default=8, help="pictures from label to label, on a strip")
    morph.add_argument("--rate", type=float, default=24, help="frames a second of a film")
    morph.add_argument("--seconds", type=float, default=3.0, help="how long a film lasts")
    morph.add_argument("--seed", type=int, default=1)
    morph.add_argument("--truncation", type=float, default=1.0)
    morph.add_argument("--out", type=Path, required=True, help="FILE.png (a strip), FILE.gif or FILE.mp4")

    help = "Train a classifier on drawn pictures only, and say how well it reads real ones (CAS)."
    cas = verb("cas", _cas, help, json_output=True)
    cas.add_argument("--model", default="digits")
    cas.add_argument("--dataset", default="", help="whose test pictures are read (default: the model's)")
    cas.add_argument("--count", type=positive, default=0, help="pictures drawn (default: as many as there are real)")
    cas.add_argument("--seed", type=int, default=1)
    cas.add_argument("--truncation", type=float, default=1.0)
    cas.add_argument("--agree", action="store_true", help="learn only from pictures that the classifier agrees with")
    cas.add_argument("--set", nargs="+", default=[], metavar="NAME=VALUE", help="settings of its recipe that differ")
    cas.add_argument("--save", action="store_true", help="write the score to the model's card")


def positive(text: str) -> int:
    """A whole number from 1."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def _drawn_by(parser: argparse.ArgumentParser):
    parser.add_argument("--model", default="digits")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--labels", help="class names, separated by commas (or semicolons)")
    which.add_argument("--per-class", type=positive, metavar="N", help="N pictures of each class")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--truncation", type=float, default=1.0, help="0.1 (typical) to 1 (full variety; default)")
    help = "only pictures that the classifier of these classes reads as what was asked for"
    parser.add_argument("--agree", action="store_true", help=help)
    return which


def _labels(card: registry.Card, text: str) -> tuple[int, ...]:
    """The labels of names; those of several columns hold commas themselves, and stand between semicolons."""
    names = [name.strip() for name in text.split(";" if ";" in text or len(card.columns) > 1 else ",")]
    for name in names:
        if name not in card.class_names:
            raise unknown(f"label of {card.name}", name, card.class_names)
    return tuple(map(card.class_names.index, names))


def _order(options):
    from gan import drawing

    card = registry.card(options.model)
    every = tuple(range(len(card.class_names)))
    labels = every if options.labels is None else _labels(card, options.labels)
    count = len(labels) if options.labels is not None else options.n or max(1, len(every)) * options.per_class
    return drawing.Order(card.name, labels, count, options.seed, options.truncation)


def _sample(options) -> None:
    from gan import drawing
    from gan.generating import batches

    writers = {".png": drawing.sheet, ".zip": drawing.archive, ".npz": drawing.arrays}
    write = writers.get(options.out.suffix.lower())
    if write is None:
        raise UserError(f"--out {options.out}: end the name with .png (a sheet), .zip (pictures and a CSV) or .npz.")
    drawn, share = batches.draw(_order(options), options.agree)
    write_out(options.out, write(drawn))
    print(f"{len(drawn.pictures):,} pictures in {options.out}{_kept(options, share)}")


def _labelled_set(options) -> None:
    from gan.generating import labelled

    kind = {".zip": "idx" if options.idx else "zip", ".npz": "npz"}.get(options.out.suffix.lower())
    if kind is None or (options.idx and kind == "npz"):
        raise UserError(f"--out {options.out}: end the name with .zip (folders, or with --idx MNIST's files) or .npz.")
    written = labelled.write(_order(options), kind, options.out, options.agree, progress)
    progress.done()
    print(f"{written.count:,} pictures in {options.out}{_kept(options, written.share)}")


def _kept(options, share: float) -> str:
    return f"; the classifier agreed with {share:.1%} of those drawn" if options.agree else ""


def _text(options) -> None:
    from gan import text

    paper = "" if options.paper == "none" else options.paper
    look = text.Look(options.spacing, options.size, options.slant, options.ink, paper)
    hand = options.seed, options.model, options.truncation, not options.many_hands
    write_out(options.out, images.encode_png(text.write(options.text, *hand, look)))
    for name, characters in text.writers(text.plan(options.text, options.model)).items():
        print(f"{name}: {characters}")


def _morph(options) -> None:
    from gan import films
    from gan.generating import morphs

    card = registry.card(options.model)
    labels = _labels(card, options.labels)
    morph = morphs.Morph(card.name, labels, options.seed, options.rows, options.truncation, options.loop)
    kind = options.out.suffix.lower().removeprefix(".")
    if kind == "png":
        data = images.encode_png(morphs.sheet(morphs.strip(morph, options.steps)))
    elif kind in films.KINDS:
        data = films.film(kind, morphs.frames(morph, options.rate, options.seconds), options.rate)
    else:
        raise UserError(f"--out {options.out}: end the name with .png (a strip), .gif or .mp4.")
    write_out(options.out, data)
    print(f"{' → '.join(card.class_names[label] for label in morph.stops)} in {options.out}")


def _cas(options) -> int:
    from gan.generating import cas

    order = cas.order(options.model, options.dataset, options.count, options.seed, options.truncation)
    run = cas.prepare(order, options.dataset, options.agree, settings(options.set), progress)
    progress.done()
    print(f"Run {run.id}", file=sys.stderr, flush=True)
    # A process of its own: this one has set TensorFlow up for drawing, without the GPU.
    done = subprocess.run([sys.executable, "-m", "gan", "resume", str(run.path)], stdout=sys.stderr, cwd=paths.ROOT)
    found = cas.score(run)
    if found is None or found.value is None:
        print(f"gan: the run has not finished; `resume {run.id}` goes on with it.", file=sys.stderr)
        return done.returncode or 1
    report = {**vars(found), "steps": run.recipe.steps}
    if options.save:
        registry.add_scores(found.model, {"cas": {k: v for k, v in report.items() if k not in ("run", "digest")}})
    real = "" if found.real is None else f"; trained on real ones, {found.net} reads {found.real:.2%}"
    said = f"{found.value:.2%} of {found.dataset}'s test pictures read rightly, learned from {found.count:,} drawn ones"
    print(json.dumps(report, indent=2) if options.json else f"{said}{real}.")
    return 0


def write_out(path: Path, data: bytes) -> None:
    """Write what ``--out`` names.

    Raises:
        UserError: where that cannot be written.
    """
    try:
        path.write_bytes(data)
    except OSError as error:
        raise UserError(f"--out {path}: cannot be written ({error.strerror}).") from None
