"""How documents leave: named, and kept by no browser on the way."""

import io
import re

from flask import Response, send_file

from app.core.storage import MediaType
from app.core.storage.files import PDF_POLICY

TYPES = {"docx": MediaType.DOCX, "pdf": MediaType.PDF}


def send_document(content: bytes, name: str, ending: str) -> Response:
    """Answer with a document: a PDF to look at, a Word file to save."""
    words = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
    response = send_file(
        io.BytesIO(content),
        mimetype=TYPES[ending].value,
        as_attachment=ending != "pdf",
        download_name=f"{words}.{ending}",
    )
    response.headers["Cache-Control"] = "private, no-store"
    if ending == "pdf":
        response.headers["Content-Security-Policy"] = PDF_POLICY
    return response
