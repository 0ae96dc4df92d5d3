"""What all tests share: folders of their own for runs, cache and models."""

from __future__ import annotations

import os

import pytest

from gan import paths


@pytest.fixture
def runs_dir(tmp_path, monkeypatch):
    """An empty folder of runs."""
    monkeypatch.setenv("GAN_RUNS_DIR", str(tmp_path / "runs"))
    return paths.runs_dir()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache."""
    monkeypatch.setenv("GAN_CACHE_DIR", str(tmp_path / "cache"))
    return paths.cache_dir()


@pytest.fixture
def local_data(tmp_path, monkeypatch):
    """An empty folder of the user's own data sets."""
    monkeypatch.setenv("GAN_LOCAL_DATA_DIR", str(tmp_path / "local"))
    return paths.local_data_dir()


@pytest.fixture
def weights_dir(tmp_path, monkeypatch):
    """An empty folder of models."""
    monkeypatch.setenv("GAN_WEIGHTS_DIR", str(tmp_path / "weights"))
    return paths.weights_dir()


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """An empty folder of favourites and named directions."""
    monkeypatch.setenv("GAN_KEPT_DIR", str(tmp_path / "kept"))
    return paths.kept_dir()


@pytest.fixture
def mnist():
    """The name of MNIST where its files are at hand; skips where they are not."""
    from gan.datasets import DATASETS

    if not DATASETS["mnist"].local:
        pytest.skip("MNIST is not here; point GAN_DATA_DIR at its files to run this test")
    return "mnist"


def pytest_configure(config):
    # Two cores are shared with the workers that the tests start.
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "2")
