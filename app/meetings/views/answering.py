"""Answers to an invitation: by the link in a mail, on the meeting's page, or taken by phone."""

from typing import Any

from flask import Response, flash, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.accounts.services.throttle import Attempt, Limit, count_try
from app.accounts.views.sessions import come_back, visitor_address
from app.core import clock, htmx
from app.core.access import public, requires
from app.core.errors import InvalidInput, InvalidTransition, NotVisible
from app.core.identity import current_actor
from app.core.write import mutation, write
from app.meetings import calendar, labels, policy, tokens
from app.meetings.forms.answering import ReplyForm
from app.meetings.forms.inviting import GuestForm
from app.meetings.models import Invitation, Meeting, MeetingState
from app.meetings.queries import finding
from app.meetings.queries import invitations as queries
from app.meetings.services import answering, inviting
from app.meetings.services.answering import Way
from app.meetings.views.blueprint import bp
from app.meetings.views.presenting import show
from app.meetings.views.versions import approved_text

ANSWERING = Limit("meeting_answer", tries=30, seconds=15 * 60)
ANSWERING_ADDRESS = Limit("meeting_answer_address", tries=300, seconds=15 * 60)
"""One office is one address: many of its people may answer at once."""


@bp.get("/undangan/<token>")
@public
def invited(token: str) -> ResponseReturnValue:
    """Show the invitation that a link is for; nothing changes before the button is pressed."""
    invitation = _by_token(token)
    return _public_page(token, invitation, ReplyForm.of(invitation))


@bp.post("/undangan/<token>")
@public
@mutation
def answer_by_link(token: str) -> ResponseReturnValue:
    """Keep the answer of whoever has the link."""
    form = ReplyForm()
    invitation = _by_token(token)
    blocked = None
    if form.validate() and policy.takes_answers(invitation.meeting, clock.now()):
        ids = (invitation.meeting_id, invitation.id)
        with write():
            blocked = count_try(
                [
                    Attempt(ANSWERING_ADDRESS, visitor_address()),
                    Attempt(ANSWERING, str(ids[1])),
                ]
            )
        if blocked is not None:
            form.refuse(InvalidInput(come_back(blocked)))
            return _public_page(token, _by_token(token), form, 429)
        try:
            with write() as actor:
                locked = queries.by_link(*ids, lock=True)
                answering.answer(
                    locked.meeting, locked, answering.Reply(**form.typed()), actor, Way.LINK
                )
        except InvalidInput as refusal:
            form.refuse(refusal)
        except InvalidTransition:
            return _public_page(token, _by_token(token), form)
        else:
            flash("Jawaban tersimpan. Terima kasih.", "success")
            return htmx.go_to(url_for("meetings.invited", token=token))
    return _public_page(token, _by_token(token), form, 422)


@bp.get("/undangan/<token>/kalender.ics")
@public
def calendar_by_link(token: str) -> ResponseReturnValue:
    """Give the meeting to a calendar, where the mail program did not."""
    invitation = _by_token(token)
    if invitation.withdrawn_at is not None:
        raise NotVisible
    return calendar_file(invitation.meeting)


@bp.get("/rapat/<code>/kalender.ics")
@requires(Permission.MEETING_READ)
def meeting_calendar(code: str) -> ResponseReturnValue:
    """Give the meeting to a calendar of somebody who sees it."""
    return calendar_file(finding.get(code, current_actor()))


@bp.get("/rapat/<code>/jawaban")
@requires(Permission.MEETING_READ)
def own_answers(code: str) -> ResponseReturnValue:
    """Show what a person's agencies answered, to be changed until the meeting is over."""
    meeting = finding.get(code, current_actor())
    return _own(meeting)


@bp.post("/rapat/<code>/jawaban/<int:invitation_id>")
@requires(Permission.MEETING_READ)
@mutation
def answer_own(code: str, invitation_id: int) -> ResponseReturnValue:
    """Keep the answer of one of the person's own agencies."""
    form = ReplyForm(prefix=f"i{invitation_id}-")
    try:
        if form.validate():
            with write() as actor:
                meeting = finding.get_locked(code, actor)
                invitation = queries.get_own_locked(meeting.id, invitation_id, actor)
                answering.answer(
                    meeting, invitation, answering.Reply(**form.typed()), actor, Way.PAGE
                )
            flash("Jawaban tersimpan.", "success")
            return htmx.go_to(url_for("meetings.detail", code=code))
    except InvalidInput as refusal:
        form.refuse(refusal)
    return _own(finding.get(code, current_actor()), 422, (invitation_id, form))


@bp.get("/rapat/<code>/undangan/<int:invitation_id>")
@requires(Permission.MEETING_MANAGE)
def invitation(code: str, invitation_id: int) -> ResponseReturnValue:
    """Show one invitation: its answer, its link, what a guest's particulars are."""
    meeting = finding.get(code, current_actor())
    return _invitation(meeting, queries.get(meeting.id, invitation_id))


@bp.post("/rapat/<code>/undangan/<int:invitation_id>/jawaban")
@requires(Permission.MEETING_MANAGE)
@mutation
def enter_answer(code: str, invitation_id: int) -> ResponseReturnValue:
    """Keep an answer that was given by phone or by letter."""
    form = ReplyForm(prefix="jawaban-")
    try:
        if form.validate():
            with write() as actor:
                meeting = finding.get_locked(code, actor)
                invitation = queries.get_locked(meeting.id, invitation_id)
                answering.answer(
                    meeting, invitation, answering.Reply(**form.typed()), actor, Way.PHONE
                )
            flash("Jawaban dicatat.", "success")
            return htmx.go_to(url_for("meetings.invitations", code=code))
    except InvalidInput as refusal:
        form.refuse(refusal)
    meeting = finding.get(code, current_actor())
    return _invitation(meeting, queries.get(meeting.id, invitation_id), 422, reply=form)


@bp.post("/rapat/<code>/undangan/<int:invitation_id>/tamu")
@requires(Permission.MEETING_MANAGE)
@mutation
def change_guest(code: str, invitation_id: int) -> ResponseReturnValue:
    """Correct a guest's particulars."""
    form = GuestForm(prefix="tamu-")
    try:
        if form.validate():
            with write() as actor:
                meeting = finding.get_locked(code, actor)
                invitation = queries.get_locked(meeting.id, invitation_id)
                sent = inviting.change_guest(
                    meeting, invitation, inviting.Guest(**form.typed()), actor
                )
            again = " Undangan dikirim ke alamat yang baru." if sent else ""
            flash(f"Data tamu disimpan.{again}", "success")
            return htmx.go_to(url_for("meetings.invitations", code=code))
    except InvalidInput as refusal:
        form.refuse(refusal)
    meeting = finding.get(code, current_actor())
    return _invitation(meeting, queries.get(meeting.id, invitation_id), 422, guest=form)


@bp.post("/rapat/<code>/undangan/<int:invitation_id>/tarik")
@requires(Permission.MEETING_MANAGE)
@mutation
def withdraw_invitation(code: str, invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    with write() as actor:
        meeting = finding.get_locked(code, actor)
        invitation = queries.get_locked(meeting.id, invitation_id)
        told = inviting.withdraw(meeting, invitation, actor)
    flash(f"Undangan ditarik{' dan yang diundang diberi tahu' if told else ''}.", "success")
    return htmx.go_to(url_for("meetings.invitations", code=code))


def calendar_file(meeting: Meeting) -> Response:
    """Return a meeting as a file for a calendar; one that is cancelled takes its entry out."""
    is_cancelled = meeting.state is MeetingState.CANCELLED
    method = calendar.Method.CANCEL if is_cancelled else calendar.Method.PUBLISH
    response = make_response(calendar.entry(meeting, method))
    response.mimetype = "text/calendar"
    response.headers["Content-Disposition"] = f'attachment; filename="{meeting.code}.ics"'
    return response


def unlisted(response: Response) -> Response:
    """Keep a page whose address is a secret out of the lists of search engines."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _by_token(token: str) -> Invitation:
    """Return the invitation of a link. Raises `NotVisible` where it is forged or never sent."""
    ids = tokens.read_answer_token(token)
    if ids is None:
        raise NotVisible("Tautan ini tidak dikenal. Buka lagi dari surel undangan.")
    return queries.by_link(*ids)


def _public_page(
    token: str, invitation: Invitation, form: ReplyForm, status: int = 200
) -> ResponseReturnValue:
    meeting = invitation.meeting
    gone = invitation.withdrawn_at is not None or meeting.state is MeetingState.CANCELLED
    template = "meetings/invited.html"
    if gone or not policy.takes_answers(meeting, clock.now()):
        template, status = "meetings/invited_over.html", 410 if gone else 200
    page = render_template(
        template,
        token=token,
        invitation=invitation,
        name=queries.name_of(invitation),
        meeting=meeting,
        hours=calendar.hours_of(meeting.starts_at, meeting.ends_at),
        video=calendar.web_address(meeting.video_url),
        agenda=queries.agenda_titles([meeting.id]).get(meeting.id, []),
        form=form,
        labels=labels,
        MeetingState=MeetingState,
        text=approved_text(meeting) if template.endswith("_over.html") and not gone else None,
    )
    return unlisted(make_response(page, status))


def own_context(meeting: Meeting, refused: tuple[int, ReplyForm] | None = None) -> dict[str, Any]:
    """Return what `meetings/_own_answers.html` shows: the person's invitations and their forms."""
    rows = queries.own(meeting.id, current_actor())
    forms = {row.id: ReplyForm.of(row, prefix=f"i{row.id}-") for row in rows}
    return {
        "rows": rows,
        "forms": forms | dict([refused] if refused else []),
        "takes_answers": policy.takes_answers(meeting, clock.now()),
    }


def _own(
    meeting: Meeting, status: int = 200, refused: tuple[int, ReplyForm] | None = None
) -> ResponseReturnValue:
    context = own_context(meeting, refused)
    if not context["rows"]:
        raise NotVisible
    return show("meetings/own_answers.html", meeting, status=status, **context)


def _invitation(
    meeting: Meeting,
    invitation: Invitation,
    status: int = 200,
    *,
    reply: ReplyForm | None = None,
    guest: GuestForm | None = None,
) -> ResponseReturnValue:
    return show(
        "meetings/invitation.html",
        meeting,
        status=status,
        invitation=invitation,
        name=queries.name_of(invitation),
        link=tokens.answer_url(meeting.id, invitation.id),
        reply=reply or ReplyForm.of(invitation, prefix="jawaban-"),
        guest=guest or GuestForm.of(invitation, prefix="tamu-"),
        takes_answers=policy.takes_answers(meeting, clock.now()),
        can_prepare=policy.can_prepare(current_actor(), meeting),
    )
