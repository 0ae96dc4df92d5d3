"""Data > Augment, by hand: change a step, share the view, save, train with it, multiply and cancel."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import Page, expect

from gan.augment import Plan
from tests.browser.driver import settle

START = "augment?data=handwriting"


def shown(page: Page) -> list[str | None]:
    return [image.get_attribute("src") for image in page.locator("img.gan-pixels").all()]


def plan(page: Page) -> Plan:
    """The plan in the address."""
    return Plan.from_json(parse_qs(urlparse(page.url).query)["plan"][0])


def test_a_step_is_changed_with_the_keyboard_and_the_address_keeps_it(app_url, page):
    page.goto(f"{app_url}/{START}&preset=rotate15")
    settle(page)
    before = shown(page)
    assert len(before) == 50
    upper = page.get_by_role("slider").nth(1)
    upper.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("location.search.includes('plan=')")
    settle(page)
    assert plan(page).steps[0].range == (-15, 17)
    after = shown(page)
    assert [a == b for a, b in zip(before, after, strict=True)] == [k % 5 == 0 for k in range(50)]
    page.reload()
    settle(page)
    assert shown(page) == after
    page.get_by_role("button", name="New").click()
    settle(page)
    assert shown(page) != after


def test_steps_are_added_moved_and_removed(app_url, page):
    page.goto(f"{app_url}/{START}&preset=rotate15")
    settle(page)
    page.get_by_role("combobox", name="Add a step").click()
    page.get_by_role("option", name="Flip").click()
    settle(page)
    expect(page.get_by_role("alert")).to_contain_text("mirrored")
    page.get_by_role("button", name="Earlier").nth(1).click()
    settle(page)
    assert [step.transform for step in plan(page).steps] == ["flip", "rotate"]
    page.get_by_role("button", name="Remove").first.click()
    settle(page)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert [step.transform for step in plan(page).steps] == ["rotate"]


def test_saved_taken_home_opened_and_trained_with(app_url, page, tmp_path):
    page.goto(f"{app_url}/{START}&preset=wrap27")
    settle(page)
    page.get_by_role("textbox", name="Name", exact=True).fill("by-hand")
    page.get_by_role("button", name="Save").click()
    page.wait_for_function("location.search.includes('preset=by-hand')")
    settle(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Plan (JSON)").click()
    text = Path(waiting.value.path()).read_text()
    assert waiting.value.suggested_filename == "by-hand.json"
    assert [step["transform"] for step in json.loads(text)["steps"]] == ["shift_x", "shift_y"]
    other = {"name": "other", "steps": [{"transform": "noise"}]}
    for name, content, seen in (
        ("bad.json", "[1]", "This is not a plan"),
        ("other.json", json.dumps(other), "1. Noise"),
    ):
        (tmp_path / name).write_text(content)
        page.locator('input[type="file"]').set_input_files(tmp_path / name)
        expect(page.get_by_text(seen).first).to_be_visible()
        settle(page)
    page.get_by_role("link", name="Train with it").click()
    settle(page)
    assert page.url.startswith(f"{app_url}/train")
    expect(page.get_by_role("combobox", name="Augmentation")).to_have_value("other")


def test_multiplying_can_be_cancelled_and_done(app_url, page):
    page.goto(f"{app_url}/{START}&times=300")
    settle(page)
    page.get_by_role("textbox", name="Name of the new set").fill("many")
    page.get_by_role("button", name="Multiply").click()
    expect(page.get_by_text("Changing")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="Browse", exact=True).click()  # it goes on when the page is left
    expect(page.get_by_role("heading", name="Browse")).to_be_visible()
    settle(page)
    page.get_by_role("link", name="Augment").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0, timeout=60_000)
    settle(page)
    expect(page.get_by_text("many is kept")).to_have_count(0)
    page.get_by_role("textbox", name="Name of the new set").fill("many")
    times = page.get_by_role("spinbutton", name="Times")
    times.fill("2")
    times.press("Enter")
    settle(page)
    page.get_by_role("button", name="Multiply").click()
    expect(page.get_by_text("many is kept")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Browse many").click()
    settle(page)
    assert "dataset=many" in page.url


def test_a_phone_shows_all_within_its_width(app_url, page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app_url}/{START}")
    settle(page)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
