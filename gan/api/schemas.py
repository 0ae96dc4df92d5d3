"""What is sent and what comes back, as JSON. Every value is checked: no type is guessed, a field more is an error."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from gan.latent import SEEDS
from gan.text import SIZES, SLANTS, SPACINGS

MOST = 1000  # pictures of one request
KEYS, FRAMES = 24, 240  # of an interpolation
COLOUR = "^#?[0-9a-fA-F]{6}$"

Name = Annotated[str, Field(min_length=1, max_length=64)]
Word = Annotated[str, Field(max_length=100)]
Seed = Annotated[int, Field(ge=0, lt=SEEDS)]
Number = Annotated[float, Field(ge=-1e6, le=1e6)]
Share = Annotated[float, Field(ge=0, le=1)]
Latent = Annotated[list[Number], Field(min_length=1, max_length=4096)]
Weights = Annotated[list[Annotated[float, Field(ge=0, le=1e6)]], Field(max_length=4096)]


def parameters(model: type[BaseModel]) -> list[dict[str, Any]]:
    """What the documentation says of a query that a model checks."""
    fields = model.model_json_schema()["properties"]
    return [
        {"name": name, "in": "query", "required": False, "description": schema.pop("description", ""), "schema": schema}
        for name, schema in fields.items()
    ]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Problem(BaseModel):
    """Why there is no answer."""

    detail: str


class Health(BaseModel):
    """Whether the server lives; `ready` once a picture takes milliseconds."""

    status: Literal["ok"]
    ready: bool
    waiting: int


class Writing(BaseModel):
    """How a text is written."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    seed: Seed = Field(1, description="Decides the hand.")
    model: Name | None = Field(None, description="Writes what it can, the others the rest.")
    size: int = Field(0, ge=0, le=SIZES[1], description=f"Pixels of a line's height, {SIZES[0]} or more; 0: as drawn.")
    slant: float = Field(0, ge=SLANTS[0], le=SLANTS[1], description="Degrees to the right.")
    spacing: int = Field(4, ge=SPACINGS[0], le=SPACINGS[1], description="Pixels between characters, as drawn.")
    ink: str = Field("ffffff", pattern=COLOUR, description="rrggbb")
    paper: str = Field("000000", pattern=f"{COLOUR}|^none$", description="rrggbb, or none: transparent.")
    truncation: Share = Field(1, description="0: the mean picture; 1: the full variety.")
    hands: Literal["one", "many"] = Field("one", description="Each character in a hand of its own, or all in one.")


class Written(BaseModel):
    text: str
    seed: int
    writers: dict[str, str] = Field(description="The characters that each model wrote.")
    width: int
    height: int
    image: str = Field(description="A PNG, base64.")


class Sampling(Strict):
    """Pictures to draw. Lists are taken in turn: picture i has label i, weights i and latent i, from the start again
    where a list ends."""

    model: Name = "digits"
    labels: Annotated[list[Word], Field(min_length=1, max_length=MOST)] | None = Field(
        None, description="Names of classes; by default all."
    )
    columns: dict[Word, list[Word]] | None = Field(
        None, description="For models that are told several columns: the values wanted of each; of others, any."
    )
    weights: Annotated[list[Weights], Field(min_length=1, max_length=MOST)] | None = Field(
        None, description="Mixtures: a weight for each class; they are scaled to add up to one."
    )
    n: int | None = Field(None, ge=1, le=MOST, description="Pictures; by default as many as the longest list has.")
    seed: Seed = 1
    latents: Annotated[list[Latent], Field(min_length=1, max_length=MOST)] | None = Field(
        None, description="Points of the latent space in place of those of the seed."
    )
    truncation: Share = Field(1, description="Of latents of the seed; others are taken as they are.")

    model_config = ConfigDict(json_schema_extra={"examples": [{"model": "digits", "labels": ["3", "8"], "n": 8}]})


class Sampled(BaseModel):
    model: str
    digest: str = Field(description="SHA-256 of the model's weights.")
    labels: list[str] = Field(description="The heaviest class of each picture.")
    latents: list[list[float]]
    weights: list[list[float]]
    images: list[str] = Field(description="PNGs, base64.")


class Key(Strict):
    """One picture on the way: a seed or a latent, and a label or weights."""

    seed: Seed | None = None
    latent: Latent | None = None
    label: Word | None = Field(None, description="By default the first class.")
    weights: Weights | None = None


class Interpolation(Strict):
    """A way through some pictures."""

    model: Name = "digits"
    keys: Annotated[list[Key], Field(min_length=2, max_length=KEYS)]
    frames: int = Field(48, ge=2, le=FRAMES)
    path: Literal["slerp", "lerp"] = "slerp"
    loop: bool = False
    rate: float = Field(24, ge=1, le=30, description="Frames a second of a film.")

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"keys": [{"seed": 1, "label": "3"}, {"seed": 2, "label": "8"}], "frames": 24}]}
    )


class Box(BaseModel):
    """Where it stands on the picture, in pixels."""

    top: int
    left: int
    bottom: int
    right: int


class Character(BaseModel):
    text: str
    chance: float
    box: Box
    groups: list[dict[str, Any]] = Field(description="Everything that is told apart, with the likeliest values.")


class Recognized(BaseModel):
    text: str
    sure: bool
    model: str
    width: int = Field(description="Of the picture.")
    height: int
    answers: list[Character]
    left_over: int = Field(description="Pieces of ink that belong to none of the answers.")


class Measuring(Strict):
    """A model or a run's newest checkpoint, and the data set that it is measured against."""

    model: Name | None = None
    run: Word | None = None
    dataset: Word | None = Field(None, description="By default the one that the model learned from.")
    count: int = Field(10_000, ge=100, le=10_000, description="Pictures for each seed.")
    seeds: Annotated[list[Seed], Field(min_length=1, max_length=10)] = [1]
    features: Literal["classifier", "inception"] = "classifier"

    model_config = ConfigDict(json_schema_extra={"examples": [{"model": "digits", "dataset": "handwriting-digits"}]})


class Job(BaseModel):
    id: str
    state: Literal["waiting", "working", "done", "failed", "cancelled"]
    share: float = Field(description="Of the work that is done, 0 to 1.")
    said: str = Field(description="What is being done, or what went wrong.")
    report: dict[str, Any] | None = Field(description="Every score with what it was measured by.")


class Model(BaseModel):
    name: str
    kind: str
    title: str
    summary: str
    class_names: list[str]
    columns: dict[str, list[str]]
    shape: list[int] = Field(description="Height, width, channels.")
    latent: int
    dataset: str
    licence: str
    local: bool = Field(description="Whether it is the user's own.")


class CardOfModel(Model):
    """All that is known of a model."""

    model_config = ConfigDict(extra="allow")

    scores: dict[str, Any]
    recipe: dict[str, Any]
    training: dict[str, Any]
    digest: str


class RunRow(BaseModel):
    id: str
    state: str
    step: int
    steps: int
    seconds: float
    speed: float | None = Field(description="Pictures a second.")
    recipe: str
    model: str
    dataset: str
    scores: dict[str, float | None] = Field(description="The best of each.")
    note: str


class RunWhole(RunRow):
    settings: dict[str, Any] = Field(description="The recipe.")
    status: dict[str, Any]
    class_names: list[str]
    samples: list[int] = Field(description="Steps of which there are samples.")
    checkpoints: list[int]
