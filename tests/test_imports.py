"""Who may import whom: each line only the lines above it. The rule that keeps the house in order."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from gan.paths import ROOT

LAYERS = (
    ("errors", "parsing", "paths", "host", "images", "memory", "cli_progress", "cli_base", "client"),
    ("losses", "diff_augment", "typesetting", "films", "access"),
    ("recipes", "datasets", "augment", "cleaning", "models", "latent", "background"),
    ("conditions",),
    ("registry",),
    ("metrics",),
    ("training",),
    ("search",),
    ("batching",),
    ("inference",),
    ("enlarging", "recognise"),
    ("drawing", "enlarged", "text", "evaluation", "reports", "cli_fonts", "timeline"),
    ("latent_space", "generating", "exporting"),
    (
        "live",
        "api",
        "cli_data",
        "cli_runs",
        "cli_search",
        "cli_drawing",
        "cli_models",
        "cli_ways",
        "cli_pictures",
        "cli_export",
        "filmstrip",
    ),
    ("cli",),
)
SAME_LAYER = {  # a line writes pictures that drawing orders; multiplying and cleaning make data sets
    ("text", "drawing"),
    ("evaluation", "drawing"),
    ("augment", "datasets"),
    ("cleaning", "datasets"),
    ("cli_models", "cli_drawing"),
    ("cli_ways", "cli_drawing"),
    ("cli_base", "errors"),  # which choices are near
    ("cli_base", "paths"),
    ("models", "datasets"),  # published weights are downloaded as data sets are
}
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
MODULES = sorted((ROOT / "gan").rglob("*.py"))
ONLY_IN = {
    "tensorflow": {"gan/training/backend_tf.py", "gan/inference.py"},
    "jax": {"gan/training/backend_jax.py"},
    "streamlit": set(),
}


def unit(path: Path) -> str:
    """The first name below ``gan``: a module, or a whole folder."""
    return path.relative_to(ROOT / "gan").parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Full dotted names that a file imports anywhere, also inside functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_only_lower_layers(path):
    own = unit(path)
    if own in ("__init__", "__main__"):
        return
    assert own in LEVEL, f"{own} has no place in the layers"
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "gan" and len(parts) > 1 and parts[1] in LEVEL and parts[1] != own:
            allowed = LEVEL[parts[1]] < LEVEL[own] or (own, parts[1]) in SAME_LAYER
            assert allowed, f"{path.name} imports {name}, which is not below it"


@pytest.mark.parametrize("module", ONLY_IN)
def test_back_ends_stay_where_they_belong(module):
    found = {p.relative_to(ROOT).as_posix() for p in MODULES if module in {n.split(".")[0] for n in imported(p)}}
    assert found == ONLY_IN[module]


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=lambda path: path.name)
def test_pages_leave_nets_to_gan(path):
    roots = {name.split(".")[0] for name in imported(path)}
    assert not roots & {"keras", "tensorflow", "scipy", "skimage"}


def test_looking_does_not_load_tensorflow():
    """Everything that Home and the data pages use must work before TensorFlow and Keras are there."""
    code = (
        "import sys, gan, gan.datasets, gan.recipes, gan.registry, gan.training.runs, gan.training.curves, "
        "gan.training.diagnosis, gan.models, gan.inference, gan.live\n"
        "gan.registry.cards(); gan.training.runs.list_runs(); gan.models.options_of('cgan28')\n"
        "print([m for m in ('tensorflow', 'keras') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"
