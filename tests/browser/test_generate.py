"""Explore > Generate, by hand: ask for a label, type a line, take both home."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from gan import images
from tests.browser.driver import settle


def saved(page: Page, button: str) -> tuple[str, bytes]:
    """The name and content of the file that a button saves."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_asks_for_a_label_and_downloads_it(app_url, page):
    page.goto(f"{app_url}/generate?count=6")
    settle(page)
    expect(page.locator("img.gan-pixels")).to_have_count(6)
    page.get_by_role("button", name="3", exact=True).click()
    shown = page.locator('img.gan-pixels[alt="3"]')
    expect(shown).to_have_count(6)
    settle(page)
    assert shown.first.evaluate("image => getComputedStyle(image).imageRendering") == "pixelated"
    assert "label=3" in page.url
    assert "label=4" not in page.url

    name, data = saved(page, "Pictures with labels (ZIP)")
    assert name == "digits-seed1.zip"
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        rows = pack.read("labels.csv").decode().splitlines()
        assert rows[0].startswith("file,label,seed,index")
        assert [row.split(",")[1] for row in rows[1:]] == ["3"] * 6
        assert len(pack.namelist()) == 7
    name, data = saved(page, "Sheet (PNG)")
    assert name == "digits-seed1.png"
    assert images.decode(data).shape[-1] == 1


def test_the_downloads_hold_more_than_the_page_shows(app_url, page):
    page.goto(f"{app_url}/generate?count=250&label=8")
    settle(page)
    expect(page.locator("img.gan-pixels")).to_have_count(100)
    with zipfile.ZipFile(io.BytesIO(saved(page, "Pictures with labels (ZIP)")[1])) as pack:
        assert len(pack.namelist()) == 251


def test_a_new_seed_draws_others_and_the_address_brings_them_back(app_url, page):
    page.goto(f"{app_url}/generate?count=4")
    settle(page)
    first = page.locator("img.gan-pixels").first.get_attribute("src")
    page.get_by_role("button", name="New").click()
    expect(page.locator("img.gan-pixels").first).not_to_have_attribute("src", first)
    settle(page)
    assert "seed=" in page.url
    again = page.locator("img.gan-pixels").first.get_attribute("src")
    page.reload()
    settle(page)
    assert page.locator("img.gan-pixels").first.get_attribute("src") == again


def test_types_a_line_and_downloads_it(app_url, page):
    page.goto(f"{app_url}/generate")
    settle(page)
    page.get_by_role("radio", name="A line of text").click()
    settle(page)
    field = page.get_by_role("textbox", name="Text")
    field.fill("")
    field.press_sequentially("2026", delay=20)  # no Enter: the line follows what is typed
    expect(page.locator("img.gan-pixels")).to_have_attribute("alt", "2026")
    settle(page)
    assert "text=2026" in page.url
    name, data = saved(page, "Line (PNG)")
    assert name == "line-seed1.png"
    line = images.decode(data)
    assert line.shape[0] == 28
    assert line.shape[1] > 40
    assert line[:, 0].min() == 255  # white paper


def test_text_it_cannot_write_is_named(app_url, page):
    page.goto(f"{app_url}/generate?view=A+line+of+text&text=12")
    settle(page)
    page.get_by_role("textbox", name="Text").fill("1é2")
    expect(page.get_by_role("alert")).to_contain_text("There is no way to write “é”.")
    page.get_by_role("textbox", name="Text").fill("12")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("img.gan-pixels")).to_have_attribute("alt", "12")
