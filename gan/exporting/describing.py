"""What stands beside an exported net: its card for programs, and a README for people, with an example that runs."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan import registry
from gan.datasets import numbers5
from gan.exporting import plain

EXPORTER, VERSION = "GAN Studio", 1
SHOWN = 24  # values that a README lists; all are in the card

LOADING = {
    "keras": (
        "import keras",
        'net = keras.saving.load_model("{file}")',
        'np.asarray(net(given)["{output}"])',
    ),
    "saved_model": (
        "import tensorflow as tf",
        'net = tf.saved_model.load("{file}")',
        'net.serve(given)["{output}"].numpy()',
    ),
    "onnx": (
        "import onnxruntime",
        'net = onnxruntime.InferenceSession("{file}")',
        'net.run(["{output}"], given)[0]',
    ),
}
NEEDS = {
    "keras": "numpy, keras 3 and one of its back ends",
    "saved_model": "numpy, tensorflow",
    "onnx": "numpy, onnxruntime",
}
HOSTING = """## Open it, or host it

Open `index.html` with a double click, or put that one file on any static host: a folder of a web server, GitHub or
GitLab Pages, an object store. It needs no particular header, and no server beside it. {network}

It wants a browser with WebAssembly SIMD and DecompressionStream: Chromium 110, Firefox 115, Safari 16.4 or later."""


def facts(card: registry.Card, format: str, file: str, about: str, difference: float, note: str) -> dict[str, Any]:
    """The card of an export: what the model is, what goes in and comes out, and how well what was written agrees."""
    return {
        "exported_by": EXPORTER,
        "version": VERSION,
        "model": card.name,
        "kind": card.kind,
        "title": card.title,
        "summary": card.summary,
        "licence": card.licence,
        "limits": card.limits,
        "format": format,
        "file": file,
        "about": about,
        "note": note,
        "difference": difference,
        "inputs": inputs(card),
        "outputs": outputs(card),
        "class_names": list(card.class_names),
        "weights_sha256": card.digest,
        "dataset": card.dataset,
        "recipe": card.recipe,
        "training": card.training,
        "scores": {
            name: {key: entry.get(key) for key in ("title", "value", "real")}
            for name, entry in card.scores.get("scores", {}).items()
        },
    }


def inputs(card: registry.Card) -> dict[str, dict[str, Any]]:
    """Each input's shape, meaning, and what its numbers stand for. All are float32; n is any number of pictures."""
    if card.kind != "generator":
        sides = ["h", "w"] if card.kind == "upscaler" else list(card.shape[:2])
        about = f"pictures, {'grey' if card.shape[2] == 1 else 'RGB'}: pixel 0…255 as pixel * 2 / 255 - 1"
        return {plain.IMAGE: {"shape": ["n", *sides, card.shape[2]], "range": [-1, 1], "about": about}}
    about = "the latent: independent standard normal numbers"
    found: dict[str, dict[str, Any]] = {plain.LATENT: {"shape": ["n", card.latent], "about": about}}
    for name, (column, values) in plain.blocks(card).items():
        what = "class" if column == plain.CLASSES else column
        found[name] = {
            "shape": ["n", len(values)],
            "range": [0, 1],
            "about": f"weights of each {what}, adding up to one: a single 1 asks for it, anything between mixes",
            "values": list(values),
        }
    return found


def outputs(card: registry.Card) -> dict[str, dict[str, Any]]:
    """As `inputs`, of what comes out."""
    height, width, channels = card.shape
    if card.kind in ("generator", "upscaler"):
        sides = ["4 h", "4 w"] if card.kind == "upscaler" else [height, width]
        about = f"{'grey' if channels == 1 else 'RGB'}, pixel 0…255 from round((x + 1) * 127.5), cut to that range"
        return {plain.PICTURES: {"shape": ["n", *sides, channels], "range": [-1, 1], "about": about}}
    known = len(card.class_names)
    about = "logits: their softmax is the probability of each class"
    if card.kind == "reader":
        places, values = known // numbers5.VALUES, numbers5.VALUES
        about = f"logits, {values} for each of {places} places: softmax over each {values}; ten digits, then none"
    return {
        "logits": {"shape": ["n", known], "about": about, "values": list(card.class_names)},
        "features": {"shape": ["n", "d"], "about": "what the last layer sees, to compare pictures by"},
    }


def readme(card: registry.Card, facts: dict[str, Any]) -> str:
    """The README of an export."""
    named = facts["title"] or card.name
    lines = [f"# {named}", "", card.summary, "", facts["about"], ""]
    if facts["note"]:
        lines += [facts["note"], ""]
    if facts["format"] == "web":
        network = (
            "Browsers fetch what runs the model from a network." if facts["note"] else "It works without a network."
        )
        lines += [HOSTING.format(network=network), ""]
    if facts["format"] in LOADING:
        needs = NEEDS[facts["format"]]
        lines += [*_arrays(facts), "", "## Use it", "", f"Needs {needs}. From this folder:", ""]
        lines += ["```python", example(card, facts), "```", ""]
    lines += ["## Licence and limits", "", f"Licence: {card.licence or 'none stated'}.", ""]
    lines += [card.limits, ""] if card.limits else []
    lines += [
        f"Exported by {EXPORTER} (MIT) from the model {card.name}; loaded again, the largest difference to it was "
        f"{facts['difference']:.1e}.",
        "",
    ]
    return "\n".join(lines)


def _arrays(facts: dict[str, Any]) -> list[str]:
    lines = ["## What goes in and comes out", "", "All arrays are float32; n is any number of pictures at a time.", ""]
    lines += ["| | name | shape | meaning |", "|---|---|---|---|"]
    for way in ("inputs", "outputs"):
        for name, entry in facts[way].items():
            shape = ", ".join(map(str, entry["shape"]))
            lines.append(f"| {way[:-1]} | `{name}` | ({shape}) | {entry['about']} |")
    for name, entry in [*facts["inputs"].items(), *facts["outputs"].items()]:
        if values := entry.get("values"):
            more = f", and {len(values) - SHOWN} more, all in card.json" if len(values) > SHOWN else ""
            lines += ["", f"`{name}`, in order: {', '.join(values[:SHOWN])}{more}."]
    return lines


def example(card: registry.Card, facts: dict[str, Any]) -> str:
    """A program that loads the net and uses it."""
    imports, load, use = (text.format(file=facts["file"], output="{output}") for text in LOADING[facts["format"]])
    lines = ["import numpy as np", imports, "", load]
    if card.kind == "generator":
        told = plain.blocks(card)
        chosen = {name: [i % len(values) for i in (0, 1, 2, 0)] for name, (_, values) in told.items()}
        lines += [
            "given = {",
            f'    "latent": np.random.default_rng(1).standard_normal((4, {card.latent}), dtype=np.float32),',
        ]
        lines += [
            f'    "{name}": np.eye({len(told[name][1])}, dtype=np.float32)[{places}],  '
            f"# {', '.join(_word(told[name][1][place]) for place in places)}"
            for name, places in chosen.items()
        ]
        lines += ["}"]
    else:
        height, width, channels = card.shape
        lines += [f"pictures = np.zeros((4, {height}, {width}, {channels}), np.uint8)  # yours"]
        lines += ['given = {"image": pictures.astype(np.float32) * np.float32(2 / 255) - 1}']
    if card.kind in ("generator", "upscaler"):
        lines += [f"pictures = {use.format(output=plain.PICTURES)}"]
        lines += ["pixels = np.rint((np.clip(pictures, -1, 1) + 1) * 127.5).astype(np.uint8)", "print(pixels.shape)"]
    else:
        lines += [f"logits = {use.format(output='logits')}"]
        last = f"logits.reshape(4, -1, {numbers5.VALUES}).argmax(2)" if card.kind == "reader" else "logits.argmax(1)"
        lines += [f"print({last})  # {'a value a place' if card.kind == 'reader' else 'places in the list of classes'}"]
    return "\n".join(lines)


def _word(value: str) -> str:
    """A value as a comment can hold it."""
    return " ".join(value.split())[:20] or str(np.nan)
