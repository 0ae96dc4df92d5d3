"""How near an upscaler's pictures come to the true ones, beside bicubic interpolation.

True pictures are made small by the mean of each square of pixels and enlarged again: the test pictures of a data set,
and the four photographs that super-resolution never learns from, whole. Figures of a set are means over its pictures;
nothing is cut from the edges.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from gan import datasets, enlarging, images, registry
from gan.datasets import pictures
from gan.errors import UserError
from gan.metrics import pairs, perceptual, references

SAMPLES = 1_000  # test pictures, at most
MOST = 100.0  # dB; what equal pictures count, for their PSNR is infinite
TIMES = enlarging.TIMES
BESIDE = "bicubic"

Array = np.ndarray
Figures = dict[str, list[float]]  # by measure: of the net's picture, of the interpolated one
Compare = Callable[[Array, Array], Array]  # two sets of pictures uint8 [n, h, w, c] to a value a pair, (n,)


def _psnr(first: Array, second: Array) -> Array:
    return np.minimum(pairs.psnr(first, second), MOST)


def _luminance(measure: Compare) -> Compare:
    return lambda first, second: measure(pairs.luminance(first), pairs.luminance(second))


# By measure: what it is called, which way is better, the net it looks with, and the measure itself.
COMPARED: Mapping[str, tuple[str, str, str | None, Compare]] = {
    "psnr_luminance": ("PSNR of luminance, dB", "higher", None, _luminance(_psnr)),
    "psnr_rgb": ("PSNR of RGB, dB", "higher", None, _psnr),
    "ssim_luminance": ("SSIM of luminance", "higher", None, _luminance(pairs.ssim)),
    "ssim_rgb": ("SSIM of RGB", "higher", None, pairs.ssim),
    "perceptual": ("Perceptual distance", "lower", perceptual.NET, perceptual.distance),
}


def measure(name: str, dataset: str, progress: datasets.Progress | None = None) -> dict[str, Any]:
    """A report on an upscaler, as `gan.metrics.evaluate.evaluate` gives them.

    Under ``scores`` stands an entry for each measure of each set (``psnr_rgb_avatars``, ``psnr_rgb_astronaut``; the
    mean of the four photographs is ``psnr_rgb_photographs``): ``value``, and under `BESIDE` what bicubic interpolation
    measures.

    Args:
        name: the model.
        dataset: whose test pictures are compared; at most `SAMPLES`, drawn once and for all.
        progress: called with the share done and what is being done.

    Raises:
        UserError: for anything unknown, a model that is no upscaler, or pictures that are too small.
    """
    card = enlarging.upscaler(name)
    data = datasets.load(dataset)
    if min(data.source.shape[:2]) // TIMES * TIMES < pairs.WINDOW:
        raise UserError(f"{data.source.title}: the pictures are too small; 8 x 8 pixels are the least.")
    split = data.test
    chosen = references.order(split)[:SAMPLES]
    sets: dict[str, Sequence[Array]] = {dataset: [np.asarray(split.images[index]) for index in np.sort(chosen)]}
    sets |= {path.partition(".")[0]: [pictures.photograph(path)] for path in pictures.HELD_OUT}
    measures, missing = _measures(data.source.shape[2])
    total, done = sum(image.size for some in sets.values() for image in some), 0
    found: dict[str, list[Figures]] = {}
    for of, some in sets.items():
        found[of] = []
        for image in some:
            if progress:
                progress(done / total, f"Enlarging {of}")
            found[of].append(_compare(name, image, measures))
            done += image.size
    found["photographs"] = [figures for of in list(sets)[1:] for figures in found[of]]
    scores = {
        "_".join(filter(None, (measure, COMPARED[measure][2], of))): _entry(measure, of, figures)
        for of, figures in found.items()
        for measure in figures[0]
    }
    for measure, reason in missing.items():
        scores[measure] = _entry(measure, dataset, [], reason)
    return {
        "subject": name,
        "subject_digest": card.digest,
        "dataset": dataset,
        "split": "test",
        "split_digest": split.digest,
        "samples": len(chosen),
        "reference_samples": len(chosen),
        "seeds": [],
        "beside": BESIDE,
        "scores": scores,
    }


def _measures(channels: int) -> tuple[list[str], dict[str, str]]:
    """What can be measured of pictures with so many channels, and why the rest cannot."""
    wanted = [measure for measure in COMPARED if channels == 3 or not measure.endswith("rgb")]
    try:
        registry.card(perceptual.NET)
    except UserError as error:
        wanted.remove("perceptual")
        return wanted, {"perceptual": f"It needs {perceptual.NET}, which comes with the app. {error}"}
    return wanted, {}


def _compare(name: str, true: Array, measures: Sequence[str]) -> Figures:
    """What the net's and the interpolated picture measure against a true one, by measure."""
    height, width = (side // TIMES * TIMES for side in true.shape[:2])
    true = true[None, :height, :width]
    small = images.shrink(true, TIMES)
    both = enlarging.enlarge(name, small[0])[None], images.bicubic(small, TIMES)
    return {measure: [float(COMPARED[measure][3](one, true)[0]) for one in both] for measure in measures}


def _entry(measure: str, of: str, figures: Sequence[Figures], reason: str = "") -> dict[str, Any]:
    title, better, net, _ = COMPARED[measure]
    value, plain = np.mean([figure[measure] for figure in figures], axis=0).tolist() if figures else (None, None)
    return {
        "measure": measure,
        "title": f"{title}: {of}",
        "better": better,
        "value": value,
        BESIDE: plain,
        "spread": None,
        "real": None,
        "repeats": 1,
        "samples": len(figures),
        "split": "test",
        "net": net,
        "reason": reason or None,
    }
