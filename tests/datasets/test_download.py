"""Downloads: to disk as they come, resumed where the server can, from a real server that behaves in several ways."""

from __future__ import annotations

import hashlib
import http.server
import shutil
import threading
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from gan import UserError
from gan.datasets import download as downloading
from gan.datasets.download import download
from gan.datasets.fetch import Published

DATA = np.random.default_rng(1).bytes(3_000_000)
OTHER = DATA[:-1] + bytes([DATA[-1] ^ 1])


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves one file, by ranges under /ranges and /changed; sends only half of the rest while told to break off."""

    def log_message(self, format, *args):
        pass

    def do_GET(self):
        server, folder = self.server, self.path.split("/")[1]
        asked = self.headers.get("Range")
        server.asked.append((folder, asked))
        data, tag = (OTHER, '"b"') if server.changed else (DATA, '"a"')
        begin = int(asked.removeprefix("bytes=").rstrip("-")) if asked and folder == "ranges" else 0
        if asked and begin >= len(data):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(data)}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(206 if begin else 200)
        if folder == "ranges":
            self.send_header("ETag", tag)
            self.send_header("Accept-Ranges", "bytes")
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{len(data) - 1}/{len(data)}")
        body = data[begin:]
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if server.breaks else body)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.asked, served.breaks, served.changed = [], False, False
    served.handle_error = lambda request, address: None
    thread = threading.Thread(target=served.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield served
    served.shutdown()
    served.server_close()
    thread.join()


@pytest.fixture
def get(server, tmp_path):
    """Download the file; the bytes that came."""

    def get(folder="ranges", received=lambda have, expected: None, data=DATA, limit=3_000_000) -> bytes:
        file = Published("big.bin", len(data), hashlib.sha256(data).hexdigest(), ())
        mirror = f"http://127.0.0.1:{server.server_port}/{folder}"
        with download(tmp_path / "cache" / "big.bin", [mirror], limit, file.check, received) as stream:
            return stream.read()

    return get


def left(tmp_path) -> list[Path]:
    return sorted((tmp_path / "cache").iterdir())


def test_kept_and_asked_for_once(get, server, tmp_path):
    heard = []
    assert get(received=lambda have, expected: heard.append((have, expected))) == DATA
    assert [path.name for path in left(tmp_path)] == ["big.bin"]
    assert heard[0] == (0, 0) and heard[-1] == (len(DATA), len(DATA))
    assert get() == DATA
    assert server.asked == [("ranges", None)]


def test_goes_on_where_it_broke_off(get, server, tmp_path):
    server.breaks = True
    half, three_quarters = len(DATA) // 2, len(DATA) // 2 + (len(DATA) - len(DATA) // 2) // 2
    for have in (half, three_quarters):
        with pytest.raises(UserError, match=f"broke off after {have:,} of {len(DATA):,} bytes"):
            get()
        assert [path.stat().st_size for path in left(tmp_path)] == [have]
    server.breaks = False
    assert get() == DATA
    assert server.asked == [("ranges", None), ("ranges", f"bytes={half}-"), ("ranges", f"bytes={three_quarters}-")]
    assert [path.name for path in left(tmp_path)] == ["big.bin"]


class InterruptedByUser(BaseException):
    """What a page's rerun raises."""


@pytest.mark.parametrize(("folder", "kept"), [("ranges", 1), ("whole", 0)])
def test_cancelled_keeps_what_the_server_can_complete(get, server, tmp_path, monkeypatch, folder, kept):
    monkeypatch.setattr(downloading, "PAUSE", 0.0)

    def cancel(have, expected):
        if have > 1_000_000:
            raise InterruptedByUser

    with pytest.raises(InterruptedByUser):
        get(folder, cancel)
    assert len(left(tmp_path)) == kept
    assert get(folder) == DATA
    assert [asked is not None for _, asked in server.asked] == [False, bool(kept)]


def test_a_file_that_changed_meanwhile_is_fetched_anew(get, server, tmp_path):
    server.breaks = True
    with pytest.raises(UserError):
        get()
    server.breaks, server.changed = False, True
    assert get(data=OTHER) == OTHER
    assert [path.name for path in left(tmp_path)] == ["big.bin"]


def test_a_part_that_is_too_long_is_dropped(get, server, tmp_path):
    server.breaks = True
    with pytest.raises(UserError):
        get()
    (part,) = left(tmp_path)
    part.write_bytes(bytes(len(DATA) + 5))
    server.breaks = False
    assert get() == DATA


def test_a_part_that_is_whole_is_used(get, server, tmp_path):
    server.breaks = True
    with pytest.raises(UserError):
        get()
    (part,) = left(tmp_path)
    part.write_bytes(DATA)
    assert get() == DATA and [path.name for path in left(tmp_path)] == ["big.bin"]


def test_damaged_parts_do_not_last(get, server, tmp_path):
    server.breaks = True
    with pytest.raises(UserError):
        get()
    (part,) = left(tmp_path)
    part.write_bytes(bytes(part.stat().st_size))
    server.breaks = False
    with pytest.raises(UserError, match=r"not the published big.bin; SHA-256 [0-9a-f]{12}…, expected"):
        get()
    assert left(tmp_path) == []
    assert get() == DATA


def test_memory_stays_small(get, monkeypatch):
    monkeypatch.setattr(downloading, "PAUSE", 0.0)
    peaks = []
    tracemalloc.start()
    with pytest.raises(InterruptedByUser):

        def measure(have, expected):
            peaks.append(tracemalloc.get_traced_memory()[1])
            if have > len(DATA) - downloading.CHUNK:
                raise InterruptedByUser

        get(received=measure)
    tracemalloc.stop()
    assert max(peaks) < 1_500_000 < len(DATA)


def test_no_room_is_said_before_it_begins(get, server, tmp_path, monkeypatch):
    monkeypatch.setattr(downloading.shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(10**9, 10**9, 10**6))
    with pytest.raises(UserError, match=r"needs 3 MB, 1 MB are free.*GAN_CACHE_DIR"):
        get()
    assert not [path for path in left(tmp_path) if path.stat().st_size]


def test_a_disk_that_fills_up(get, tmp_path):
    path = Path("/dev/full")
    if not path.exists():
        pytest.skip("there is no /dev/full here")
    with path.open("wb") as full, pytest.raises(UserError, match=r"/dev/full: the disk is full.*GAN_CACHE_DIR"):
        downloading._put(full, b"x" * (1 << 20))


def test_more_than_there_can_be(get):
    with pytest.raises(UserError, match="more than the 1,000 bytes it can have"):
        get(limit=1000)


def test_those_who_want_the_same_file_wait_for_each_other(get, server):
    got = []
    threads = [threading.Thread(target=lambda: got.append(get())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [DATA] * 4 and len(server.asked) == 1


def test_a_folder_that_cannot_be_written(get, tmp_path):
    (tmp_path / "cache").write_text("a file in the way")
    assert get() == DATA
    assert (tmp_path / "cache").read_text() == "a file in the way"
