"""Every row of `DATASETS` against its card."""

import subprocess
import sys

import numpy as np
import pytest

from gan import datasets
from gan.datasets import DATASETS

UNEVEN = ("emnist-byclass", "emnist-bymerge", "svhn", "svhn-full")  # classes as often as they were met


@pytest.fixture(params=DATASETS)
def source(request):
    return DATASETS[request.param]


def test_card(source):
    assert DATASETS[source.name] is source
    assert datasets.source(source.name).name == source.name  # where files of one's own are, another card of this name
    assert source.title and source.summary and source.licence and source.citation
    assert len(set(source.class_names)) == len(source.class_names)
    assert source.labelled or source.class_names == ("all",)
    assert len(source.shape) == 3 and source.shape[2] in (1, 3)
    assert set(source.counts) == {"train", "test"} and min(source.counts.values()) > 0


def test_content(source):
    if not source.local:
        pytest.skip(f"{source.name} is not on this machine; GAN_DATA_DIR names no folder that has it")
    dataset = datasets.load(source.name)
    row = dataset.source
    assert row is source or (row.name == source.name and row.counts != source.counts)  # a cut of the publisher's files
    assert list(dataset.splits) == list(source.counts)
    assert dataset.train is dataset.splits["train"] and dataset.test is dataset.splits["test"]
    classes = len(source.class_names)
    for name, split in dataset.splits.items():
        assert split.images.dtype == np.uint8 and split.images.shape == (row.counts[name], *source.shape)
        assert split.labels.dtype == np.int64 and split.labels.shape == (len(split),)
        counts = np.bincount(split.labels, minlength=classes)
        assert len(counts) == classes
        if source.name not in UNEVEN:
            assert counts.min() > 0.8 * len(split) / classes  # no class is missing or rare
        if not (source.name.startswith("emnist") and name == "test"):
            assert len(np.unique(split.labels[:100])) > classes / 2  # and they come mixed
        first = split.images[:1000]
        assert first.min() == 0 and first.max() == 255
        if source.shape[2] == 1:
            assert 0.02 < (first > 127).mean() < 0.4  # white on black
    assert dataset.train.digest != dataset.test.digest


def test_no_test_picture_is_a_training_picture(source):
    if not source.local:
        pytest.skip(f"{source.name} is not on this machine; GAN_DATA_DIR names no folder that has it")
    train, test = ({image.tobytes() for image in split.images} for split in datasets.load(source.name).splits.values())
    assert not train & test


def test_handwriting_needs_nothing_else():
    assert DATASETS["handwriting"].local


def test_listing_reads_nothing_and_imports_no_net():
    program = (
        "import sys, gan.datasets; [row.title for row in gan.datasets.DATASETS.values()];"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'keras', 'tensorflow', 'jax', 'streamlit'}))"
    )
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == "[]"
