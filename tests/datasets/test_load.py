"""Finding, downloading, checking, keeping: small IDX files, a real server, real processes."""

import contextlib
import dataclasses
import gzip
import hashlib
import http.server
import os
import socket
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from gan import UserError, datasets
from gan.datasets import Source
from gan.datasets.idx import IdxFile, IdxFiles, encode

COUNTS = {"train": 20, "test": 10}
NAMES = {"train": ("small-train-images", "small-train-labels"), "test": ("small-test-images", "small-test-labels")}


def contents() -> dict[str, bytes]:
    """The unpacked files of a small data set: 6x5 pictures, three classes."""
    rng = np.random.default_rng(1)
    files = {}
    for split, (images, labels) in NAMES.items():
        files[images] = encode(rng.integers(0, 256, (COUNTS[split], 6, 5), np.uint8))
        files[labels] = encode(np.arange(COUNTS[split], dtype=np.uint8) % 3)
    return files


FILES = contents()
ARRAYS = ["test-images.npy", "test-labels.npy", "train-images.npy", "train-labels.npy"]


def source(mirrors=(), **changed: bytes) -> Source:
    """The card of the small data set; `changed` are files published with other contents."""
    published = FILES | changed
    files = {
        split: tuple(IdxFile(name, hashlib.sha256(published[name]).hexdigest()) for name in names)
        for split, names in NAMES.items()
    }
    return Source(
        name="small",
        title="Small",
        summary="",
        class_names=("a", "b", "c"),
        shape=(6, 5, 1),
        counts=COUNTS,
        licence="",
        citation="",
        homepage="",
        reader=IdxFiles("small", files, tuple(mirrors)),
    )


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch):
    """An empty cache, an empty GAN_DATA_DIR, and no proxy before the server."""
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("GAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("GAN_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "*")


def put(folder: Path, files=FILES, pack=gzip.compress, ending=".gz") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / (name + ending)).write_bytes(pack(data))


def files_under(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files; under /broken the connection breaks off half-way."""

    def log_message(self, format, *args):
        self.server.asked.append(self.path)

    def do_GET(self):
        behaviour, _, name = self.path.strip("/").partition("/")
        path = Path(self.directory) / behaviour / name
        if behaviour != "broken":
            return super().do_GET()
        data = (Path(self.directory) / "good" / path.name).read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[: len(data) // 2])


@pytest.fixture
def server(tmp_path):
    """A mirror at /good; one at /other with other files of the same names, one at /huge with endless ones, /broken."""
    put(tmp_path / "www" / "good")
    put(tmp_path / "www" / "other", {name: data[:-1] + bytes([data[-1] ^ 1]) for name, data in FILES.items()})
    put(tmp_path / "www" / "huge", {name: bytes(10_000_000) for name in FILES}, pack=bytes)
    served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(tmp_path / "www")))
    served.asked = []
    served.handle_error = lambda request, address: None  # clients hang up on /huge
    thread = threading.Thread(target=served.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield served
    served.shutdown()
    served.server_close()
    thread.join()


@contextlib.contextmanager
def refusing():
    """The address of a port nobody listens on, held while in use."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}/mirror"


def address(server, folder: str) -> str:
    return f"http://127.0.0.1:{server.server_port}/{folder}"


def check_content(dataset) -> None:
    assert list(dataset.splits) == ["train", "test"]
    for split, (images, labels) in NAMES.items():
        loaded = dataset.splits[split]
        assert loaded.images.dtype == np.uint8 and loaded.images.shape == (COUNTS[split], 6, 5, 1)
        assert loaded.images.tobytes() == FILES[images][16:]
        assert loaded.labels.dtype == np.int64
        assert loaded.labels.astype(np.uint8).tobytes() == FILES[labels][8:]


# --- on this machine ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "pack", "ending"),
    [
        ("data", gzip.compress, ".gz"),
        ("data/small", gzip.compress, ".gz"),
        ("data/small", bytes, ""),
        ("data", gzip.compress, ""),  # unpacked by name only
        ("cache/small", gzip.compress, ".gz"),
    ],
)
def test_found_where_it_may_lie(tmp_path, place, pack, ending):
    assert not source().local
    put(tmp_path / place, pack=pack, ending=ending)
    assert source().local
    check_content(source().load())


def test_second_folder_of_several(tmp_path, monkeypatch):
    monkeypatch.setenv("GAN_DATA_DIR", os.pathsep.join([str(tmp_path / "absent"), str(tmp_path / "b")]))
    put(tmp_path / "b")
    check_content(source().load())


def test_files_may_lie_apart(tmp_path):
    names = sorted(FILES)
    put(tmp_path / "data", {name: FILES[name] for name in names[:2]})
    put(tmp_path / "cache" / "small", {name: FILES[name] for name in names[2:]})
    check_content(source().load())


def test_arrays_are_mapped_and_serve_without_the_files(tmp_path):
    put(tmp_path / "data")
    first = source().load()
    assert isinstance(first.train.images, np.memmap)
    for file in (tmp_path / "data").iterdir():
        file.unlink()
    assert source().local
    again = source().load()
    check_content(again)
    assert again.train.digest == first.train.digest != first.test.digest
    with pytest.raises(ValueError, match="read-only"):
        again.train.images[0] = 0
    with pytest.raises(ValueError, match="read-only"):
        again.train.labels[0] = 0


def test_damaged_arrays_in_the_cache_are_made_again(tmp_path):
    put(tmp_path / "data")
    source().load()
    kept = sorted((tmp_path / "cache").rglob("*.npy"))
    assert [path.name for path in kept] == ARRAYS
    for path, damage in zip(kept, (b"", b"foreign", kept[2].read_bytes()[:200], kept[1].read_bytes()), strict=True):
        whole = path.read_bytes()
        path.unlink()  # what is mapped elsewhere stays as it is
        path.write_bytes(damage)
        check_content(source().load())
        assert path.read_bytes() == whole


def test_works_where_the_cache_cannot_be_written(tmp_path, monkeypatch):
    put(tmp_path / "data")
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("GAN_CACHE_DIR", str(tmp_path / "file" / "cache"))
    check_content(source().load())


def test_digest_is_of_the_content(tmp_path):
    put(tmp_path / "data")
    train = source().load().train
    same = datasets.Split(np.array(train.images), np.array(train.labels))
    assert same.digest == train.digest
    assert datasets.Split(train.images, train.labels[::-1].copy()).digest != train.digest
    assert datasets.Split(train.images.reshape(20, 5, 6, 1), train.labels).digest != train.digest


DAMAGES = {
    "truncated": (lambda data: data[:-3], "there are only"),
    "magic": (lambda data: b"\1" + data[1:], "not an IDX file"),
    "type": (lambda data: data[:2] + b"\x0b" + data[3:], "int16"),
    "another": (
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        r"not the published .* SHA-256 [0-9a-f]{12}…, expected [0-9a-f]{12}…",
    ),
}


@pytest.mark.parametrize(("damage", "message"), DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("name", sorted(FILES))
def test_damage_is_reported_with_the_file(tmp_path, name, damage, message):
    put(tmp_path / "data")
    path = tmp_path / "data" / f"{name}.gz"
    path.write_bytes(gzip.compress(damage(FILES[name])))
    with pytest.raises(UserError, match=message) as caught:
        source().load()
    assert str(caught.value).startswith(str(path))
    assert "Replace the file." in str(caught.value)


def test_pictures_and_labels_exchanged(tmp_path):
    images, labels = NAMES["train"]
    put(tmp_path / "data", FILES | {images: FILES[labels], labels: FILES[images]})
    with pytest.raises(UserError, match=rf"{images}.gz: has 1 dimension \(labels\); expected 3"):
        source().load()


def test_other_counts(tmp_path):
    images, labels = NAMES["test"]
    fewer = encode(np.zeros(9, np.uint8))
    put(tmp_path / "data", FILES | {labels: fewer})
    with pytest.raises(UserError, match=f"{labels}.gz: holds 9 values; expected 10"):
        source(**{labels: fewer}).load()
    wider = encode(np.zeros((10, 5, 6), np.uint8))
    put(tmp_path / "data", FILES | {images: wider})
    with pytest.raises(UserError, match=f"{images}.gz: holds 10 x 5 x 6 values; expected 10 x 6 x 5"):
        source(**{images: wider}).load()


def test_labels_outside(tmp_path):
    _, labels = NAMES["train"]
    outside = encode(np.full(20, 3, np.uint8))
    put(tmp_path / "data", FILES | {labels: outside})
    with pytest.raises(UserError, match=f"{labels}: label 3 at position 0 .20 such.; labels run from 0 to 2"):
        source(**{labels: outside}).load()


def test_a_shipped_file_that_is_missing():
    with pytest.raises(UserError, match=r"small-train-images\.gz is missing\. It comes with the app"):
        source().load()


def test_a_file_that_may_not_be_read(tmp_path):
    put(tmp_path / "data")
    path = tmp_path / "data" / "small-train-images.gz"
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(UserError, match=r"cannot be read \(Permission denied"):
        source().load()


# --- downloading ----------------------------------------------------------------------------------------------------


def test_downloaded_from_the_first_mirror_that_has_it(tmp_path, server):
    heard = []
    mirrors = [address(server, folder) for folder in ("absent", "broken", "other", "huge", "good/")]
    check_content(source(mirrors).load(lambda share, text: heard.append((share, text))))
    assert set(FILES) <= {Path(name).stem for name in files_under(tmp_path / "cache" / "small")}
    shares = [share for share, _ in heard]
    assert shares[-1] == 1 and all(0 <= share <= 1 for share in shares)
    assert any("small-train-images: 0.0 of 0.0 MB" in text for _, text in heard)

    server.asked.clear()
    assert source(mirrors).local
    check_content(source(mirrors).load())
    for file in (tmp_path / "cache").rglob("*.npy"):
        file.unlink()
    check_content(source(mirrors).load())  # now from the files kept
    assert server.asked == []


def test_progress_never_goes_back(server):
    shares = []
    source([address(server, "good")]).load(lambda share, text: shares.append(share))
    assert shares == sorted(shares) and len(set(shares)) >= 4


def test_downloads_only_what_is_missing(tmp_path, server):
    put(tmp_path / "data", {name: data for name, data in FILES.items() if name != "small-test-labels"})
    check_content(source([address(server, "good")]).load())
    assert server.asked == ["/good/small-test-labels.gz"]


def test_no_mirror_has_it(tmp_path, server):
    with refusing() as nobody:
        mirrors = [address(server, folder) for folder in ("absent", "broken", "other", "huge")] + [nobody]
        with pytest.raises(UserError) as caught:
            source(mirrors).load()
    message = str(caught.value)
    for part in (
        "Small is not on this machine",
        "Put small-train-images.gz, small-train-labels.gz, small-test-images.gz, small-test-labels.gz into",
        str(tmp_path / "cache" / "small"),
        "GAN_DATA_DIR",
        "'handwriting' comes with the app",
        "HTTP Error 404",
        "broke off after",
        "not the published small-train-images",
        "more than the",
        "Connection refused",
    ):
        assert part in message
    assert files_under(tmp_path / "cache") == []


class InterruptedByUser(BaseException):
    """What a page's rerun raises: no error, and nothing may catch it."""


def test_cancelled_download_leaves_nothing(tmp_path, server):
    def cancel(share, text):
        raise InterruptedByUser

    with pytest.raises(InterruptedByUser):
        source([address(server, "good")]).load(cancel)
    assert files_under(tmp_path / "cache") == []
    check_content(source([address(server, "good")]).load())


def test_download_without_a_cache(tmp_path, monkeypatch, server):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("GAN_CACHE_DIR", str(tmp_path / "file" / "cache"))
    check_content(source([address(server, "good")]).load())


# --- the table's load -----------------------------------------------------------------------------------------------


def test_opened_once_a_process_and_again_when_folders_move(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets, "DATASETS", {"small": source()})
    put(tmp_path / "data")
    first = datasets.load("small")
    assert datasets.load("small") is first
    monkeypatch.setenv("GAN_CACHE_DIR", str(tmp_path / "other"))
    assert datasets.load("small") is not first
    assert files_under(tmp_path / "other") != []


def test_threads_share_one_download(monkeypatch, server):
    monkeypatch.setattr(datasets, "DATASETS", {"small": source([address(server, "good")])})
    opened = []
    threads = [threading.Thread(target=lambda: opened.append(datasets.load("small"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 8 and len(set(map(id, opened))) == 1
    assert len(server.asked) == 4


def test_a_failure_is_not_remembered(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets, "DATASETS", {"small": source()})
    with pytest.raises(UserError, match="missing"):
        datasets.load("small")
    put(tmp_path / "data")
    check_content(datasets.load("small"))


def test_unknown_name():
    with pytest.raises(UserError, match="unknown data set 'mnits'; did you mean mnist"):
        datasets.load("mnits")


def test_processes_starting_together_do_not_clash(tmp_path):
    """Four processes open `handwriting` with an empty cache at once: all get the same, no half file stays behind."""
    program = "from gan import datasets; print(datasets.load('handwriting').train.digest)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    children = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment, text=True)
        for _ in range(4)
    ]
    printed = {child.communicate()[0].strip() for child in children}
    assert [child.returncode for child in children] == [0] * 4
    assert len(printed) == 1 and len(printed.pop()) == 64
    assert [Path(name).name for name in files_under(tmp_path / "cache")] == ["digests.json", *ARRAYS]


def test_cards_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        source().name = "other"
