"""The outbox: every mail with its fate, and sending again."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, Response, make_response, request, url_for
from flask.typing import ResponseReturnValue

from app.core import clock, formatting, htmx, once
from app.core.access import requires
from app.core.errors import NotVisible
from app.core.health import register_information
from app.core.identity import current_actor
from app.core.navigation import Entry, register_navigation
from app.core.pagination import page_number
from app.core.write import mutation, write
from app.notifications import calendars, policy, queries, services
from app.notifications.delivery import mail_settings, register_delivery
from app.notifications.forms import OutboxFilterForm
from app.notifications.labels import (
    CALENDAR_LABELS,
    FATE_LABELS,
    FATE_SENTENCES,
    FATE_SYMBOLS,
    FATE_TONES,
    STEP_LABELS,
)
from app.notifications.messages import is_confidential, kind_label
from app.notifications.models import Fate, OutgoingMail
from app.notifications.registry import prepare_registry, registry

bp = Blueprint("notifications", __name__)

MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'; sandbox"
)
"""A mail's HTML is shown as a picture of itself: no script, nothing loaded, no link followed."""

LABELS: dict[str, Any] = {
    "labels": FATE_LABELS,
    "symbols": FATE_SYMBOLS,
    "tones": FATE_TONES,
    "kind_label": kind_label,
}


def register_notifications(app: Flask) -> None:
    """Register the outbox, the way of its mails, and the place for kinds and audiences."""
    prepare_registry(app)
    register_delivery(app)
    register_information(app, "oldest_unsent_mail", _oldest_unsent)
    app.register_blueprint(bp)
    register_navigation(app, Entry("Kotak keluar", "notifications.outbox", policy.READ, 70))


def _oldest_unsent() -> str | None:
    oldest = queries.oldest_unsent()
    return None if oldest is None else oldest.isoformat(timespec="seconds")


@bp.get("/kotak-keluar")
@requires(policy.READ)
def outbox() -> ResponseReturnValue:
    """Show the mails that the filters in the address let through."""
    form = OutboxFilterForm(request.args)
    kinds = {code: kind.label for code, kind in registry().kinds.items()}
    form.offer(kinds)
    is_sound = form.validate()
    wanted = queries.OutboxFilter(
        fate=Fate(form.nasib.data) if form.nasib.data in set(Fate) else None,
        kind=form.jenis.data if form.jenis.data in kinds else None,
        words=(form.q.data or "") if is_sound else "",
        oldest_first=request.args.get("urut") == "lama",
    )
    return htmx.render_page(
        "notifications/outbox.html",
        form=form,
        wanted=wanted,
        page=queries.list_mails(wanted, page_number(request.args.get("halaman"))),
        counts=queries.count_by_fate(),
        waiting=queries.waiting_news(),
        address=_Address(wanted),
        has_server=bool(mail_settings().server),
        is_stuck=queries.is_stuck(),
        **LABELS,
    )


class _Address:
    """The address of the list with some of its filters changed."""

    def __init__(self, wanted: queries.OutboxFilter) -> None:
        self.filters: dict[str, str] = {
            "q": wanted.words,
            "nasib": wanted.fate.value if wanted.fate else "",
            "jenis": wanted.kind or "",
            "urut": "lama" if wanted.oldest_first else "",
        }

    def __call__(self, **changes: str) -> str:
        given: dict[str, Any] = {
            name: value for name, value in (self.filters | changes).items() if value
        }
        return url_for("notifications.outbox", **given)

    def page(self, number: int) -> str:
        """Return the address of another page of the same list."""
        return self(halaman=str(number) if number > 1 else "")


@bp.get("/kotak-keluar/<int(max=2147483647):mail_id>")
@requires(policy.READ)
def mail(mail_id: int) -> ResponseReturnValue:
    """Show one mail: its words, its fate, and what happened on the way."""
    found = queries.get_mail(mail_id)
    actor = current_actor()
    confidential = is_confidential(found.kind)
    return htmx.render_page(
        "notifications/mail.html",
        mail=found,
        sentence=FATE_SENTENCES[found.fate],
        story=_story(found),
        is_confidential=confidential,
        calendar_label=CALENDAR_LABELS.get(calendars.method_of(found.calendar or "")),
        may_send_again=policy.can_send_again(actor, found, confidential=confidential),
        form_token=once.new_token(),
        repeats=queries.sent_again(found.id),
        has_server=bool(mail_settings().server),
        **LABELS,
    )


def _story(found: OutgoingMail) -> list[dict[str, Any]]:
    """Return what happened to a mail, the oldest first, as the timeline shows it."""
    told = [(found.created_at, "Surel dibuat", "", "mail")]
    for step in found.trail:
        code, at = step["step"], datetime.fromisoformat(step["at"])
        symbol = FATE_SYMBOLS[Fate(code)] if code in set(Fate) else "info"
        told.append((at, STEP_LABELS[code], step["said"], symbol))
    if found.fate is Fate.QUEUED and found.next_attempt_at > clock.now():
        told.append((found.next_attempt_at, "Percobaan berikutnya", "", "clock"))
    return [
        {
            "at": formatting.moment(at),
            "iso": at.isoformat(),
            "title": title,
            "detail": detail,
            "symbol": symbol,
        }
        for at, title, detail, symbol in told
    ]


@bp.get("/kotak-keluar/<int(max=2147483647):mail_id>/html")
@requires(policy.READ)
def mail_html(mail_id: int) -> Response:
    """Answer a mail's HTML part for the frame on its page."""
    found = queries.get_mail(mail_id)
    if is_confidential(found.kind) or not found.body_html:
        raise NotVisible
    response = make_response(found.body_html)
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response


@bp.get("/kotak-keluar/<int(max=2147483647):mail_id>/undangan.ics")
@requires(policy.READ)
def mail_calendar(mail_id: int) -> Response:
    """Download the invitation that a mail carries."""
    found = queries.get_mail(mail_id)
    if is_confidential(found.kind) or found.calendar is None:
        raise NotVisible
    response = make_response(found.calendar)
    response.content_type = "text/calendar; charset=utf-8"
    response.headers.set("Content-Disposition", "attachment", filename=calendars.FILE_NAME)
    return response


@bp.post("/kotak-keluar/<int(max=2147483647):mail_id>/kirim-ulang")
@requires(policy.RESEND)
@mutation
def send_again(mail_id: int) -> ResponseReturnValue:
    """Queue a mail once more, to today's address."""
    token = request.form.get("form_token", "")
    with write() as actor:
        made = services.send_again(mail_id, actor, token=token)
        url = url_for("notifications.mail", mail_id=made.id)
    return htmx.go_to(url)
