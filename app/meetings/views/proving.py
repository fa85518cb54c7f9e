"""Records of meetings, picked as evidence for a follow-up."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import clock, htmx, once
from app.core.access import requires
from app.core.errors import InvalidInput, InvalidTransition, NotPermitted
from app.core.identity import current_actor
from app.core.input import whole
from app.core.write import mutation, write
from app.followups import policy as follow_up_policy
from app.followups.queries import detail
from app.followups.services.drafts import read_day
from app.followups.services.evidence import OTHER_SLOT
from app.followups.views.presenting import FollowUpPage, load_page
from app.meetings import labels
from app.meetings.models import FileKind
from app.meetings.queries.files import Offered, offered_as_evidence
from app.meetings.services.proving import Chosen, offer_as_evidence
from app.meetings.views.blueprint import bp

PATH = "/tindak-lanjut/<number>/data-dukung/dari-rapat"
NO_DAY = "“{typed}” bukan tanggal. Tulis misalnya 15/01/2026."
SLOTS = {
    FileKind.LETTER: "undangan",
    FileKind.ATTENDANCE: "daftar_hadir",
    FileKind.MINUTES: "notula",
    FileKind.PHOTO: "foto",
}
"""As what a record is offered first, where the question asks for that."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A record on the page: what it is, and what is filled in beside it."""

    offered: Offered
    slot: str
    dated: str
    """The day as it was typed, or as it is proposed."""
    is_chosen: bool
    is_there: bool
    """Whether the answer has it already."""


@bp.get(PATH)
@requires(Permission.MEETING_READ)
def choose_evidence(number: str) -> ResponseReturnValue:
    """Show the signed scans and photos that the person may offer."""
    return _page(_load(number), once.new_token())


@bp.post(PATH)
@requires(Permission.MEETING_READ)
@mutation
def attach_evidence(number: str) -> ResponseReturnValue:
    """Put the chosen records with the answer."""
    token = request.form.get("form_token", "")
    location = url_for("followups.detail", number=number, _anchor="evidence-list")
    chosen = _chosen()
    try:
        _refuse_no_days(chosen)
        with write() as actor:
            if once.answered_before(token, actor) is None:
                follow_up = detail.get_locked(number, actor)
                round_ = detail.open_round(follow_up)
                offer_as_evidence(follow_up, round_, actor, chosen)
                once.remember(token, actor, location)
    except InvalidInput as refusal:
        return _page(_load(number), token, refusal.message, 422)
    flash(f"{len(chosen)} berkas rapat ditambahkan sebagai data dukung.", "success")
    return htmx.go_to(location)


def _load(number: str) -> FollowUpPage:
    """Return the follow-up whose answer is open for evidence of this person."""
    actor = current_actor()
    page = load_page(number, actor)
    if not follow_up_policy.takes_evidence_of(actor, page.follow_up):
        raise NotPermitted("Data dukung ditambahkan oleh instansi yang ditunjuk.")
    if not page.can_add_evidence:
        raise InvalidTransition("Jawaban sudah dikirim, sehingga data dukungnya tidak berubah.")
    return page


def _page(
    page: FollowUpPage, token: str, message: str = "", status: int = 200
) -> ResponseReturnValue:
    chosen = {one.file_id for one in _chosen()}
    codes = {slot.code for slot in page.slots}
    there = {piece.file_id for piece in page.current.evidence} if page.current else set()
    meetings: dict[str, list[Choice]] = {}
    for offered in offered_as_evidence(page.actor):
        own = SLOTS[offered.kind] if SLOTS[offered.kind] in codes else OTHER_SLOT
        day = offered.dated or clock.local(offered.starts_at).date()
        choice = Choice(
            offered=offered,
            slot=request.form.get(f"slot-{offered.id}", own),
            dated=request.form.get(f"dated-{offered.id}", day.isoformat()),
            is_chosen=offered.id in chosen,
            is_there=offered.file_id in there,
        )
        meetings.setdefault(offered.code, []).append(choice)
    return htmx.render_page(
        "meetings/choose_evidence.html",
        status=status,
        follow_up=page.follow_up,
        slots=page.slots,
        meetings=meetings,
        labels=labels,
        messages=[message] if message else [],
        form_token=token or once.new_token(),
    )


def _refuse_no_days(chosen: Sequence[Chosen]) -> None:
    """Raise `InvalidInput` where something else than a day was typed beside what is ticked."""
    for one in chosen:
        typed = request.form.get(f"dated-{one.file_id}", "").strip()
        if typed and one.document_date is None:
            raise InvalidInput(NO_DAY.format(typed=typed[:20]))


def _chosen() -> list[Chosen]:
    """Read what is ticked, and what is filled in beside it."""
    form = request.form
    ids = dict.fromkeys(form.getlist("files"))
    return [
        Chosen(
            file_id=file_id,
            slot=form.get(f"slot-{text}", "")[:40] or OTHER_SLOT,
            document_date=read_day(form.get(f"dated-{text}", "")),
        )
        for text in ids
        if (file_id := whole(text)) is not None
    ]
