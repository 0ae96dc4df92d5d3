"""Measure > Evaluate without a browser: nothing measured yet, measuring, and what cannot be measured."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from gan import datasets, evaluation, reports
from gan.paths import ROOT
from tests.small_models import save_classifiers, save_generator

PAGE = "evaluate.py"
ADDRESS = {"against": "handwriting", "samples": "2000"}
NAMES = datasets.source("handwriting").class_names


@pytest.fixture
def nets(weights_dir):
    save_generator("digits", class_names=NAMES)
    save_classifiers(NAMES)


def test_a_report_is_asked_for_and_kept_and_stands_beside_another(open_page, nets, weights_dir, monkeypatch):
    monkeypatch.setenv("GAN_WEIGHTS_DIR", str(weights_dir))
    app = open_page(PAGE, **ADDRESS)
    assert not app.dataframe
    app.button(key="measure").click().run(timeout=240)
    assert not app.exception and not app.error
    table = app.dataframe[0].value
    assert {"Score", "digits", "Real pictures"} <= set(table.columns)
    assert "FID (mnist_cnn)" in set(table["Score"])
    again = open_page(PAGE, **ADDRESS)  # found again, without a button to measure
    assert again.dataframe and not [b for b in again.button if b.key == "measure"]
    assert len(again.get("plotly_chart")) == 4  # shares, other scores, by class; and who is taken for whom

    save_generator("second", seed=2, class_names=NAMES)
    report = evaluation.measure(evaluation.model("second"), "handwriting", count=2000)
    assert len(report["real_class_accuracy"]) == len(report["class_accuracy"]) == len(NAMES)
    app = open_page(PAGE, **ADDRESS, subject=["digits", "second"])
    assert {"digits", "second", "Real pictures"} <= set(app.dataframe[0].value.columns)
    assert [tab.label for tab in app.tabs] == ["digits", "second"]
    assert len(app.get("plotly_chart")) == 5
    app.toggle(key="nearest_second").set_value(True).run()
    assert not app.exception and any("By pixels" in text.value for text in app.markdown)


def test_a_model_that_is_told_no_class_is_shown_too(weights_dir, monkeypatch, pictures_of):
    monkeypatch.syspath_prepend(ROOT / "pages")  # as in the app

    def page():
        import evaluation_report

        from gan import evaluation

        report = {"dataset": "handwriting", "samples": 2000, "confusion": None, "worst": None}
        evaluation_report.details(evaluation.model("plain"), report, "plain")

    save_generator("plain", class_names=())
    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    assert [name for name, _ in pictures_of(app)] == [f"Sample {number}" for number in range(1, 36)]


def test_inception_is_offered_and_says_what_it_lacks(open_page, nets, weights_dir, monkeypatch, tmp_path):
    monkeypatch.setenv("GAN_WEIGHTS_DIR", str(weights_dir))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    app = open_page(PAGE, **ADDRESS, features="inception")
    assert any("Put inception_v3_weights" in error.value for error in app.error)
    assert not [button for button in app.button if button.key == "measure"]


def test_without_a_classifier_the_page_says_so(open_page):
    app = open_page(PAGE, **ADDRESS)
    assert any("No classifier reads" in error.value for error in app.error)


def test_nothing_chosen(open_page, nets):
    app = open_page(PAGE, **ADDRESS)
    app.multiselect(key="subject").set_value([]).run()
    assert not app.exception and app.info


def test_reports_as_tables():
    entry = {"measure": "recall", "title": "Recall", "better": "higher", "value": 0.5, "spread": 0.01, "repeats": 2}
    entry |= {"real": None, "real_spread": None, "reason": "not defined, because <so>", "net": "n", "samples": 10}
    report = {"scores": {"recall_n_10": entry}, "samples": 10, "seeds": [1], "dataset": "d", "split": "test"}
    found = {"<model>": report | {"reference_samples": 10, "subject_digest": "0" * 64}}
    (row,) = reports.rows(found)
    assert row["<model>"] == "50.00 ± 1%" and row["Real pictures"] == "not defined"
    assert b"<model>" not in reports.as_html(found) and b"&lt;model&gt;" in reports.as_html(found)
    assert reports.as_csv(found).decode().splitlines()[1].startswith("<model>,recall_n_10,0.5,0.01")
