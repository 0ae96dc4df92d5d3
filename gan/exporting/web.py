"""A model as one web page that needs no server: the net, the runtime that runs it, and controls, all in one file."""

from __future__ import annotations

import base64
import gzip
import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from gan import images, inference, latent, registry
from gan.background import Say
from gan.errors import UserError
from gan.exporting import plain, runtime

FOLDER = Path(__file__).with_name("webpage")
DIRECTIONS = 6
INLINE, CDN, AUTO = "inline", "cdn", "auto"
RUNTIMES = (AUTO, INLINE, CDN)
OFFLINE = "Everything is in this one file: it works without a network, and sends nothing."
FETCHED = "The model is in this file; what runs it is fetched from a network each time the page is opened."
ICON = 32  # pixels at least
# script-src: the page's own script, and the runtime, which is imported from memory.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; style-src 'unsafe-inline'; "
    "img-src data: blob:; connect-src {}"
)


def parts(where: str, say: Say) -> tuple[dict[str, str], str]:
    """What the page holds for ``{{runtime}}`` and ``{{wasm}}``: the files, or where a browser gets them.

    Args:
        where: "inline", "cdn", or "auto": inline, and a CDN where that cannot be had.

    Returns:
        Both, and why they are not in the page; empty if they are.

    Raises:
        UserError: for "inline", where npm cannot fetch them.
    """
    why = "it was asked for"
    if where != CDN:
        try:
            files = runtime.fetch(say)
            return {"runtime": packed(files[runtime.CODE]), "wasm": packed(files[runtime.WASM])}, ""
        except UserError as error:
            if where == INLINE:
                raise UserError(
                    f"runtime: {error}. With --runtime cdn, browsers fetch it when the page is seen."
                ) from None
            why = str(error)
    wanted = {"runtime": runtime.CODE, "wasm": runtime.WASM}
    return {name: f"{runtime.CDN}{file.name} {file.integrity}" for name, file in wanted.items()}, why


def page(card: registry.Card, onnx: bytes, directions: np.ndarray, given: Mapping[str, str]) -> str:
    """The page.

    Args:
        card: of a generator.
        onnx: its net, as `gan.exporting.formats.write_onnx` wrote it.
        directions: float32 ``(k, latent)``, a slider each.
        given: as `parts` gives it.
    """
    fetched = given["wasm"].startswith("https:")
    fields = {
        "policy": POLICY.format("'none'" if not fetched else runtime.CDN.split("/npm")[0]),
        "title": html.escape(card.title or card.name),
        "summary": html.escape(card.summary),
        "icon": _icon(card),
        "facts": "".join(f"<dt>{name}</dt><dd>{html.escape(value)}</dd>" for name, value in _facts(card).items()),
        "limits": html.escape(card.limits),
        "offline": FETCHED if fetched else OFFLINE,
        "version": runtime.VERSION,
        "card": json.dumps(_card(card, directions), ensure_ascii=False).replace("<", "\\u003c"),
        "model": packed(onnx),
        **given,
    }
    for name in ("page.css", "latent.js", "net.js", "page.js"):
        kind = "style" if name.endswith(".css") else name.removesuffix(".js")
        fields[kind] = (FOLDER / name).read_text(encoding="utf-8")
    rest, filled = (FOLDER / "index.html").read_text(encoding="utf-8"), ""
    while "{{" in rest:  # in one pass: what is filled in may hold braces itself
        before, _, rest = rest.partition("{{")
        name, _, rest = rest.partition("}}")
        filled += before + fields[name]
    return filled + rest


def directions(card: registry.Card) -> np.ndarray:
    """The directions that the page has sliders for, rounded to what a slider can show: float32 ``(k, latent)``."""
    return np.round(inference.model_directions(card.name, min(DIRECTIONS, card.latent)), 5)


def packed(data: bytes) -> str:
    """Bytes as text for the page, which unpacks them: base64 of gzip."""
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()


def _card(card: registry.Card, found: np.ndarray) -> dict[str, Any]:
    columns = [
        {"input": name, "title": "Class" if column == plain.CLASSES else column.capitalize(), "values": values}
        for name, (column, values) in plain.blocks(card).items()
    ]
    return {
        "name": card.name,
        "shape": card.shape,
        "latent": card.latent,
        "columns": columns,
        "directions": [[float(f"{value:.5f}") for value in row] for row in found],
        "digest": card.digest,
    }


def _facts(card: registry.Card) -> dict[str, str]:
    height, width, channels = card.shape
    learned = f"{card.training['images_seen']:,} pictures seen" if card.training.get("images_seen") else ""
    facts = {
        "Model": card.name,
        "Pictures": f"{width} x {height}, {'grey' if channels == 1 else 'colour'}, from {card.latent} numbers",
        "Learned from": ", ".join(filter(None, (card.dataset, learned))),
        "Licence": card.licence,
    }
    return {name: value for name, value in facts.items() if value}


def _icon(card: registry.Card) -> str:
    """A picture of the model's, as the page's icon."""
    classes = np.eye(max(1, len(card.class_names)), dtype=np.float32)[:1, : len(card.class_names)]
    picture = inference.sample(card.name, latent.normal(1, 1, card.latent), classes)[0]
    large = images.enlarge(picture, max(1, ICON // picture.shape[0]))
    return f"data:image/png;base64,{base64.b64encode(images.encode_png(large)).decode()}"
