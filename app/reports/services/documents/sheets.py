"""What the correction sheet says: what came back to an agency, and what is to be done."""

from collections.abc import Sequence

from app.core import formatting
from app.followups import answers
from app.followups.labels import STATE_LABELS
from app.instruments.models import AnswerType
from app.reports.models import Letterhead
from app.reports.queries.follow_ups import Returned
from app.reports.services.documents.context import Context, Document
from app.reports.services.documents.office import office_context, office_pictures, today

HIDDEN = "berkas terbatas"
YES_NO = {answers.YES: "Ya", answers.NO: "Tidak"}


def correction_sheet(
    rows: Sequence[Returned], kept: Letterhead, *, agency: str, short_name: str, evaluation: str
) -> Document:
    """Return the sheet of one agency."""
    context = {
        **office_context(kept),
        "evaluasi": evaluation,
        "instansi": {"nama": agency, "singkatan": short_name},
        "tanggal": today(),
        "jumlah": len(rows),
        "catatan_perbaikan": [_row(at, row) for at, row in enumerate(rows, 1)],
    }
    return Document(context, office_pictures(kept), kept.paper)


def _row(at: int, row: Returned) -> Context:
    remarks = [f"{name or HIDDEN}: {words}" for name, words in row.remarks]
    return {
        "no": at,
        "kode": row.number,
        "nomor": row.ref,
        "indikator": row.indicator,
        "pertanyaan": row.title,
        "jawaban": "\n".join(_answer(row)) or "-",
        "bukti": "\n".join(name or HIDDEN for name in row.evidence) or "-",
        "catatan": "\n".join(part for part in (row.words, *remarks) if part) or "-",
        "perbaikan": "\n".join(row.reasons) or "-",
        "instansi": row.agency,
        "batas_waktu": formatting.due(row.due_at),
        "putaran": row.round_no,
        "status": STATE_LABELS[row.state],
    }


def _answer(row: Returned) -> list[str]:
    """Return the answer year by year: "2024: 81,2 %", "2025: Ya. Perda 3/2019"."""
    lines = []
    for year in row.spec.years:
        given = row.answer.get(year, {})
        parts = [_value(row, given.get("value", "")), given.get("detail", "")]
        said = ". ".join(part for part in parts if part.strip())
        if said:
            lines.append(said if year == answers.UNDATED else f"{year}: {said}")
    return lines


def _value(row: Returned, value: str) -> str:
    if row.spec.is_numeric and value and not answers.fault(row.spec, value):
        unit = "%" if row.spec.answer_type is AnswerType.PERCENT else row.spec.unit or ""
        return f"{formatting.number(value)} {unit}".strip()
    return YES_NO.get(value, value)
