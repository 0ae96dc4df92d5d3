"""The FastAPI app: its routes, how errors are told, and its documentation, which needs no network."""

from __future__ import annotations

import importlib.resources
import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from gan.api import answers, drawing, evaluating, looking, pictures
from gan.api.schemas import Problem
from gan.api.work import BusyError
from gan.errors import UnknownError, UserError

log = logging.getLogger(__name__)

# What is asked for most comes first: routes are tried in turn.
ROUTERS = (drawing.router, looking.router, pictures.router, evaluating.router)
NAMED = ("model", "run")  # what is not found where there is none of its name
ASSETS = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css", "favicon.png": "image/png"}
DESCRIPTION = """
Pictures from the models of this server, in numbers or in words. The same seed gives the same pictures.

Every error is JSON, `{"detail": "…"}`, and says what would work. **401** without the access token, where the server
asks for one (`Authorization: Bearer TOKEN`); **403** for a foreign page or host; **408**, **413**, **429**, **503** and
**504** where a request is too slow, too large, one of too many, or takes too long; `Retry-After` says when to try
again.
"""
SAID = {
    404: "There is no such model, run or job.",
    406: "`Accept` takes none of what there is.",
    422: "It cannot be done as asked; `detail` says why, and what would work.",
    429: "Too many requests from one address.",
    503: "Too much to do at the moment.",
}


def build() -> FastAPI:
    """The app, without what stands before it (`gan.api.limits.Gate`)."""
    app = FastAPI(
        title="GAN Studio",
        version="1",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses={status: {"model": Problem, "description": said} for status, said in SAID.items()},
        telemetry={"tracing": False},
    )
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(UserError, _cannot)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(BusyError, _busy)
    app.add_exception_handler(Exception, _failed)
    _document(app)
    return app


def _document(app: FastAPI) -> None:
    """A page of documentation whose parts come from a package: FastAPI's own loads them from elsewhere."""

    async def page(request: Request) -> HTMLResponse:
        # Relative, so that it also works behind a proxy that puts it elsewhere.
        return get_swagger_ui_html(
            openapi_url="./openapi.json",
            title="GAN Studio: REST API",
            swagger_js_url="./docs/swagger-ui-bundle.js",
            swagger_css_url="./docs/swagger-ui.css",
            swagger_favicon_url="./docs/favicon.png",
            swagger_ui_parameters={"validatorUrl": None, "defaultModelsExpandDepth": 0, "tryItOutEnabled": True},
        )

    async def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in ASSETS:
            raise HTTPException(404, "There is no such file.")
        data = (importlib.resources.files("fastapi_offline") / "static" / name).read_bytes()
        return Response(data, media_type=ASSETS[name], headers={"Cache-Control": "max-age=86400"})

    async def front(request: Request) -> Response:
        return RedirectResponse("./docs", 307)

    app.add_route("/", front, include_in_schema=False)
    app.add_route("/docs", page, include_in_schema=False)
    app.add_route("/docs/{name}", asset, include_in_schema=False)


async def _cannot(request: Request, error: Any) -> Response:
    missing = isinstance(error, UnknownError) and error.kind in NAMED
    return answers.as_json({"detail": str(error)}, 404 if missing else 422)


async def _invalid(request: Request, error: Any) -> Response:
    """What a body or a query has wrong, a sentence each, as all other errors are told."""
    said, kind = [], request.headers.get("content-type", "").partition(";")[0].strip()
    for problem in error.errors()[:5]:
        if problem["loc"] == ("body",) and kind != "application/json":
            said.append("body: must be JSON, sent as Content-Type: application/json.")
            continue
        if problem["type"] == "json_invalid":
            said.append("body: cannot be read as JSON.")
            continue
        place = ".".join(str(part) for part in problem["loc"] if part not in ("body", "query", "path")) or "body"
        said.append(f"{place[:100]}: {problem['msg']}.")
    return answers.as_json({"detail": " ".join(said)}, 422)


async def _refused(request: Request, error: Any) -> Response:
    status, detail = error.status_code, error.detail
    if status == 400:  # a body that FastAPI could not parse
        status, detail = 422, "body: cannot be read as JSON."
    elif detail == "Not Found":
        detail = "There is nothing here; /api/docs has what there is."
    elif status == 405:
        methods = _methods(str(request.scope["path"])[len(request.scope.get("root_path", "")) :])
        return answers.as_json({"detail": f"Only {methods} works here."}, 405, {"Allow": methods})
    return answers.as_json({"detail": detail}, status, error.headers)


def _methods(path: str) -> str:
    """All that a path takes; Starlette names those of one route alone."""
    fits = [route for router in ROUTERS for route in router.routes if route.path_regex.match(path)]  # type: ignore
    return ", ".join(sorted({method for route in fits for method in route.methods}))  # type: ignore[attr-defined]


async def _busy(request: Request, error: Any) -> Response:
    return answers.as_json({"detail": str(error)}, 503, {"Retry-After": "1"})


async def _failed(request: Request, error: Any) -> Response:
    return answers.as_json({"detail": "The server failed here; its log says how."}, 500)
