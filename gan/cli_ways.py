"""The verbs that go somewhere: from label to label with the latent held, and from latent to latent."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from gan import films, images, registry
from gan.cli_base import Verb, positive, seed, tell, write_out
from gan.cli_drawing import TRUNCATION, labels
from gan.cli_progress import progress
from gan.errors import UserError, unknown

KEYS = 4  # pictures passed where none are named


def add(verb: Verb) -> None:
    """Add the verbs."""
    morph = verb(
        "morph",
        _morph,
        "Go from label to label with the latent held: the same hand writes a 3 that becomes an 8.",
        examples=[
            "morph --labels 3,8,1 --loop --rows 3 --out morph.gif",
            "morph --labels 3,8 --steps 12 --out way.png",
        ],
    )
    morph.add_argument("--model", default="digits", help="who draws")
    morph.add_argument("--labels", required=True, help="class names in order, separated by commas (or semicolons)")
    morph.add_argument("--loop", action="store_true", help="and back to the first")
    morph.add_argument("--rows", type=positive, default=1, help="latents, each going the same way")
    morph.add_argument("--seed", type=seed, default=1, help="decides the latents")
    morph.add_argument("--truncation", type=float, default=1.0, help=TRUNCATION)
    _film(morph)

    interpolate = verb(
        "interpolate",
        _interpolate,
        "Go from picture to picture through the latent space, as a film or a sheet.",
        more="A key is SEED or SEED/LABEL; one without a label has that of the key before it. In place of a seed a key "
        "may be a latent as links have it. --at takes what stands behind at= in the address of Explore > Latent space: "
        "keys, directions and all.",
        examples=[
            "interpolate --model digits --keys 1/3 2/8 9/8 --loop --out way.gif",
            'interpolate --model avatars32 --keys "1/black, light" "7/blonde, deep" --steps 10 --out faces.png',
            "interpolate --model digits --at 1~2_0.5__3 --out link.mp4",
        ],
    )
    interpolate.add_argument("--model", default="digits", help="who draws")
    which = interpolate.add_mutually_exclusive_group()
    help = f"the pictures passed (default: {KEYS}, from seed 1, labels in turn)"
    which.add_argument("--keys", nargs="+", action="extend", metavar="SEED[/LABEL]", help=help)
    which.add_argument("--at", metavar="LINK", help="a view of the latent space, as its link has it")
    interpolate.add_argument("--path", choices=("spherical", "straight"), help="the way (default: spherical)")
    interpolate.add_argument("--easing", choices=("even", "smooth"), help="smooth: rests at each key (default: even)")
    interpolate.add_argument("--loop", action="store_true", help="and back to the first")
    _film(interpolate)


def _film(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--steps", type=positive, default=8, help="pictures from one to the next, on a .png")
    parser.add_argument("--rate", type=float, default=24, help="frames a second of a film")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long a film lasts")
    parser.add_argument("--out", type=Path, required=True, help="FILE.png, FILE.gif or FILE.mp4")


def _write(
    options, sheet: Callable[[], bytes], frames: Callable[[], Sequence[images.Array] | images.Array]
) -> dict[str, Any]:
    """Write what `--out` names, a sheet or a film; gives what is said of it."""
    kind = options.out.suffix.lower().removeprefix(".")
    if kind == "png":
        write_out(options.out, sheet())
        return {"out": options.out, "model": options.model}
    if kind not in films.KINDS:
        raise UserError(f"--out {options.out}: end the name with .png, .gif or .mp4.")
    shown = list(frames())
    write_out(options.out, films.film(kind, shown, options.rate, progress))
    progress.done()
    return {"out": options.out, "model": options.model, "frames": len(shown), "rate": options.rate}


def _morph(options) -> None:
    from gan.generating import morphs

    card = registry.card(options.model)
    passed = labels(card, options.labels)
    morph = morphs.Morph(card.name, passed, options.seed, options.rows, options.truncation, options.loop)
    answer = _write(
        options,
        lambda: images.encode_png(morphs.sheet(morphs.strip(morph, options.steps))),
        lambda: morphs.frames(morph, options.rate, options.seconds),
    )
    stops = [card.class_names[label] for label in morph.stops]
    tell(options, f"{' → '.join(stops)} in {options.out}", **answer, labels=stops)


def _interpolate(options) -> None:
    from dataclasses import replace

    from gan.latent_space import journey, links
    from gan.latent_space.views import View

    card = registry.card(options.model)
    if card.kind != "generator":
        raise UserError(f"{card.name} does not draw from latents; choose a generator (python -m gan models).")
    classes = len(card.class_names)
    if options.at is not None:
        view = links.read(options.at, card.name, classes)
    else:
        data = {**View.start(card.name, classes).to_json(), "t": 0.0, "keys": _keys(options.keys, card)}
        view = View.from_json(data, classes)
    changed = {name: getattr(options, name) for name in ("path", "easing", "loop") if getattr(options, name)}
    view = replace(view, t=0.0, plane=None, **changed)
    if len(view.keys) < 2:
        raise UserError("A way leads from one picture to another: name two keys or more.")
    answer = _write(
        options,
        lambda: journey.sheet(view, options.steps),
        lambda: journey.frames(view, options.rate, options.seconds),
    )
    words = f"{len(view.keys)} pictures and the way between them in {options.out}"
    tell(options, words, **answer, at=links.write(view), view=view.to_json())


def _keys(given: Sequence[str] | None, card: registry.Card) -> list[dict[str, Any]]:
    """The keys of a view, as `View.from_json` takes them."""
    names = card.class_names
    if given is None:
        given = [f"{1 + place}/{names[place % len(names)]}" if names else f"{1 + place}" for place in range(KEYS)]
    keys, label = [], 0
    for key in given:
        at, slash, name = key.partition("/")
        if slash:
            if name not in names:
                raise unknown(f"label of {card.name}", name, names)
            label = names.index(name)
        weights = [float(index == label) for index in range(len(names))]
        keys.append({"at": int(at) if at.isdecimal() else at, "classes": weights})
    return keys
