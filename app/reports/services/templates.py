"""Replace a template by the office's own, and go back."""

from app.core import clock, storage
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import StaleVersion
from app.core.storage import StoredBytes
from app.history.services import record
from app.reports.models import DocumentKind, TemplateVersion
from app.reports.queries import templates

CHANGED = "Templat ini baru saja diganti orang lain. Lihat riwayatnya, lalu coba lagi."


def replace_template(
    actor: Actor, kind: DocumentKind, stored: StoredBytes, file_name: str, seen: int
) -> TemplateVersion:
    """Bring an office's own template into force, inside `write()`.

    Its content was looked over before. `seen` is the number of the template that the page showed
    as in force. Raises StaleVersion where another one is.
    """
    version = _next(actor, kind, seen)
    version.file_id = storage.remember(stored).id
    version.file_name = file_name[:200]
    db.session.add(version)
    db.session.flush()
    record(actor, "template_replaced", kind=kind.value, number=version.number, file=file_name)
    return version


def restore_template(actor: Actor, kind: DocumentKind, number: int, seen: int) -> TemplateVersion:
    """Bring an earlier template into force again; 0 is the one that Gugus brings along.

    Raises StaleVersion as `replace_template`, NotVisible where there was no such template.
    """
    version = _next(actor, kind, seen)
    if number:
        earlier = templates.get_version(kind, number)
        version.file_id, version.file_name = earlier.file_id, earlier.file_name
    db.session.add(version)
    db.session.flush()
    verb = "template_replaced" if number else "template_restored"
    record(actor, verb, kind=kind.value, number=version.number, file=version.file_name)
    return version


def _next(actor: Actor, kind: DocumentKind, seen: int) -> TemplateVersion:
    newest = templates.in_force(kind)
    number = newest.number if newest else 0
    if number != seen:
        raise StaleVersion(CHANGED)
    if actor.user_id is None:
        raise TypeError("a template is replaced by somebody")
    return TemplateVersion(
        kind=kind, number=number + 1, added_at=clock.now(), added_by_id=actor.user_id
    )
