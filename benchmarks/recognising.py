"""How much is read rightly, through the whole path from the bytes of a picture file to the answer.

    python -m benchmarks.recognising [--count 1000] [--only ROW …]

MNIST's test digits as they are, pasted large, photographed badly, and in rows; digits that a program draws stroke by
stroke; the street digits of the SVHN that is found. Nets: those that ship. A row of digits counts only when all of it
is right.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator

import numpy as np

from gan import UserError, datasets, images
from gan.datasets import decoding, numbers, numbers5
from gan.recognise import Settings, choices, prepare, read
from tests.recognise import written

Example = tuple[bytes, str]  # a picture file, and what is written on it


def as_they_are(count: int) -> Iterator[Example]:
    test = datasets.load("mnist").test
    for image, label in zip(test.images[:count], test.labels[:count], strict=True):
        yield images.encode_png(image), str(label)


def pasted(count: int) -> Iterator[Example]:
    rng, test = np.random.default_rng(1), datasets.load("mnist").test
    for image, label in zip(test.images[:count], test.labels[:count], strict=True):
        yield written.file(written.on_paper(written.enlarged(image, rng.uniform(6, 14)), rng)), str(label)


def inverted(count: int) -> Iterator[Example]:
    rng, test = np.random.default_rng(2), datasets.load("mnist").test
    for image, label in zip(test.images[:count], test.labels[:count], strict=True):
        yield written.file(255 - written.on_paper(written.enlarged(image, rng.uniform(6, 14)), rng)), str(label)


def photographed(count: int) -> Iterator[Example]:
    rng, test = np.random.default_rng(3), datasets.load("mnist").test
    for image, label in zip(test.images[:count], test.labels[:count], strict=True):
        page = written.on_paper(written.enlarged(image, rng.uniform(6, 14)), rng)
        yield written.file(written.photographed(page, rng), "JPEG"), str(label)


def played(count: int) -> Iterator[Example]:
    rng = np.random.default_rng(4)
    for index in range(count):
        digit = str(index % 10)
        page = written.on_paper(written.played(digit, rng), rng)
        kind = index // 10 % 3
        picture = page if kind == 0 else 255 - page if kind == 1 else written.photographed(page, rng, 15)
        yield written.file(picture, "JPEG"), digit


def in_rows(digits: int, overlap: int = 0) -> Callable[[int], Iterator[Example]]:
    def rows(count: int) -> Iterator[Example]:
        rng = np.random.default_rng(5 + digits)
        split = numbers.compose(datasets.load("mnist").test, digits, count, seed=digits, overlap=overlap)
        for image, number in zip(split.images, split.attributes["number"], strict=True):
            page = written.row(image[None], rng)
            yield written.file(page), str(number)

    return rows


def one_to_five(count: int) -> Iterator[Example]:
    rng = np.random.default_rng(8)
    data = datasets.load("mnist")
    split = numbers5.compose(data.test, count, seed=8, class_names=data.source.class_names)
    for image, number in zip(split.images, split.attributes["number"], strict=True):
        yield written.file(written.row(image[None], rng)), str(number)


def rows_photographed(count: int) -> Iterator[Example]:
    rng = np.random.default_rng(9)
    split = numbers.compose(datasets.load("mnist").test, 3, count, seed=9)
    for image, number in zip(split.images, split.attributes["number"], strict=True):
        page = written.row(image[None], rng, 6)
        yield written.file(written.photographed(page, rng, 5), "JPEG"), str(number)


def hangul(count: int) -> Iterator[Example]:
    rng, data = np.random.default_rng(6), datasets.load("hangul")
    chosen = rng.permutation(len(data.test))[:count]
    for image, label in zip(data.test.images[chosen], data.test.labels[chosen], strict=True):
        page = written.on_paper(written.enlarged(image, rng.uniform(5, 10)), rng)
        yield written.file(written.photographed(page, rng), "JPEG"), data.source.class_names[label]


def svhn(count: int) -> Iterator[Example]:
    data = datasets.load("svhn")
    for image, label in zip(data.test.images[:count], data.test.labels[:count], strict=True):
        yield images.encode_png(image), data.source.class_names[label]


# name: (what is read, whether in rows, the pictures)
ROWS: dict[str, tuple[str, bool, Callable[[int], Iterator[Example]]]] = {
    "MNIST test, as they are": ("digits", False, as_they_are),
    "pasted large, dark on white": ("digits", False, pasted),
    "pasted large, white on black": ("digits", False, inverted),
    "uneven light, shadow, noise": ("digits", False, photographed),
    "drawn by strokes; inverted, photographed": ("digits", False, played),
    "1 digit, found": ("digits", True, in_rows(1)),
    "numbers of 1 to 5 digits, some touching": ("digits", True, one_to_five),
    "numbers of 3 digits": ("digits", True, in_rows(3)),
    "numbers of 5 digits": ("digits", True, in_rows(5)),
    "numbers of 3 digits, photographed": ("digits", True, rows_photographed),
    "numbers of 3 digits, 4 pixels overlapping": ("digits", True, in_rows(3, 4)),
    "numbers of 3 digits, 8 pixels overlapping": ("digits", True, in_rows(3, 8)),
    "Hangul test, photographed": ("hangul", False, hangul),
    "SVHN test": ("street", False, svhn),
}


def measure(name: str, count: int, wrong: list[str]) -> tuple[int, int, float]:
    """How many of how many pictures were read rightly, and milliseconds for each."""
    task, several, examples = ROWS[name]
    card, settings = choices()[task].cards[0], Settings()
    right = total = 0
    spent = 0.0
    for data, text in examples(count):
        began = time.perf_counter()
        try:
            picture = decoding.decode(data, "picture")
            found = read(prepare(picture, settings), card, settings, several).text.replace(" ", "")
        except UserError as error:
            found = f"({error})"
        if total:  # the first one loads the net
            spent += time.perf_counter() - began
        right, total = right + (found == text), total + 1
        if found != text:
            wrong.append(f"{name} {total - 1}: {text} read as {found!r}")
    return right, total, 1000 * spent / max(1, total - 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--only", nargs="+", choices=ROWS, default=list(ROWS), metavar="ROW")
    parser.add_argument("--wrong", action="store_true", help="name what was read wrongly")
    options = parser.parse_args()
    print("| pictures | read rightly | of | ms each |\n|---|---|---|---|")
    for name in options.only:
        wrong: list[str] = []
        right, total, spent = measure(name, options.count, wrong)
        print(f"| {name} | {right / total:.2%} | {total:,} | {spent:.0f} |", flush=True)
        if options.wrong:
            print("\n".join(wrong))


if __name__ == "__main__":
    main()
