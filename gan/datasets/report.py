"""What became of the files that somebody brought: what was left out and why, and what else is worth knowing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field

SHOWN = 3  # names in a line of the summary
LONGEST = 120  # characters of a reason


@dataclass
class Report:
    """Names with reasons. `left_out`: no part of the set. `remarks`: part of it, but not quite as expected."""

    kept: int = 0
    left_out: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)

    def leave_out(self, notes: Iterable[tuple[str, str]]) -> None:
        self.left_out += notes

    def remark(self, name: str, why: str) -> None:
        self.remarks.append((name, why))

    def lines(self) -> list[str]:
        """A sentence for each reason: how often it occurred, and the first names."""
        return [f"{self.kept:,} pictures kept.", *_grouped(self.left_out, "left out: "), *_grouped(self.remarks, "")]

    def as_csv(self) -> bytes:
        """Every name with its reason: name, what became of it, why."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["name", "became", "why"])
        writer.writerows((name, "left out", why) for name, why in self.left_out)
        writer.writerows((name, "kept", why) for name, why in self.remarks)
        return text.getvalue().encode("utf-8-sig")  # so that Excel reads names in any script


def why(error: Exception) -> str:
    """What another's code says of a file, in bounds: some messages quote the file."""
    text = str(getattr(error, "strerror", None) or error).rstrip(".") or type(error).__name__
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def _grouped(notes: list[tuple[str, str]], what: str) -> list[str]:
    reasons: dict[str, list[str]] = {}
    for name, why in notes:
        reasons.setdefault(why, []).append(name)
    return [
        f"{len(names):,} {what}{why} ({', '.join(names[:SHOWN])}{', …' * (len(names) > SHOWN)})."
        for why, names in sorted(reasons.items(), key=lambda item: -len(item[1]))
    ]
