"""How much of the text cleaning finds, what it takes with it, and how near the outcome comes to the truth.

    python -m benchmarks.cleaning [--split test] [--every N] [--sheets FOLDER]

On `covers`, whose titles are layers of their own: the share of the letters' pixels (alpha above 0) inside the mask, the
share of all others masked too, and the PSNR against the cover without words, over letters and mask, for each method
beside leaving the text in. On the real covers of ``covers/pairs_with_text`` in ``GAN_DATA_DIR``: how many characters
RapidOCR's recogniser reads before and after. ``--sheets`` writes before, mask and after side by side, to look at.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from gan import cleaning, images, paths
from gan.cleaning import showing
from gan.datasets import covers, decoding

DRAWN = {
    "strokes, Telea": cleaning.Settings(),
    "strokes, Navier-Stokes": cleaning.Settings(method="navier-stokes"),
    "strokes, biharmonic": cleaning.Settings(method="biharmonic"),
    "whole boxes, Telea": cleaning.Settings(follow_strokes=False),
    "whole boxes, biharmonic": cleaning.Settings(follow_strokes=False, method="biharmonic"),
}


def psnr(one: np.ndarray, other: np.ndarray, where: np.ndarray) -> float:
    """Peak signal-to-noise ratio in dB over some pixels."""
    error = (one[where].astype(np.float64) - other[where]) ** 2
    return float(10 * np.log10(255**2 / max(error.mean(), 1e-9)))


def drawn(split: str, every: int, sheets: Path | None) -> None:
    """Covers whose words are known, pixel by pixel."""
    titled = list(covers.titles(split))[::every]
    cleaning.detect(titled[0].art)  # loads the detector
    began = time.perf_counter()
    found = [cleaning.detect(cover.with_title) for cover in titled]
    looked = (time.perf_counter() - began) / len(titled)
    print(f"\n{len(titled)} covers of {split}, 256x256; finding alone {1 / looked:.1f} pictures/s\n")
    print(
        "| way | letters masked | of the rest | PSNR cleaned | PSNR with text | pictures/s |\n|---|---|---|---|---|---|"
    )
    for name, settings in DRAWN.items():
        began = time.perf_counter()
        results = [cleaning.clean(c.with_title, settings, f) for c, f in zip(titled, found, strict=True)]
        seconds = looked + (time.perf_counter() - began) / len(titled)
        pairs = list(zip(titled, results, strict=True))
        rows = np.array([_scores(cover, result) for cover, result in pairs])
        letters, rest, after, before = rows.mean(0)
        print(
            f"| {name} | {letters:.1%} | {rest:.1%} | {after:.2f} dB | {before:.2f} dB | {1 / seconds:.1f} |",
            flush=True,
        )
        if name == next(iter(DRAWN)):
            _languages(pairs, rows)
            _sheet(sheets, f"drawn-{split}", [(cover.with_title, result) for cover, result in pairs])
    plain = [len(cleaning.find(cover.art)) for cover in titled]
    print(f"\nCovers without words: {np.mean(np.array(plain) > 0):.1%} have a box all the same.")


def _scores(cover: covers.Titled, result: cleaning.Cleaned) -> tuple[float, float, float, float]:
    letters = cover.letters
    touched = letters | result.mask
    after, before = (psnr(picture, cover.art, touched) for picture in (result.image, cover.with_title))
    return result.mask[letters].mean(), result.mask[~letters].mean(), after, before


def _languages(pairs: Sequence[tuple[covers.Titled, cleaning.Cleaned]], rows: np.ndarray) -> None:
    for language in ("english", "korean"):
        of = np.array([cover.language == language for cover, _ in pairs])
        if of.any():
            print(f"|   of these {of.sum()} {language} | {rows[of, 0].mean():.1%} | {rows[of, 1].mean():.1%} | | | |")


def real(sheets: Path | None) -> None:
    """Covers as they are sold: what can be read before and after."""
    from rapidocr import RapidOCR

    folder = next((d / "covers" / "pairs_with_text" for d in paths.data_dirs() if (d / "covers").is_dir()), None)
    if folder is None:
        print("\nNo real covers: GAN_DATA_DIR has no covers/pairs_with_text.")
        return
    reader = RapidOCR(params={"Global.log_level": "error"})

    def read(image: np.ndarray) -> int:
        return sum(len(text) for text in reader(np.ascontiguousarray(image[..., ::-1])).txts or ())

    print("\n| real covers, 400x600 | characters read before | after | share | pictures/s |\n|---|---|---|---|---|")
    pictures = list(_pictures(folder))
    for name, settings in DRAWN.items():
        began = time.perf_counter()
        results = [cleaning.clean(picture, settings) for picture in pictures]
        speed = len(pictures) / (time.perf_counter() - began)
        before, after = sum(map(read, pictures)), sum(read(result.image) for result in results)
        print(f"| {name} | {before} | {after} | {after / before:.1%} | {speed:.1f} |", flush=True)
        _sheet(sheets, f"real-{name.replace(', ', '-').replace(' ', '-')}", list(zip(pictures, results, strict=True)))


def _pictures(folder: Path) -> Iterator[np.ndarray]:
    for path in sorted(folder.iterdir()):
        yield decoding.decode(path.read_bytes(), path.name)


def _sheet(folder: Path | None, name: str, pairs: list[tuple[np.ndarray, cleaning.Cleaned]]) -> None:
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        rows = [picture for before, r in pairs for picture in (before, showing.marked(before, r), r.image)]
        Image.fromarray(images.tile(np.stack(rows), columns=9)).save(folder / f"{name}.png")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", default="test", choices=["train", "test"])
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth drawn cover")
    parser.add_argument("--sheets", type=Path, metavar="FOLDER", help="write pictures to look at")
    options = parser.parse_args()
    drawn(options.split, options.every, options.sheets)
    real(options.sheets)


if __name__ == "__main__":
    main()
