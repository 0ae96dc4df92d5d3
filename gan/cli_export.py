"""The verb that exports a model for other programs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from gan.cli_base import Verb, tell
from gan.cli_progress import progress
from gan.exporting import FORMATS, web


def add(verb: Verb) -> None:
    """Add the verb."""
    export = verb(
        "export",
        _export,
        "Export a model as Keras, SavedModel or ONNX, or as a web page that draws in the browser.",
        more="DIR gets the net, its card, and a README with an example. What was written is loaded again and has to "
        "give the model's own pictures to 1e-4, or nothing is exported. Keras files load without this program.",
        examples=[
            "export --model digits --format onnx --out digits-onnx",
            "export --model avatars32 --format web --out avatars-page",
        ],
    )
    export.add_argument("--model", default="digits", help="any model that `models` lists")
    export.add_argument("--format", required=True, choices=FORMATS, help="web is for models that draw")
    export.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder for it")
    export.add_argument("--overwrite", action="store_true", help="replace the export that is in DIR")
    help = (
        "of a web page: what runs the model, in the page (inline, fetched now with npm), fetched from a network by "
        "browsers (cdn), or inline where npm can fetch it (auto)"
    )
    export.add_argument("--runtime", choices=web.RUNTIMES, default=web.AUTO, help=help)


def _export(options) -> None:
    from gan import exporting

    wanted = options.model, options.format, options.out, options.overwrite, options.runtime
    made = exporting.export(*wanted, progress)
    progress.done()
    words = [
        f"{made.folder / made.file} ({made.bytes / 1e6:,.1f} MB in all), with its card and a README.",
        f"Loaded again, the largest difference to the model is {made.difference:.1e}.",
        *([made.note] if made.note else []),
    ]
    tell(options, "\n".join(words), **asdict(made))
