"""A Python client of a running studio. The standard library is all that it needs: this file can be copied anywhere.

    from gan.client import Studio

    studio = Studio("http://localhost:8501")            # token="…" where the server asks for one
    Path("room.png").write_bytes(studio.generate("Room 101", size=64))
    drawn = studio.sample("digits", labels=["3", "8"], n=8, seed=5)
    drawn["labels"], drawn["latents"], drawn["images"]  # names, lists of numbers, bytes of PNGs

Everything that a method takes by name is what `/api/docs` names so. What the server refuses is a `StudioError` that
says why; where it only asks for patience (429, 503), the client waits and asks again.
"""

from __future__ import annotations

import base64
import http.client
import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

MEDIA = {"png": "image/png", "gif": "image/gif", "mp4": "video/mp4", "npz": "application/octet-stream"}
TRIES = 5  # of a request that the server is too busy for
LOOPBACK = ("localhost", "127.0.0.1", "::1")
ROUND = 20.0  # seconds that one question after a job may wait for its end


class StudioError(Exception):
    """What the server would not do. `status` is HTTP's number; 0 where there was no answer."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class Studio:
    """A studio that runs somewhere.

    Args:
        address: as a browser has it, with the base path if there is one.
        token: the access token, where the server asks for one.
        seconds: to wait for an answer.
    """

    def __init__(self, address: str = "http://localhost:8501", token: str | None = None, seconds: float = 90) -> None:
        self._address, self._token, self._seconds = address.rstrip("/"), token, seconds
        # A proxy that the environment names cannot reach this machine's own localhost, and need not see the token.
        own = urlsplit(self._address).hostname in LOOPBACK
        self._opener = urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if own else []))

    def health(self) -> dict[str, Any]:
        """Whether it lives, and is warm."""
        return self._json("/health")

    def models(self) -> list[dict[str, Any]]:
        """All models; what they are, not what they score."""
        return self._json("/models")

    def model(self, name: str) -> dict[str, Any]:
        """A model's card."""
        return self._json(f"/models/{quote(name, '')}")

    def generate(self, text: str, **how: Any) -> bytes:
        """A text, written: the bytes of a PNG.

        Args:
            how: seed, size, slant, spacing, ink, paper ("none": transparent), model, truncation, hands.
        """
        return self._ask(f"/generate/{quote(text, '')}{_query(how)}", accept=MEDIA["png"])

    def sample(self, model: str = "digits", kind: str = "", **asked: Any) -> Any:
        """Pictures of a model.

        Args:
            kind: "png" (a sheet) or "npz" gives the bytes of such a file; by default all is given as plain values, the
                pictures as bytes of PNGs.
            asked: labels, columns, weights, n, seed, latents, truncation.
        """
        return self._drawn("/sample", {"model": model, **asked}, kind)

    def interpolate(self, keys: list[dict[str, Any]], model: str = "digits", kind: str = "gif", **asked: Any) -> Any:
        """A way through some pictures.

        Args:
            keys: each with a seed or a latent, and a label or weights.
            kind: "gif", "mp4" or "png" (a strip) gives the bytes of such a file; "" plain values, as `sample`.
            asked: frames, path ("slerp", "lerp"), loop, rate.
        """
        return self._drawn("/interpolate", {"model": model, "keys": keys, **asked}, kind)

    def upscale(self, picture: bytes | str | Path, model: str | None = None) -> bytes:
        """A picture, the bytes of a file or where it is, four times larger: a PNG."""
        return self._ask(f"/upscale{_query({'model': model})}", _bytes(picture), accept=MEDIA["png"])

    def recognize(self, picture: bytes | str | Path, **how: Any) -> dict[str, Any]:
        """What is written on a picture.

        Args:
            how: what ("digits", "letters", …), model, several.
        """
        return self._parsed(self._ask(f"/recognize{_query(how)}", _bytes(picture)))

    def evaluate(
        self, model: str | None = None, pictures: bytes | str | Path | None = None, minutes: float = 30, **asked: Any
    ) -> dict[str, Any]:
        """The scores of a model, of a run's newest checkpoint, or of pictures in an .npz; waits for them.

        Args:
            pictures: the .npz; `asked` then has the dataset.
            minutes: after which it is cancelled.
            asked: run, dataset, count, seeds, features.

        Raises:
            StudioError: also if it fails, or takes too long.
        """
        if pictures is not None:
            job = self._parsed(self._ask(f"/evaluate/pictures{_query(asked)}", _bytes(pictures)))
        else:
            job = self._json("/evaluate", {**({"model": model} if model else {}), **asked})
        until = time.monotonic() + 60 * minutes
        while job["state"] in ("waiting", "working"):
            if time.monotonic() > until:
                self._ask(f"/jobs/{job['id']}", method="DELETE")
                raise StudioError(f"evaluate: not done after {minutes:g} minutes; it was cancelled.")
            job = self._json(f"/jobs/{job['id']}{_query({'wait': min(ROUND, self._seconds / 2)})}")
        if job["state"] != "done":
            raise StudioError(job["said"], 422)
        return job["report"]

    def runs(self) -> list[dict[str, Any]]:
        """All training runs, the newest first."""
        return self._json("/runs")

    def run(self, name: str) -> dict[str, Any]:
        """A run: its recipe, how it stands, the steps of its samples."""
        return self._json(f"/runs/{quote(name, '')}")

    def metrics(self, run: str, after_step: int = -1) -> list[dict[str, Any]]:
        """What a run measured past a step, a record each time."""
        return self._json(f"/runs/{quote(run, '')}/metrics{_query({'after_step': after_step})}")

    def samples(self, run: str, step: int) -> bytes:
        """What a run drew at a step: a PNG."""
        return self._ask(f"/runs/{quote(run, '')}/samples/{step}.png", accept=MEDIA["png"])

    def _drawn(self, path: str, asked: dict[str, Any], kind: str) -> Any:
        if kind:
            if kind not in MEDIA:
                raise StudioError(f"kind: {kind!r} is none of {', '.join(MEDIA)}.")
            return self._ask(path, asked, accept=MEDIA[kind])
        found = self._json(path, asked)
        return {**found, "images": [base64.b64decode(image) for image in found["images"]]}

    def _json(self, path: str, asked: Any = None) -> Any:
        return self._parsed(self._ask(path, asked))

    def _parsed(self, answer: bytes) -> Any:
        try:
            return json.loads(answer)
        except ValueError:
            raise StudioError(f"{self._address} answers, but is no studio, or not at that path.") from None

    def _ask(self, path: str, body: Any = None, accept: str = "application/json", method: str | None = None) -> bytes:
        headers = {"Accept": accept}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if isinstance(body, bytes):
            headers["Content-Type"] = "application/octet-stream"
        elif body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body).encode()
        try:
            request = urllib.request.Request(f"{self._address}/api{path}", body, headers, method=method)
        except ValueError:
            raise StudioError(f"{self._address!r} is no address; write it as http://localhost:8501.") from None
        for tries in range(1, TRIES + 1):
            try:
                with self._opener.open(request, timeout=self._seconds) as answer:
                    return answer.read()
            except urllib.error.HTTPError as error:
                if error.code not in (429, 503) or tries == TRIES:
                    raise StudioError(_said(error), error.code) from None
                pause = error.headers.get("Retry-After") or "1"
                time.sleep(min(10.0, float(pause) if pause.isdecimal() else 1.0) * tries)
            except (OSError, http.client.HTTPException, ValueError) as error:  # urllib's own are OSErrors
                raise StudioError(f"{self._address} does not answer ({error}).") from None
        raise AssertionError("the last try gives or raises")


def _said(error: urllib.error.HTTPError) -> str:
    """The server's words."""
    try:
        return str(json.loads(error.read())["detail"])
    except (ValueError, KeyError, TypeError, OSError):
        return f"{error.code} {error.reason}"


def _query(values: dict[str, Any]) -> str:
    told = {name: str(v).lower() if isinstance(v, bool) else v for name, v in values.items() if v is not None}
    return f"?{urlencode(told)}" if told else ""


def _bytes(file: bytes | str | Path) -> bytes:
    return file if isinstance(file, bytes) else Path(file).read_bytes()
