"""Arrays in the cache: written piece by piece, mapped, with their digests."""

from __future__ import annotations

import json
import tracemalloc

import numpy as np
import pytest

from gan import UserError
from gan.datasets import Source, Split, arrays, workspace

RNG = np.random.default_rng(1)


def source(count: int = 50, shape=(4, 3, 1), attributes=("word", "value")) -> Source:
    return Source(
        name="small",
        title="Small",
        summary="",
        class_names=("a", "b"),
        shape=shape,
        counts={"train": count},
        licence="",
        citation="",
        homepage="",
        reader=None,
        attributes=attributes,
    )


WHOLE = Split(
    RNG.integers(0, 256, (50, 4, 3, 1), np.uint8),
    np.arange(50) % 2,
    {"word": np.array([f"w{i}" for i in range(50)]), "value": np.linspace(0, 1, 50)},
)


def pieces(name: str):
    for start in (0, 7, 20):
        part = slice(start, {0: 7, 7: 20, 20: 50}[start])
        columns = {column: values[part] for column, values in WHOLE.attributes.items()}
        yield Split(WHOLE.images[part], WHOLE.labels[part], columns)


def check(split: Split) -> None:
    np.testing.assert_array_equal(split.images, WHOLE.images)
    np.testing.assert_array_equal(split.labels, WHOLE.labels)
    for column, values in WHOLE.attributes.items():
        np.testing.assert_array_equal(split.attributes[column], values)
    for array in (split.images, split.labels, *split.attributes.values()):
        assert not array.flags.writeable
    assert split.digest == WHOLE.digest


def test_pieces_are_put_together_and_mapped(cache):
    kept = arrays.keep(source(), "key", pieces)["train"]
    check(kept)
    assert isinstance(kept.images, np.memmap)
    check(arrays.read(source(), "key")["train"])
    assert arrays.read(source(), "other") is arrays.read(source(), "") is None
    assert not list(cache.rglob(f"{workspace.ASIDE}*"))


def test_the_digest_is_not_worked_out_again(cache):
    arrays.keep(source(), "key", pieces)
    (path,) = cache.rglob(arrays.DIGESTS)
    path.write_text(json.dumps({"train": "known"}))
    assert arrays.read(source(), "key")["train"].digest == "known"
    path.write_text("{")
    assert arrays.read(source(), "key") is None


def test_a_missing_or_foreign_part_is_no_hit(cache):
    arrays.keep(source(), "key", pieces)
    assert arrays.read(source(shape=(3, 4, 1)), "key") is None
    (path,) = cache.rglob("train-attribute-1.npy")
    np.save(path, np.zeros(49))
    assert arrays.read(source(), "key") is None
    check(arrays.keep(source(), "key", pieces)["train"])


def test_an_error_leaves_nothing(cache):
    def broken(name):
        yield from pieces(name)
        raise UserError("damaged")

    with pytest.raises(UserError, match="damaged"):
        arrays.keep(source(), "key", broken)
    assert not [path for path in cache.rglob("*") if path.is_file()]


def test_memory_holds_no_more_than_a_piece(cache):
    shape, count, rows = (64, 64, 3), 4000, 100  # 49 MB in all

    def drawn(name):
        for start in range(0, count, rows):
            yield Split(np.full((rows, *shape), start % 256, np.uint8), np.zeros(rows, np.int64))

    tracemalloc.start()
    kept = arrays.keep(source(count, shape, ()), "key", drawn)["train"]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(kept) == count and kept.images[-1, 0, 0, 0] == 3900 % 256
    assert peak < 8e6


def test_where_the_cache_cannot_be_written(cache, monkeypatch):
    cache.parent.mkdir(exist_ok=True)
    cache.write_text("in the way")
    check(arrays.keep(source(), "key", pieces)["train"])
    monkeypatch.setattr(arrays, "IN_MEMORY", 100)
    with pytest.raises(UserError, match=r"Small takes 0 MB in .*cannot be written.*GAN_CACHE_DIR"):
        arrays.keep(source(), "key", pieces)
