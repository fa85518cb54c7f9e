"""What the ledger asks of documents: the values of each address, the fields of each form."""

import io
from collections.abc import Callable

from app.accounts.actors import actor_of
from app.accounts.models import User
from app.core import storage
from app.core.write import write
from app.followups.models import FollowUp
from app.meetings.models import Meeting
from app.reports.models import DocumentKind, Paper
from app.reports.queries import letterheads
from app.reports.services import letterheads as letterhead_services
from app.reports.services import templates as template_services
from app.reports.services.documents.catalogue import default_template
from tests.contracts.sending import Given, always
from tests.support.files import image

LINES = {"government": "Pemerintah Kabupaten", "office": "Dinas Anak", "address": "Jalan Contoh 1"}


def about_documents(
    people: dict[str, User], led: dict[str, FollowUp], meetings: dict[str, Meeting]
) -> dict[str, Callable[[str], Given]]:
    written = dict.fromkeys(letterheads.FIELDS, "") | LINES
    template = default_template(DocumentKind.CORRECTION_SHEET, Paper.A4)
    settle(people["officer"], written, template)
    kind, own = {"slug": "permintaan-data"}, {"slug": "lembar-perbaikan"}
    seen = letterheads.fingerprint_of(letterheads.letterhead())
    dinkes, number = {"instansi": "DINKES"}, {"number": led["returned"].number}

    invited, ended = ({"code": meetings[name].code} for name in ("invited", "ended"))
    changed = {**written, "place": "Sangatta", "paper": "a4", "seen": seen}

    def replaced(_actor: str) -> Given:
        return Given(own, {"seen": "1", "file": (io.BytesIO(template), "lembar.docx")})

    return {
        "reports.documents": always(),
        "reports.edit_letterhead": always(),
        "reports.change_letterhead": lambda _actor: Given({}, changed),
        "reports.logo": always(),
        "reports.template": always(kind),
        "reports.replace_template": replaced,
        "reports.restore_template": always(own, number="0", seen="1"),
        "reports.download_template": always(kind),
        "reports.download_version": always({**own, "number": 1}),
        "reports.sample": always({**kind, "ending": "docx"}),
        "reports.new_data_request": always(dinkes),
        "reports.data_request": always({**dinkes, "ending": "pdf"}),
        "reports.correction_sheet": always({**dinkes, "ending": "docx"}),
        "reports.correction_sheet:other": always({"instansi": "KOMINFO", "ending": "docx"}),
        "reports.minutes": always({**ended, "ending": "docx"}),
        "reports.minutes:written": always({**invited, "ending": "pdf"}),
        "reports.invitation": always({**invited, "ending": "docx"}),
        "reports.attendance_list": always(invited),
        "reports.minutes_book": always({"year": meetings["ended"].year, "ending": "pdf"}),
        "reports.correction_of_one": always({**number, "ending": "pdf"}),
    }


def settle(officer: User, written: dict[str, str], template: bytes) -> None:
    """Give the office a letterhead with a logo, and a template of its own."""
    logo = storage.put(io.BytesIO(image("PNG")))
    stored = storage.put(io.BytesIO(template))
    with write():
        actor = actor_of(officer)
        seen = letterheads.fingerprint_of(letterheads.letterhead())
        letterhead_services.change_letterhead(actor, written, Paper.F4, seen, logo=logo)
        kind = DocumentKind.CORRECTION_SHEET
        template_services.replace_template(actor, kind, stored, "lembar.docx", 0)
