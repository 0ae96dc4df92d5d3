"""Explore > Upscale, by hand: drop a picture, drag the divider by pointer and by keys, look closely, save it."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from gan import images, paths
from tests.browser.driver import settle


@pytest.fixture
def dropped(app_url, app_folder, page):
    """The page with a picture of 300 x 150 pixels dropped on it: black on the left, white on the right."""
    if not (paths.weights_dir() / "sr4").is_dir():
        pytest.skip("there is no upscaler yet")
    page.goto(f"{app_url}/upscale?upscale_from=Upload")
    settle(page)
    picture, file = np.zeros((150, 300, 3), np.uint8), io.BytesIO()
    picture[:, 150:] = 255
    Image.fromarray(picture).save(file, "PNG")
    page.set_input_files("input[type=file]", {"name": "half.png", "mimeType": "image/png", "buffer": file.getvalue()})
    expect(page.get_by_test_id("divide")).to_have_attribute("aria-busy", "false", timeout=60_000)
    settle(page)
    return picture


def edge(page) -> float:
    """Where the divider is, as a share of the stage."""
    stage, edge = (page.get_by_test_id(f"divide-{name}").bounding_box() for name in ("stage", "edge"))
    return (edge["x"] + edge["width"] / 2 - stage["x"]) / stage["width"]


def test_the_divider_follows_the_pointer_and_the_keys(dropped, page):
    stage, slider = page.get_by_test_id("divide-stage"), page.get_by_role("slider", name="Divider between")
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    assert abs(edge(page) - 0.5) < 0.01
    page.mouse.move(box["x"] + box["width"] / 2 + 5, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4 + 5, box["y"] + 90, steps=5)
    page.mouse.up()
    assert abs(edge(page) - 0.25) < 0.01
    expect(slider).to_have_attribute("aria-valuenow", "25")
    expect(slider).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuenow", "27")
    page.keyboard.press("End")
    expect(slider).to_have_attribute("aria-valuenow", "100")
    expect(slider).to_have_attribute("aria-valuetext", "100% Bicubic, 0% sr4")


def test_looking_closely_moving_and_saving(dropped, page):
    said, stage = page.get_by_test_id("divide-said"), page.get_by_test_id("divide-stage")
    page.get_by_role("button", name="One to one").click()
    expect(said).to_have_text("1,200 × 600 pixels, shown at 100%")
    stage.focus()
    page.keyboard.press("+")
    expect(said).to_contain_text("200%")
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    # What is seen now is white; the part came in full, for the whole was sent in small.
    centre = "canvas => [...canvas.getContext('2d').getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data]"
    page.wait_for_timeout(500)
    settle(page)
    assert min(page.get_by_test_id("divide-canvas").evaluate(centre)) > 200
    page.get_by_role("button", name="Fit").click()
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page)
    assert page.locator('[data-testid="stMain"]').evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Enlarged (PNG)").click()
    saved = images.decode(Path(waiting.value.path()).read_bytes())
    assert waiting.value.suggested_filename == "half-sr4-4x.png" and saved.shape == (600, 1200, 3)
    assert saved[:, :500].mean() < 20 and saved[:, 700:].mean() > 235
