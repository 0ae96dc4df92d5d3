"""Data > Browse, by hand: turn pages, pick a picture, filter, share the view, bring pictures and export them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
from playwright.sync_api import expect

from gan import datasets, images
from tests.browser.driver import settle

START = "browse?dataset=handwriting"


def enlarged(page):
    return page.locator(".gan-scroll img")


def name_of(place: int) -> str:
    return datasets.source("handwriting").class_names[datasets.load("handwriting").train.labels[place]]


def test_a_click_enlarges_a_picture_and_the_address_keeps_it(app_url, page):
    page.goto(f"{app_url}/{START}")
    settle(page)
    grid = page.get_by_role("group", name="Pictures")
    expect(grid.get_by_role("button")).to_have_count(100)
    grid.get_by_role("button").nth(7).click()
    expect(enlarged(page)).to_have_attribute("alt", f"Picture 7: {name_of(7)}")
    expect(grid.get_by_role("button").nth(7)).to_have_attribute("aria-pressed", "true")
    settle(page)
    assert "picture=7" in page.url
    page.reload()
    settle(page)
    expect(enlarged(page)).to_have_attribute("alt", f"Picture 7: {name_of(7)}")


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
    expect(enlarged(page)).to_have_attribute("alt", f"Picture 2: {name_of(2)}")


def test_turns_pages_and_saves_one(app_url, page):
    page.goto(f"{app_url}/{START}&classes=3&size=50")
    settle(page)
    places = np.flatnonzero(datasets.load("handwriting").train.labels == 3)
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


def test_a_point_of_the_map_shows_its_picture(app_url, page):
    page.goto(f"{app_url}/{START}&tab=Map")
    settle(page)
    beside = page.get_by_role("tabpanel").locator(".gan-scroll img").first  # the last one stays for a moment
    expect(beside).to_have_count(1)
    before = beside.get_attribute("alt")
    area = page.get_by_role("tabpanel").locator(".stPlotlyChart .nsewdrag")
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    for across in range(30, 70, 4):  # points are dense in the middle: one of these meets one
        page.mouse.move(box["x"] + box["width"] * across / 100, box["y"] + box["height"] / 2)
        page.wait_for_timeout(200)  # a chart knows what it is clicked on from what is pointed at
        page.mouse.down()
        page.mouse.up()
        page.wait_for_timeout(600)
        if beside.get_attribute("alt") != before:
            return
    raise AssertionError(f"no click showed another picture than {before}")


def test_a_zip_is_dropped_kept_filtered_and_exported(app_url, page):
    rng = np.random.default_rng(1)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for i in range(20):
            kind = "cat" if i % 2 else "dog"
            archive.writestr(f"{kind}/{i}.png", images.encode_png(rng.integers(0, 256, (40, 40, 3), np.uint8)))
    page.goto(f"{app_url}/{START}")
    settle(page)
    page.get_by_text("Bring your own pictures").click()
    page.locator('input[type="file"]').set_input_files(
        {"name": "pets.zip", "mimeType": "application/zip", "buffer": buffer.getvalue()}
    )
    expect(page.get_by_text("20 pictures in 2 classes")).to_be_visible()
    page.get_by_role("button", name="Keep as a data set").click()
    expect(page.get_by_text("is kept.")).to_be_visible()
    settle(page)
    assert "dataset=pets" in page.url
    grid = page.get_by_role("group", name="Pictures")
    expect(grid.get_by_role("button")).to_have_count(16)
    page.get_by_role("button", name="cat", exact=True).click()
    expect(grid.get_by_role("button")).to_have_count(8)
    page.get_by_role("tab", name="Export").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Pictures (ZIP)").click()
    assert waiting.value.suggested_filename == "pets-train-selection.zip"
    with zipfile.ZipFile(waiting.value.path()) as archive:
        names = archive.namelist()
        assert len(names) == 9
        assert all(name.startswith("cat/") or name == "attributes.csv" for name in names)
        assert images.decode(archive.read(names[0])).shape == (64, 64, 3)


def test_a_phone_shows_everything_within_its_width(app_url, page):
    page.set_viewport_size({"width": 390, "height": 844})
    tabs = [f"{START}&tab={tab}" for tab in ("Map", "Alike", "Apart", "Export", "About")]
    for path in (START, *tabs, "generate", "generate?view=A+line+of+text&text=01234567890123456789", ""):
        page.goto(f"{app_url}/{path}")
        settle(page)
        main = page.locator('[data-testid="stMain"]')
        assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0, path
