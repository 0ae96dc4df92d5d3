"""Explore > Recognise, by hand: draw a 1 with the mouse and have it read."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from gan import paths
from tests.browser.driver import settle

CANVAS = """() => [...document.querySelectorAll("*")]
  .map((host) => host.shadowRoot?.querySelector('[data-testid="draw-canvas"]')).find(Boolean).toDataURL()"""
PASTE = """async () => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 60, height: 60 });
  const blob = await new Promise((done) => canvas.toBlob(done));
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([blob], "picture.png", { type: "image/png" }));
  document.dispatchEvent(new ClipboardEvent("paste", { clipboardData }));
}"""


def test_a_drawn_digit_is_read_undone_and_found_again(app_url, page):
    if not (paths.weights_dir() / "mnist_cnn").is_dir():
        pytest.skip("the classifier of digits that ships is not here")
    page.goto(f"{app_url}/recognise")
    settle(page)
    answer, sheet = page.get_by_test_id("answer"), page.get_by_test_id("draw-canvas")
    expect(answer).to_have_count(0)
    box = sheet.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.2
    page.mouse.move(x + 4, y)
    page.mouse.down()
    page.mouse.move(x, y + box["height"] * 0.6, steps=12)
    page.mouse.up()
    expect(answer).to_have_text("1", timeout=60_000)
    settle(page)
    expect(page.get_by_text("Centred, 28 × 28")).to_be_visible()

    page.get_by_test_id("draw-undo").click()
    expect(answer).to_have_count(0)
    page.get_by_test_id("draw-undo").is_disabled()
    sheet.focus()  # by keys: Space puts the pen down, arrows move it
    for key in ("ArrowUp",) * 8 + (" ",) + ("ArrowDown",) * 16 + (" ",):
        page.keyboard.press(key)
    expect(answer).to_have_text("1", timeout=30_000)
    page.get_by_role("link", name="Browse").first.click()
    expect(page).to_have_url(re.compile("/browse"))
    page.go_back()
    expect(answer).to_have_text("1", timeout=30_000)


def test_a_stroke_ends_where_it_is_undone_or_covered(app_url, page):
    page.goto(f"{app_url}/recognise")
    settle(page)
    sheet, undo = page.get_by_test_id("draw-canvas"), page.get_by_test_id("draw-undo")
    box = sheet.bounding_box()
    page.mouse.move(box["x"] + 50, box["y"] + 50)
    for key in ("Control+z", "Delete"):
        page.mouse.down()
        page.mouse.move(box["x"] + 90, box["y"] + 90)
        page.keyboard.press(key)
        blank = page.evaluate(CANVAS)
        page.mouse.move(box["x"] + 50, box["y"] + 50)  # an error in the page's own scripts fails the test
        page.mouse.up()
        assert page.evaluate(CANVAS) == blank
    undo.click()
    kept = page.evaluate(CANVAS)
    page.mouse.move(box["x"] + 150, box["y"] + 50)
    page.mouse.down()
    page.keyboard.press("Control+z")
    page.mouse.move(box["x"] + 150, box["y"] + 90)
    page.mouse.up()
    assert page.evaluate(CANVAS) == kept != blank  # the stroke before it is not drawn on

    page.keyboard.press(" ")
    page.evaluate(PASTE)
    page.wait_for_function(f"({CANVAS})().length < {len(blank)}")
    pasted = page.evaluate(CANVAS)
    page.keyboard.press("ArrowDown")
    assert page.evaluate(CANVAS) == pasted


def test_what_is_read_is_what_is_seen(app_url, page):
    if not (paths.weights_dir() / "mnist_cnn").is_dir():
        pytest.skip("the classifier of digits that ships is not here")
    page.goto(f"{app_url}/recognise?many=Several")
    settle(page)
    box = page.get_by_test_id("draw-canvas").bounding_box()
    x, y = box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.2  # beyond the sheet for one
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + box["height"] * 0.6, steps=12)
    page.mouse.up()
    expect(page.get_by_test_id("answer")).to_have_text("1", timeout=60_000)
    page.get_by_role("radio", name="One").click()
    expect(page.get_by_text("No ink was found")).to_be_visible(timeout=30_000)
    page.get_by_role("radio", name="Several").click()
    expect(page.get_by_test_id("answer")).to_have_text("1", timeout=30_000)
