"""All runs at a glance."""

from __future__ import annotations

import csv
import io

from gan.training import managing, overview
from tests.small_runs import SMALL, make_run


def test_a_row_has_the_best_of_each_score(runs_dir):
    run = make_run(nets=False)
    with (run.path / "metrics.jsonl").open("a") as file:
        file.write(
            '{"step": 13, "images_seen": 104, "seconds": 130, "label_accuracy": 0.5, "fid": null}\nnonsense "fid"\n'
        )
    managing.write_note(run, "With R1")
    row = overview.row(run)
    assert row.scores == {"fid": 9.0, "label_accuracy": 0.5}
    assert row.state == "stopped" and row.speed == 0.8 and row.bytes > 1000
    assert row.matches("r1 CGAN28") and row.matches("") and not row.matches("r1 hangul")


def test_a_run_without_anything_has_its_row(runs_dir):
    run = make_run(nets=False, fid={}, sheets=())
    (run.path / "metrics.jsonl").unlink()
    (run.path / "status.json").unlink()
    (row,) = overview.rows()
    assert row.state == "created" and row.scores == {} and row.speed == 0


def test_metrics_as_a_table(runs_dir):
    table = list(csv.DictReader(io.StringIO(overview.metrics_csv(make_run(nets=False)).decode())))
    assert [row["step"] for row in table] == ["1", "2", "4", "8", "12"] and table[2]["fid"] == "9.0"


def test_a_table_of_metrics_is_safe_to_open(runs_dir):
    run = make_run(nets=False, fid={1: 2.5})
    with (run.path / "metrics.jsonl").open("a") as file:
        file.write('{"step": 2, "images_seen": 16, "fid": NaN, "=HYPERLINK(1)": 1, "note": "=1+1", "g_loss": -0.5}\n')
    table = overview.metrics_csv(run).decode()
    assert "=" not in table and "nan" not in table.lower()
    assert [row["g_loss"] for row in csv.DictReader(io.StringIO(table))] == ["0.7", "-0.5"]


def test_what_recipes_have_not_in_common(runs_dir):
    made = {
        name: make_run(settings=SMALL | more, nets=False).recipe
        for name, more in {"a": {}, "b": {"r1": 2.0, "width": 8}}.items()
    }
    assert overview.differences(made) == {"r1": {"a": made["a"].r1, "b": 2.0}, "width": {"a": 4, "b": 8}}
    assert overview.differences({"a": made["a"]}) == {}
