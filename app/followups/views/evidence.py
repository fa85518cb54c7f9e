"""Evidence: adding, describing, opening and removing it."""

from dataclasses import dataclass

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from app.accounts.permissions import Permission
from app.core import htmx, storage
from app.core.access import requires
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotPermitted, NotVisible
from app.core.identity import current_actor
from app.core.input import whole
from app.core.storage import StoredBytes
from app.core.traces import leave_trace
from app.core.write import mutation, write
from app.followups import policy
from app.followups.models import Evidence, FollowUp, Round
from app.followups.queries import detail as queries
from app.followups.services import drafts, evidence
from app.followups.services.evidence import Description
from app.followups.views.blueprint import bp
from app.followups.views.detail import show
from app.followups.views.presenting import load_page

FILES = "files-"
MAX_SLOT = 40


@dataclass(frozen=True, slots=True)
class Upload:
    """A file or link that arrived with a form: its bytes are stored already, or refused."""

    description: Description
    stored: StoredBytes | None = None
    url: str = ""
    refusal: str = ""


@bp.post("/tindak-lanjut/<number>/data-dukung")
@requires(Permission.FOLLOW_UP_READ)
@mutation
def add_evidence(number: str) -> ResponseReturnValue:
    """Add files and links: one by one from the page's script, or several by the button."""
    uploads = stored_uploads(number)
    if not uploads:
        uploads = [Upload(Description(slot=""), refusal="Pilih berkas atau isi tautan dahulu.")]
    refusals = add_uploads(number, uploads)
    page = load_page(number, current_actor())
    if refusals and htmx.wants_fragment():
        return render_template("followups/_refusal.html", messages=refusals), 422
    if htmx.wants_fragment():
        return render_template("followups/_evidence_list.html", page=page)
    if refusals:
        page.messages = refusals
        page.typed = {name: text for name, text in request.form.items() if name in page.fields}
        return show(page, 422)
    flash("Data dukung tersimpan.", "success")
    return htmx.go_to(url_for("followups.detail", number=number) + "#evidence-list")


@bp.post("/tindak-lanjut/<number>/data-dukung/<int:evidence_id>/hapus")
@requires(Permission.FOLLOW_UP_READ)
@mutation
def remove_evidence(number: str, evidence_id: int) -> ResponseReturnValue:
    """Take a piece out of the open round."""
    with write() as actor:
        follow_up = queries.get_locked(number, actor)
        evidence.remove(follow_up, queries.open_round(follow_up), actor, evidence_id)
    return _changed(number, "Berkas dihapus dari jawaban ini.")


@bp.post("/tindak-lanjut/<number>/data-dukung/<int:evidence_id>/batasi")
@requires(Permission.FOLLOW_UP_READ)
@mutation
def restrict_evidence(number: str, evidence_id: int) -> ResponseReturnValue:
    """Mark a piece as restricted, or no longer (`restricted` = 1 or 0)."""
    restricted = request.form.get("restricted") == "1"
    with write() as actor:
        follow_up = queries.get_locked(number, actor)
        round_ = queries.round_with(follow_up, evidence_id)
        evidence.restrict(follow_up, round_, actor, evidence_id, restricted=restricted)
    said = "Berkas ditandai terbatas." if restricted else "Tanda terbatas dicabut."
    return _changed(number, said)


@bp.post("/tindak-lanjut/<number>/data-dukung/pakai")
@requires(Permission.FOLLOW_UP_READ)
@mutation
def reuse_evidence(number: str) -> ResponseReturnValue:
    """Offer a file that the agency gave elsewhere here too."""
    source = whole(request.form.get("source"))
    slot = request.form.get("reuse_slot", "")[:MAX_SLOT]
    description = Description(slot=slot or evidence.OTHER_SLOT)
    if source is None:
        raise InvalidInput("Pilih berkas yang dipakai lagi.", "source")
    with write() as actor:
        follow_up = queries.get_locked(number, actor)
        round_ = queries.open_round(follow_up)
        evidence.reuse(follow_up, round_, actor, source, description)
    return _changed(number, "Berkas dipasang juga di sini.")


@bp.get("/tindak-lanjut/<number>/data-dukung/<int:evidence_id>")
@requires(Permission.EVIDENCE_READ)
def open_evidence(number: str, evidence_id: int) -> ResponseReturnValue:
    """Show a file that is not restricted."""
    _, _, piece = _openable(number, evidence_id)
    if piece.restricted:
        raise NotVisible
    return _send(piece)


@bp.post("/tindak-lanjut/<number>/data-dukung/<int:evidence_id>/buka")
@requires(Permission.EVIDENCE_READ)
@mutation
def open_restricted(number: str, evidence_id: int) -> ResponseReturnValue:
    """Show a restricted file, and note who opened it."""
    actor, _, piece = _openable(number, evidence_id)
    if piece.restricted and actor.user_id is not None:
        user_id = actor.user_id
        leave_trace(lambda: evidence.note_opening(evidence_id, user_id))
        _, _, piece = _openable(number, evidence_id)
    return _send(piece)


def stored_uploads(number: str) -> list[Upload]:
    """Store the bytes of what a form brought, before any lock; a refused file says why.

    Raises `NotVisible` or `NotPermitted` before a byte of a stranger is kept.
    """
    found: list[Upload] = []
    if any(chosen.filename for chosen in request.files.values()):
        actor = current_actor()
        if not policy.takes_evidence_of(actor, queries.get(number, actor)):
            raise NotPermitted("Data dukung ditambahkan oleh instansi yang ditunjuk.")
    for name, chosen in request.files.items(multi=True):
        if name.startswith(FILES) and chosen.filename:
            slot = name.removeprefix(FILES)
            found.append(_stored(chosen, _description(slot, chosen.filename, len(found))))
    for name, text in request.form.items(multi=True):
        if name.startswith("url-") and text.strip():
            slot = name.removeprefix("url-")
            found.append(Upload(_description(slot, "", len(found)), url=text.strip()))
    return found


def add_uploads(number: str, uploads: list[Upload]) -> list[str]:
    """Add what arrived to the open round, each on its own; return what was refused, in words."""
    refusals = [upload.refusal for upload in uploads if upload.refusal]
    for upload in uploads:
        if upload.refusal:
            continue
        try:
            with write() as actor:
                follow_up = queries.get_locked(number, actor)
                round_ = queries.open_round(follow_up)
                if upload.stored is None:
                    evidence.add_link(follow_up, round_, actor, upload.url, upload.description)
                else:
                    file = storage.remember(upload.stored)
                    evidence.add_file(follow_up, round_, actor, file, upload.description)
        except InvalidInput as refusal:
            refusals.append(refusal.message)
    return refusals


def _stored(chosen: FileStorage, description: Description) -> Upload:
    try:
        return Upload(description, stored=storage.put(chosen.stream))
    except InvalidInput as refusal:
        return Upload(description, refusal=f"{description.file_name}: {refusal.message}")


def _description(slot: str, file_name: str, index: int) -> Description:
    form, prefix = request.form, f"new-{slot}-"
    token = form.get("upload_token", "")[:60]
    return Description(
        slot=slot[:MAX_SLOT] or evidence.OTHER_SLOT,
        file_name=file_name,
        document_date=drafts.read_day(form.get(f"{prefix}document_date", "")),
        document_number=form.get(f"{prefix}document_number", ""),
        caption=form.get(f"{prefix}caption", ""),
        restricted=form.get(f"{prefix}restricted") == "1",
        replaces_id=whole(form.get(f"{prefix}replaces")),
        upload_token=f"{token}-{slot}-{index}"[:120] if token else None,
    )


def _openable(number: str, evidence_id: int) -> tuple[Actor, FollowUp, Evidence]:
    actor = current_actor()
    follow_up = queries.get(number, actor)
    round_: Round = queries.round_with(follow_up, evidence_id)
    piece = evidence.piece_of(round_, evidence_id)
    if not policy.can_open_evidence(actor, follow_up, round_, piece):
        raise NotVisible
    return actor, follow_up, piece


def _send(piece: Evidence) -> ResponseReturnValue:
    if piece.file is None:
        raise NotVisible
    return storage.send(piece.file, piece.file_name or "berkas", private=piece.restricted)


def _changed(number: str, said: str) -> ResponseReturnValue:
    if htmx.wants_fragment():
        page = load_page(number, current_actor())
        return render_template("followups/_evidence_list.html", page=page)
    flash(said, "success")
    return htmx.go_to(url_for("followups.detail", number=number) + "#evidence-list")
