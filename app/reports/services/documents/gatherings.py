"""What surrounds a meeting on paper: the letter that invites, and the list that is signed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.core import clock
from app.meetings.models import Meeting
from app.reports.models import Letterhead, Paper
from app.reports.queries.meetings import Addressee
from app.reports.services.documents.context import Context, Document
from app.reports.services.documents.letters import Letter, letter_context
from app.reports.services.documents.minutes import paragraphs, place, when
from app.reports.services.documents.office import office_context, office_pictures

SUBJECT, ORDINARY = "Undangan", "Biasa"
FEWEST_ROWS = 20
"""How many rows an attendance list has at least, to be written in by hand."""


def invitation(
    meeting: Meeting, agenda: Sequence[str], to: Sequence[Addressee], kept: Letterhead
) -> Document:
    """Return the one letter that invites all, with the list of whom it is for."""
    letter = Letter(
        day=meeting.letter_date or clock.today(),
        number=meeting.letter_number,
        nature=meeting.letter_nature or ORDINARY,
        attachments=meeting.letter_attachments,
        subject=meeting.letter_subject or f"{SUBJECT} {meeting.title}",
        to=tuple(", ".join(filter(None, (one.name, one.position))) for one in to),
    )
    context = {
        **office_context(kept),
        "surat": letter_context(letter, kept),
        "rapat": {
            **_about(meeting),
            "agenda": [{"no": at, "judul": title} for at, title in enumerate(agenda, 1)],
            "dibawa": paragraphs(meeting.bring),
            "dasar": meeting.basis,
        },
        "narahubung": meeting.contact,
    }
    return Document(context, office_pictures(kept), kept.paper)


def attendance_list(
    meeting: Meeting,
    lines: Sequence[Mapping[str, Any]],
    kept: Letterhead,
    paper: Paper,
    *,
    blank: int = 0,
) -> Document:
    """Return the list to be signed: who is written down, then `blank` rows and some to fill up."""
    rows: list[Context] = [
        {
            "no": at,
            "nama": line["name"],
            "jk": line["gender"] or "",
            "jabatan": line["position"],
            "instansi": line["agency"] or line["organisation"],
            "kontak": line["contact"],
        }
        for at, line in enumerate(lines, 1)
    ]
    wanted = max(FEWEST_ROWS, len(rows) + blank)
    empty = dict.fromkeys(("nama", "jk", "jabatan", "instansi", "kontak"), "")
    rows += [{"no": at, **empty} for at in range(len(rows) + 1, wanted + 1)]
    context = {**office_context(kept), "rapat": _about(meeting), "peserta": rows}
    return replace(Document(context, office_pictures(kept), kept.paper), paper=paper)


def _about(meeting: Meeting) -> Context:
    return {
        **when(meeting.starts_at.isoformat(), meeting.ends_at.isoformat()),
        "judul": meeting.title,
        "tempat": place(meeting.place, meeting.video_url),
        "pimpinan": {"nama": meeting.chair_name, "jabatan": meeting.chair_position},
    }
