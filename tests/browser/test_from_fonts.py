"""Data > From fonts, by hand: drop fonts and what is none, leave one out, download, keep, browse."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from playwright.sync_api import expect

from gan import images
from tests import small_fonts
from tests.browser.driver import settle

ADDRESS = "fonts?chars=Typed&typed=1A%EA%B0%80&rotation=10&variations=2"


def drop(page, tmp_path):
    """Give three fonts and a text file."""
    letters = {character: small_fonts.LETTERS[character] for character in "1A"}
    (tmp_path / "one.ttf").write_bytes(small_fonts.file(family="One"))
    (tmp_path / "two.otf").write_bytes(small_fonts.file("otf", family="Two", letters=letters))
    (tmp_path / "three.woff2").write_bytes(small_fonts.file("woff2", family="Three"))
    (tmp_path / "four.ttf").write_text("This is no font.")
    names = ("one.ttf", "two.otf", "three.woff2", "four.ttf")
    page.locator('input[type="file"]').set_input_files([tmp_path / name for name in names])
    expect(page.get_by_text("four.ttf: not a font")).to_be_visible()
    settle(page)


def test_fonts_are_dropped_left_out_downloaded_and_kept(app_url, page, tmp_path):
    page.goto(f"{app_url}/{ADDRESS}")
    settle(page)
    drop(page, tmp_path)
    expect(page.locator("img.gan-pixels")).to_have_count(3)
    expect(page.get_by_text("Two · lacks 가")).to_be_visible()
    page.get_by_text("Three", exact=True).click()
    expect(page.get_by_text("from 2 fonts")).to_be_visible()
    settle(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Pictures (NPZ)").click()
    with np.load(Path(waiting.value.path())) as arrays:
        assert arrays["images"].shape == (10, 32, 32, 1)  # two of each; Two lacks one of three
        assert arrays["class_names"].tolist() == ["1", "A", "가"]
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Sheet (PNG)").click()
    assert images.decode(Path(waiting.value.path()).read_bytes()).shape == (66, 100, 1)
    page.get_by_label("Name").fill("dropped")
    page.keyboard.press("Tab")
    settle(page)
    page.get_by_role("button", name="Keep as a data set").click()
    expect(page.get_by_text("dropped is kept.")).to_be_visible()
    page.get_by_role("link", name="Browse dropped").click()
    expect(page.get_by_role("heading", name="Browse")).to_be_visible()
    settle(page)
    assert "dataset=dropped" in page.url


def test_a_slider_changes_every_glyph(app_url, page, tmp_path):
    page.goto(f"{app_url}/{ADDRESS}")
    settle(page)
    drop(page, tmp_path)
    before = [image.get_attribute("src") for image in page.locator("img.gan-pixels").all()]
    stroke = page.get_by_role("slider", name="Stroke")
    stroke.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("location.search.includes('weight=2')")
    settle(page)
    after = [image.get_attribute("src") for image in page.locator("img.gan-pixels").all()]
    assert len(after) == 3 and not set(before) & set(after)


def test_a_phone_shows_it_within_its_width(app_url, page, tmp_path):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app_url}/fonts")
    settle(page)
    drop(page, tmp_path)
    assert page.locator('[data-testid="stMain"]').evaluate("e => e.scrollWidth - e.clientWidth") <= 0
