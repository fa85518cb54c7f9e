"""DP3A's judgement: taking a submission, returning it for correction, declaring it finished."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.accounts.permissions import Permission
from app.core import htmx, once
from app.core.access import requires
from app.core.actor import Actor
from app.core.errors import InvalidInput, InvalidTransition, StaleVersion
from app.core.identity import current_actor
from app.core.write import mutation, write
from app.followups.forms.reviewing import ReviewForm, waiting_of
from app.followups.machine import Action
from app.followups.models import Outcome, Remarker
from app.followups.queries import detail as queries
from app.followups.services import evidence, taking
from app.followups.services.particulars import Particulars
from app.followups.services.perform import perform
from app.followups.views.blueprint import bp
from app.followups.views.desk import queue_arguments, queue_url, reopen_desk, whole
from app.followups.views.detail import show
from app.followups.views.presenting import load_page

SAID = {
    Action.RETURN: "{} dikembalikan untuk perbaikan.",
    Action.ACCEPT: "{} dinyatakan selesai.",
}
QUEUE_DONE = "Tidak ada lagi yang menunggu pada antrean ini. Terima kasih."


@bp.post("/tindak-lanjut/<number>/ambil")
@requires(Permission.FOLLOW_UP_REVIEW)
@mutation
def take(number: str) -> ResponseReturnValue:
    """Take a submission for review, and keep the judgement that is being written."""
    try:
        with write() as actor:
            taking.take(queries.get_locked(number, actor), actor)
    except InvalidTransition as refusal:
        return _refused(number, ReviewForm(), refusal.status, refusal.message)
    return _kept(number)


@bp.post("/tindak-lanjut/<number>/lepas")
@requires(Permission.FOLLOW_UP_REVIEW)
@mutation
def release(number: str) -> ResponseReturnValue:
    """Let a submission go without judging it."""
    with write() as actor:
        taking.release(queries.get_locked(number, actor), actor)
    flash("Dilepas. Petugas lain dapat mengambilnya.", "success")
    return htmx.go_to(detail_url(number))


@bp.post("/tindak-lanjut/<number>/kembalikan")
@requires(Permission.FOLLOW_UP_REVIEW)
@mutation
def return_for_correction(number: str) -> ResponseReturnValue:
    """Return a submission for correction, with reasons, words and a due time."""
    return _judge(number, Action.RETURN)


@bp.post("/tindak-lanjut/<number>/selesai")
@requires(Permission.FOLLOW_UP_REVIEW)
@mutation
def accept(number: str) -> ResponseReturnValue:
    """Declare a follow-up finished, with its outcome."""
    return _judge(number, Action.ACCEPT)


@bp.post("/tindak-lanjut/<number>/pemeriksaan/batasi/<int:evidence_id>")
@requires(Permission.FOLLOW_UP_REVIEW)
@mutation
def mark_evidence(number: str, evidence_id: int) -> ResponseReturnValue:
    """Mark a piece as restricted, or no longer, and keep the judgement that is being written."""
    restricted = request.form.get("restricted") == "1"
    with write() as actor:
        follow_up = queries.get_locked(number, actor)
        round_ = queries.round_with(follow_up, evidence_id)
        evidence.restrict(follow_up, round_, actor, evidence_id, restricted=restricted)
    flash("Berkas ditandai terbatas." if restricted else "Tanda terbatas dicabut.", "success")
    return _kept(number)


def detail_url(number: str) -> str:
    """Return the address of a follow-up, within the queue where it was come to from there."""
    return url_for(
        "followups.detail", number=number, antrean=request.form.get("antrean", "") or None
    )


def _kept(number: str) -> ResponseReturnValue:
    """Show the page with the judgement as far as it is written."""
    page = load_page(number, current_actor())
    desk = reopen_desk(page, request.form, review=ReviewForm())
    desk.news = ()
    return show(page, 200, desk)


def _judge(number: str, action: Action) -> ResponseReturnValue:
    form, token = ReviewForm(), request.form.get("form_token", "")
    if not form.validate_for(action):
        return _refused(number, form, 422)
    given = _given(form, action)
    try:
        with write() as actor:
            location = once.answered_before(token, actor)
            if location is None:
                follow_up = queries.get_locked(number, actor)
                version = whole(request.form.get("version", ""))
                perform(follow_up, action, actor, given, version=version)
                location = _onward(number, actor)
                once.remember(token, actor, location)
    except InvalidInput as refusal:
        return _refused(number, form, refusal.status, form.refuse(refusal))
    except (StaleVersion, InvalidTransition) as refusal:
        return _refused(number, form, refusal.status, refusal.message)
    _say(number, action, location)
    return htmx.go_to(location)


def _given(form: ReviewForm, action: Action) -> Particulars:
    whose = Remarker(form.whose.data) if form.whose.data else Remarker.DP3A
    remarks = form.remarks(request.form)
    if action is Action.ACCEPT:
        outcome = Outcome(form.outcome.data) if form.outcome.data else Outcome.MET
        words = form.closing_words.data or ""
        return Particulars(words=words, whose=whose, outcome=outcome, remarks=remarks)
    return Particulars(
        words=form.words_or_sentences(queries.return_reasons()),
        due_at=form.due_at,
        reason_ids=form.reason_ids,
        remarks=remarks,
        whose=whose,
    )


def _onward(number: str, actor: Actor) -> str:
    """Return where the officer goes on: to the next of the queue, taken, or to the same page."""
    arguments = queue_arguments(request.form.get("antrean", ""))
    if arguments is None:
        return url_for("followups.detail", number=number)
    following = taking.take_next(waiting_of(arguments), actor)
    if following is None:
        return queue_url(arguments)
    return detail_url(following.number)


def _say(number: str, action: Action, location: str) -> None:
    said = SAID[action].format(number)
    here = url_for("followups.detail", number=number)
    if location == here:
        flash(said, "success")
        return
    linked = Markup('{} <a href="{}">Lihat atau urungkan</a>')
    flash(linked.format(said, detail_url(number)), "success")
    if not location.startswith("/tindak-lanjut/"):
        flash(QUEUE_DONE, "success")


def _refused(number: str, form: ReviewForm, status: int, message: str = "") -> ResponseReturnValue:
    """Show the page with all that was typed, and beside it what happened meanwhile."""
    page = load_page(number, current_actor())
    page.messages = [message] if message else []
    return show(page, status, reopen_desk(page, request.form, review=form))
