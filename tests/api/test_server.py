"""The real server: README's examples as they stand there, the client's errors, many connections, a taken port."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys

import pytest
from starlette.responses import JSONResponse, PlainTextResponse

from gan.api import app
from gan.client import Studio, StudioError
from gan.paths import ROOT
from tests.api.running import serving
from tests.browser.driver import serve

README = (ROOT / "README.md").read_text(encoding="utf-8").partition("## From programs")[2].partition("\n## ")[0]
ADDRESS = "http://localhost:8501"


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    with serve({"GAN_RUNS_DIR": str(folder / "runs"), "GAN_KEPT_DIR": str(folder / "kept")}) as url:
        yield url


def example(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return found


def test_the_readme_names_every_route_and_no_other():
    table = README.partition("| route |")[2].partition("\n\n")[0]
    named = set(re.findall(r"`([A-Z]+) /api(/[^`?]*)`", table))
    paths = app.build().openapi()["paths"]
    assert named == {(method.upper(), path) for path, methods in paths.items() for method in methods}


def test_the_readme_s_examples_for_the_shell(url, tmp_path):
    if not shutil.which("curl"):
        pytest.skip("there is no curl in PATH; install it to run these examples")
    script = example("bash").replace(ADDRESS, url).replace("curl ", "curl -sS --fail-with-body ")
    done = subprocess.run(["bash", "-ec", script], cwd=tmp_path, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stdout + done.stderr
    starts = {"room.png": b"\x89PNG", "digits.npz": b"PK", "way.gif": b"GIF89a", "large.png": b"\x89PNG"}
    assert sorted(starts) == sorted(path.name for path in tmp_path.iterdir())
    for name, start in starts.items():
        assert (tmp_path / name).read_bytes().startswith(start), name
    assert json.loads(done.stdout)["text"].replace(" ", "").startswith("R")


def test_the_readme_s_example_in_python(url, capsys):
    space: dict = {}
    exec(compile(example("python").replace(ADDRESS, url), "README.md", "exec"), space)
    assert space["again"]["images"] == space["drawn"]["images"]
    assert space["film"][4:8] == b"ftyp"
    said = capsys.readouterr().out
    assert said.startswith("2718 ") and "test_accuracy" in said


def test_the_client_needs_neither_gan_nor_anything_installed():
    code = "import sys; sys.path.insert(0, 'gan'); import client; print(sorted({'numpy', 'gan'} & {*sys.modules}))"
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_client_says_what_the_server_says(url):
    studio = Studio(url)
    assert {"digits", "sr4"} <= {model["name"] for model in studio.models()}
    assert studio.runs() == []
    for ask, status, words in (
        (lambda: studio.generate("☃"), 422, "no way to write “☃”"),
        (lambda: studio.model("digit"), 404, "did you mean digits"),
        (lambda: studio.upscale(bytes(100_000_000)), 413, "at most 32 MB"),
        (lambda: studio.sample(kind="exe"), 0, "none of png"),
        (lambda: Studio("http://localhost:9").health(), 0, "does not answer"),
    ):
        with pytest.raises(StudioError, match=words) as caught:
            ask()
        assert caught.value.status == status


@pytest.mark.parametrize("address", ["localhost:8501", "127.0.0.1:8501", "", "http://"])
def test_the_client_says_what_is_wrong_with_an_address(address):
    with pytest.raises(StudioError, match=r"is no address|does not answer"):
        Studio(address).health()


def test_the_client_says_who_is_no_studio():
    with serving(PlainTextResponse("another program")) as port, pytest.raises(StudioError, match="is no studio"):
        Studio(f"http://localhost:{port}").health()


def test_the_client_asks_this_machine_without_a_proxy(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://localhost:9")
    monkeypatch.delenv("no_proxy", raising=False)
    with serving(JSONResponse({"status": "ok"})) as port:
        assert Studio(f"http://localhost:{port}").health() == {"status": "ok"}
    with pytest.raises(StudioError, match="does not answer"):
        Studio("http://studio.example").health()


def test_two_hundred_connections_at_once(url):
    port = int(url.rpartition(":")[2])
    many = [socket.create_connection(("localhost", port), timeout=60) for _ in range(200)]
    for index, connection in enumerate(many):
        connection.sendall(f"GET /api/generate/7?seed={index} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    for connection in many:
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        connection.close()


def test_a_port_that_is_taken_is_said_and_nothing_else_happens():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.headless=true"]
        done = subprocess.run(
            [*command, "--server.address=127.0.0.1", f"--server.port={port}"], cwd=ROOT, capture_output=True, timeout=60
        )
    assert done.returncode == 1
    assert f"Port {port} is not available".encode() in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("GAN_TOKEN", "short", "GAN_TOKEN: must have 8 or more characters"),
        ("GAN_API_RATE", "fast", "GAN_API_RATE: 'fast' is not a number above 0"),
    ],
)
def test_what_is_set_badly_ends_the_start(name, value, words):
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.headless=true"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, env={**os.environ, name: value})
    assert done.returncode == 1
    assert words.encode() in done.stdout + done.stderr
