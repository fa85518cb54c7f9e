"""Documents with invented content: to look at a template, and to check one before it is taken."""

from collections.abc import Callable
from datetime import date, time, timedelta

from app.core import clock
from app.followups.answers import AnswerSpec
from app.followups.machine import State
from app.instruments.models import AnswerType
from app.meetings.models import Meeting
from app.reports.models import DocumentKind, Letterhead
from app.reports.queries.follow_ups import Asked, Returned
from app.reports.queries.meetings import Addressee, Minutes
from app.reports.services.documents import gatherings, letters, minutes, pictures, sheets
from app.reports.services.documents.context import Document, Picture
from app.reports.services.documents.letters import Letter
from app.reports.services.documents.sample_minutes import CONTENT

EVALUATION = "Evaluasi KLA 2026"
AGENCY, SHORT = "Dinas Kesehatan", "Dinkes"


def sample(kind: DocumentKind, kept: Letterhead) -> Document:
    """Return a document of a kind with invented content, on the office's own letterhead."""
    return _SAMPLES[kind](kept)


def _data_request(kept: Letterhead) -> Document:
    due = clock.end_of_day(clock.today() + timedelta(days=14))
    asked = [
        Asked(
            f"TL-2026-00{at:02}",
            ref,
            title,
            proof,
            due,
        )
        for at, (ref, title, proof) in enumerate(
            (
                (
                    "16.1",
                    "Berapa persen rumah tangga dengan akses air minum layak?",
                    "Tabel data, ditandatangani kepala dinas",
                ),
                ("16.2", "Apakah ada puskesmas ramah anak? Sebutkan.", "SK penetapan, foto"),
                (
                    "17.1",
                    "Berapa banyak anak yang diimunisasi lengkap?",
                    "Tabel data per kecamatan",
                ),
            ),
            1,
        )
    ]
    letter = Letter(
        day=date(2026, 3, 2),
        number="400.2/123/DP3A",
        subject="Permintaan Data Evaluasi Kabupaten Layak Anak",
        attachments="1 (satu) berkas",
        to=(f"Kepala {AGENCY}",),
        contact="Sari Wulandari, S.Sos. (0812-0000-0000)",
    )
    return letters.data_request(
        letter, asked, kept, agency=AGENCY, short_name=SHORT, evaluation=EVALUATION
    )


def _correction_sheet(kept: Letterhead) -> Document:
    row = Returned(
        number="TL-2026-0012",
        ref="16.1",
        title="Berapa persen rumah tangga dengan akses air minum layak?",
        indicator="16 Rumah Tangga dengan Akses Air Minum",
        agency=SHORT,
        answer={"2024": {"value": "81.2"}, "2025": {"value": "84"}},
        spec=AnswerSpec(AnswerType.PERCENT, ("2024", "2025")),
        evidence=("tabel-air-2023.xlsx", None),
        words="Tabel 2023. Mohon data 2024 dan 2025.",
        remarks=(("tabel-air-2023.xlsx", "belum ditandatangani"),),
        reasons=("Bukan tahun data yang dinilai", "Belum ditandatangani/dicap"),
        due_at=clock.end_of_day(clock.today() + timedelta(days=3)),
        round_no=1,
        state=State.RETURNED,
    )
    return sheets.correction_sheet(
        [row], kept, agency=AGENCY, short_name=SHORT, evaluation=EVALUATION
    )


def _minutes(kept: Letterhead) -> Document:
    found = Minutes(CONTENT, {}, version=2, reason="Nama peserta diperbaiki.")
    document = minutes.minutes(found, kept)
    photo = {"gambar": Picture("foto-1"), "keterangan": "Suasana rapat"}
    rapat = {**document.context["rapat"], "foto": [photo]}
    return Document(
        {**document.context, "rapat": rapat},
        {**document.pictures, "foto-1": pictures.blank()},
        document.paper,
    )


def _invitation(kept: Letterhead) -> Document:
    begins = clock.instant(date(2026, 3, 10), time(9, 0))
    meeting = Meeting(
        title=CONTENT["meeting"]["title"],
        starts_at=begins,
        ends_at=begins + timedelta(hours=3),
        place=CONTENT["meeting"]["place"],
        video_url="",
        chair_name=CONTENT["meeting"]["chair_name"],
        chair_position=CONTENT["meeting"]["chair_position"],
        basis="Keputusan Bupati tentang Gugus Tugas KLA",
        letter_number="400.2/098/DP3A",
        letter_date=date(2026, 3, 2),
        letter_nature="Penting",
        letter_attachments="-",
        letter_subject="Undangan Rapat Koordinasi",
        bring="Data capaian tahun 2025\nNama narahubung dan penggantinya",
        contact="Sari Wulandari, S.Sos. (0812-0000-0000)",
    )
    agenda = [item["title"] for item in CONTENT["agenda"]]
    to = [Addressee("Kepala Dinas Kesehatan"), Addressee("Bapak Arif Rahman", "Forum Anak")]
    return gatherings.invitation(meeting, agenda, to, kept)


_SAMPLES: dict[DocumentKind, Callable[[Letterhead], Document]] = {
    DocumentKind.MINUTES: _minutes,
    DocumentKind.INVITATION: _invitation,
    DocumentKind.DATA_REQUEST: _data_request,
    DocumentKind.CORRECTION_SHEET: _correction_sheet,
}
