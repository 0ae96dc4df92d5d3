"""Train > Tune, by hand: a study started, seen at work, stopped, and one that is done."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from gan.recipes import recipe
from gan.search import Spec, claims, parse, studies
from tests.browser.driver import settle

PATIENCE = 180_000  # ms; a worker loads TensorFlow before its first step


def leave(name: str) -> None:
    """A study as search processes leave it, but for the training."""
    base = recipe("cgan28").with_settings({"dataset": "handwriting-digits", "steps": 90})
    space = tuple(parse(line, base) for line in ("learning_rate=1e-4..1e-2:log", "width=4..8", "r1=0.1..1:log"))
    spec = Spec(name, base, space, pruner="none", trials=5)
    opened = studies.make(spec).optuna()
    for value in (30.0, 20.0, 40.0, 35.0, 25.0):
        trial = claims.claim(opened, spec)
        spec.settings(trial)
        for step in spec.plan.at:
            trial.report(value * 90 / step, step)
        trial.set_user_attr("outcome", "complete")
        opened.tell(trial, value)


@pytest.mark.timeout(600)
def test_a_study_from_start_to_stop(app_url, app_runs, page, monkeypatch):
    monkeypatch.setenv("GAN_RUNS_DIR", str(app_runs))
    leave("night")
    page.goto(f"{app_url}/tune?study=night")
    settle(page)
    expect(page.get_by_text("Trial 1, the best so far")).to_be_visible()
    assert page.locator(".js-plotly-plot").count() == 4

    page.goto(f"{app_url}/tune?study=New+study")
    settle(page)
    page.get_by_role("textbox", name="Name", exact=True).fill("short")
    page.get_by_role("button", name="Start the study").click()
    main = page.get_by_test_id("stMain")
    expect(main.get_by_text("Working", exact=True)).to_be_visible(timeout=PATIENCE)
    assert "study=short" in page.url
    expect(main.get_by_text(re.compile(r"short-0000: step \d+ of 400"))).to_be_visible(timeout=PATIENCE)

    page.reload()  # loses nothing
    expect(main.get_by_text("Working", exact=True)).to_be_visible(timeout=PATIENCE)
    main.get_by_role("button", name="Stop").click()
    expect(main.get_by_text("Stopped", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(main.get_by_role("button", name="Continue")).to_be_visible()
    main.get_by_role("button", name="Remove").click()
    expect(main.get_by_role("button", name="Undo")).to_be_visible(timeout=PATIENCE)
