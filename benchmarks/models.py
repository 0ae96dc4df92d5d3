"""The table of the models that ship, from their cards, and a sheet of samples beside each card.

    python -m benchmarks.models [--sheets]

Scores stand on the cards, with the command that measured them (`python -m gan evaluate … --save`). `--sheets` draws
``weights/NAME/samples.png`` of each generator anew: every class in turn, not chosen; and of each upscaler a few test
avatars: made small, interpolated, enlarged, and as they were.
"""

from __future__ import annotations

import argparse
import io
import math
from typing import Any

import numpy as np
from PIL import Image

from gan import datasets, drawing, enlarging, images, registry, reports

MOST, WIDEST = 64, 32  # pictures on a sheet, and side by side
SHOWN = ("test_accuracy", "label_accuracy", "fid", "recall", "copying_pixels", "psnr", "ssim", "perceptual")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sheets", action="store_true", help="draw the sheets of samples anew")
    options = parser.parse_args()
    print("\n".join(table()))
    for card in shipped():
        if options.sheets and card.kind in SHEETS:
            (card.folder / "samples.png").write_bytes(SHEETS[card.kind](card))


def shipped() -> list[registry.Card]:
    """The cards of the models that ship, what draws first."""
    kinds = ("generator", "upscaler", "classifier", "reader", "judge")
    return sorted((card for card in registry.cards() if not card.local), key=lambda card: kinds.index(card.kind))


def table() -> list[str]:
    """The lines of the table."""
    lines = ["| model | learned from | trained | scores (of real pictures) | limits, and what more would give |"]
    lines.append("|---|---|---|---|---|")
    return lines + [f"| {' | '.join(row(card))} |" for card in shipped()]


def row(card: registry.Card) -> list[str]:
    sample = f"<br>![samples](weights/{card.name}/samples.png)" if (card.folder / "samples.png").is_file() else ""
    source = datasets.source(card.dataset)
    kilobytes = card.files[registry.WEIGHTS]["bytes"] // 1000
    recipe, training = card.recipe.get("name", card.model), card.training
    how = f"`{recipe}`, {training['step']:,} steps, {training['minutes']:g} min; {training['device'].split(';')[0]}"
    command = f"<br>`{card.scores['command']}`" if card.scores.get("command") else ""
    return [
        f"**{card.name}**: {card.summary}{sample}",
        f"{source.title} ({card.licence})",
        f"{how}; {kilobytes:,} kB",
        "<br>".join(scores(card)) + command,
        " ".join(filter(None, (card.limits, card.more))),
    ]


def scores(card: registry.Card) -> list[str]:
    """What was measured, a line a score, beside what real pictures score; of an upscaler, a line a set of pictures."""
    shown = [entry for entry in card.scores.get("scores", {}).values() if entry["measure"].startswith(SHOWN)]
    if card.kind != "upscaler":
        return [line(entry) for entry in shown] + learned(card)
    sets: dict[str, list[str]] = {}
    for entry in shown:
        title, of = entry["title"].rsplit(": ", 1)
        sets.setdefault(of, []).append(f"{title} {reports.figure(entry)} (bicubic {reports.figure(entry, 'bicubic')})")
    return [f"{of}: {'; '.join(lines)}" for of, lines in sets.items()]


def learned(card: registry.Card) -> list[str]:
    """What a classifier has learned from the model's pictures alone, where that was measured."""
    if not (cas := card.scores.get("cas")):
        return []
    chosen = f"--model {card.name} --dataset {cas['dataset']} --count {cas['count']} --seed {cas['seed']}"
    real = f" ({cas['real']:.2%})" if cas["real"] is not None else ""
    return [f"CAS, learned from {cas['count']:,} pictures: {cas['value']:.2%}{real}, `python -m gan cas {chosen}`"]


def line(entry: dict[str, Any]) -> str:
    by = f" ({entry['net']})" if entry["measure"].startswith("label_accuracy") else ""
    real = f" ({reports.figure(entry, 'real')})" if entry.get("real") is not None else ""
    return f"{entry['title']}{by}: {reports.figure(entry)}{real}"


def sheet(card: registry.Card) -> bytes:
    """PNG of some samples of every class, or of what a model without classes draws."""
    classes = tuple(range(len(card.class_names)))
    each = max(1, MOST // (len(classes) or MOST))
    across = math.ceil(len(classes) / math.ceil(len(classes) / WIDEST)) if classes else 16  # rows of one length
    drawn = drawing.draw(drawing.Order(card.name, classes, each * len(classes) or MOST, seed=1))
    return _file(images.tile(drawn.pictures, across))


def enlarged(card: registry.Card) -> bytes:
    """PNG with a row a picture: the small one, interpolated, enlarged by the model, the truth."""
    true = np.asarray(datasets.load("avatars").test.images[:5])
    small = images.shrink(true, enlarging.TIMES)
    plain = images.bicubic(small, enlarging.TIMES)
    blocks = small.repeat(enlarging.TIMES, 1).repeat(enlarging.TIMES, 2)
    drawn = np.stack([enlarging.enlarge(card.name, picture) for picture in small])
    return _file(images.tile(np.stack([blocks, plain, drawn, true], 1).reshape(-1, *true.shape[1:]), 4))


def _file(sheet: np.ndarray) -> bytes:
    """PNG; of colour pictures with 256 colours, a third as large."""
    if sheet.shape[-1] == 1:
        return images.encode_png(sheet)
    buffer = io.BytesIO()
    Image.fromarray(sheet).quantize(256, dither=Image.Dither.FLOYDSTEINBERG).save(buffer, "png", optimize=True)
    return buffer.getvalue()


SHEETS = {"generator": sheet, "upscaler": enlarged}

if __name__ == "__main__":
    main()
