"""The command line: the verbs of the pages, for the shell. ``python -m gan VERB --help`` explains each."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from gan import cli_data, cli_drawing, cli_runs, images, paths, registry
from gan.cli_data import show
from gan.cli_drawing import positive, write_out
from gan.cli_progress import progress
from gan.errors import UserError
from gan.recipes import RECIPES, recipe
from gan.training.backends import BACKENDS, DEFAULT


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb. Exit codes: 0 done, 1 the run failed, 2 the request cannot be met (the message says why)."""
    options = _parser().parse_args(arguments)
    # Unlike the server, which leaves the cores to training, a command has nothing else to do.
    os.environ.setdefault("GAN_INFERENCE_THREADS", str(os.cpu_count() or 1))
    try:
        return options.run(options) or 0
    except UserError as error:
        progress.done()
        print(f"gan: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gan", description="Train, watch, measure and use GANs.")
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    def verb(name: str, run, help: str, json_output: bool = False) -> argparse.ArgumentParser:
        sub = verbs.add_parser(name, help=help, description=help)
        sub.set_defaults(run=run)
        if json_output:
            sub.add_argument("--json", action="store_true", help="print JSON for a program to read")
        return sub

    cli_data.add(verb)
    cli_runs.add(verb)
    cli_drawing.add(verb)
    verb("recipes", _recipes, "List the recipes and what they change.", json_output=True)
    verb("models", _models, "List the models and what they score.", json_output=True)
    verb("runs", _runs, "List the training runs.", json_output=True)

    train = verb("train", _train, "Train a recipe here, in this terminal. Ctrl+C stops with a checkpoint.")
    train.add_argument("--recipe", required=True, help=f"one of {', '.join(RECIPES)}")
    train.add_argument("--set", nargs="+", default=[], metavar="NAME=VALUE", help="settings that differ")
    train.add_argument("--steps", type=int, help="steps until it is finished")
    train.add_argument("--run", dest="folder", type=Path, help="the run's folder (default: a new one)")
    train.add_argument("--backend", choices=BACKENDS, default=DEFAULT, help="what computes (default: %(default)s)")

    resume = verb("resume", _resume, "Go on with a run from its latest checkpoint.")
    resume.add_argument("name", metavar="RUN")
    help = "what computes (default: as before; another one goes on from the same checkpoint, but not bit for bit)"
    resume.add_argument("--backend", choices=BACKENDS, default="", help=help)
    stop = verb("stop", _stop, "Stop a run at its next step, with a checkpoint.")
    stop.add_argument("name", metavar="RUN")

    promote = verb("promote", _promote, "Make a model of what a run has learned.")
    promote.add_argument("source", metavar="RUN")
    promote.add_argument("--name", required=True, help="the model's name")
    promote.add_argument("--title", default="", help="the name that people read")
    promote.add_argument("--summary", default="", help="one line on what it is")
    promote.add_argument("--kind", default="", choices=["", "judge"], help="judge: a classifier kept from measuring")
    help = "super-resolution: the share of what the discriminator taught, 0 (true pixels alone) to 1 (default)"
    promote.add_argument("--blend", type=float, default=1.0, help=help)
    promote.add_argument("--step", type=int, help="a checkpoint or snapshot of it (default: the latest checkpoint)")
    promote.add_argument("--ship", action="store_true", help="into weights/ instead of weights/local/")

    upscale = verb("upscale", _upscale, "Make a picture four times larger.")
    upscale.add_argument("picture", metavar="FILE", type=Path)
    upscale.add_argument("larger", metavar="OUT", nargs="?", type=Path, help="as --out")
    upscale.add_argument("--model", help="an upscaler (default: sr4, or the one that is there)")
    upscale.add_argument("--out", type=Path, metavar="OUT.png", help="(default: FILE-4x.png beside it)")

    evaluate = verb("evaluate", _evaluate, "Measure a model, or pictures, against a data set.", json_output=True)
    subject = evaluate.add_mutually_exclusive_group(required=True)
    subject.add_argument("--model")
    subject.add_argument("--run", dest="run_name", metavar="RUN", help="a run's newest checkpoint")
    subject.add_argument("--samples", type=Path, help="an .npz with images and labels")
    evaluate.add_argument("--dataset", default="mnist")
    net = evaluate.add_mutually_exclusive_group()
    net.add_argument("--classifier", help="the net that measures (default: the one that fits the data)")
    help = "what to measure in: the classifier that reads the data, or Inception-v3 with Keras' weights (slow)"
    net.add_argument("--features", choices=["classifier", "inception"], default="classifier", help=help)
    evaluate.add_argument("--seed", type=int, default=1)
    evaluate.add_argument("--seeds", type=positive, default=1, metavar="N", help="N seeds: means and their spread")
    evaluate.add_argument("--save", action="store_true", help="write the scores to the model's card")
    return parser


def _recipes(options) -> None:
    show([{"name": r.name, "model": r.model, "note": r.note} for r in RECIPES.values()], options.json)


def _models(options) -> None:
    for problem in registry.problems():
        print(f"gan: {problem}", file=sys.stderr)
    fields = ("name", "kind", "title", "summary", "scores")
    show([{field: getattr(card, field) for field in fields} for card in registry.cards()], options.json)


def _runs(options) -> None:
    from gan.training.runs import list_runs

    rows = []
    for run in list_runs():
        status = run.status()
        rows.append({"run": run.id, "state": status["state"], "step": status.get("step", 0), "recipe": run.recipe.name})
    show(rows, options.json)


def _train(options) -> int:
    from gan.training import backends, runs, worker

    backends.check(options.backend)
    settings = cli_runs.settings(options.set)
    if options.steps is not None:
        settings["steps"] = options.steps
    chosen = recipe(options.recipe).with_settings(settings)
    run = runs.create(chosen, options.folder)
    print(f"Run {run.path}", flush=True)
    return worker.main(run, options.backend)


def _resume(options) -> int:
    from gan.training import runs, worker

    return worker.main(runs.find(options.name), options.backend)


def _stop(options) -> None:
    from gan.training.runs import find

    find(options.name).request("stop")


def _promote(options) -> None:
    from gan.training.promote import promote
    from gan.training.runs import find

    folder = paths.weights_dir() if options.ship else None
    named = options.name, options.title, options.summary
    card = promote(find(options.source), *named, folder, options.kind, options.blend, options.step)
    print(f"Model {card.name}: step {card.training['step']:,}, {card.training['images_seen']:,} pictures seen.")


def _upscale(options) -> None:
    from gan import enlarging
    from gan.datasets import decoding

    source = options.picture
    out = options.out or options.larger or source.with_name(f"{source.stem}-{enlarging.TIMES}x.png")
    if out.suffix.lower() != ".png":
        raise UserError(f"--out {out}: end the name with .png.")
    model = enlarging.upscaler(options.model).name if options.model else enlarging.first()
    try:
        picture = decoding.decode(source.read_bytes(), source.name)
    except OSError as error:
        raise UserError(f"{source}: cannot be read ({error.strerror}).") from None
    if out.exists() and out.samefile(source):
        raise UserError(f"--out {out}: would overwrite the original; choose another name.")
    large = enlarging.enlarge(model, picture, lambda share: progress(share, f"Enlarging {source.name}"))
    progress.done()
    write_out(out, images.encode_png(large))
    print(f"{out}: {large.shape[1]:,} x {large.shape[0]:,} pixels, by {model}.")


def _evaluate(options) -> None:
    from gan import evaluation, reports
    from gan.evaluation import classifiers, upscalers

    classifier = options.classifier or evaluation.NETS[options.features]
    if options.samples:
        report = evaluation.measure_file(options.samples, options.dataset, classifier, progress)
    elif options.model and registry.card(options.model).kind == "upscaler":
        report = upscalers.measure(options.model, options.dataset, progress)
    elif options.model and registry.card(options.model).kind != "generator":
        report = classifiers.measure(options.model, options.dataset)
    else:
        subject = evaluation.model(options.model) if options.model else evaluation.run(options.run_name)
        seeds = range(options.seed, options.seed + options.seeds)
        report = evaluation.measure(
            subject, options.dataset, classifier=classifier, seeds=list(seeds), progress=progress
        )
    progress.done()
    if options.save and options.model:
        command = f"python -m gan evaluate --model {options.model} --dataset {options.dataset}"
        kept = {key: value for key, value in report.items() if key != "worst"}
        registry.add_scores(
            options.model, {**kept, "command": f"{command} --seed {options.seed} --seeds {options.seeds}"}
        )
    print(json.dumps(report, indent=2) if options.json else reports.as_text(report))
