"""The agency's side: the working copy, sending it, and taking it back."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import drafting, htmx, once
from app.core.access import requires
from app.core.actor import Actor
from app.core.errors import DomainError, InvalidInput, InvalidTransition, StaleVersion
from app.core.identity import current_actor
from app.core.input import whole
from app.core.working_copy import Saved
from app.core.write import mutation, write
from app.followups import answers
from app.followups.machine import Action
from app.followups.queries import detail as queries
from app.followups.services import answering, drafts
from app.followups.services.perform import perform
from app.followups.views.blueprint import bp
from app.followups.views.detail import show
from app.followups.views.evidence import add_uploads, stored_uploads
from app.followups.views.presenting import load_page


@bp.post("/tindak-lanjut/<number>/konsep")
@requires(Permission.FOLLOW_UP_READ)
@mutation
def save_draft(number: str) -> ResponseReturnValue:
    """Save the working copy: from the page's script while it is typed, or by its button."""
    uploads = stored_uploads(number)
    try:
        with write() as actor:
            saved = _save(number, actor)
        refusals = add_uploads(number, uploads)
    except DomainError as refusal:
        if htmx.wants_fragment():
            return render_template("followups/_draft_status.html", message=refusal.message), 422
        if isinstance(refusal, InvalidTransition):
            return _overtaken(number, refusal)
        raise
    if htmx.wants_fragment():
        return _status(number, saved)
    if saved.conflicts or saved.faults or refusals:
        return _refused(number, saved, messages=refusals)
    flash("Konsep tersimpan.", "success")
    return htmx.go_to(url_for("followups.detail", number=number))


@bp.post("/tindak-lanjut/<number>/kirim")
@requires(Permission.FOLLOW_UP_READ)
@mutation
def submit(number: str) -> ResponseReturnValue:
    """Save the working copy and its files, then send it: a refusal loses nothing."""
    token = request.form.get("form_token", "")
    location = url_for("followups.detail", number=number)
    uploads = stored_uploads(number)
    try:
        with write() as actor:
            if (first := once.answered_before(token, actor)) is not None:
                return htmx.go_to(first)
            saved = _save(number, actor)
        refusals = add_uploads(number, uploads)
    except InvalidTransition as refusal:
        return _overtaken(number, refusal)
    if saved.conflicts or saved.faults or refusals:
        return _refused(number, saved, messages=refusals)
    try:
        with write() as actor:
            follow_up = queries.get_locked(number, actor)
            answering.submit(follow_up, actor, version=whole(request.form.get("version")))
            once.remember(token, actor, location)
    except InvalidInput as refusal:
        return _refused(number, saved, refusal.details.get("faults", {}), [refusal.message])
    except (InvalidTransition, StaleVersion) as refusal:
        return _overtaken(number, refusal)
    flash("Jawaban terkirim ke DP3A. Tidak ada yang perlu dikerjakan sekarang.", "success")
    return htmx.go_to(location)


@bp.post("/tindak-lanjut/<number>/tarik-kembali")
@requires(Permission.FOLLOW_UP_ANSWER)
@mutation
def withdraw(number: str) -> ResponseReturnValue:
    """Take a submission back, until an officer has taken it."""
    with write() as actor:
        follow_up = queries.get_locked(number, actor)
        perform(follow_up, Action.WITHDRAW, actor, version=whole(request.form.get("version")))
    flash("Jawaban ditarik kembali dan dapat diubah.", "success")
    return htmx.go_to(url_for("followups.detail", number=number))


def _save(number: str, actor: Actor) -> Saved:
    """Save what the form brought, inside the caller's `write()`."""
    follow_up = queries.get_locked(number, actor)
    round_ = queries.open_round(follow_up)
    return drafts.save_draft(follow_up, round_, answers.spec_of(follow_up), actor, drafting.typed())


def _status(number: str, saved: Saved) -> ResponseReturnValue:
    """Answer the page's script: the status line alone, or both texts where two wrote."""
    if saved.conflicts:
        page = load_page(number, current_actor())
        page.conflicts = saved.conflicts
        return render_template("followups/_draft_conflict.html", page=page, saved=saved), 409
    line = drafting.status_line(saved)
    status = 422 if saved.faults else 200
    return render_template("followups/_draft_status.html", message=line, saved=saved), status


def _refused(
    number: str,
    saved: Saved,
    faults: dict[str, str] | None = None,
    messages: list[str] | None = None,
) -> ResponseReturnValue:
    page = load_page(number, current_actor())
    conflicting = {conflict.field for conflict in saved.conflicts}
    page.typed = {
        name: request.form[name]
        for name in drafts.fields_of(page.spec, queries.open_round(page.follow_up))
        if name in request.form and (name in conflicting or name in saved.faults)
    }
    page.faults = {**(faults or {}), **saved.faults}
    page.conflicts = saved.conflicts
    page.messages = messages or []
    return show(page, 409 if saved.conflicts else 422)


def _overtaken(number: str, refusal: DomainError) -> ResponseReturnValue:
    """Show how things stand now, with what was typed beside it: nothing of it is lost."""
    page = load_page(number, current_actor())
    page.messages = [refusal.message]
    page.overtaken = [
        (label, text)
        for name, label in page.field_labels
        if (text := request.form.get(name, "").strip())
    ]
    return show(page, refusal.status)
