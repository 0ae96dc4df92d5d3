"""What the verbs of the command line share: how they are explained, what they print, what their options take.

The answer goes to stdout, as words or with ``--json`` as JSON and nothing else; whatever is said on the way goes to
stderr.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from gan import paths
from gan.errors import UserError, unknown

PROGRAM = "python -m gan"
WIDTH = 100  # of a help page, at most


class Verb(Protocol):
    """Makes a verb of a name, the function that runs it, and a sentence on what it does.

    Args:
        name: what is typed.
        run: given the parsed options; returns an exit code, or None for 0.
        help: one sentence.
        more: what else one should know before using it, in a few sentences.
        examples: command lines without the program's name, each of which must parse.
    """

    def __call__(
        self, name: str, run: Any, help: str, *, more: str = "", examples: Sequence[str] = ()
    ) -> argparse.ArgumentParser: ...


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of an example, and says of every option what it is if nothing is given."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26)
        self._width = min(self._width, WIDTH)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        paragraphs = text.split("\n\n")
        fill = argparse.HelpFormatter._fill_text
        return "\n\n".join(p if "\n  " in p else fill(self, p, width, indent) for p in paragraphs)

    def _get_help_string(self, action: argparse.Action) -> str:
        text, default = action.help or "", action.default
        plain = default is None or default is False or default in ("", []) or default is argparse.SUPPRESS
        return text if plain or "default" in text or not action.option_strings else f"{text} (default: %(default)s)"


class VerbParser(argparse.ArgumentParser):
    """The parser of one verb: a misspelt option is told with the nearest one."""

    def parse_known_args(self, args=None, namespace=None):
        for word in args or ():
            name = word.partition("=")[0]
            if word == "--":
                break
            if name.startswith("--") and name[2:].replace("-", "").isalnum():
                known = [option for option in self._option_string_actions if option.startswith("--")]
                if not any(option.startswith(name) for option in known):
                    self.error(str(unknown("option", name, known)))
        return super().parse_known_args(args, namespace)


def verbs(parser: argparse.ArgumentParser) -> Verb:
    """What adds verbs to a program's parser."""
    table = parser.add_subparsers(metavar="VERB", dest="verb", title="verbs", parser_class=VerbParser)

    def verb(name: str, run: Any, help: str, *, more: str = "", examples: Sequence[str] = ()):
        lines = "\n".join(f"  {PROGRAM} {example}" for example in examples)
        sub = table.add_parser(
            name,
            help=help,
            description=f"{help}\n\n{more}" if more else help,
            epilog=f"for example:\n{lines}" if examples else None,
            formatter_class=Formatter,
        )
        sub.set_defaults(run=run)
        sub.add_argument("--json", action="store_true", help="print the answer as JSON, for a program to read")
        return sub

    return verb


def tell(options: argparse.Namespace, words: str, **answer: Any) -> None:
    """The answer of a verb: `words` for a person, or one JSON object."""
    print(_json(answer) if options.json else words, flush=True)


def note(options: argparse.Namespace, words: str) -> None:
    """What is said before the answer is known; beside it, if that is for a program."""
    print(words, file=sys.stderr if options.json else sys.stdout, flush=True)


def show(rows: Sequence[Mapping[str, Any]], options: argparse.Namespace, columns: Sequence[str] = ()) -> None:
    """The answer of a verb that lists: for a person a table of some columns (all, by default), or a JSON list."""
    if options.json:
        print(_json(list(rows)))
        return
    if not rows:
        print("None yet.", file=sys.stderr)
    table = [[str(row[name]) for name in columns or row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for line in table:
        print("  ".join(value.ljust(width) for value, width in zip(line, widths, strict=True)).rstrip())


def _json(answer: Any) -> str:
    # Paths as text, NumPy's numbers and arrays as Python's.
    plain = lambda value: value.tolist() if hasattr(value, "tolist") else str(value)  # noqa: E731
    # What a terminal's encoding lacks has to be escaped as JSON does it.
    whole = (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    return json.dumps(answer, indent=2, ensure_ascii=not whole, default=plain)


def write_out(path: Path, data: bytes, option: str = "--out") -> None:
    """Write what an option names: a file in one go, so that the one before it stays until then.

    Raises:
        UserError: where that cannot be written.
    """
    try:
        if path.is_file() or not path.exists():
            paths.write_aside(Path(os.path.realpath(path)), data)  # where a link leads
        else:
            path.write_bytes(data)  # into a pipe or a device
    except OSError as error:
        raise UserError(f"{option} {path}: cannot be written ({error.strerror}).") from None


def settings(pairs: Sequence[str]) -> dict[str, Any]:
    """What ``--set`` was given, by setting.

    Raises:
        UserError: for what is not NAME=VALUE.
    """
    found: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UserError(f"--set {pair}: write NAME=VALUE.")
        found[name] = value
    return found


def positive(text: str) -> int:
    """A whole number from 1."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def seed(text: str) -> int:
    """A whole number from 0."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return int(text)
