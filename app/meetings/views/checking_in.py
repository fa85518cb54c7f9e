"""Writing oneself down by the code on the wall, without an account."""

import secrets

import segno
from flask import flash, make_response, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.accounts.permissions import Permission
from app.accounts.services.throttle import Attempt, Limit, count_try
from app.accounts.views.sessions import come_back, visitor_address
from app.core import clock, htmx
from app.core.access import public, requires
from app.core.errors import InvalidInput, InvalidTransition, NotVisible
from app.core.identity import current_actor
from app.core.write import mutation, write
from app.meetings import calendar, policy, tokens
from app.meetings.forms.attendance import CheckInForm
from app.meetings.models import Attendance, Meeting, MeetingState
from app.meetings.queries import attendance as queries
from app.meetings.queries import finding
from app.meetings.services import attending as services
from app.meetings.views.answering import unlisted
from app.meetings.views.blueprint import bp
from app.meetings.views.presenting import show

CHECKING_IN = Limit("meeting_check_in", tries=20, seconds=15 * 60)
CHECKING_IN_ADDRESS = Limit("meeting_check_in_address", tries=400, seconds=15 * 60)
"""A hall is one address: sixty people write themselves down within minutes, some of them twice."""
DEVICES = "check_in"
"""Where a browser keeps which line of a meeting it wrote."""
KEPT = 5


@bp.get("/rapat/<code>/kode-hadir")
@requires(Permission.MEETING_MANAGE)
def check_in_code(code: str) -> ResponseReturnValue:
    """Show the code for the wall, large, with its address in words."""
    meeting = finding.get(code, current_actor())
    url = tokens.check_in_url(meeting.id)
    return show(
        "meetings/check_in_code.html",
        meeting,
        url=url,
        address=url.partition("://")[2],
        picture=picture_of(url),
        opens_at=meeting.starts_at - policy.CHECK_IN_BEFORE,
        MeetingState=MeetingState,
    )


@bp.get("/hadir/<token>")
@public
def check_in_form(token: str) -> ResponseReturnValue:
    """Show the form, or what this browser wrote already; nothing changes before the button."""
    meeting = _meeting(token)
    line = None
    if "lain" not in request.args:
        line = queries.line_of_device(meeting.id, _devices().get(str(meeting.id), ""))
    form = CheckInForm.of(line) if line else CheckInForm(formdata=None)
    form.device.data = form.device.data or secrets.token_urlsafe(16)
    return _page(token, meeting, form, line)


@bp.post("/hadir/<token>")
@public
@mutation
def check_in(token: str) -> ResponseReturnValue:
    """Write somebody down, to be confirmed by the minute-taker."""
    form = CheckInForm()
    meeting = _meeting(token)
    meeting_id, device = meeting.id, form.device.data or ""
    if not policy.takes_check_ins(meeting, clock.now()):
        return _page(token, meeting, form, None, 409)
    if form.validate():
        with write():
            blocked = count_try(
                [
                    Attempt(CHECKING_IN_ADDRESS, f"{meeting_id} {visitor_address()}"),
                    Attempt(CHECKING_IN, f"{meeting_id} {device}"),
                ]
            )
        if blocked is not None:
            form.refuse(InvalidInput(come_back(blocked)))
            return _page(token, _meeting(token), form, None, 429)
        try:
            with write() as actor:
                locked = queries.for_check_in(meeting_id, lock=True)
                services.check_in(locked, device, services.Person(**form.typed()), actor)
        except InvalidInput as refusal:
            form.refuse(refusal)
        except InvalidTransition as refusal:
            form.refuse(InvalidInput(refusal.message))
            return _page(token, _meeting(token), form, None, 409)
        else:
            _keep_device(meeting_id, device)
            flash("Tercatat. Notulis mencentangnya dalam daftar hadir.", "success")
            return htmx.go_to(url_for("meetings.check_in_form", token=token))
    return _page(token, _meeting(token), form, None, 422)


def picture_of(url: str) -> Markup:
    """Return the code as SVG that carries no style, so that the content policy lets it through."""
    code = segno.make(url, error="q", micro=False)
    return Markup(  # noqa: S704 - made by the library, of an address that is signed here
        code.svg_inline(omitsize=True, border=4, svgclass="qr", lineclass=None, light="#fff")
    )


def _meeting(token: str) -> Meeting:
    meeting_id = tokens.read_check_in_token(token)
    if meeting_id is None:
        raise NotVisible("Alamat ini tidak dikenal. Pindai lagi kode di ruang rapat.")
    return queries.for_check_in(meeting_id)


def _page(
    token: str, meeting: Meeting, form: CheckInForm, line: Attendance | None, status: int = 200
) -> ResponseReturnValue:
    now = clock.now()
    opens_at = meeting.starts_at - policy.CHECK_IN_BEFORE
    is_open = policy.takes_check_ins(meeting, now)
    page = render_template(
        "meetings/check_in.html",
        token=token,
        meeting=meeting,
        hours=calendar.hours_of(meeting.starts_at, meeting.ends_at),
        form=form,
        line=line,
        is_open=is_open,
        is_early=meeting.state is MeetingState.INVITED and now < opens_at,
        opens_at=opens_at,
        invited=queries.invited_names(meeting.id) if is_open else [],
        MeetingState=MeetingState,
    )
    return unlisted(make_response(page, status))


def _devices() -> dict[str, str]:
    kept = session.get(DEVICES)
    return kept if isinstance(kept, dict) else {}


def _keep_device(meeting_id: int, device: str) -> None:
    """Remember which line this browser wrote, for the few newest meetings."""
    others = {key: kept for key, kept in _devices().items() if key != str(meeting_id)}
    newest = dict(list(others.items())[-KEPT + 1 :])
    session[DEVICES] = {**newest, str(meeting_id): device}
