"""The loop: a batch, a step of the game, the callbacks. It does not know which game it plays."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from gan.recipes import Recipe
from gan.training import keeping
from gan.training.feed import Batch
from gan.training.runs import Run

if TYPE_CHECKING:
    from gan.training.game import Game


class Callback:
    """What happens around the steps. All methods may be left out."""

    def begin(self, loop: Loop) -> None:
        """Before the first step."""

    def after_step(self, loop: Loop, logs: dict[str, Any]) -> None:
        """After each step; `logs` are the game's scalars, still as tensors."""

    def end(self, loop: Loop) -> None:
        """After the last step, whatever ended the loop."""


class Loop:
    """Steps of a game until the recipe's last, or until a callback calls `stop`.

    Attributes:
        step: steps completed.
        seconds: time spent training, over all resumes, without pauses.
        logs: the last step's.
        best: the best score so far, over all resumes.
        outcome: state that the run ends in, and the reason in words.
    """

    def __init__(
        self,
        run: Run,
        recipe: Recipe,
        game: Game,
        feed: Callable[[int], Batch],
        callbacks: Sequence[Callback],
    ) -> None:
        self.run_folder, self.recipe, self.game, self.feed, self.callbacks = run, recipe, game, feed, callbacks
        self.step = 0
        self.logs: dict[str, Any] = {}
        self.best: keeping.Best | None = None
        self.outcome = ("finished", "")
        self._stopped = False
        self._before, self._since = 0.0, time.monotonic()

    @property
    def images_seen(self) -> int:
        return self.step * self.recipe.pictures_a_step

    @property
    def seconds(self) -> float:
        return self._before + time.monotonic() - self._since

    def set_clock(self, seconds: float) -> None:
        """Let the training time be `seconds` now: after a resume, and after a pause."""
        self._before, self._since = seconds, time.monotonic()

    def state(self) -> dict[str, Any]:
        """What a checkpoint says of itself beside the variables."""
        return {
            "step": self.step,
            "images_seen": self.images_seen,
            "seconds": round(self.seconds, 3),
            "recipe": self.recipe.to_json(),
        }

    def stop(self, state: str, message: str) -> None:
        """End after this step."""
        self._stopped, self.outcome = True, (state, message)

    def train(self) -> None:
        """Run to the end. The callbacks' `end` is called also when something was raised."""
        self.set_clock(self._before)
        try:
            for callback in self.callbacks:
                callback.begin(self)
            while self.step < self.recipe.steps and not self._stopped:
                logs = self.game.train_step(self.step, *self.feed(self.step))
                self.step, self.logs = self.step + 1, logs
                for callback in self.callbacks:
                    callback.after_step(self, logs)
        except BaseException as error:
            self.outcome = ("failed", str(error) or type(error).__name__)
            raise
        finally:
            for callback in self.callbacks:
                callback.end(self)
