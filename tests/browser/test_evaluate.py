"""Measure > Evaluate, by hand: measure a model, give up half-way, read the scores, take the report home."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gan import paths
from tests.browser.driver import await_result, settle

ADDRESS = "evaluate?subject=digits&against=handwriting-digits&samples=2000"
PATIENCE = 240  # seconds: two thousand pictures of the model, and the real ones a few times


@pytest.fixture(autouse=True)
def at_hand():
    missing = [name for name in ("digits", "mnist_cnn") if not (paths.weights_dir() / name).is_dir()]
    if missing:
        pytest.skip(f"{', '.join(missing)} is not in GAN_WEIGHTS_DIR")


def measured(page: Page, address: str) -> None:
    """Open the page and measure what has not been measured yet."""
    page.goto(f"{address}/{ADDRESS}")
    settle(page, 120)
    button = page.get_by_role("button", name="Measure digits")
    if button.count():
        button.click()
        await_result(page, page.get_by_role("button", name="Scores (CSV)"), PATIENCE)
        settle(page, 120)


def test_given_up_half_way_there_are_no_scores_and_one_may_begin_again(app_url, page):
    page.goto(f"{app_url}/{ADDRESS.replace('2000', '5000')}")  # which no other test measures
    settle(page, 120)
    page.get_by_role("button", name="Measure digits").click()
    expect(page.get_by_role("progressbar").first).to_be_visible(timeout=60_000)
    expect(page.get_by_text("digits: Looking at")).to_be_visible(timeout=120_000)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled.")).to_be_visible(timeout=60_000)
    settle(page, 120)
    expect(page.get_by_role("button", name="Measure digits")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
    expect(page.get_by_test_id("stDataFrame")).to_have_count(0)


def test_scores_stand_beside_real_ones_and_go_home_as_files(app_url, page):
    measured(page, app_url)
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(4)
    for legend in ("digits", "Real pictures", "By chance"):
        expect(page.locator(".legendtext").get_by_text(legend, exact=True).first).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Scores (CSV)").click()
    header, *rows = Path(waiting.value.path()).read_text(encoding="utf-8").splitlines()
    columns = header.split(",")
    scores = {cells[1]: dict(zip(columns, cells, strict=False)) for cells in (row.split(",") for row in rows)}
    fid = scores["fid_mnist_cnn_2k"]
    assert float(fid["value"]) > 0 and float(fid["real"]) > 0  # its floor
    accuracy = scores["label_accuracy_mnist_cnn_2k"]
    assert float(accuracy["value"]) > 0.9 and 0.9 < float(accuracy["real"]) <= 1  # its ceiling
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Report (HTML)").click()
    assert waiting.value.suggested_filename == "report.html"
    report = Path(waiting.value.path()).read_text(encoding="utf-8")
    assert "Drawn as asked (mnist_cnn)" in report and "2,000 pictures a seed" in report


def test_samples_show_what_they_resemble(app_url, page):
    measured(page, app_url)
    before = page.locator("img.gan-pixels").count()
    page.get_by_text("Nearest training pictures").click()
    expect(page.get_by_text("By pixels")).to_be_visible(timeout=120_000)
    settle(page, 120)
    assert page.locator("img.gan-pixels").count() == before + 7 * 2 * 5  # seven samples; itself and four, twice


def test_a_phone_shows_it_within_its_width(app_url, page):
    page.set_viewport_size({"width": 390, "height": 844})
    measured(page, app_url)
    main = page.locator('[data-testid="stMain"]')
    assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
