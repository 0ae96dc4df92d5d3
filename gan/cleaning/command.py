"""The verb `clean` of the command line."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from gan.cleaning import Settings, folders, jobs
from gan.cli_base import note, tell
from gan.datasets.records import Progress
from gan.errors import UserError


def run(options: Namespace, progress: Progress) -> None:
    """Clean what the options name: a picture, a folder or ZIP, or a data set.

    Raises:
        UserError: if they do not name one thing, and where what they name cannot be cleaned.
    """
    if options.job:
        os.nice(10)  # whoever slides through a latent space meanwhile goes first
        jobs.find(options.job).run()
        return
    settings = Settings(options.threshold, options.growth, options.method, not options.boxes)
    if options.dataset:
        if options.source or not options.name:
            raise UserError("clean --dataset D --name N takes the data set and a name for the cleaned one, no files.")
        _dataset(options, settings, progress)
    elif not options.source or not options.out:
        raise UserError("clean: write IN and OUT (files or folders), or --dataset D --name N.")
    elif options.source.is_dir() or options.source.suffix.lower() == ".zip":
        _folder(options, settings, progress)
    else:
        cleaned = folders.clean_file(options.source, options.out, settings)
        boxes, share = len(cleaned.boxes), float(cleaned.mask.mean())
        words = f"{options.out}: boxes of text: {boxes}, painted over: {share:.1%}."
        tell(options, words, out=options.out, boxes=boxes, painted_over=share)


def _dataset(options: Namespace, settings: Settings, progress: Progress) -> None:
    job = jobs.create(options.dataset, options.name, settings)
    if job.done:
        note(options, f"Going on after {job.done:,} of {job.order.total:,} pictures.")
    try:
        job.run(progress)
    except KeyboardInterrupt:
        print(f"\n{job.done:,} of {job.order.total:,} are done. The same command goes on.", file=sys.stderr)
        raise
    if sys.stderr.isatty():  # the progress is on a line of its own elsewhere
        print(file=sys.stderr)
    if job.state != "saved":  # a page has asked for it
        print(f"Stopped; {job.done:,} of {job.order.total:,} are done. The same command goes on.", file=sys.stderr)
        return
    words = f"Data set {options.name}: {job.order.total:,} pictures. What was found: {job.report}"
    tell(options, words, dataset=options.name, pictures=job.order.total, report=job.report)


def _folder(options: Namespace, settings: Settings, progress: Progress) -> None:
    try:
        rows = folders.clean_folder(options.source, options.out, settings, progress)
    except KeyboardInterrupt:
        print("\nStopped; the same command goes on.", file=sys.stderr)
        raise
    if sys.stderr.isatty():  # the progress is on a line of its own elsewhere
        print(file=sys.stderr)
    unread = [row for row in rows if row.problem]
    for row in unread:
        print(f"gan: left out: {row.problem}", file=sys.stderr)
    cleaned, texts = len(rows) - len(unread), sum(row.boxes > 0 for row in rows)
    words = f"{cleaned:,} pictures in {options.out}, {texts:,} of them had text; see {folders.REPORT} there."
    left_out = [row.problem for row in unread]
    tell(options, words, out=options.out, pictures=cleaned, with_text=texts, left_out=left_out)
