"""What letters say: the request for data to one agency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core import formatting, settings
from app.reports.models import Letterhead
from app.reports.queries.follow_ups import Asked
from app.reports.services.documents.context import Context, Document
from app.reports.services.documents.office import office_context, office_pictures

NO_NUMBER = "……/……/……/……"
NATURE, ATTACHMENTS = "Segera", "-"
ANNEXED = "(daftar terlampir)"
MOST_NAMED = 8
"""How many readers a letter names at its head."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What an officer writes down for a letter. The number is issued elsewhere, or left blank."""

    day: date
    number: str = ""
    nature: str = ""
    attachments: str = ""
    subject: str = ""
    to: tuple[str, ...] = ()
    destination: str = ""
    contact: str = ""


def letter_context(letter: Letter, kept: Letterhead) -> Context:
    """Return what every letter says above its text; a long list of readers is annexed."""
    is_long = len(letter.to) > MOST_NAMED
    return {
        "nomor": letter.number or NO_NUMBER,
        "tanggal": formatting.long_date(letter.day).partition(", ")[2],
        "sifat": letter.nature or NATURE,
        "lampiran": letter.attachments or ATTACHMENTS,
        "hal": letter.subject,
        "kepada": [ANNEXED] if is_long else list(letter.to),
        "daftar_kepada": list(letter.to) if is_long else [],
        "tempat_tujuan": letter.destination or kept.place or "tempat",
    }


def data_request(
    letter: Letter,
    asked: Sequence[Asked],
    kept: Letterhead,
    *,
    agency: str,
    short_name: str,
    evaluation: str,
) -> Document:
    """Return the letter that asks one agency for data."""
    context = {
        **office_context(kept),
        "surat": letter_context(letter, kept),
        "evaluasi": evaluation,
        "instansi": {"nama": agency, "singkatan": short_name},
        "jumlah": len(asked),
        "pertanyaan": [
            {
                "no": at,
                "nomor": row.ref or "-",
                "kode": row.number,
                "pertanyaan": row.title,
                "bukti": row.proof or "-",
                "batas_waktu": formatting.due(row.due_at),
            }
            for at, row in enumerate(asked, 1)
        ],
        "narahubung": letter.contact,
        "alamat_aplikasi": settings.public_url(""),
    }
    return Document(context, office_pictures(kept), kept.paper)
