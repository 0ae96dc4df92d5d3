"""A model, a run's newest checkpoint, or pictures from a file, measured: what the command line and the pages share."""

from __future__ import annotations

import functools
import hashlib
import json
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gan import datasets, images, inference, latent, models, paths, registry
from gan.errors import UserError
from gan.metrics import baselines, copying, evaluate, features
from gan.training import promote, runs

SAMPLES = 10_000  # what FID and recall are usually measured on
NETS = {"classifier": None, "inception": features.INCEPTION}  # what one may ask to be measured in
LARGEST = 2**30  # bytes of pictures that a file may unpack to

Array = np.ndarray
Paint = Callable[[Array, Array], Array]  # latents (n, d) and class weights (n, k) to pictures uint8 [n, h, w, c]


@dataclass(frozen=True, eq=False)
class Subject:
    """Something to measure. `digest` changes whenever its pictures do."""

    name: str
    digest: str
    class_names: tuple[str, ...]
    latent: int
    paint: Paint

    def draw(self, labels: Array, seed: int, chosen: Array | slice = slice(None)) -> Array:
        """The pictures of labels and a seed, or only the `chosen` ones of them: a picture does not depend on others."""
        latents = latent.normal(seed, len(labels), self.latent)
        classes = (
            np.eye(len(self.class_names), dtype=np.float32)[labels] if self.class_names else np.zeros((len(labels), 0))
        )
        return self.paint(latents[chosen], classes[chosen])


def model(name: str) -> Subject:
    """A generator of the registry.

    Raises:
        UserError: if it is unknown, damaged or no generator.
    """
    card = inference.card(name)
    return Subject(name, card.digest, card.class_names, card.latent, functools.partial(inference.sample, name))


def run(name: str) -> Subject:
    """The newest checkpoint of a run.

    Raises:
        UserError: if there is no such run, or no checkpoint yet, or the run trains a classifier.
    """
    found = runs.find(name)
    if models.family(found.recipe.model).game != "gan":
        raise UserError(f"{found.id} trains a classifier; only generators draw pictures that can be measured.")
    step = promote.latest(found)[0]
    inference.prepare()
    net, (_, condition) = _net_of_run(found, step), promote.told(found)

    def paint(latents: Array, classes: Array) -> Array:
        starts = range(0, len(latents), 500)
        inputs = [latents, classes @ condition.encoding] if condition.columns else [latents]
        parts = [net.predict_on_batch([part[i : i + 500] for part in inputs]) for i in starts]
        return images.from_model(np.concatenate(parts))

    digest = hashlib.sha256(f"{found.path} {step} {found.recipe.to_json()}".encode()).hexdigest()
    names = condition.class_names
    return Subject(f"{found.id} @ {step:,}", digest, names, int(net.inputs[0].shape[-1]), paint)


@functools.lru_cache(maxsize=4)
def _net_of_run(run: runs.Run, step: int):
    return promote.net(run, step)


def kept(
    subject: Subject, dataset: str, classifier: str | None = None, seeds: Sequence[int] = (1,), count: int = SAMPLES
) -> dict[str, Any] | None:
    """The report of `measure` if it was made before, else None."""
    _, net, judge = _nets(dataset, classifier)
    with suppress(OSError, ValueError):
        path = _path(subject, datasets.load(dataset), net, judge, seeds, count)
        return json.loads(path.read_text(encoding="utf-8"))
    return None


def _path(subject, data, net, judge, seeds: Sequence[int], count: int) -> Path:
    key = [
        baselines.VERSION,
        subject.digest,
        data.test.digest,
        net.digest,
        judge.digest if judge else "",
        count,
        *seeds,
    ]
    return paths.cache_dir() / "evaluations" / f"{hashlib.sha256(json.dumps(key).encode()).hexdigest()[:32]}.json"


def measure(
    subject: Subject,
    dataset: str,
    *,
    classifier: str | None = None,
    seeds: Sequence[int] = (1,),
    count: int = SAMPLES,
    progress: datasets.Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> dict[str, Any]:
    """The report of `gan.metrics.evaluate.evaluate` on a subject's pictures; with several seeds, means and spreads.

    Pictures are drawn with default latents, neither truncated nor chosen among, of each class as often as the training
    data has it. A report is kept with what it was made from, and found again.

    Args:
        subject: what to measure.
        dataset: the data set to measure against; its test split is.
        classifier: what to measure in, or `features.INCEPTION`; by default the classifier that reads this data.
        seeds: of the latents.
        count: how many pictures are drawn for each seed.
        progress: called with the share done and what is being done.
        cancelled: asked every so often whether to stop.

    Raises:
        UserError: for anything unknown, or that does not fit together.
        Cancelled: if `cancelled` said so.
    """
    _source, net, judge = _nets(dataset, classifier)
    data = datasets.load(dataset)
    if found := kept(subject, dataset, classifier, seeds, count):
        return found
    labels = labels_of(subject, data, count)
    reports = []
    for done, seed in enumerate(seeds):

        def part(share: float, text: str, done: int = done) -> None:
            if progress:
                progress((done + share) / len(seeds), text)

        part(0.0, f"Drawing {count:,} pictures of {subject.name}")
        drawn = subject.draw(labels, seed)
        reports.append(
            evaluate.evaluate(
                drawn,
                labels if subject.class_names else None,
                data,
                net,
                judge=judge,
                class_names=subject.class_names,
                progress=part,
                cancelled=cancelled,
            )
        )
    report = evaluate.combine(reports) if len(reports) > 1 else reports[0]
    report = {"subject": subject.name, "subject_digest": subject.digest, "seeds": list(seeds), **report}
    path = _path(subject, data, net, judge, seeds, count)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        paths.write_aside(path, json.dumps(report).encode())
    return report


def measure_file(
    path: Path, dataset: str, classifier: str | None = None, progress: datasets.Progress | None = None
) -> dict[str, Any]:
    """The report on an .npz with ``images`` (uint8 n,h,w,c) and ``labels`` (int, n).

    Raises:
        UserError: if it is not such a file, or does not fit the data set.
    """
    _, net, judge = _nets(dataset, classifier)
    pictures, labels = read(path)
    report = evaluate.evaluate(pictures, labels, datasets.load(dataset), net, judge=judge, progress=progress)
    return {"subject": path.name, **report}


def neighbours(pictures: Array, dataset: str, count: int = 4) -> list[tuple[str, Array]]:
    """For each picture: itself, the nearest training pictures by pixels, then by features.

    Args:
        pictures: uint8 [n, h, w, c].
        dataset: where to look.
        count: how many of each kind.

    Returns:
        n pairs of a name and uint8 [1 + 2 * count, h, w, c].
    """
    _, net, _ = _nets(dataset, None)
    split = datasets.load(dataset).train
    found = copying.nearest_pictures(pictures, split, net, count)
    rows = zip(pictures, found["pixels"][0], found["features"][0], strict=True)
    return [
        (str(i + 1), np.concatenate([one[None], split.images[near], split.images[alike]]))
        for i, (one, near, alike) in enumerate(rows)
    ]


def read(path: Path) -> tuple[Array, Array | None]:
    """Pictures and labels of an .npz file.

    Raises:
        UserError: if it is not such a file, is too large, or holds something else.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > LARGEST:
                raise UserError(f"{path.name}: unpacks to more than {LARGEST // 2**20} MB; measure it in parts.")
        with np.load(path, allow_pickle=False) as arrays:
            pictures = arrays["images"]
            labels = arrays["labels"] if "labels" in arrays.files else None
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise UserError(f"{path}: give an .npz with images (uint8 n,h,w,c) and labels (int, n); {error}.") from None
    if pictures.dtype != np.uint8 or pictures.ndim != 4:
        raise UserError(f"{path.name}: images must be uint8 [n, h, w, c], not {pictures.dtype} {list(pictures.shape)}.")
    return pictures, labels


def as_text(report: dict[str, Any]) -> str:
    """A report's scores as a table for reading: value beside what real pictures measure."""
    lines = [f"{'':42}{'value':>10}{'real':>10}"]
    for name, score in report["scores"].items():
        value, real = (figure(score.get(key)) for key in ("value", "real"))
        lines.append(f"{name:42}{value:>10}{real:>10}" + (f"  {score['reason']}" if score.get("reason") else ""))
    return "\n".join(lines)


def figure(value: float | None) -> str:
    """A score as text, four digits of it."""
    return "-" if value is None else f"{value:.4g}"


def labels_of(subject: Subject, data: datasets.Dataset, count: int) -> Array:
    """Labels in the proportions of the training data; where classes are others, in turn."""
    classes = len(subject.class_names)
    if not classes:
        return np.zeros(count, np.int64)
    if subject.class_names != data.source.class_names:
        return np.arange(count) % classes
    shares = np.bincount(data.train.labels, minlength=classes) / len(data.train.labels)
    # The largest remainder decides who gets the pictures that rounding down leaves over.
    quota = np.floor(shares * count).astype(int)
    left = np.argsort(quota - shares * count)[: count - quota.sum()]
    quota[left] += 1
    return np.repeat(np.arange(classes), quota)


def _nets(
    dataset: str, classifier: str | None
) -> tuple[datasets.Source, features.FeatureFunction, features.FeatureFunction | None]:
    """The data set's row, the net to measure in, and the judge if there is one."""
    source = datasets.source(dataset)
    inference.prepare()
    if classifier is None:
        card = registry.measuring_net(source.class_names, source.shape)
        if card is None:
            raise UserError(f"No classifier reads {source.title} at its size; train one, or measure in Inception-v3.")
        classifier = card.name
    net = features.inception(source.shape) if classifier == features.INCEPTION else features.named(classifier)
    judge = registry.measuring_net(source.class_names, source.shape, "judge")
    return source, net, features.named(judge.name) if judge else None


def measure_classifier(name: str, dataset: str) -> dict[str, Any]:
    """How often a classifier reads the test pictures of a data set rightly, as a report.

    Raises:
        UserError: if it is no classifier, or reads other classes or another size.
    """
    inference.prepare()
    net, data = features.named(name), datasets.load(dataset)
    if net.class_names != data.source.class_names:
        raise UserError(f"{name} reads {', '.join(net.class_names)}, not the classes of {data.source.title}.")
    _, probabilities = net(np.asarray(data.test.images))
    right = float((probabilities.argmax(axis=1) == data.test.labels).mean())
    score = {
        "measure": "test_accuracy",
        "title": "Read rightly",
        "value": right,
        "samples": len(data.test),
        "net": name,
    }
    return {
        "subject": name,
        "dataset": dataset,
        "split": "test",
        "split_digest": data.test.digest,
        "scores": {f"test_accuracy_{name}": score},
    }
