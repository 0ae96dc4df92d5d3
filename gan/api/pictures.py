"""Pictures that are sent: made larger, and read."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from gan import enlarging, recognise
from gan.api import answers, uploads, work
from gan.api.schemas import Name, Recognized
from gan.datasets import decoding

router = APIRouter(tags=["pictures"])
LARGEST = 500_000  # pixels of a picture that is made larger: some ten seconds of work
READ = 16_000_000  # of one that is read: it is made smaller first


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
    card = recognise.chosen(what, model)
    data, said = await uploads.file(request)

    def read(_: work.Say) -> dict[str, Any]:
        picture = decoding.decode(data, said, limit=READ, paper="contrasting")
        settings = recognise.Settings()
        prepared = recognise.prepare(picture, settings)
        reading = recognise.read(prepared, card, settings, several)
        return recognise.told(card, picture, prepared, reading, settings)

    return answers.as_json(await work.heavily(read))
