"""What the person can mend, said so that they can."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class UserError(Exception):
    """Something the user can put right: the message says what is wrong, where, and what would work.

    Pages show it as it stands, the command line prints it and exits with 2, the API answers 422.
    Anything else that is raised is a bug of ours.
    """


class UnknownError(UserError):
    """A name that is not on a list; `kind` says of what. The API answers 404 for models and runs."""

    def __init__(self, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.kind = kind


def unknown(kind: str, name: object, choices: Iterable[str]) -> UnknownError:
    """The error for a name that is not on a list, with the nearest choices first.

    >>> unknown("model", "cgan82", ["cgan28", "kepkreator"])
    UnknownError("unknown model 'cgan82'; did you mean cgan28? Choose from cgan28, kepkreator.")
    """
    known = sorted(choices)
    near = difflib.get_close_matches(str(name), known, n=1)
    hint = f"did you mean {near[0]}? Choose" if near else "choose"
    return UnknownError(f"unknown {kind} {str(name)!r}; {hint} from {', '.join(known) or '(there are none)'}.", kind)
