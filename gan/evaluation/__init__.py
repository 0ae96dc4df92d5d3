"""A model, a run's newest checkpoint, or pictures from a file, measured: what the command line and the pages share."""

from __future__ import annotations

import functools
import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from gan import conditions, datasets, images, inference, latent, models, paths, registry
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
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # if not the label: what it is told

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
    paint = functools.partial(inference.sample, name)
    return Subject(name, card.digest, card.class_names, card.latent, paint, card.columns)


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
    names, latents = condition.class_names, int(net.inputs[0].shape[-1])
    return Subject(f"{found.id} @ {step:,}", digest, names, latents, paint, condition.by_column)


@functools.lru_cache(maxsize=4)
def _net_of_run(run: runs.Run, step: int):
    return promote.net(run, step)


def kept(
    subject: Subject, dataset: str, classifier: str | None = None, seeds: Sequence[int] = (1,), count: int = SAMPLES
) -> dict[str, Any] | None:
    """The report of `measure` if it was made before, else None."""
    data = data_for(subject, dataset)
    _, path = _known(subject, data, _nets(data.source, classifier), seeds, count)
    with suppress(OSError, ValueError):
        return json.loads(path.read_text(encoding="utf-8"))
    return None


def data_for(subject: Subject, dataset: str) -> datasets.Dataset:
    """The real pictures to measure a subject against; of what is told several columns, by their combinations.

    Raises:
        UserError: if there is no such data set, or it cannot be opened.
    """
    data = datasets.load(dataset)
    if len(subject.columns) < 2 or not set(subject.columns) <= {*conditions.columns_of(data.source)}:
        return data
    return conditions.relabelled(data, ", ".join(subject.columns))[0]


def _known(subject, data, nets, seeds: Sequence[int], count: int) -> tuple[int, Path]:
    """How many pictures are drawn for each seed, and where the report is kept.

    Not more than there are training pictures that can be measured as if they had been drawn: with another number, the
    floor beside FID and the ceiling beside recall would be of another kind.
    """
    reference = min(len(data.test), baselines.REFERENCE)
    count = min(count, len(data.train) - min(reference, len(data.train) // 2))
    net, judge = nets
    digests = [data.test.digest, net.digest, judge.digest if judge else ""]
    key = json.dumps([baselines.VERSION, subject.digest, *digests, count, *seeds])
    return count, paths.cache_dir() / "evaluations" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"


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
        count: how many pictures are drawn for each seed; fewer where there are fewer real ones to compare with.
        progress: called with the share done and what is being done.
        cancelled: asked every so often whether to stop.

    Raises:
        UserError: for anything unknown, or that does not fit together.
        Cancelled: if `cancelled` said so.
    """
    data = data_for(subject, dataset)
    nets = net, judge = _nets(data.source, classifier)
    if found := kept(subject, dataset, classifier, seeds, count):
        return found
    count, path = _known(subject, data, nets, seeds, count)
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
                views=conditions.views(data.source, subject.columns),
                progress=part,
                cancelled=cancelled,
            )
        )
    report = evaluate.combine(reports) if len(reports) > 1 else reports[0]
    report = {"subject": subject.name, "subject_digest": subject.digest, "seeds": list(seeds), **report}
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
    net, judge = _nets(datasets.source(dataset), classifier)
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
    net, _ = _nets(datasets.source(dataset), None)
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
    except UserError:
        raise
    except Exception as error:  # two libraries on bytes of any kind: there is no list of what they raise
        raise UserError(
            f"{path.name}: give an .npz with images (uint8 n,h,w,c) and labels (int, n); {error}."
        ) from None
    if pictures.dtype != np.uint8 or pictures.ndim != 4:
        raise UserError(f"{path.name}: images must be uint8 [n, h, w, c], not {pictures.dtype} {list(pictures.shape)}.")
    return pictures, labels


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
    source: datasets.Source, classifier: str | None
) -> tuple[features.FeatureFunction, features.FeatureFunction | None]:
    """The net to measure in, and the judge if there is one."""
    inference.prepare()
    if classifier is None:
        card = registry.measuring_net(source)
        if card is None:
            raise UserError(f"No classifier reads {source.title} at its size; train one, or measure in Inception-v3.")
        classifier = card.name
    net = features.inception(source.shape) if classifier == features.INCEPTION else features.named(classifier)
    judge = registry.measuring_net(source, "judge")
    return net, features.named(judge.name) if judge else None
