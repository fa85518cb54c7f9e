import io

import pytest

from app.core import storage
from app.core.storage.models import StoredFile
from tests.support import files


def answer(app, data, name="SK Gugus Tugas “A” 2026.pdf", headers=None, **options):
    with app.test_request_context(headers=headers):
        stored = storage.put(io.BytesIO(data))
        file = StoredFile(
            sha256=stored.sha256, size=stored.size, media_type=stored.media_type.value
        )
        response = storage.send(file, name, **options)
        response.direct_passthrough = False
        response.get_data()
        response.close()
        return response


def test_a_pdf_is_shown_under_its_name_and_by_the_viewer_of_the_browser(app):
    response = answer(app, files.pdf("shown"))
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("inline")
    assert "filename*=UTF-8''SK%20Gugus%20Tugas%20%E2%80%9CA%E2%80%9D%202026.pdf" in disposition
    assert response.headers["Content-Security-Policy"] == "frame-ancestors 'self'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.mimetype == "application/pdf"


@pytest.mark.parametrize(
    ("data", "how"),
    [(files.image(), "inline"), (files.office(files.SHEET_TYPE), "attachment")],
)
def test_what_no_browser_shows_is_saved(app, data, how):
    assert answer(app, data).headers["Content-Disposition"].startswith(how)


def test_a_file_is_asked_for_anew_and_answered_shortly(app):
    first = answer(app, files.pdf("etag"))
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = answer(app, files.pdf("etag"), headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_part_of_a_file_can_be_asked_for(app):
    response = answer(app, files.pdf("part"), headers={"Range": "bytes=0-4"})
    assert response.status_code == 206
    assert response.get_data() == b"%PDF-"


def test_restricted_bytes_stay_in_no_browser(app):
    response = answer(app, files.pdf("restricted"), private=True)
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in response.headers
