"""What Streamlit does after each run of a page, which would break nets that another thread is building."""

from __future__ import annotations

import runpy
import sys
import types

from streamlit.runtime.scriptrunner import script_runner

from gan.paths import ROOT


def test_a_run_of_a_page_leaves_keras_alone(open_page, monkeypatch):
    import keras

    cleared = []
    monkeypatch.setattr(keras.backend, "clear_session", lambda: cleared.append("Keras"))
    pyplot = types.ModuleType("matplotlib.pyplot")
    pyplot.close = cleared.append
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", pyplot)
    open_page("home.py").run()
    assert set(cleared) == {"all"}  # figures are closed as ever


def test_a_streamlit_without_that_step_is_left_as_it_is(monkeypatch):
    monkeypatch.delattr(script_runner, "_clean_problem_modules")
    runpy.run_path(str(ROOT / "pages" / "steady.py"))
    assert not hasattr(script_runner, "_clean_problem_modules")
