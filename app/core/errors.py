"""The errors that services raise, and the one place that turns them into answers.

A service raises; a view catches only `InvalidInput`, to put it on its field. Everything else
ends here as a page, or as a fragment for htmx.
"""

import logging
import re
import secrets
from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from app.core import htmx
from app.core.db import db

log = logging.getLogger(__name__)


class DomainError(Exception):
    """Something that the rules of the work refuse. `message` is for people, in Indonesian."""

    code = "refused"
    status = 400
    title = "Permintaan tidak dapat diproses"

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class NotVisible(DomainError):
    """The thing does not exist, or does not exist for this person: the two look the same."""

    code = "not_visible"
    status = 404
    title = "Halaman tidak ditemukan"

    def __init__(self, message: str = "Yang dicari tidak ada atau tidak dapat dibuka.") -> None:
        super().__init__(message)


class NotPermitted(DomainError):
    """The person sees the thing and may not do this to it."""

    code = "not_permitted"
    status = 403
    title = "Tidak diizinkan"


class InvalidTransition(DomainError):
    """The follow-up's state does not allow the action."""

    code = "invalid_transition"
    status = 409
    title = "Keadaan sudah berubah"


class StaleVersion(DomainError):
    """The page that this came from is older than the thing it is about."""

    code = "stale_version"
    status = 409
    title = "Keadaan sudah berubah"


class InvalidInput(DomainError):
    """What was given cannot be used. `field` names the form field, if one is to blame."""

    code = "invalid_input"
    status = 422
    title = "Isian perlu diperbaiki"

    def __init__(self, message: str, field: str | None = None, **details: Any) -> None:
        super().__init__(message, **details)
        self.field = field


class TooMany(DomainError):
    """The same thing was tried too often (throttling)."""

    code = "too_many"
    status = 429
    title = "Terlalu banyak percobaan"


class StorageFull(DomainError):
    """There is no room left on the disk."""

    code = "storage_full"
    status = 507
    title = "Penyimpanan penuh"

    def __init__(self) -> None:
        super().__init__(
            "Berkas tidak dapat disimpan karena penyimpanan di server penuh. Hubungi administrator"
            " aplikasi; yang sudah tersimpan tidak hilang."
        )


HTTP_MESSAGES = {
    400: (
        "Permintaan tidak dapat dibaca",
        "Muat ulang halaman, lalu coba lagi. Yang sudah tersimpan tidak hilang.",
    ),
    401: ("Perlu masuk", "Masuk terlebih dahulu untuk membuka halaman ini."),
    403: ("Tidak diizinkan", "Akun ini tidak berwenang membuka halaman ini."),
    404: ("Halaman tidak ditemukan", "Yang dicari tidak ada atau tidak dapat dibuka."),
    405: ("Permintaan tidak dapat diproses", "Buka halaman ini dari tombol atau tautannya."),
    411: ("Permintaan tidak dapat dibaca", "Muat ulang halaman, lalu coba lagi."),
    413: (
        "Berkas terlalu besar",
        "Perkecil berkas (paling besar 20 MB), lalu unggah kembali. Isian lain tetap tersimpan.",
    ),
    422: ("Isian perlu diperbaiki", "Periksa kembali isian, lalu kirim lagi."),
    429: ("Terlalu banyak percobaan", "Tunggu beberapa menit, lalu coba lagi."),
}
NOT_TYPED = re.compile(
    r"password|(^|-)(again|code|login|base|tab|next)|(token|version|seen|edition|device|draft_no)$"
)
"""Names of fields that hold secrets, and what a page says of itself."""
CHOSEN = re.compile(r"[a-z0-9_.:/-]*")
"""What a choice, a number or a day looks like: nothing that takes long to write again."""
UNEXPECTED = (
    "Ada gangguan pada sistem",
    "Coba lagi sebentar lagi. Bila tetap terjadi, sebutkan nomor rujukan kepada administrator.",
)


def register_errors(app: Flask) -> None:
    """Register one handler for each family of errors."""
    app.register_error_handler(DomainError, _on_domain_error)
    app.register_error_handler(CSRFError, _on_csrf_error)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(Exception, _on_unexpected)


def error_response(
    status: int,
    title: str,
    message: str,
    reference: str | None = None,
    typed: Sequence[str] = (),
) -> Response:
    """Render an error as a page, or as a fragment where htmx asked for one.

    `typed` are the words of a form that was refused: the page gives them back.
    """
    db.session.rollback()
    template = "errors/_error.html" if htmx.wants_fragment() else "errors/error.html"
    body = render_template(
        template, status=status, title=title, message=message, reference=reference, typed=typed
    )
    return make_response(body, status)


def words_typed() -> list[str]:
    """Return the words that somebody wrote in the request's form: no secrets, no choices."""
    return [
        text
        for name, value in request.form.items(multi=True)
        if not NOT_TYPED.search(name) and not CHOSEN.fullmatch(text := value.strip())
    ]


def _on_domain_error(error: DomainError) -> Response:
    typed = words_typed() if request.method == "POST" else []
    return error_response(error.status, error.title, error.message, typed=typed)


def _on_csrf_error(_error: CSRFError) -> Response:
    return error_response(
        400,
        "Formulir sudah kedaluwarsa",
        "Kembali ke halaman sebelumnya, muat ulang, lalu kirim lagi.",
    )


def _on_http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None and status < 400:
        return make_response(error.get_response())
    if status >= 500:
        return _on_unexpected(error)
    title, message = HTTP_MESSAGES.get(status, HTTP_MESSAGES[400])
    response = error_response(status, title, message)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _on_unexpected(error: Exception) -> Response:
    reference = secrets.token_hex(4).upper()
    log.error("unexpected error", extra={"reference": reference}, exc_info=error)
    return error_response(500, *UNEXPECTED, reference=reference)
