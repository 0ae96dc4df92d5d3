"""The verbs that have to do with data sets: listing, importing, multiplying, cleaning, composing, forgetting."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from gan import cli_fonts
from gan.cli_base import Verb, note, seed, show, tell, write_out
from gan.cli_progress import progress
from gan.errors import UserError


def add(verb: Verb) -> None:
    """Add the verbs."""
    verb(
        "datasets",
        _datasets,
        "List the data sets, your own among them.",
        more="Those that ship need no network. MNIST, EMNIST and SVHN are downloaded from their publishers when they "
        "are first asked for; folders in GAN_DATA_DIR are looked into before.",
        examples=["datasets", "datasets --json"],
    )
    take = verb(
        "import",
        _import,
        "Make a data set of your own from pictures, a CSV of pixels, .npz or IDX files.",
        more="Folders inside a folder or ZIP are its labels, unless a table of attributes says otherwise. Files that "
        "cannot be read are left out and named. The set is copied, and so needs its files no longer.",
        examples=["import pets/ --name pets --size 32", "import faces.zip --csv hair.csv --label hair --name faces"],
    )
    take.add_argument("path", nargs="+", type=Path, metavar="PATH", help="folders, ZIPs or files; several make one set")
    take.add_argument("--name", required=True, help="the data set's name")
    take.add_argument("--size", type=int, help="pixels of a side, 16 to 256 (default: the arrays' own, 64 for files)")
    take.add_argument("--grey", action="store_true", help="in grey (default: colour for files, arrays as they are)")
    take.add_argument("--pad", action="store_true", help="pad to squares instead of cropping the middle")
    take.add_argument("--csv", type=Path, metavar="FILE", help="a table of attributes that lies elsewhere")
    take.add_argument("--key", help="the column that names the pictures (default: found)")
    take.add_argument("--label", help="the column with the labels (default: folders; first, last or none for pixels)")
    take.add_argument("--share", type=float, default=0.8, help="for training, where there is no split")
    take.add_argument("--seed", type=seed, default=1, help="decides which pictures are for training")
    take.add_argument("--title", default="", help="the name that people read")
    take.add_argument("--licence", default="", help="whose the pictures are")
    take.add_argument("--report", type=Path, metavar="FILE.csv", help="write what was left out, and why")

    augment = verb(
        "augment",
        _augment,
        "Make a data set with changed copies of each training picture.",
        more="Test pictures stay as they are. To vary pictures while training instead, and keep none of them, "
        "train with --set augment=gentle.",
        examples=["augment --dataset handwriting-digits --plan gentle --times 4 --name more-digits"],
    )
    augment.add_argument("--dataset", required=True, help="what is varied")
    augment.add_argument("--plan", default="gentle", help="a preset, one of your own, or FILE.json")
    augment.add_argument("--times", type=int, default=13, help="how many times as many training pictures")
    augment.add_argument("--name", required=True, help="the new data set's name")
    augment.add_argument("--seed", type=seed, default=1, help="decides the changes")

    clean = verb(
        "clean",
        _clean,
        "Find text on pictures and paint over it: a file, a folder, a ZIP, or a data set.",
        more="A job that was interrupted goes on where it was when the same command is given again.",
        examples=["clean cover.png clean-cover.png", "clean --dataset covers64 --name covers-clean"],
    )
    clean.add_argument("source", nargs="?", type=Path, metavar="IN", help="a picture, a folder or a ZIP of pictures")
    clean.add_argument("out", nargs="?", type=Path, metavar="OUT", help="the cleaned picture, or a new folder")
    clean.add_argument("--dataset", help="clean a data set instead of files")
    clean.add_argument("--name", help="with --dataset: the cleaned set's name")
    clean.add_argument("--job", help=argparse.SUPPRESS)  # how a page has a set cleaned in the background
    clean.add_argument("--threshold", type=float, default=0.3, help="how sure of text to be, 0.1 to 1")
    clean.add_argument("--growth", type=int, default=2, help="pixels the mask reaches beyond letters")
    clean.add_argument("--method", default="telea", help="telea, navier-stokes or biharmonic (default: telea)")
    clean.add_argument("--boxes", action="store_true", help="cover whole boxes, not the letters alone")

    number = verb(
        "compose",
        _compose,
        "Make a data set of numbers from the digits of another, side by side.",
        examples=["compose --dataset handwriting-digits --digits 2 --count 6000 --name two-digits"],
    )
    number.add_argument("--dataset", default="mnist", help="the data set that has the digits")
    number.add_argument("--digits", type=int, default=2, help="digits of a number, 1 to 8")
    number.add_argument("--count", type=int, default=60_000, help="numbers to compose")
    number.add_argument("--name", required=True, help="the new data set's name")
    number.add_argument("--overlap", type=int, default=0, help="pixels by which neighbours run into each other")
    number.add_argument("--jitter", type=int, default=0, help="pixels by which each digit is moved at most")
    number.add_argument("--no-leading-zeros", action="store_true", help="no number begins with 0")
    number.add_argument("--seed", type=seed, default=1, help="decides which digits stand together")

    cli_fonts.add(verb, progress)

    forget = verb(
        "forget",
        _forget,
        "Remove a data set of your own; --undo brings it back.",
        examples=["forget pets", "forget pets --undo"],
    )
    forget.add_argument("name", metavar="NAME", help="the data set")
    forget.add_argument("--undo", action="store_true", help="bring back what was removed last under this name")


def _datasets(options) -> None:
    from gan import datasets
    from gan.datasets import kept

    for problem in kept.problems():
        print(f"gan: {problem}", file=sys.stderr)
    own = kept.kept()
    rows = [
        {
            "name": s.name,
            "title": s.title,
            "counts": dict(s.counts),
            "classes": len(s.class_names),
            "licence": s.licence,
            "own": s.name in own,
        }
        for s in datasets.sources().values()
    ]
    show(rows, options, ("name", "title", "classes", "licence"))


def _import(options) -> None:
    from gan.datasets import importing

    what = [*options.path, *([options.csv] if options.csv else [])]
    plan = importing.examine(what)
    note(options, f"Found {plan.title}.")
    wanted = importing.Options(
        size=options.size,
        how="pad" if options.pad else "crop",
        channels=1 if options.grey else None,
        label=options.label,
        key=options.key,
        share=options.share,
        seed=options.seed,
        title=options.title,
        licence=options.licence,
    )
    row, report = importing.run(plan, options.name, wanted, progress)
    progress.done()
    lines = [*report.lines(), f"{_made(row)}, {_size(row)}, {row.split}."]
    left_out = [{"name": name, "why": why} for name, why in report.left_out]
    tell(options, "\n".join(lines), **_card(row), kept=report.kept, left_out=left_out)
    if options.report:
        write_out(options.report, report.as_csv(), "--report")


def _augment(options) -> None:
    from gan import augment
    from gan.augment.multiply import multiply

    if options.plan.endswith(".json"):
        try:
            plan = augment.Plan.from_json(Path(options.plan).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"--plan {options.plan}: cannot be read ({error}).") from None
    else:
        plan = augment.plan(options.plan)
    row = multiply(options.dataset, plan, options.times, options.name, options.seed, progress=progress)
    progress.done()
    tell(options, f"{_made(row)} pictures.", **_card(row))


def _clean(options) -> None:
    from gan.cleaning import command

    command.run(options, progress)


def _compose(options) -> None:
    from gan.datasets import numbers

    row = numbers.keep(
        options.name,
        options.dataset,
        digits=options.digits,
        count=options.count,
        seed=options.seed,
        overlap=options.overlap,
        jitter=options.jitter,
        leading_zeros=not options.no_leading_zeros,
        progress=progress,
    )
    progress.done()
    tell(options, f"{_made(row)}, {_size(row)}, {row.split}.", **_card(row))


def _forget(options) -> None:
    from gan.datasets import kept

    if options.undo:
        kept.restore(options.name)
        words = f"Data set {options.name} is back."
    else:
        kept.remove(options.name)
        words = f"Data set {options.name} is removed. To bring it back: python -m gan forget {options.name} --undo"
    tell(options, words, dataset=options.name, removed=not options.undo)


def _made(row) -> str:
    return f"Data set {row.name}: {' and '.join(f'{count:,} {name}' for name, count in row.counts.items())}"


def _size(row) -> str:
    height, width, channels = row.shape
    return f"{width} x {height}, {'grey' if channels == 1 else 'colour'}"


def _card(row) -> dict[str, object]:
    return {"dataset": row.name, "counts": dict(row.counts), "shape": row.shape, "classes": list(row.class_names)}
