"""Which widgets are bound to the address, and where."""

from __future__ import annotations

import ast
from collections import defaultdict

from gan.paths import ROOT

# The model that is looked at, on both of its pages.
MEANT = {"model"}


def test_no_two_widgets_have_one_name():
    """Streamlit keeps such a value by its name, whatever page asks: one page's picture would be another's."""
    files = defaultdict(set)
    for path in (ROOT / "pages").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                words = {word.arg: word.value for word in node.keywords}
                if "bind" in words and isinstance(words.get("key"), ast.Constant):
                    files[words["key"].value].add(path.stem)
    assert {"dataset", "data", "set"} <= set(files)
    assert {key: where for key, where in files.items() if len(where) > 1 and key not in MEANT} == {}
