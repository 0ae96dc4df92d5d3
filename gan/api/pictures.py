"""Pictures that are sent: made larger, and read."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from gan import enlarging, recognise, registry
from gan.api import answers, uploads, work
from gan.api.schemas import Name, Recognized
from gan.datasets import decoding
from gan.errors import UserError, unknown

router = APIRouter(tags=["pictures"])
LARGEST = 500_000  # pixels of a picture that is made larger: some ten seconds of work
READ = 16_000_000  # of one that is read: it is made smaller first
LIKELIEST = 3  # values that are told of everything that is read


@router.post("/upscale", responses=answers.documented(None, answers.PNG), openapi_extra=uploads.documented("image/png"))
async def upscale(
    request: Request,
    model: Annotated[Name | None, Query(description="An upscaler; by default the first there is.")] = None,
) -> Response:
    """Make a picture four times larger: any common format in, a PNG out. At most half a million pixels come in."""
    answers.chosen(request, (answers.PNG,))
    name = enlarging.upscaler(model).name if model else enlarging.first()
    data, said = await uploads.file(request)

    def enlarge(say: work.Say) -> bytes:
        picture = decoding.decode(data, said, limit=LARGEST)
        return answers.png(enlarging.enlarge(name, picture, say))

    return Response(await work.heavily(enlarge), media_type=answers.PNG)


@router.post("/recognize", response_model=Recognized, openapi_extra=uploads.documented("image/png"))
async def recognize(
    request: Request,
    what: Annotated[
        str, Query(max_length=64, description="digits, letters, characters, hangul, street, number, faces …")
    ] = "digits",
    model: Annotated[Name | None, Query(description="The net that reads; by default the one for it.")] = None,
    several: Annotated[
        bool, Query(description="Find characters and read each, line by line; else there is one.")
    ] = True,
) -> Response:
    """Read what is written on a picture: digits, letters, syllables, a house number, a face."""
    card = _reader(what, model)
    data, said = await uploads.file(request)

    def read(_: work.Say) -> dict[str, Any]:
        picture, settings = decoding.decode(data, said, limit=READ), recognise.Settings()
        prepared = recognise.prepare(picture, settings)
        return _told(card, prepared, recognise.read(prepared, card, settings, several))

    return answers.as_json(await work.heavily(read))


def _reader(what: str, model: str | None) -> registry.Card:
    """The net that is asked for.

    Raises:
        UserError: if there is none, or it reads nothing.
    """
    if model:
        card = registry.card(model)
        if card.kind not in ("classifier", "reader", "judge"):
            raise UserError(f"model: {model} is a {card.kind} and reads nothing; choose a classifier or a reader.")
        return card
    known = recognise.choices()
    if what not in known:
        raise unknown("kind of writing", what, known)
    if not known[what].cards:
        raise UserError(f"what: no net reads {known[what].plural} yet; train recipe {known[what].recipe}.")
    return known[what].cards[0]


def _told(card: registry.Card, prepared: recognise.Prepared, reading: recognise.Reading) -> dict[str, Any]:
    height, width = prepared.picture.shape[:2]
    return {
        "text": reading.text,
        "sure": reading.sure,
        "model": card.name,
        "width": width,
        "height": height,
        "answers": [
            {
                "text": answer.text,
                "chance": answer.chance,
                "box": dict(zip(("top", "left", "bottom", "right"), map(int, answer.box), strict=True)),
                "groups": [
                    {
                        "name": name,
                        "likeliest": [
                            {"value": values[i], "chance": float(chances[i])}
                            for i in chances.argsort()[::-1][:LIKELIEST].tolist()
                        ],
                    }
                    for name, values, chances in answer.groups
                ],
            }
            for answer in reading.answers
        ],
    }
