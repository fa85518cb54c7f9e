"""The only place that reads htmx's request headers."""

from typing import Any

from flask import (
    Flask,
    Response,
    has_request_context,
    make_response,
    redirect,
    render_template,
    request,
)
from werkzeug.wrappers import Response as BaseResponse


def wants_fragment() -> bool:
    """Tell whether the request asks for a part of a page."""
    return (
        has_request_context()
        and request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-Request-Type") == "partial"
    )


def page_url() -> str | None:
    """Return the address of the page that a request was sent from, as the browser says."""
    return request.headers.get("HX-Current-URL") or request.referrer


def render_page(
    page: str, fragment: str | None = None, /, *, status: int = 200, **context: Any
) -> Response:
    """Render a page, or its fragment alone where htmx asked for one. Both are template files."""
    template = fragment if fragment is not None and wants_fragment() else page
    return make_response(render_template(template, **context), status)


def go_to(url: str) -> BaseResponse:
    """Answer a successful POST: 303 for a page, HX-Redirect for htmx (fetch hides a 3xx)."""
    if wants_fragment():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = url
        return response
    return redirect(url, code=303)


def register_htmx(app: Flask) -> None:
    """Tell caches that one address has two bodies."""

    @app.after_request
    def vary(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.vary.add("HX-Request")
        return response
