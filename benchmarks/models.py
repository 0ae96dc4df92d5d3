"""The table of the models that ship, from their cards, and a sheet of samples beside each card.

    python -m benchmarks.models [--sheets]

Scores stand on the cards, with the command that measured them (`python -m gan evaluate … --save`). `--sheets` draws
``weights/NAME/samples.png`` of each generator anew: every class in turn, not chosen.
"""

from __future__ import annotations

import argparse
from typing import Any

from gan import datasets, drawing, images, registry, reports

MOST, WIDEST = 64, 24  # pictures on a sheet, and side by side
SHOWN = ("test_accuracy", "label_accuracy", "fid", "recall", "copying_pixels", "psnr", "ssim", "perceptual")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sheets", action="store_true", help="draw the sheets of samples anew")
    options = parser.parse_args()
    print("\n".join(table()))
    for card in shipped():
        if options.sheets and card.kind == "generator":
            (card.folder / "samples.png").write_bytes(sheet(card))


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
    """What was measured, a line a score, beside what real pictures (or bicubic interpolation) score."""
    return [line(entry) for entry in card.scores.get("scores", {}).values() if entry["measure"].startswith(SHOWN)]


def line(entry: dict[str, Any]) -> str:
    by = f" ({entry['net']})" if entry["measure"].startswith("label_accuracy") else ""
    real = f" ({reports.figure(entry, 'real')})" if entry.get("real") is not None else ""
    return f"{entry['title']}{by}: {reports.figure(entry)}{real}"


def sheet(card: registry.Card) -> bytes:
    """PNG of some samples of every class, or of what a model without classes draws."""
    classes = tuple(range(len(card.class_names)))
    across, each = min(WIDEST, len(classes) or 16), max(1, MOST // (len(classes) or MOST))
    drawn = drawing.draw(drawing.Order(card.name, classes, each * len(classes) or MOST, seed=1))
    return images.encode_png(images.tile(drawn.pictures, across))


if __name__ == "__main__":
    main()
