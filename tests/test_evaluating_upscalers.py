"""An upscaler's report: what stands in it, by hand for bicubic interpolation, and what cannot be measured."""

from __future__ import annotations

import json

import numpy as np
import pytest

from gan import UserError, cli, datasets, images, paths, registry, reports
from gan.datasets import kept, pictures
from gan.evaluation import upscalers
from gan.metrics import pairs, perceptual
from tests.small_models import save_upscaler

FIELDS = {"measure", "title", "better", "value", "bicubic", "real", "samples", "split", "net", "reason"}


@pytest.fixture
def blobs(cache, local_data, weights_dir, monkeypatch):
    """Soft pictures of 30x34 pixels as a data set, one small photograph, and an upscaler with random weights."""
    few = images.bicubic(np.random.default_rng(0).integers(0, 256, (20, 6, 7, 3), np.uint8), 5)[:, :, :34]
    kept.keep("blobs", few, np.zeros(20, np.int64), ["all"])
    monkeypatch.setattr(pictures, "HELD_OUT", ("chelsea.png",))
    small = pictures.photograph("chelsea.png")[100:133, 100:145]
    monkeypatch.setattr(pictures, "photograph", lambda name: small)
    save_upscaler("larger")
    return few, small


def with_street_cnn():
    """The net of the perceptual distance, where tests have an empty folder of models."""
    (paths.weights_dir() / perceptual.NET).symlink_to(paths.ROOT / "weights" / perceptual.NET)


def test_each_measure_of_each_set_beside_bicubic(blobs, capsys):
    with_street_cnn()
    shares = []
    report = upscalers.measure("larger", "blobs", lambda share, text: shares.append(share))
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] < 1
    json.dumps(report)
    scores = report["scores"]
    names = ["psnr_luminance", "psnr_rgb", "ssim_luminance", "ssim_rgb", "perceptual_street_cnn"]
    assert list(scores) == [f"{name}_{of}" for of in ("blobs", "chelsea", "photographs") for name in names]
    assert all(set(entry) >= FIELDS and entry["reason"] is None for entry in scores.values())

    _, photograph = blobs
    true = photograph[None, :32, :44]
    plain = images.bicubic(images.shrink(true, 4), 4)
    by_hand = {
        "psnr_rgb": 10 * np.log10(255**2 / ((plain.astype(float) - true) ** 2).mean()),
        "ssim_rgb": pairs.ssim(plain, true)[0],
        "perceptual_street_cnn": perceptual.distance(plain, true)[0],
    }
    weighted = (plain.astype(float) - true) @ [0.299, 0.587, 0.114]
    by_hand["psnr_luminance"] = 10 * np.log10(255**2 / (weighted**2).mean())
    for name, value in by_hand.items():
        assert scores[f"{name}_chelsea"]["bicubic"] == pytest.approx(value)
        assert scores[f"{name}_photographs"]["bicubic"] == pytest.approx(value)  # here they are one
        assert scores[f"{name}_chelsea"]["value"] != pytest.approx(value)
    assert scores["psnr_rgb_blobs"]["samples"] == len(datasets.load("blobs").test) == 4

    text = reports.as_text(report)
    assert "bicubic" in text.splitlines()[0] and f"{by_hand['psnr_rgb']:.4g}" in text
    assert cli.main(["evaluate", "--model", "larger", "--dataset", "blobs", "--save"]) == 0
    assert capsys.readouterr().out.rstrip() == text
    assert registry.card("larger").scores["scores"] == scores


def test_a_net_that_interpolates_scores_as_interpolation(blobs, monkeypatch):
    monkeypatch.setattr(upscalers.enlarging, "enlarge", lambda name, small: images.bicubic(small[None], 4)[0])
    scores = upscalers.measure("larger", "blobs")["scores"]
    assert all(entry["value"] == entry["bicubic"] for entry in scores.values())


def test_without_the_net_that_looks_the_rest_is_measured(blobs):
    scores = upscalers.measure("larger", "blobs")["scores"]
    assert scores["psnr_rgb_chelsea"]["value"] > 0
    lost = scores.pop("perceptual")
    assert lost["value"] is None and "street_cnn" in lost["reason"]
    assert not any("perceptual" in name for name in scores)


def test_grey_pictures_have_luminance_only(blobs):
    kept.keep("grey", blobs[0][..., :1], np.zeros(20, np.int64), ["all"])
    names = list(upscalers.measure("larger", "grey")["scores"])
    assert "psnr_luminance_grey" in names and "psnr_rgb_grey" not in names and "psnr_luminance_chelsea" in names


def test_equal_pictures_count_a_hundred_decibels(blobs, monkeypatch):
    kept.keep(
        "flat",
        np.repeat(np.arange(0, 250, 12, dtype=np.uint8), 3 * 64).reshape(-1, 8, 8, 3),
        np.zeros(21, np.int64),
        ["all"],
    )
    assert upscalers.measure("larger", "flat")["scores"]["psnr_rgb_flat"]["bicubic"] == 100


def test_what_cannot_be_measured(blobs):
    kept.keep("tiny", blobs[0][:, :7, :7], np.zeros(20, np.int64), ["all"])
    with pytest.raises(UserError, match="too small; 8 x 8"):
        upscalers.measure("larger", "tiny")
    with pytest.raises(UserError, match="unknown data set"):
        upscalers.measure("larger", "nothing")
