"""The Dockerfile without an engine: its commands are the README's, what it copies is there, and its CMD serves."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from gan.paths import ROOT
from tests.browser.driver import free_port

TOKEN = "a-token-of-this-test"


def steps() -> list[tuple[str, str]]:
    """(instruction, what follows) of each line, continued ones joined."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2].strip()) for line in lines]


def those(instruction: str) -> list[str]:
    return [rest for name, rest in steps() if name == instruction]


def first_command() -> list[str]:
    """The README's first command, a part a shell command."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    line = next(line for line in readme.splitlines() if line.startswith("    python3 -m venv"))
    return [part.strip() for part in line.split("&&")]


def test_it_installs_and_starts_as_the_readme_says():
    environment, install, start = first_command()
    (requirements,) = [given.partition("=")[2] for given in those("ARG")]
    run = next(rest for rest in those("RUN") if "venv" in rest).replace("${REQUIREMENTS}", requirements)
    assert run == f"{environment} && {install}"
    command = json.loads(those("CMD")[0])
    assert [word for word in command if not word.startswith("--server.")] == shlex.split(start)
    assert "--server.address=0.0.0.0" in command  # else nothing outside the container reaches it
    assert those("CMD") and those("EXPOSE") == ["8501"] and "/_stcore/health" in those("HEALTHCHECK")[0]


def test_the_gpu_variant_is_a_file_that_is_there():
    named = re.findall(r"--build-arg REQUIREMENTS=(\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    assert named and all((ROOT / name).is_file() for name in named)
    assert "tensorflow[and-cuda]" in (ROOT / named[0]).read_text(encoding="utf-8")


def test_it_copies_what_there_is_and_no_more_than_reaches_the_builder():
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    sources = [word for rest in those("COPY") for word in rest.split()[:-1] if not word.startswith("--")]
    for source in sources:
        assert list(ROOT.glob(source)), f"{source} is not here"
        assert any(fnmatch.fnmatch(source, pattern) for pattern in allowed), f"{source} does not reach the builder"
    assert set(allowed) == set(sources)
    imported = re.findall(r"^from (\w+) import|^import (\w+)", (ROOT / "streamlit_app.py").read_text(), re.MULTILINE)
    own = {first or second for first, second in imported} & {path.name for path in ROOT.iterdir()}
    assert own <= set(sources)


def test_it_runs_as_nobody_in_particular_and_keeps_what_is_made():
    names = [name for name, _ in steps()]
    assert those("USER") == ["studio"] and names.index("USER") < names.index("CMD")
    kept = json.loads(those("VOLUME")[0])
    assert {"/studio/runs", "/studio/weights/local", "/studio/data/cache"} <= set(kept)
    ignored = (ROOT / ".gitignore").read_text().split()
    assert all(f"{path.removeprefix('/studio')}/" in ignored for path in kept)  # what is a person's own, and only that
    made = next(rest for rest in those("RUN") if rest.startswith("mkdir -p")).split()[2:]
    assert {f"/studio/{path}" for path in made} == set(kept)  # a volume then belongs to the user


@pytest.fixture
def served(tmp_path):
    """The CMD, run here on a free port; gives the port."""
    port = free_port()
    command = [word for word in json.loads(those("CMD")[0]) if word != ".venv/bin/streamlit"]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", *command, f"--server.port={port}"],
            cwd=ROOT,
            env={**os.environ, "GAN_TOKEN": TOKEN, "GAN_KEPT_DIR": str(tmp_path / "kept")},
            stdout=log,
            stderr=log,
        )
    yield port
    server.send_signal(signal.SIGTERM)
    server.wait(20)


def test_its_command_serves_behind_a_token_and_its_health_check_sees_it(served):
    program = shlex.split(those("HEALTHCHECK")[0].partition("CMD ")[2])
    assert Path(program[0]).name == "python"
    check = [sys.executable, *(word.replace(":8501", f":{served}") for word in program[1:])]
    deadline = time.monotonic() + 60
    while (done := subprocess.run(check, capture_output=True)).returncode and time.monotonic() < deadline:
        time.sleep(0.5)
    assert done.returncode == 0, done.stderr
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"http://localhost:{served}/", timeout=10)
    assert refused.value.code in (401, 403)
    request = urllib.request.Request(f"http://localhost:{served}/", headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200
