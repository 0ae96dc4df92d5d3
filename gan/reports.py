"""Reports of evaluations as tables and pages to keep."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from gan.metrics.measures import MEASURES

PERCENT = ("label_accuracy", "test_accuracy", "place_accuracy", "precision", "recall", "copying")  # and what begins so
BETTER = {"higher": "more is better", "lower": "less is better", "real": "as real pictures is best"}

Reports = Mapping[str, dict[str, Any]]


def figure(entry: Mapping[str, Any], key: str = "value") -> str:
    """A score as text with its spread; "not defined" where it has no value."""
    value, spread = entry.get(key), entry.get("spread" if key == "value" else f"{key}_spread")
    if value is None:
        return "not defined"
    scale, form, unit = (100, ".2f", "%") if entry["measure"].startswith(PERCENT) else (1, ".4g", "")
    return f"{value * scale:{form}}" + (f" ± {spread * scale:.2g}" if spread else "") + unit


def rows(reports: Reports) -> list[dict[str, str]]:
    """A row a score: its title, the value of each subject, that of real pictures, and how to read it."""
    names = dict.fromkeys(name for report in reports.values() for name in report["scores"])
    table = []
    for name in names:
        entries = {subject: report["scores"].get(name) for subject, report in reports.items()}
        first = next(entry for entry in entries.values() if entry)
        by = f" ({first['net']})" if first.get("net") else ""
        row = {"Score": f"{first['title']}{by}"}
        row |= {subject: figure(entry) if entry else "" for subject, entry in entries.items()}
        table.append({**row, "Real pictures": figure(first, "real"), "Read as": BETTER[first["better"]], "Name": name})
    return table


def as_text(report: Mapping[str, Any]) -> str:
    """A report's scores as a table for reading: value beside what real pictures measure, or what the report says."""
    beside = report.get("beside", "real")
    lines = [f"{'':42}{'value':>10}{beside:>10}"]
    for name, score in report["scores"].items():
        value, other = (plain(score.get(key)) for key in ("value", beside))
        lines.append(f"{name:42}{value:>10}{other:>10}" + (f"  {score['reason']}" if score.get("reason") else ""))
    return "\n".join(lines)


def plain(value: float | None) -> str:
    """A score as text, four digits of it."""
    return "-" if value is None else f"{value:.4g}"


def as_csv(reports: Reports) -> bytes:
    """All scores with every digit: subject, score, value, spread, real, samples, split, net, reason."""
    import csv
    import io

    text = io.StringIO()
    columns = ("value", "spread", "real", "real_spread", "samples", "repeats", "split", "net", "reason")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["subject", "score", *columns])
    for subject, report in reports.items():
        for name, entry in report["scores"].items():
            writer.writerow([subject, name, *(entry.get(column) for column in columns)])
    return text.getvalue().encode()


def as_html(reports: Reports) -> bytes:
    """A page of its own: the table, what each score means, and what was measured against what."""
    table = rows(reports)
    head = "".join(f"<th>{html.escape(name)}</th>" for name in table[0])
    body = "".join(f"<tr>{''.join(f'<td>{html.escape(v)}</td>' for v in row.values())}</tr>" for row in table)
    help = "".join(f"<dt>{html.escape(m.title)}</dt><dd>{html.escape(m.help)}</dd>" for m in MEASURES.values())
    facts = "".join(
        f"<li>{html.escape(subject)}: {r['samples']:,} pictures a seed, seeds {r['seeds']}, against {r['dataset']} "
        f"({r['split']}, {r['reference_samples']:,} pictures), digest {r['subject_digest'][:16]}</li>"
        for subject, r in reports.items()
    )
    return (
        "<!doctype html><meta charset=utf-8><title>Evaluation</title><style>body{font:15px sans-serif;margin:2rem auto;"
        "max-width:70rem;padding:0 1rem}table{border-collapse:collapse}td,th{padding:.3rem .8rem;text-align:left;"
        "border-bottom:1px solid #ddd;font-variant-numeric:tabular-nums}dt{font-weight:600}</style>"
        f"<h1>Evaluation</h1><table><tr>{head}</tr>{body}</table><ul>{facts}</ul><h2>What the scores mean</h2>"
        f"<dl>{help}</dl>"
    ).encode()
