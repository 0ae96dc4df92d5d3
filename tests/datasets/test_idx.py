"""The IDX format: round trips, and every way a file can be wrong."""

import gzip
import hashlib
import io
import struct
import tracemalloc

import numpy as np
import pytest

from gan import UserError
from gan.datasets import idx

PICTURES = np.random.default_rng(0).integers(0, 256, (5, 4, 3), np.uint8)
LABELS = np.array([3, 1, 4, 1, 5], np.uint8)


def decode(data: bytes, dimensions: int = 3, **options):
    return idx.decode(io.BytesIO(data), "some-file", dimensions, **options)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize("values", [PICTURES, LABELS, PICTURES[:0]], ids=["pictures", "labels", "none"])
def test_round_trip(values, pack):
    raw = idx.encode(values)
    read, digest = decode(pack(raw), values.ndim)
    np.testing.assert_array_equal(read, values)
    assert read.dtype == np.uint8
    assert digest == hashlib.sha256(raw).hexdigest()  # of the unpacked bytes, however they were packed


def test_layout_is_the_published_one():
    assert idx.encode(LABELS) == b"\0\0\x08\x01\0\0\0\x05\x03\x01\x04\x01\x05"


def test_encode_refuses_other_types():
    with pytest.raises(TypeError, match="float64"):
        idx.encode(np.zeros(3))


RAW = idx.encode(PICTURES)
WRONG = {
    "empty": (b"", "starts with nothing"),
    "a PNG": (b"\x89PNG\r\n\x1a\n" + bytes(40), "not an IDX file; it starts with 89 50 4e 47"),
    "float type": (b"\0\0\x0d" + RAW[3:], r"holds type 0x0d \(float32\); expected 0x08"),
    "no type": (b"\0\0\x77" + RAW[3:], r"0x77 \(no IDX type\)"),
    "labels": (idx.encode(LABELS), r"has 1 dimension \(labels\); expected 3 dimensions \(pictures\)"),
    "short header": (RAW[:10], "breaks off in its header"),
    "truncated": (RAW[:-7], "announces 60 bytes .5 x 4 x 3., but there are only 53"),
    "too long": (RAW + b"\0", "but there are more"),
    "truncated gzip": (gzip.compress(RAW)[:-12], "gzip file is damaged or breaks off"),
    "damaged gzip": (gzip.compress(RAW)[:12] + b"\xff\xff\xff" + gzip.compress(RAW)[15:], "damaged"),
    "wrong checksum": (gzip.compress(RAW)[:-8] + bytes(8), "damaged"),
    "gzip of a PNG": (gzip.compress(b"\x89PNG"), "not an IDX file"),
}


@pytest.mark.parametrize(("data", "message"), WRONG.values(), ids=WRONG)
def test_wrong_files_are_named_and_explained(data, message):
    with pytest.raises(UserError, match=message) as caught:
        decode(data)
    assert str(caught.value).startswith("some-file: ")


def test_pictures_in_the_place_of_labels():
    with pytest.raises(UserError, match=r"has 3 dimensions \(pictures\); expected 1 dimension \(labels\)"):
        decode(RAW, 1)


def test_no_more_is_unpacked_than_announced():
    bomb = gzip.compress(RAW + bytes(64 << 20))  # 64 MB of nothing behind five pictures
    tracemalloc.start()
    with pytest.raises(UserError, match="but there are more"):
        decode(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20


def test_a_header_that_announces_too_much_is_refused_before_reading():
    header = struct.pack(">HBB3I", 0, 8, 3, 2**32 - 1, 2**16, 2**16)
    with pytest.raises(UserError, match="at most 2,147,483,648 can be"):
        decode(header)
    with pytest.raises(UserError, match=r"announces 60 bytes .*at most 59"):
        decode(RAW, limit=59)


def test_pair():
    split = idx.pair(PICTURES, LABELS, ("images", "labels"), tuple("012345"))
    assert split.images.shape == (5, 4, 3, 1)
    assert split.labels.dtype == np.int64 and split.labels.tolist() == LABELS.tolist()
    assert not split.labels.flags.writeable and not split.images.flags.writeable


def test_pair_with_different_counts():
    with pytest.raises(UserError, match="images holds 5 pictures, labels 4 labels"):
        idx.pair(PICTURES, LABELS[:4], ("images", "labels"), tuple("012345"))


def test_pair_with_a_label_outside():
    with pytest.raises(UserError, match=r"labels: label 5 at position 4 \(1 such\); labels run from 0 to 4"):
        idx.pair(PICTURES, LABELS, ("images", "labels"), tuple("01234"))
