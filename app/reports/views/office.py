"""The page of documents, and the letterhead."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import htmx, storage
from app.core.access import requires
from app.core.errors import InvalidInput, NotVisible, StaleVersion
from app.core.htmx import render_page
from app.core.identity import current_actor
from app.core.storage import StoredBytes
from app.core.write import mutation, write
from app.history.models import Event
from app.history.timeline import told
from app.reports.forms import LetterheadForm
from app.reports.labels import EVENT_LABELS, KIND_HINTS, KIND_LABELS, KIND_SLUGS, PAPER_LABELS
from app.reports.models import DocumentKind, Letterhead, Paper
from app.reports.queries import follow_ups, letterheads, templates
from app.reports.services.letterheads import change_letterhead as change
from app.reports.views.blueprint import bp

LOGO_BYTES = 2 * 1024 * 1024


@bp.get("/dokumen")
@requires(Permission.DOCUMENT_MANAGE)
def documents() -> ResponseReturnValue:
    """Show the letterhead, the letters that can be written, and the templates in force."""
    actor = current_actor()
    in_force = templates.all_in_force()
    return render_page(
        "reports/documents.html",
        kept=letterheads.letterhead(),
        paper_labels=PAPER_LABELS,
        events=[_told(event) for event in letterheads.history_of_office()],
        kinds=[(kind, in_force.get(kind)) for kind in DocumentKind],
        labels=KIND_LABELS,
        hints=KIND_HINTS,
        slugs=KIND_SLUGS,
        agencies=follow_ups.agencies_asked(actor) if actor.has(Permission.FOLLOW_UP_READ) else (),
        can_write_letters=actor.has(Permission.FOLLOW_UP_MANAGE),
    )


@bp.get("/dokumen/kop")
@requires(Permission.DOCUMENT_MANAGE)
def edit_letterhead() -> ResponseReturnValue:
    """Show the form of the letterhead."""
    kept = letterheads.letterhead()
    form = LetterheadForm(
        formdata=None,
        **{name: getattr(kept, name) for name in letterheads.FIELDS},
        paper=kept.paper.value,
        seen=letterheads.fingerprint_of(kept),
    )
    return _form_page(form, kept)


@bp.post("/dokumen/kop")
@requires(Permission.DOCUMENT_MANAGE)
@mutation
def change_letterhead() -> ResponseReturnValue:
    """Save the letterhead."""
    form = LetterheadForm()
    if not form.validate():
        return _form_page(form, letterheads.letterhead(), 422)
    try:
        logo = _stored_logo(form)
        with write() as actor:
            change(
                actor,
                {name: form[name].data or "" for name in letterheads.FIELDS},
                Paper(form.paper.data),
                form.seen.data or "",
                logo=logo,
                without_logo=bool(form.without_logo.data),
            )
    except InvalidInput as error:
        form.refuse(error)
        return _form_page(form, letterheads.letterhead(), 422)
    except StaleVersion:
        # What was typed stays, beside what is stored now; saving again is then a choice.
        kept = letterheads.letterhead()
        form.seen.data = letterheads.fingerprint_of(kept)
        return _form_page(form, kept, 409)
    flash("Kop surat tersimpan.", "success")
    return htmx.go_to(url_for("reports.documents"))


@bp.get("/dokumen/kop/logo")
@requires(Permission.DOCUMENT_MANAGE)
def logo() -> ResponseReturnValue:
    """Show the logo."""
    kept = letterheads.letterhead()
    if kept.logo is None:
        raise NotVisible
    return storage.send(kept.logo, "logo")


def _told(event: Event) -> dict[str, str]:
    """Return an event of letterhead or templates as the timeline shows it."""
    known = event.payload
    changes = [
        f"{field}: {before or 'kosong'} menjadi {after or 'kosong'}"
        for field, (before, after) in known.get("fields", {}).items()
    ]
    if "kind" in known:
        changes = [KIND_LABELS[DocumentKind(known["kind"])], known["file"]]
    return told(event, EVENT_LABELS[event.verb], "\n".join(part for part in changes if part))


def _stored_logo(form: LetterheadForm) -> StoredBytes | None:
    chosen = request.files.get("logo")
    if chosen is None or not chosen.filename:
        return None
    try:
        return storage.put(chosen.stream, limit=LOGO_BYTES)
    except InvalidInput as error:
        raise InvalidInput(error.message, form.logo.name) from error


def _form_page(form: LetterheadForm, kept: Letterhead, status: int = 200) -> ResponseReturnValue:
    return render_page(
        "reports/letterhead.html", status=status, form=form, kept=kept, is_stale=status == 409
    )
