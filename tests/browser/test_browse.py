"""Data > Browse, by hand: turn pages, pick a picture, filter, share the view."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from gan import datasets, images
from tests.browser.driver import settle

START = "browse?dataset=handwriting"


def enlarged(page):
    return page.locator(".gan-scroll img")


def test_a_click_enlarges_a_picture_and_the_address_keeps_it(app_url, page):
    page.goto(f"{app_url}/{START}")
    settle(page)
    split = datasets.load("handwriting").train
    grid = page.get_by_role("group", name="Pictures")
    expect(grid.get_by_role("button")).to_have_count(100)
    grid.get_by_role("button").nth(7).click()
    label = datasets.source("handwriting").class_names[split.labels[7]]
    expect(enlarged(page)).to_have_attribute("alt", f"Picture 7: {label}")
    expect(grid.get_by_role("button").nth(7)).to_have_attribute("aria-pressed", "true")
    settle(page)
    assert "picture=7" in page.url
    page.reload()
    settle(page)
    expect(enlarged(page)).to_have_attribute("alt", f"Picture 7: {label}")


def test_keys_move_through_the_pictures(app_url, page):
    page.goto(f"{app_url}/{START}")
    settle(page)
    buttons = page.get_by_role("group", name="Pictures").get_by_role("button")
    buttons.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(buttons.nth(2)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(enlarged(page)).to_have_attribute("alt", f"Picture 2: {datasets.load('handwriting').train.labels[2]}")


def test_turns_pages_and_saves_one(app_url, page):
    page.goto(f"{app_url}/{START}&class=3&size=50")
    settle(page)
    places = [i for i, label in enumerate(datasets.load("handwriting").train.labels) if label == 3]
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_role("spinbutton", name="Page")).to_have_value("2")
    expect(enlarged(page)).to_have_attribute("alt", f"Picture {places[50]}: 3")
    settle(page)
    assert "page=2" in page.url
    with page.expect_download() as waiting:
        page.get_by_role("button", name="This page (PNG)").click()
    assert waiting.value.suggested_filename == "handwriting-train-page2.png"
    sheet = images.decode(Path(waiting.value.path()).read_bytes())
    first = datasets.load("handwriting").train.images[places[50]]
    assert (sheet[:28, :28] == first).all()


def test_a_phone_shows_everything_within_its_width(app_url, page):
    page.set_viewport_size({"width": 390, "height": 844})
    for path in (START, "generate", "generate?view=A+line+of+text&text=01234567890123456789", ""):
        page.goto(f"{app_url}/{path}")
        settle(page)
        main = page.locator('[data-testid="stMain"]')
        assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0, path
