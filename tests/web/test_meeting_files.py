"""The files of a meeting: what is taken, who opens it, and what is offered as evidence."""

import io
from datetime import date

import pytest
from PIL import ExifTags, Image

from app.accounts.actors import actor_of
from app.core import storage
from app.core.db import db
from app.core.write import write
from app.history.models import Event
from app.meetings.models import FileKind, Meeting, MeetingFile, MinutesState
from app.meetings.queries import files as queries
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.meetings import (
    InvitationFactory,
    MeetingFactory,
    MeetingFileFactory,
    MinutesVersionFactory,
)
from tests.support import files
from tests.support.client import Client

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def meeting(session):
    return MeetingFactory(ended=True)


@pytest.fixture
def officer(client):
    user = UserFactory(officer=True)
    client.sign_in(user)
    return user


@pytest.fixture
def invited(meeting):
    """Return a focal point of an agency that was invited."""
    agency = AgencyFactory()
    InvitationFactory(meeting=meeting, agency=agency)
    user = UserFactory()
    MembershipFactory(agency=agency, user=user)
    return user


def a_focal_point():
    user = UserFactory()
    MembershipFactory(user=user)
    return user


def path_of(meeting, tail=""):
    return f"/rapat/{meeting.code}/berkas{tail}"


def upload(
    client, meeting, kind="minutes", name="notulen.pdf", data=None, *, headers=None, **fields
):
    sent = {f"files-{kind}": (io.BytesIO(data or files.pdf(name)), name), **fields}
    return client.post(path_of(meeting), sent, headers=headers)


def files_of(meeting):
    found = db.select(MeetingFile).where(MeetingFile.meeting_id == meeting.id)
    return db.session.scalars(found.order_by(MeetingFile.id)).all()


def photo_taken(day, name="JPEG"):
    picture, exif = Image.new("RGB", (32, 24), "teal"), Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = day
    buffer = io.BytesIO()
    picture.save(buffer, name, exif=exif)
    return buffer.getvalue()


def approve(meeting_id):
    db.session.get_one(Meeting, meeting_id).minutes_state = MinutesState.APPROVED
    db.session.commit()


def kept(data, **given):
    """Make a file of a meeting with real bytes."""
    stored = storage.put(io.BytesIO(data))
    with write():
        row = storage.remember(stored)
    return MeetingFileFactory(file=row, **given).id


def test_a_scan_arrives_with_what_is_said_of_it(client, officer, meeting):
    fields = {"new-minutes-caption": "Lembar  pertama", "new-minutes-dated": "2026-03-12"}
    assert upload(client, meeting, **fields).status_code == 303
    [file] = files_of(meeting)
    assert (file.kind, file.file_name) == (FileKind.MINUTES, "notulen.pdf")
    assert (file.caption, file.dated) == ("Lembar pertama", date(2026, 3, 12))
    page = client.get_page(path_of(meeting))
    link = page.select_one("#evidence-list a.name")
    assert link["href"] == path_of(meeting, f"/{file.id}")
    assert client.get(link["href"]).data == files.pdf("notulen.pdf")
    event = db.session.scalar(db.select(Event).where(Event.verb == "meeting_file_added"))
    assert event.meeting_id == meeting.id


def test_several_at_once_and_a_refusal_keeps_the_others(client, officer, meeting):
    chosen = [(io.BytesIO(files.image(colour=c)), f"{c}.jpg") for c in ("red", "blue")]
    answer = client.post(
        path_of(meeting),
        {"files-photo": [*chosen, (io.BytesIO(files.pdf()), "bukan.pdf")]},
    )
    assert answer.status_code == 422
    assert "bukan.pdf: foto rapat harus berupa foto JPG atau PNG." in answer.text
    assert len(files_of(meeting)) == 2


def test_a_word_file_is_never_a_signed_one(client, officer, meeting):
    word = files.office(files.WORD_TYPE)
    answer = upload(client, meeting, name="notulen.docx", data=word, headers=FRAGMENT)
    assert answer.status_code == 422
    assert "notulen yang ditandatangani harus berupa PDF, JPG atau PNG." in answer.text
    assert upload(client, meeting, "material", "bahan.docx", word).status_code == 303


def test_an_upload_repeated_on_a_bad_line_arrives_once(client, officer, meeting):
    for _ in range(2):
        answer = upload(client, meeting, headers=FRAGMENT, upload_token="t-1")
        assert answer.status_code == 200
        assert "evidence-list" in answer.text
    assert len(files_of(meeting)) == 1


def test_the_same_file_twice_is_said(client, officer, meeting):
    upload(client, meeting)
    assert "berkas ini sudah ada" in upload(client, meeting).text


def test_nothing_chosen_is_said(client, officer, meeting):
    answer = client.post(path_of(meeting))
    assert answer.status_code == 422
    assert "Pilih berkasnya dahulu." in answer.text


@pytest.mark.parametrize(
    ("written", "fields", "day"),
    [
        ("2026:03:12 09:15:00", {}, date(2026, 3, 12)),
        ("2026:03:12 09:15:00", {"taken_on": "2026-01-01"}, date(2026, 3, 12)),
        ("0000:00:00 00:00:00", {"taken_on": "2026-03-13"}, date(2026, 3, 13)),
        ("kemarin", {}, None),
    ],
)
@pytest.mark.usefixtures("officer")
def test_the_day_of_a_photo_is_read_from_it(client, meeting, written, fields, day):
    upload(client, meeting, "photo", "foto.jpg", photo_taken(written), **fields)
    assert files_of(meeting)[0].dated == day


def test_a_file_goes_until_the_minutes_are_approved(client, officer, meeting):
    file_id = MeetingFileFactory(meeting=meeting).id
    assert client.post(path_of(meeting, f"/{file_id}/hapus")).status_code == 303
    assert db.session.get_one(MeetingFile, file_id).removed_at is not None
    assert client.get(path_of(meeting, f"/{file_id}")).status_code == 404
    assert not client.get_page(path_of(meeting)).select("#evidence-list a.name")

    other_id = MeetingFileFactory(meeting=meeting).id
    meeting.minutes_state = MinutesState.APPROVED
    db.session.commit()
    answer = client.post(path_of(meeting, f"/{other_id}/hapus"))
    assert answer.status_code == 409
    assert "Buat koreksi dahulu" in answer.text
    assert not client.get_page(path_of(meeting)).select("#evidence-list button")


def test_those_invited_open_signed_scans_and_photos_of_approved_meetings(
    app, client, meeting, invited
):
    browser, here = client.sign_in(invited), path_of(meeting)
    meeting_id, stranger = meeting.id, Client(app).sign_in(a_focal_point())
    letter = kept(files.pdf("surat"), meeting=meeting, kind=FileKind.LETTER, file_name="surat.pdf")
    paper = kept(files.pdf("bahan"), meeting=meeting, kind=FileKind.MATERIAL)
    assert browser.get(f"{here}/{letter}").status_code == 404
    page = browser.get_page(here)
    assert "setelah notulen disahkan" in page.select_one("#evidence-list").text
    assert not page.select("main form")

    approve(meeting_id)
    assert browser.get(f"{here}/{letter}").data == files.pdf("surat")
    assert browser.get(f"{here}/{paper}").status_code == 404
    names = [link.text for link in browser.get_page(here).select("#evidence-list a")]
    assert names == ["surat.pdf"]
    assert stranger.get(f"{here}/{letter}").status_code == 404
    assert browser.post(here).status_code == 403


def test_a_file_of_another_meeting_is_not_there(client, officer, meeting):
    elsewhere = path_of(meeting, f"/{MeetingFileFactory().id}")
    assert client.get(elsewhere).status_code == 404
    assert client.post(f"{elsewhere}/hapus").status_code == 404


def test_only_signed_records_of_approved_meetings_are_offered_as_evidence(meeting, invited):
    actor = actor_of(invited)
    minutes = MeetingFileFactory(meeting=meeting).id
    photo = MeetingFileFactory(meeting=meeting, photo=True).id
    MeetingFileFactory(meeting=meeting, kind=FileKind.MATERIAL)
    MeetingFileFactory(meeting=meeting, removed=True)
    assert queries.offered_as_evidence(actor) == []

    meeting.minutes_state = MinutesState.APPROVED
    db.session.commit()
    assert [row.id for row in queries.offered_as_evidence(actor)] == [minutes, photo]
    assert queries.offered_as_evidence(actor)[0].code == meeting.code
    assert queries.offered_as_evidence(actor_of(a_focal_point())) == []

    # While it is being corrected, what was approved still proves that the meeting was held.
    MinutesVersionFactory(meeting=meeting)
    meeting.minutes_state, meeting.correction_reason = MinutesState.DRAFT, "Salah tulis."
    db.session.commit()
    assert len(queries.offered_as_evidence(actor)) == 2
    assert queries.offered_file(photo, actor).meeting.id == meeting.id
