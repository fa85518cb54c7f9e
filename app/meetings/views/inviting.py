"""Whom a meeting invites: the list, choosing, sending, reminding."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import clock, htmx, once
from app.core.access import requires
from app.core.errors import DomainError, InvalidInput, InvalidTransition
from app.core.identity import current_actor
from app.core.write import mutation, write
from app.meetings import policy
from app.meetings.forms.inviting import (
    ANSWERS,
    UNANSWERED,
    UNREACHED,
    UNSENT,
    CandidateFilterForm,
    GuestForm,
    InvitedFilterForm,
    ReminderForm,
    Ticked,
    read_ticked,
)
from app.meetings.labels import ANSWER_LABELS
from app.meetings.messages.inviting import preview_of
from app.meetings.models import Answer, Meeting
from app.meetings.queries import finding
from app.meetings.queries import invitations as queries
from app.meetings.queries.invitations import Invited, InvitedList
from app.meetings.services import inviting as services
from app.meetings.services.guarding import require_open
from app.meetings.views.blueprint import bp
from app.meetings.views.presenting import show

TONES = {Answer.COMING: "closed", Answer.REPRESENTED: "submitted", Answer.UNABLE: "returned"}
SYMBOLS = {Answer.COMING: "check", Answer.REPRESENTED: "next", Answer.UNABLE: "info"}


@bp.get("/rapat/<code>/undangan")
@requires(Permission.MEETING_MANAGE)
def invitations(code: str) -> ResponseReturnValue:
    """Show who is invited and what they answered."""
    return _list(finding.get(code, current_actor()))


@bp.get("/rapat/<code>/undangan/tambah")
@requires(Permission.MEETING_MANAGE)
def choose_invited(code: str) -> ResponseReturnValue:
    """Show the agencies to choose from, ways to choose many, and the form of a guest."""
    return _choosing(finding.get(code, current_actor()), read_ticked(request.args))


@bp.post("/rapat/<code>/undangan/instansi")
@requires(Permission.MEETING_MANAGE)
@mutation
def invite_agencies(code: str) -> ResponseReturnValue:
    """Put the chosen agencies on the list."""
    ticked = read_ticked(request.form)
    try:
        with write() as actor:
            meeting = finding.get_locked(code, actor)
            count = services.add_agencies(meeting, ticked.selection, actor)
    except InvalidInput as refusal:
        meeting = finding.get(code, current_actor())
        return _choosing(meeting, ticked, refusal.status, message=refusal.message)
    flash(_listed(count), "success" if count else "info")
    return htmx.go_to(url_for("meetings.invitations", code=code))


@bp.post("/rapat/<code>/undangan/tamu")
@requires(Permission.MEETING_MANAGE)
@mutation
def invite_guest(code: str) -> ResponseReturnValue:
    """Put a guest on the list."""
    form = GuestForm()
    try:
        if form.validate():
            with write() as actor:
                meeting = finding.get_locked(code, actor)
                services.add_guest(meeting, services.Guest(**form.typed()), actor)
            flash(f"{form.name.data} ada dalam daftar undangan.", "success")
            return htmx.go_to(url_for("meetings.invitations", code=code))
    except InvalidInput as refusal:
        form.refuse(refusal)
    meeting = finding.get(code, current_actor())
    return _choosing(meeting, read_ticked(request.args), 422, guest=form)


@bp.post("/rapat/<code>/undangan/kirim")
@requires(Permission.MEETING_MANAGE)
@mutation
def send_invitations(code: str) -> ResponseReturnValue:
    """Send the invitations that have not been sent."""
    token = request.form.get("form_token", "")
    location = url_for("meetings.invitations", code=code)
    count = 0
    try:
        with write() as actor:
            meeting = finding.get_locked(code, actor)
            if once.answered_before(token, actor) is None:
                count = services.send(meeting, actor)
                once.remember(token, actor, location)
    except (InvalidInput, InvalidTransition) as refusal:
        return _refused(code, refusal)
    if count:
        flash(f"{count} undangan dikirim. Jawabannya muncul di halaman ini.", "success")
    return htmx.go_to(location)


@bp.post("/rapat/<code>/undangan/ingatkan")
@requires(Permission.MEETING_MANAGE)
@mutation
def remind_unanswered(code: str) -> ResponseReturnValue:
    """Remind those alone who have not answered."""
    form = ReminderForm()
    token, again = form.form_token.data or "", bool(form.again.data)
    location = url_for("meetings.invitations", code=code)
    count = 0
    try:
        with write() as actor:
            meeting = finding.get_locked(code, actor)
            if once.answered_before(token, actor) is None:
                count = services.remind(meeting, actor, again=again)
                once.remember(token, actor, location)
    except (InvalidInput, InvalidTransition) as refusal:
        return _refused(code, refusal)
    if count:
        flash(f"{count} yang belum menjawab diingatkan.", "success")
    return htmx.go_to(location)


@bp.get("/rapat/<code>/undangan/pratinjau")
@requires(Permission.MEETING_MANAGE)
def preview_invitation(code: str) -> ResponseReturnValue:
    """Show the mail as it would go out, to the first on the list."""
    meeting = finding.get(code, current_actor())
    invited = queries.invited_list(meeting.id)
    first = next(iter([*invited.unsent, *invited.rows]), None)
    letter = preview_of(meeting, first.invitation) if first else None
    return show("meetings/preview.html", meeting, letter=letter, first=first)


def _list(meeting: Meeting, status: int = 200, message: str = "") -> ResponseReturnValue:
    form = InvitedFilterForm(request.args)
    invited = queries.invited_list(meeting.id)
    reminded = [row.invitation.reminded_at for row in invited.rows if row.invitation.reminded_at]
    last = max(reminded, default=None)
    now = clock.now()
    return show(
        "meetings/invitations.html",
        meeting,
        status=status,
        form=form,
        invited=invited,
        rows=form.narrow(invited),
        tiles=_tiles(meeting, invited),
        last_reminder=last,
        reminded_today=last is not None and now - last < services.REMINDED_AGAIN_AFTER,
        takes_answers=policy.takes_answers(meeting, now),
        is_past=meeting.ends_at <= now,
        can_prepare=policy.can_prepare(current_actor(), meeting),
        reminder=ReminderForm(formdata=None),
        form_token=once.new_token(),
        reminder_token=once.new_token(),
        messages=[message] if message else [],
        tones=TONES,
        symbols=SYMBOLS,
    )


def _tiles(meeting: Meeting, invited: InvitedList) -> list[dict[str, Any]]:
    """Return the counts of answers, each with the list of them."""
    counted: list[tuple[str, str, list[Invited], str]] = [
        (code, ANSWER_LABELS[answer], invited.answered(answer), TONES[answer])
        for code, answer in ANSWERS.items()
    ]
    counted.append((UNANSWERED, "Belum menjawab", invited.unanswered, "quiet"))
    if invited.unsent:
        counted.append((UNSENT, "Belum dikirim", invited.unsent, "quiet"))
    if invited.unreached:
        counted.append((UNREACHED, "Tidak terjangkau surel", invited.unreached, "late"))
    return [
        {
            "label": label,
            "value": len(rows),
            "url": url_for("meetings.invitations", code=meeting.code, jawaban=code),
            "tone": tone,
        }
        for code, label, rows, tone in counted
    ]


def _choosing(
    meeting: Meeting,
    ticked: Ticked,
    status: int = 200,
    *,
    message: str = "",
    guest: GuestForm | None = None,
) -> ResponseReturnValue:
    require_open(meeting, current_actor(), services.INVITED)
    search = CandidateFilterForm(request.values)
    found = queries.candidates(meeting.id, search.kata.data or "")
    shown = {agency.id for agency in found.shown}
    return show(
        "meetings/choose_invited.html",
        meeting,
        status=status,
        search=search,
        found=found,
        ticked=ticked,
        hidden=sorted(ticked.selection.agency_ids - shown),
        guest=guest or GuestForm(formdata=None),
        messages=[message] if message else [],
    )


def _refused(code: str, refusal: DomainError) -> ResponseReturnValue:
    return _list(finding.get(code, current_actor()), refusal.status, refusal.message)


def _listed(count: int) -> str:
    if not count:
        return "Semua yang dipilih sudah ada dalam daftar."
    return f"{count} instansi ada dalam daftar undangan, belum diberi tahu."
