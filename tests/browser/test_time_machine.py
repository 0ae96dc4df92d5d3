"""Train > Runs, by hand: the time machine follows the finger without asking the server, and comes back by its link."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from gan.training import managing
from tests.small_runs import SMALL, make_run

CANVAS = """() => {
  const find = (root) => {
    const here = root.querySelector('[data-testid="time-machine"] canvas');
    if (here) return here;
    for (const host of root.querySelectorAll("*")) {
      const found = host.shadowRoot && find(host.shadowRoot);
      if (found) return found;
    }
  };
  return find(document).toDataURL();
}"""


@pytest.fixture
def machine(app_url, app_runs, page: Page) -> Page:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAN_RUNS_DIR", str(app_runs))
        run = make_run(nets=False, sheets=(0, 1, 2, 4, 8, 12))
        managing.rename(run, "seen")
    page.goto(f"{app_url}/runs?runs=seen")
    page.locator('[data-testid="time-machine"][aria-busy="false"]').wait_for(timeout=60_000)
    yield page
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAN_RUNS_DIR", str(app_runs))
        managing.remove(managing.runs.find("seen"))
        managing.erase(managing.removed())


def test_scrubbing_is_local_and_a_link_brings_the_step_back(machine):
    where, slider = machine.get_by_test_id("machine-where"), machine.get_by_test_id("machine-slider")
    expect(where).to_have_text("Step 12")
    newest = machine.evaluate(CANVAS)
    machine.evaluate("window.n = 0; document.addEventListener('gan-frame', () => window.n++)")
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    machine.mouse.move(box["x"] + box["width"] - 12, y)
    machine.mouse.down()
    machine.context.set_offline(True)  # nothing more is asked of the server while it is dragged
    machine.mouse.move(box["x"] + box["width"] / 2, y, steps=10)
    machine.mouse.move(box["x"] + 12, y, steps=10)
    expect(where).to_have_text("Step 0")
    machine.context.set_offline(False)
    assert machine.evaluate("window.n") >= 5 and machine.evaluate(CANVAS) != newest
    machine.mouse.up()

    slider.press("ArrowRight")
    slider.press("ArrowRight")
    expect(where).to_have_text("Step 2")
    shown = machine.evaluate(CANVAS)
    machine.get_by_role("button", name="FID best, 9.00").click()
    expect(where).to_have_text("Step 4")
    slider.press("ArrowLeft")
    machine.wait_for_function("new URLSearchParams(location.search).get('at') === '2'")
    machine.reload()
    machine.locator('[data-testid="time-machine"][aria-busy="false"]').wait_for(timeout=60_000)
    expect(machine.get_by_test_id("machine-where")).to_have_text("Step 2")
    assert machine.evaluate(CANVAS) == shown


def test_another_axis_keeps_the_step_that_is_shown(app_url, app_runs, machine):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAN_RUNS_DIR", str(app_runs))
        other = make_run(settings=SMALL | {"batch": 4}, nets=False, sheets=(0, 3, 12))
        managing.rename(other, "smaller")
        machine.goto(f"{app_url}/runs?runs=seen,smaller&at=8")
        where = machine.get_by_test_id("machine-where")
        expect(where).to_have_text("Step 8", timeout=60_000)
        for axis, place, at in (
            ("Pictures seen", "64 pictures", 64),
            ("Minutes", "1.3 min", 1.33),
            ("Steps", "Step 8", 8),
        ):
            machine.get_by_role("radio", name=axis).click()
            expect(where).to_have_text(place)
            machine.wait_for_function(f"new URLSearchParams(location.search).get('at') === '{at}'")
        machine.get_by_test_id("machine-slider").press("Home")
        for _ in range(3):
            machine.get_by_test_id("machine-slider").press("ArrowRight")
        expect(where).to_have_text("Step 3")
        machine.get_by_role("radio", name="Pictures seen").click()
        expect(where).to_have_text("12 pictures")  # of the run that drew at this step
        managing.remove(managing.runs.find("smaller"))
        managing.erase(managing.removed())
