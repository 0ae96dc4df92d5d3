"""The command line: the verbs of the pages, for the shell. ``python -m gan VERB --help`` explains each."""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from gan import (
    __version__,
    cli_base,
    cli_data,
    cli_drawing,
    cli_export,
    cli_models,
    cli_pictures,
    cli_runs,
    cli_search,
    cli_ways,
)
from gan.cli_progress import progress
from gan.datasets.workspace import FULL
from gan.errors import UserError, unknown

# In the order in which help has them.
MODULES = (cli_data, cli_runs, cli_search, cli_models, cli_drawing, cli_ways, cli_pictures, cli_export)
BESIDE = ("keras", "tensorflow", "tensorflow-cpu", "jax", "streamlit")  # whose versions matter too
# What files do that nobody can foresee: a message is enough, and where in the program it happened says nothing.
DISK = {*FULL, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG}

CODES = """exit codes:
  0    done
  1    failed on the way: a run that broke, a disk that is full
  2    the request cannot be met; the message on stderr says why, and what would work
  130  interrupted by Ctrl+C (train and resume stop with a checkpoint instead, and end with 0)

With --json every verb prints one JSON value on stdout and nothing else; progress goes to stderr.
`python -m gan VERB --help` explains a verb, with examples."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; gives its exit code, as `CODES` has them."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _open_streams()
    try:
        code = _run(given)
        sys.stdout.flush()
        return code
    except UserError as error:
        progress.done()
        print(f"gan: {error}", file=sys.stderr)
        return 1 if getattr(error.__context__, "errno", None) in FULL else 2
    except BrokenPipeError:  # whoever read the answer has had enough of it (`| head`)
        _drop_output()
        return 0
    except OSError as error:
        if error.errno not in DISK or not (error.filename or error.errno in FULL):
            raise
        progress.done()
        if error.filename:
            print(f"gan: {error.filename}: {error.strerror}", file=sys.stderr)
        else:  # a write, unlike opening, does not say of which file; it may have been stdout
            print(f"gan: {error.strerror}", file=sys.stderr)
            _drop_output()
        return 1
    except KeyboardInterrupt:
        progress.done()
        print("gan: interrupted", file=sys.stderr)
        return 130


def _open_streams() -> None:
    """Have printing never fail: where the shell has closed a stream (`>&-`), or for what its encoding lacks."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _drop_output() -> None:
    """What stdout has not taken must not be written when Python ends either."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(given: list[str]) -> int:
    program = parser()
    if not given:
        program.print_help()
        return 0
    if given[0] == "--version":  # argparse would break its line
        print(_versions())
        return 0
    known = verbs_of(program)
    if not given[0].startswith("-") and given[0] not in known:
        raise unknown("verb", given[0], known)
    options = program.parse_args(given)
    # Unlike the server, which leaves the cores to training, a command has nothing else to do.
    os.environ.setdefault("GAN_INFERENCE_THREADS", str(os.cpu_count() or 1))
    return options.run(options) or 0


def parser() -> argparse.ArgumentParser:
    """The parser of all verbs."""
    about = "Train, watch, measure and use generative adversarial networks: what the app does, for the shell."
    whole = argparse.ArgumentParser(
        prog=cli_base.PROGRAM, description=about, epilog=CODES, formatter_class=cli_base.Formatter
    )
    whole.add_argument("--version", action="store_true", help="say the versions of app and libraries")
    verb = cli_base.verbs(whole)
    for module in MODULES:
        module.add(verb)
    return whole


def verbs_of(program: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The parser of each verb."""
    tables = [action for action in program._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(tables[0].choices)


def _versions() -> str:
    found = [f"Python {sys.version.partition(' ')[0]}"]
    for name in BESIDE:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found.append(f"{name} {metadata.version(name)}")
    return f"GAN Studio {__version__} ({', '.join(found)})"
