"""Pages run as in the app, without a browser, on a small generator and the data set that ships."""

from __future__ import annotations

import re
import time

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from gan.paths import ROOT
from tests.small_models import save_generator


@pytest.fixture(scope="session")
def small_models(tmp_path_factory):
    """A folder of models that holds `digits`."""
    folder = tmp_path_factory.mktemp("weights")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAN_WEIGHTS_DIR", str(folder))
        save_generator("digits")
    return folder


@pytest.fixture
def open_page(small_models, runs_dir, cache, local_data, kept, monkeypatch):
    """Open a page of the app at an address: ``open_page("generate.py", seed="7")``."""
    monkeypatch.setenv("GAN_WEIGHTS_DIR", str(small_models))
    monkeypatch.setenv("GAN_DATA_DIR", "")

    def open_page(page: str, /, **query: str | list[str]) -> AppTest:
        app = AppTest.from_file(ROOT / "pages" / "navigation.py", default_timeout=60).run()
        app.switch_page(page)
        app.query_params.update(query)
        app.run()
        assert not app.exception
        return app

    _forget()
    yield open_page
    _forget()


def _forget() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def finish():
    """Wait until what an open page makes in the background is made, and show what came of it."""

    def finish(app: AppTest) -> AppTest:
        deadline = time.monotonic() + 60
        while any(button.key.startswith("cancel_") for button in app.button):
            assert time.monotonic() < deadline
            time.sleep(0.05)
            app.run()
        assert not app.exception
        return app

    return finish


@pytest.fixture
def pictures_of():
    """What an open page shows in `shared.pictures`, `groups` and `picture`: (description, address) of each."""

    def pictures_of(app: AppTest) -> list[tuple[str, str]]:
        shown = "".join(element.value for element in app.get("html"))
        return [
            (alt, source) for source, alt in re.findall(r'<img class="gan-pixels" src="([^"]*)" alt="([^"]*)"', shown)
        ]

    return pictures_of
