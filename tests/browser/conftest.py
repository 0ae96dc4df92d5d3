"""The app as it ships, in a real Chromium."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page

from gan import paths
from tests.browser import driver
from tests.small_models import save_generator


@pytest.fixture(scope="session")
def app_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the running app has its folders."""
    return tmp_path_factory.mktemp("app")


@pytest.fixture(scope="session")
def app_runs(app_folder: Path) -> Path:
    """The running app's folder of runs."""
    return app_folder / "runs"


@pytest.fixture(scope="session")
def app_url(app_folder: Path) -> Iterator[str]:
    """The address of a running app with its own folders of runs, models and cache; it is stopped at the end."""
    folder = app_folder
    own = {"GAN_RUNS_DIR": "runs", "GAN_CACHE_DIR": "cache", "GAN_LOCAL_DATA_DIR": "local", "GAN_KEPT_DIR": "kept"}
    environment = {name: str(folder / part) for name, part in own.items()}
    if not (paths.weights_dir() / "digits").is_dir():
        environment["GAN_WEIGHTS_DIR"] = str(folder / "weights")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("GAN_WEIGHTS_DIR", environment["GAN_WEIGHTS_DIR"])
            save_generator("digits")
    try:
        with driver.serve(environment, folder / "server.log") as url:
            yield url
    finally:
        for status in (folder / "runs").glob("*/status.json"):  # workers outlive the server, by design
            with contextlib.suppress(psutil.Error, ValueError, KeyError):
                psutil.Process(json.loads(status.read_text())["pid"]).kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; tests that need it are skipped where there is none."""
    if not driver.CHROMIUM:
        pytest.skip("there is no Chromium in PATH; install it (Debian: apt install chromium) or name it in CHROMIUM")
    with driver.chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new window, 1440x900, with nothing remembered. Errors in the page's own scripts fail the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, errors
