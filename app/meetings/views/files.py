"""The files of a meeting: signed scans, photos and papers."""

from dataclasses import dataclass, replace

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from app.accounts.permissions import Permission
from app.core import htmx, once, storage
from app.core.access import requires
from app.core.errors import InvalidInput, NotPermitted
from app.core.identity import current_actor
from app.core.storage import StoredBytes
from app.core.write import mutation, write
from app.followups.services.drafts import read_day
from app.meetings import labels, policy
from app.meetings.models import FileKind, Meeting
from app.meetings.queries import files as queries
from app.meetings.queries import finding
from app.meetings.services import files as services
from app.meetings.services.files import TAKEN, Described
from app.meetings.views.blueprint import bp
from app.meetings.views.presenting import show

FILES = "files-"
CHOOSE_FIRST = "Pilih berkasnya dahulu."


@dataclass(frozen=True, slots=True)
class Slot:
    """A kind of file on the page: what it takes, and what is there."""

    kind: FileKind
    label: str
    hint: str
    limits: str
    accept: str
    photo: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that arrived with a form: its bytes are stored already, or refused."""

    described: Described
    stored: StoredBytes | None = None
    refusal: str = ""


@bp.get("/rapat/<code>/berkas")
@requires(Permission.MEETING_READ)
def files(code: str) -> ResponseReturnValue:
    """Show the files of a meeting that the person may open."""
    return _page(finding.get(code, current_actor()))


@bp.post("/rapat/<code>/berkas")
@requires(Permission.MEETING_MANAGE)
@mutation
def add_files(code: str) -> ResponseReturnValue:
    """Add files: one by one from the page's script, or several by the button."""
    uploads = _stored_uploads(code)
    refusals = [upload.refusal for upload in uploads if upload.refusal]
    refusals += [] if uploads else [CHOOSE_FIRST]
    for upload in uploads:
        if upload.stored is None:
            continue
        try:
            with write() as actor:
                meeting = finding.get_locked(code, actor)
                services.add_file(meeting, actor, storage.remember(upload.stored), upload.described)
        except InvalidInput as refusal:
            refusals.append(refusal.message)
    if refusals and htmx.wants_fragment():
        return render_template("meetings/_refusal.html", messages=refusals), 422
    if refusals or htmx.wants_fragment():
        return _page(finding.get(code, current_actor()), 422 if refusals else 200, refusals)
    flash("Berkas tersimpan.", "success")
    return htmx.go_to(url_for("meetings.files", code=code, _anchor="evidence-list"))


@bp.get("/rapat/<code>/berkas/<int:file_id>")
@requires(Permission.MEETING_READ)
def open_file(code: str, file_id: int) -> ResponseReturnValue:
    """Show a file."""
    actor = current_actor()
    file = queries.file_of(finding.get(code, actor), file_id, actor)
    return storage.send(file.file, file.file_name)


@bp.post("/rapat/<code>/berkas/<int:file_id>/hapus")
@requires(Permission.MEETING_MANAGE)
@mutation
def remove_file(code: str, file_id: int) -> ResponseReturnValue:
    """Take a file out of a meeting."""
    with write() as actor:
        meeting = finding.get_locked(code, actor)
        services.remove_file(meeting, actor, queries.file_of(meeting, file_id, actor))
    if htmx.wants_fragment():
        return _page(finding.get(code, current_actor()))
    flash("Berkas dihapus dari rapat ini.", "success")
    return htmx.go_to(url_for("meetings.files", code=code, _anchor="evidence-list"))


def _page(
    meeting: Meeting, status: int = 200, messages: list[str] | None = None
) -> ResponseReturnValue:
    actor = current_actor()
    return show(
        "meetings/files.html",
        meeting,
        "meetings/_file_list.html",
        status=status,
        slots=[_slot(kind) for kind in FileKind],
        files=(shown := queries.files_of(meeting, actor)),
        used=queries.used_in(shown, actor),
        can_add=policy.can_add_files(actor, meeting),
        can_remove=policy.can_remove_files(actor, meeting),
        was_approved=policy.was_approved(meeting),
        messages=messages or [],
        typed=request.form.to_dict() if messages else {},
        upload_token=once.new_token(),
    )


def _slot(kind: FileKind) -> Slot:
    formats = [storage.label_of(media_type) for media_type in sorted(TAKEN[kind])]
    return Slot(
        kind=kind,
        label=labels.FILE_LABELS[kind],
        hint=labels.FILE_HINTS[kind],
        limits=f"{', '.join(formats)}; paling besar 20 MB.",
        accept=",".join(sorted(media_type.value for media_type in TAKEN[kind])),
        photo="photo" if kind is FileKind.PHOTO else "document" if kind in policy.RECORDS else "",
    )


def _stored_uploads(code: str) -> list[Upload]:
    """Store the bytes of what a form brought, before any lock; a refused file says why."""
    actor = current_actor()
    if not policy.can_add_files(actor, finding.get(code, actor)):
        raise NotPermitted("Berkas tidak dapat ditambahkan pada rapat ini.")
    chosen = [
        (name.removeprefix(FILES), file)
        for name, file in request.files.items(multi=True)
        if name.startswith(FILES) and file.filename
    ]
    kinds = {kind.value: kind for kind in FileKind}
    return [
        _stored(kinds[slot], file, index)
        for index, (slot, file) in enumerate(chosen)
        if slot in kinds
    ]


def _stored(kind: FileKind, chosen: FileStorage, index: int) -> Upload:
    form, name = request.form, chosen.filename or ""
    token = form.get("upload_token", "")[:60]
    described = Described(
        kind=kind,
        file_name=name,
        caption=form.get(f"new-{kind}-caption", ""),
        dated=read_day(form.get(f"new-{kind}-dated", "")) or read_day(form.get("taken_on", "")),
        token=f"{token}-{kind}-{index}" if token else None,
    )
    try:
        stored = storage.put(chosen.stream)
    except InvalidInput as refusal:
        return Upload(described, refusal=f"{name}: {refusal.message}")
    taken = storage.taken_on(storage.path_of(stored.sha256)) if kind is FileKind.PHOTO else None
    return Upload(replace(described, dated=taken or described.dated), stored)
