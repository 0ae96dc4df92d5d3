"""Run folders as a worker leaves them, made without training: shrunk nets with random weights, and scores as wanted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gan import datasets, images
from gan.recipes import recipe
from gan.training import runs, snapshots

SMALL = {"dataset": "handwriting", "batch": 8, "steps": 12, "width": 4, "latent": 8, "r1_every": 4}
SMALL |= {"precision": "float32", "xla": "off"}
FID = {1: 90.0, 2: 40.0, 4: 9.0, 8: 30.0, 12: 12.0}  # best at 4, worse at 8


def make_run(
    name: str = "cgan28",
    settings: Mapping[str, Any] = SMALL,
    steps: Sequence[int] = (0, 1, 2, 4, 8, 12),
    sheets: Sequence[int] = (0, 12),
    fid: Mapping[int, float] = FID,
    state: str = "stopped",
    nets: bool = True,
) -> runs.Run:
    """A run with a snapshot of other random weights, or a sheet of samples, at each of some steps.

    Args:
        nets: whether there are snapshots; without, nothing needs Keras.
    """
    run = runs.create(recipe(name).with_settings(settings))
    made = run.recipe
    source = datasets.source(made.dataset)
    run.write_classes(source.class_names)
    if nets:
        from gan.training import promote

        net = promote.bare(run)
        for step in steps:
            rng = np.random.default_rng(step)
            arrays = [rng.normal(0, 0.3, v.shape).astype(np.float32) for v in net.variables]
            snapshots.save(run, step, arrays)
    (run.path / "samples").mkdir()
    for step in sheets:
        pictures = np.random.default_rng(step).integers(0, 256, (6 * len(source.class_names), *source.shape), np.uint8)
        sheet = images.tile(pictures, len(source.class_names))
        (run.path / "samples" / f"{step:08d}.png").write_bytes(images.encode_png(sheet))
    records = [
        {"step": s, "images_seen": s * made.pictures_a_step, "seconds": 10.0 * s, "g_loss": 0.7, "fid": value}
        for s, value in fid.items()
    ]
    (run.path / "metrics.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    last = max(fid, default=0)
    seen = {"images_seen": last * made.pictures_a_step, "seconds": 10.0 * last}
    run.write_status({"state": state, "step": last, "steps": made.steps, **seen})
    return run
