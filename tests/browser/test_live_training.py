"""Train > Live, by hand: start a run, see it learn, reload, pause, resume, stop."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driver import settle

PATIENCE = 120_000  # ms; a worker loads TensorFlow and measures what is fastest before its first step
SAMPLES = 'img[alt^="Samples at step"]'
POINTS = "() => document.querySelector('.js-plotly-plot')?.data?.[0]?.x?.length ?? 0"


def state(page: Page, name: str) -> None:
    expect(page.get_by_test_id("stMain").get_by_text(name, exact=True).first).to_be_visible(timeout=PATIENCE)


def step(page: Page) -> int:
    text = page.get_by_text(re.compile(r"of [\d,]+ steps")).first.inner_text()
    return int(text.split(" of ")[0].replace(",", ""))


@pytest.mark.timeout(600)
def test_a_run_from_start_to_stop(app_url, page):
    page.goto(f"{app_url}/train?run=New+run&recipe=cgan28")
    settle(page)
    batch = page.get_by_role("spinbutton", name="Batch (pictures)")
    batch.fill("16")
    batch.press("Enter")
    page.get_by_role("button", name="Start training").click()
    state(page, "Running")
    assert re.search(r"run=\d{8}-\d{6}-cgan28", page.url)

    # Points appear, and more of them; the samples change.
    page.wait_for_function(f"({POINTS})() > 3", timeout=PATIENCE)
    before = page.evaluate(POINTS)
    first = page.locator(SAMPLES).get_attribute("alt")
    page.wait_for_function(f"({POINTS})() > {before}", timeout=PATIENCE)
    expect(page.locator(SAMPLES)).not_to_have_attribute("alt", first, timeout=PATIENCE)

    # A reload loses nothing.
    page.reload()
    state(page, "Running")
    page.wait_for_function(f"({POINTS})() > {before}", timeout=PATIENCE)

    page.get_by_role("button", name="Pause").click()
    state(page, "Paused")
    paused = step(page)
    page.wait_for_timeout(3000)
    assert step(page) == paused > 0
    page.get_by_role("button", name="Resume").click()
    state(page, "Running")
    while step(page) == paused:
        page.wait_for_timeout(500)

    page.get_by_role("button", name="Sample now").click()
    page.get_by_test_id("stMain").get_by_role("button", name="Stop").click()
    state(page, "Stopped")
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
