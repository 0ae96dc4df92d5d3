"""Data > Clean, by hand: drop a picture, slide one over the other, change the mask, save the outcome."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from gan import cleaning, images
from tests.browser.driver import settle
from tests.cleaning.drawn import titled

START = "clean?from=A+picture+of+your+own"


@pytest.fixture
def moon(app_url, page):
    """The page with a titled picture dropped on it; the picture."""
    page.goto(f"{app_url}/{START}")
    settle(page)
    picture, file = titled()[0], io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    page.set_input_files("input[type=file]", {"name": "moon.png", "mimeType": "image/png", "buffer": file.getvalue()})
    expect(page.get_by_text("1 box of text")).to_be_visible(timeout=30_000)
    settle(page)
    return picture


def edge(page) -> float:
    """Where the edge between the two pictures is, in pixels from their left."""
    frame, edge = page.locator(".pictures").bounding_box(), page.locator(".pictures .edge").bounding_box()
    return edge["x"] + edge["width"] / 2 - frame["x"]


def test_the_edge_follows_the_pointer_and_the_keys(moon, page):
    box = page.locator(".pictures").bounding_box()
    assert abs(edge(page) - box["width"] / 2) < 2
    slider = page.get_by_test_id("compare-slider")
    slider.scroll_into_view_if_needed()
    box = page.locator(".pictures").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 20, steps=5)
    page.mouse.up()
    assert abs(edge(page) - box["width"] * 0.25) < 6
    before = edge(page)
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert edge(page) > before
    page.keyboard.press("Home")
    assert edge(page) < 2


def test_the_mask_is_shown_and_the_address_keeps_the_settings(moon, page):
    after = page.locator(".pictures img.after")
    cleaned = after.get_attribute("src")
    page.get_by_role("radio", name="Mask").click()
    expect(after).to_have_attribute("alt", "with the mask")
    settle(page)
    assert after.get_attribute("src") != cleaned
    page.get_by_text("Navier-Stokes", exact=True).click()
    settle(page)
    assert "show=Mask" in page.url and "method=Navier-Stokes" in page.url


def test_the_cleaned_picture_is_saved(moon, page):
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Cleaned (PNG)").click()
    assert waiting.value.suggested_filename == "cleaned.png"
    saved = images.decode(Path(waiting.value.path()).read_bytes())
    assert np.array_equal(saved, cleaning.clean(moon).image)


def test_a_phone_shows_it_within_its_width(moon, page):
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page)
    assert page.locator('[data-testid="stMain"]').evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    box = page.locator(".pictures").bounding_box()
    assert 300 < box["width"] <= 390 and abs(box["width"] - box["height"]) < 2
