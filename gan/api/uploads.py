"""Files that come as the body of a request: as they are, or as a form with one file."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

from gan.errors import UserError


def documented(kind: str) -> dict[str, Any]:
    """What the documentation says of such a body."""
    binary = {"type": "string", "format": "binary"}
    form = {"type": "object", "properties": {"file": binary}, "required": ["file"]}
    content = {kind: {"schema": binary}, "multipart/form-data": {"schema": form}}
    return {"requestBody": {"required": True, "content": content}}


async def file(request: Request) -> tuple[bytes, str]:
    """The file that was sent, and what to call it.

    Raises:
        UserError: if there is none.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return await request.body(), "body"
    try:
        async with request.form(max_files=1, max_fields=8) as form:
            for part in form.values():
                if isinstance(part, UploadFile):
                    return await part.read(), (part.filename or "file")[:100]
    except (HTTPException, MultiPartException):
        raise UserError("body: a form was announced, but cannot be read as one.") from None
    raise UserError("body: the form holds no file; send one as file=@PICTURE.")
