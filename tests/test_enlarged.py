"""What came of enlarging: the truth made small, measured in bands as in one piece, whole, in part, as a file."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError, enlarged, images
from gan.enlarged import BICUBIC, NET, ORIGINAL, TRUTH, Enlarged
from gan.metrics import pairs
from tests.small_models import save_upscaler

PICTURE = images.bicubic(np.random.default_rng(0).integers(0, 256, (1, 9, 14, 3), np.uint8), 5)[0]  # 45 x 70


def no_matter(share: float, text: str = "") -> None:
    pass


def bare(picture: np.ndarray = PICTURE) -> Enlarged:
    """As if the net interpolated and then dimmed."""
    small, truth = enlarged.ready(picture, True)
    plain = images.bicubic(small[None], 4)[0]
    return Enlarged("dim", small, (plain * 0.9).astype(np.uint8), plain, truth, (), {})


def test_to_be_restored_a_picture_is_cut_and_made_small():
    small, truth = enlarged.ready(PICTURE, True)
    assert np.array_equal(truth, PICTURE[:44, :68]) and small.shape == (11, 17, 3)
    assert abs(int(small[2, 3, 0]) - truth[8:12, 12:16, 0].mean()) <= 0.5
    assert enlarged.ready(PICTURE, False) == (PICTURE, None)
    with pytest.raises(UserError, match="70 x 3 pixels; to be made four times smaller it needs at least 4 x 4"):
        enlarged.ready(PICTURE[:3], True)


@pytest.mark.parametrize("channels", [1, 3])
def test_bands_measure_what_the_whole_does(channels, monkeypatch):
    monkeypatch.setattr(enlarged, "BAND", 68 * 9)  # five bands
    shares = []
    found = bare(PICTURE[..., :channels])
    figures = {figure.title: figure for figure in enlarged.measured(found, shares.append)}
    assert shares == sorted(shares) and 0 <= shares[0] < shares[-1] < 1
    true = found.truth[None]
    for name, one in (("bicubic", found.plain[None]), ("net", found.large[None])):
        light, truth = pairs.luminance(one), pairs.luminance(true)
        assert getattr(figures["PSNR (dB) of luminance"], name) == pytest.approx(pairs.psnr(light, truth)[0])
        assert getattr(figures["SSIM of luminance"], name) == pytest.approx(pairs.ssim(light, truth)[0])
        if channels == 3:
            assert getattr(figures["PSNR (dB) of RGB"], name) == pytest.approx(pairs.psnr(one, true)[0])
            assert getattr(figures["SSIM of RGB"], name) == pytest.approx(pairs.ssim(one, true)[0])
    assert ("SSIM of RGB" in figures) == (channels == 3)


def test_figures_that_are_not_defined():
    flat = bare(np.full((12, 12, 1), 128, np.uint8))
    psnr, ssim = enlarged.measured(flat, no_matter)[:2]
    assert psnr.bicubic == np.inf and psnr.net < 40 and ssim.bicubic == pytest.approx(1)
    assert [figure.net is None for figure in enlarged.measured(bare(PICTURE[:5, :6]), no_matter)[:4]] == [0, 0, 1, 1]


def test_parts_of_each_layer():
    found, box = bare(), (5, 6, 30, 20)
    assert np.array_equal(enlarged.part(found, TRUTH, box), PICTURE[6:26, 5:35])
    assert np.array_equal(enlarged.part(found, NET, box), found.large[6:26, 5:35])
    repeated = images.enlarge(found.small, 4)
    assert np.array_equal(enlarged.part(found, ORIGINAL, box), repeated[6:26, 5:35])
    assert np.array_equal(images.decode(enlarged.part_file(found, BICUBIC, box)), found.plain[6:26, 5:35])


@pytest.mark.parametrize(
    ("sent", "box"),
    [
        ([5, 6, 30, 20], (5, 6, 30, 20)),
        ([-3.7, 40, 1e9, 1e9], (0, 40, 68, 4)),
        ([500, 500, 1, 1], (67, 43, 1, 1)),
        ([0, 0, 0, 5], None),
        ([0, 0, float("nan"), 5], None),
        ([0, 0, 5], None),
        (["0", 0, 5, 5], None),
        ("0055", None),
        (None, None),
    ],
)
def test_what_a_browser_asks_for_is_cut_to_the_picture(sent, box):
    assert enlarged.inside(bare(), sent) == box


def test_all_of_it_with_a_net(weights_dir, monkeypatch):
    save_upscaler("larger")
    said = []
    found = enlarged.enlarge("larger", PICTURE, False, lambda share, text: said.append((share, text)))
    assert found.layers == [ORIGINAL, BICUBIC, NET] and found.size == (280, 180) and found.figures == ()
    assert [share for share, _ in said] == sorted(share for share, _ in said)
    assert np.array_equal(images.decode(found.whole[NET]), found.large) and found.reduced == 1
    monkeypatch.setattr(enlarged, "SCREEN", 70)
    large = enlarged.enlarge("larger", PICTURE, True, no_matter)
    assert large.layers[-1] == TRUTH and len(large.figures) == 4  # without the net of the perceptual distance
    small = enlarged.enlarge("larger", PICTURE, False, no_matter)
    shapes = {name: images.decode(data).shape for name, data in small.whole.items()}
    assert shapes == {ORIGINAL: (45, 70, 3), BICUBIC: (45, 70, 3), NET: (45, 70, 3)} and small.reduced == 0.25


def test_what_is_said_can_cancel(weights_dir):
    save_upscaler("larger")

    def stop(share: float, text: str) -> None:
        if text == "Measuring":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        enlarged.enlarge("larger", PICTURE, True, stop)


def test_side_by_side_and_made_smaller_where_it_would_be_huge(monkeypatch):
    found, names = bare(), [(ORIGINAL, "Made small"), (TRUTH, "Truth")]
    sheet = images.decode(enlarged.side_by_side(found, names))
    assert np.array_equal(sheet[-44:, -68:], found.truth)
    assert np.array_equal(sheet[-44:, :68], images.enlarge(found.small, 4))
    monkeypatch.setattr(enlarged, "SHEET", 2 * 22 * 34)
    assert images.decode(enlarged.side_by_side(found, names)).shape[0] == sheet.shape[0] - 22


@pytest.mark.parametrize(("height", "width"), [(30, 40), (1, 1200), (1200, 1), (7, 171)])
def test_a_picture_is_made_just_small_enough(height, width):
    fitted = enlarged.fitted(np.zeros((height, width, 3), np.uint8), 1000)
    assert 1 <= fitted.shape[0] * fitted.shape[1] <= 1000 and fitted.shape[2] == 3
    assert enlarged.fitted(fitted, 1000) is fitted
