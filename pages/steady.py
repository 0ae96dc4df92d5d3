"""Keeps Streamlit from clearing Keras after each run of a page, as it does of its own accord.

Keras counts the names of layers in what `keras.backend.clear_session` throws away: a net that another thread was just
building then has one name twice, and is refused. The same call collects all garbage, which with TensorFlow loaded stops
every thread for 0.2 s; `postScriptGC` in the configuration leaves that out elsewhere. Nothing here needs either.
"""

import sys

from streamlit.runtime.scriptrunner import script_runner


def _close_figures() -> None:
    """What is left of the work: figures of Matplotlib are kept until they are closed."""
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")


# There is no setting for it. Where a later Streamlit has no such function, there is nothing to replace.
if hasattr(script_runner, "_clean_problem_modules"):
    script_runner._clean_problem_modules = _close_figures
