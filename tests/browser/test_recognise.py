"""Explore > Recognise, by hand: draw a 1 with the mouse and have it read."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from gan import paths
from tests.browser.driver import settle


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
