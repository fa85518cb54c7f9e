"""Pages over a slow line: HTML and other text compressed by what the browser reads best.

docs/adr/0001-compress-pages-that-carry-secrets.md says why that is safe here.
"""

import gzip

import brotli
from flask import Flask, Response, request

TEXT_TYPES = frozenset(
    {
        "application/javascript",
        "application/json",
        "image/svg+xml",
        "text/calendar",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
        "text/plain",
    }
)
SMALLEST = 500  # below, the frame of the compressed form eats what it saves
GZIP_LEVEL = 5
BROTLI_QUALITY = 4


def register_compression(app: Flask) -> None:
    """Compress answers. Registered first, for the first registered sees the answer last."""

    @app.after_request
    def compress(response: Response) -> Response:
        if response.mimetype not in TEXT_TYPES:
            return response
        response.vary.add("Accept-Encoding")
        if not _worth_it(response):
            return response
        encoding = request.accept_encodings.best_match(["br", "gzip"])
        if encoding is None:
            return response
        body = response.get_data()
        if len(body) < SMALLEST:
            return response
        response.set_data(_compressed(body, encoding))
        response.headers["Content-Encoding"] = encoding
        etag, is_weak = response.get_etag()
        if etag is not None and not is_weak:
            response.set_etag(etag, weak=True)
        return response


def _worth_it(response: Response) -> bool:
    return (
        response.status_code not in (204, 206, 304)
        and "Content-Encoding" not in response.headers
        and not response.is_streamed
        and not response.direct_passthrough
    )


def _compressed(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        packed: bytes = brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
        return packed
    return gzip.compress(body, compresslevel=GZIP_LEVEL, mtime=0)
