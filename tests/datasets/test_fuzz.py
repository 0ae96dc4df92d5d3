"""Damaged files of every kind: each is read, or refused in words. Nothing else may happen, on disk neither."""

import gzip
import io
import shutil
import time
import warnings
import zipfile

import numpy as np
import pytest
import scipy.io
from PIL import Image

from gan import UserError
from gan.datasets import importing, svhn, svhn_full
from gan.datasets.archives import Upload
from gan.datasets.decoding import decode, fit
from gan.datasets.idx_format import encode
from gan.datasets.importing import Options
from tests.datasets.test_decoding import encoded
from tests.datasets.test_stacks import COLOUR, IMAGES, LABELS, npz
from tests.datasets.test_svhn_full import NUMBERS, archive, struct
from tests.datasets.test_tables import table

PICTURES, CONTAINERS = 150, 60  # damaged files of each kind
PHOTO = Image.effect_noise((40, 32), 60).convert("RGB")
CROPS = np.random.default_rng(5).integers(0, 256, (12, 32, 32, 3), np.uint8)
KINDS = {
    "png": encoded(PHOTO),
    "png16": encoded(Image.fromarray(np.arange(1280, dtype=np.uint16).reshape(32, 40) * 51)),
    "palette": encoded(PHOTO.quantize(16), transparency=3),
    "jpeg": encoded(PHOTO, "JPEG", exif=Image.Exif()),
    "cmyk": encoded(PHOTO.convert("CMYK"), "JPEG"),
    "webp": encoded(PHOTO, "WEBP"),
    "gif": encoded(PHOTO, "GIF", save_all=True, append_images=[PHOTO.rotate(90)]),
    "bmp": encoded(PHOTO, "BMP"),
    "tiff": encoded(PHOTO, "TIFF", compression="tiff_lzw"),
    "ppm": encoded(PHOTO, "PPM"),
    "avif": encoded(PHOTO, "AVIF"),
}


def mat(packed: bool = True) -> bytes:
    buffer = io.BytesIO()
    scipy.io.savemat(buffer, {"X": CROPS.transpose(1, 2, 3, 0), "y": LABELS[:, None] + 1}, do_compression=packed)
    return buffer.getvalue()


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("a/1.png", "a/2.jpeg", "b/가.png", "b/4.png"):
            archive.writestr(name, KINDS[name.rpartition(".")[2]])
        archive.writestr("table.csv", "file,hair\n1.png,red\n2.jpeg,blue\n가.png,검정\n")
    return buffer.getvalue()


CONTAINER = {
    "a.zip": zipped(),
    "a.csv": table().encode(),
    "korean.csv": table(labels=np.array([*"가나다라마"])[np.arange(60) % 5], last=True).encode("cp949"),
    "a.npz": npz(images=IMAGES, labels=LABELS),
    "stored.npz": npz(x_train=COLOUR, y_train=LABELS, x_test=COLOUR, y_test=LABELS),
    "a-idx3-ubyte": encode(IMAGES),
    "a-idx3-ubyte.gz": gzip.compress(encode(IMAGES)),
    "a.mat": mat(),
}


def damaged(data: bytes, others: list[bytes], rng: np.random.Generator) -> bytes:
    """One to three of: cut off, bytes changed, bits of the head flipped, a piece doubled, removed, or another's."""
    for _ in range(rng.integers(1, 4)):
        if len(data) < 8:
            break
        at, length = int(rng.integers(len(data))), int(rng.integers(1, 64))
        kind = rng.integers(7)
        if kind == 0:
            data = data[:at]
        elif kind == 1:
            data = data[:at] + rng.bytes(length) + data[at + length :]
        elif kind == 2:
            at = int(rng.integers(min(64, len(data))))
            data = data[:at] + bytes([data[at] ^ 1 << int(rng.integers(8))]) + data[at + 1 :]
        elif kind == 3:
            data = data[:at] + data[at : at + length] * 2 + data[at + length :]
        elif kind == 4:
            data = data[:at] + data[at + length :]
        elif kind == 5:
            other = others[int(rng.integers(len(others)))]
            data = other[:length] + data[length:]
        else:
            at = int(rng.integers(min(48, len(data) - 4)))
            data = data[:at] + b"\xff\xff\xff\x7f" + data[at + 4 :]
    return data


def everything(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.fixture(autouse=True)
def quiet():
    """Pillow warns of what it finds odd; here everything is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_pictures(kind):
    rng = np.random.default_rng([1, *kind.encode()])
    refused, others = 0, list(KINDS.values())
    for number in range(PICTURES):
        data = damaged(KINDS[kind], others, rng)
        start = time.perf_counter()
        try:
            image = decode(data, f"{number}.{kind}")
        except UserError as error:
            assert str(error).startswith(f"{number}.{kind}: ") and len(str(error)) < 400
            refused += 1
        else:
            assert image.dtype == np.uint8 and image.ndim == 3 and image.shape[2] in (1, 3) and image.size
            assert fit(image, 16, channels=1).shape == (16, 16, 1)
        assert time.perf_counter() - start < 3, f"{kind} {number} takes too long"
    assert refused > PICTURES / 20


@pytest.mark.parametrize("name", CONTAINER)
def test_damaged_containers(name, local_data, tmp_path):
    rng = np.random.default_rng([2, *name.encode()])
    refused, others = 0, list(CONTAINER.values())
    for number in range(CONTAINERS):
        upload = Upload(name, io.BytesIO(damaged(CONTAINER[name], others, rng)))
        start = time.perf_counter()
        try:
            row, report = importing.run(importing.examine(upload), f"set{number}", Options(size=16))
        except UserError as error:
            assert 10 < len(str(error)) < 600
            refused += 1
        else:
            data = row.load()
            assert sum(map(len, data.splits.values())) == report.kept >= 2
            assert data.train.images.dtype == np.uint8 and data.train.labels.max() < len(row.class_names)
        assert time.perf_counter() - start < 5, f"{name} {number} takes too long"
    assert refused > 0
    outside = [path for path in everything(tmp_path) if local_data not in path.parents]
    hidden = [path for path in everything(local_data) if path.relative_to(local_data).parts[0].startswith(".")]
    assert outside == hidden == []


@pytest.fixture
def svhn_folder(tmp_path, monkeypatch, cache):
    """Where files of SVHN are looked for; what was decoded before is not."""
    monkeypatch.setenv("GAN_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "data" / "svhn").mkdir(parents=True)
    return tmp_path / "data" / "svhn"


def load(source) -> bool:
    """Whether a set can be read; if not, it is said in words."""
    try:
        data = source.load()
    except UserError as error:
        assert 10 < len(str(error)) < 1000
        return False
    assert data.train.images.dtype == np.uint8 and data.train.labels.max() < len(source.class_names)
    return True


@pytest.mark.parametrize("packed", [True, False])
def test_damaged_matlab_files(packed, svhn_folder, cache):
    rng = np.random.default_rng([3, packed])
    whole = mat(packed)
    (svhn_folder / "test_32x32.mat").write_bytes(whole)
    read = 0
    for _ in range(CONTAINERS):
        shutil.rmtree(cache, ignore_errors=True)
        (svhn_folder / "train_32x32.mat").write_bytes(damaged(whole, list(CONTAINER.values()), rng))
        read += load(svhn.SOURCE)
    assert read < CONTAINERS


@pytest.mark.parametrize("what", ["archive", "boxes"])
def test_damaged_archives_of_full_numbers(what, svhn_folder, cache):
    rng = np.random.default_rng([4, *what.encode()])
    (svhn_folder / "test.tar.gz").write_bytes(archive("test", NUMBERS["test"]))
    whole, boxes, read = archive("train", NUMBERS["train"]), struct(NUMBERS["train"]), 0
    for _ in range(CONTAINERS // 2):
        shutil.rmtree(cache, ignore_errors=True)
        if what == "archive":
            data = damaged(whole, list(CONTAINER.values()), rng)
        else:
            data = archive("train", NUMBERS["train"], **{"digitStruct.mat": damaged(boxes, [boxes], rng)})
        (svhn_folder / "train.tar.gz").write_bytes(data)
        read += load(svhn_full.SOURCE)
    assert read < CONTAINERS


def test_enough_files_are_damaged():
    assert len(KINDS) * PICTURES + len(CONTAINER) * CONTAINERS >= 1_000
