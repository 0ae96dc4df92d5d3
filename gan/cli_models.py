"""The verbs that make models of runs, list them, and measure them."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from pathlib import Path

from gan import paths, registry
from gan.cli_base import Verb, positive, seed, settings, show, tell
from gan.cli_drawing import TRUNCATION
from gan.cli_progress import progress
from gan.errors import UserError


def add(verb: Verb) -> None:
    """Add the verbs."""
    verb("models", _models, "List the models and what they score.", examples=["models", "models --json"])

    promote = verb(
        "promote",
        _promote,
        "Make a model of what a run has learned.",
        more="The model is a folder with weights and a card that says what it learned from. It is then on every page "
        "and in every verb that takes --model. The run may go on training meanwhile.",
        examples=["promote 20260101-120000-cgan28 --name mine", "promote RUN --name early --step 4000"],
    )
    promote.add_argument("source", metavar="RUN", help="its name, as runs lists it, or its folder")
    promote.add_argument("--name", required=True, help="the model's name")
    promote.add_argument("--title", default="", help="the name that people read")
    promote.add_argument("--summary", default="", help="one line on what it is")
    promote.add_argument("--kind", default="", choices=["", "judge"], help="judge: a classifier kept from measuring")
    help = "super-resolution: the share of what the discriminator taught, 0 (true pixels alone) to 1"
    promote.add_argument("--blend", type=float, default=1.0, help=help)
    promote.add_argument("--step", type=int, help="a checkpoint or snapshot of it (default: the latest checkpoint)")
    promote.add_argument("--ship", action="store_true", help="into weights/ instead of weights/local/")

    evaluate = verb(
        "evaluate",
        _evaluate,
        "Measure a model, or pictures, against a data set.",
        more="Every score stands beside what real pictures score. Of a classifier it says how often it reads rightly, "
        "of a reader the same for whole numbers and for places, of an upscaler PSNR, SSIM and perceptual distance "
        "beside bicubic interpolation. Definitions are on Measure > Evaluate.",
        examples=[
            "evaluate --model digits --dataset mnist --seeds 3",
            "evaluate --samples digits.npz --dataset mnist --json",
        ],
    )
    subject = evaluate.add_mutually_exclusive_group(required=True)
    subject.add_argument("--model", help="a model's name")
    subject.add_argument("--run", dest="run_name", metavar="RUN", help="a run's newest checkpoint")
    subject.add_argument("--samples", type=Path, help="an .npz with images and labels")
    evaluate.add_argument("--dataset", default="mnist", help="the real pictures")
    net = evaluate.add_mutually_exclusive_group()
    net.add_argument("--classifier", help="the net that measures (default: the one that fits the data)")
    help = "what to measure in: the classifier that reads the data, or Inception-v3 with Keras' weights (slow)"
    net.add_argument("--features", choices=["classifier", "inception"], default="classifier", help=help)
    evaluate.add_argument("--seed", type=seed, default=1, help="decides the pictures drawn")
    evaluate.add_argument("--seeds", type=positive, default=1, metavar="N", help="N seeds: means and their spread")
    evaluate.add_argument("--save", action="store_true", help="write the scores to the model's card")

    cas = verb(
        "cas",
        _cas,
        "Train a classifier on drawn pictures only, and say how well it reads real ones (CAS).",
        more="The classification accuracy score (Ravuri and Vinyals 2019). It takes some minutes, and is a run like "
        "any other: Train > Live shows it, and it can be resumed.",
        examples=["cas --model digits --dataset mnist --seed 1", "cas --model hangul --agree --json"],
    )
    cas.add_argument("--model", default="digits", help="who draws")
    cas.add_argument("--dataset", default="", help="whose test pictures are read (default: the model's)")
    cas.add_argument("--count", type=positive, default=0, help="pictures drawn (default: as many as there are real)")
    cas.add_argument("--seed", type=seed, default=1, help="decides the pictures drawn")
    cas.add_argument("--truncation", type=float, default=1.0, help=TRUNCATION)
    cas.add_argument("--agree", action="store_true", help="learn only from pictures that the classifier agrees with")
    help = "settings of its recipe that differ"
    cas.add_argument("--set", nargs="+", action="extend", default=[], metavar="NAME=VALUE", help=help)
    cas.add_argument("--save", action="store_true", help="write the score to the model's card")


def _models(options) -> None:
    for problem in registry.problems():
        print(f"gan: {problem}", file=sys.stderr)
    fields = ("name", "kind", "title", "summary", "scores")
    show([{field: getattr(card, field) for field in fields} for card in registry.cards()], options, fields[:3])


def _promote(options) -> None:
    from gan.training.promote import promote
    from gan.training.runs import find

    folder = paths.weights_dir() if options.ship else None
    named = options.name, options.title, options.summary
    card = promote(find(options.source), *named, folder, options.kind, options.blend, options.step)
    seen = {name: card.training[name] for name in ("step", "images_seen")}
    words = f"Model {card.name}: step {seen['step']:,}, {seen['images_seen']:,} pictures seen."
    tell(options, words, model=card.name, kind=card.kind, folder=card.folder, **seen)


def _evaluate(options) -> None:
    from gan import evaluation, reports
    from gan.evaluation import classifiers, upscalers

    if options.save and not options.model:
        raise UserError("--save: scores are written to a model's card; name the --model, or leave it out.")
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
    print(json.dumps(report, indent=2) if options.json else reports.as_text(report), flush=True)
    if options.save:
        command = f"python -m gan evaluate --model {options.model} --dataset {options.dataset}"
        kept = {key: value for key, value in report.items() if key != "worst"}
        registry.add_scores(
            options.model, {**kept, "command": f"{command} --seed {options.seed} --seeds {options.seeds}"}
        )


def _cas(options) -> int:
    from gan.generating import cas

    order = cas.order(options.model, options.dataset, options.count, options.seed, options.truncation)
    run = cas.prepare(order, options.dataset, options.agree, settings(options.set), progress)
    progress.done()
    print(f"Run {run.id}", file=sys.stderr, flush=True)
    # A process of its own: this one has set TensorFlow up for drawing, without the GPU.
    command = [sys.executable, "-m", "gan", "resume", str(run.path)]
    worker = subprocess.Popen(command, stdout=sys.stderr, cwd=paths.ROOT)
    try:
        code = worker.wait()
    except KeyboardInterrupt:  # which reaches the worker too, as a rule: it stops with a checkpoint
        with contextlib.suppress(UserError):
            run.request("stop")
        worker.wait()
        print(f"gan: interrupted; `resume {run.id}` goes on with it.", file=sys.stderr)
        return 130
    found = cas.score(run)
    if found is None or found.value is None:
        print(f"gan: the run has not finished; `resume {run.id}` goes on with it.", file=sys.stderr)
        return code or 1
    report = {**vars(found), "steps": run.recipe.steps}
    real = "" if found.real is None else f"; trained on real ones, {found.net} reads {found.real:.2%}"
    said = f"{found.value:.2%} of {found.dataset}'s test pictures read rightly, learned from {found.count:,} drawn ones"
    tell(options, f"{said}{real}.", **report)
    if options.save:
        registry.add_scores(found.model, {"cas": {k: v for k, v in report.items() if k not in ("run", "digest")}})
    return 0
