"""Change the office's letterhead."""

from collections.abc import Mapping

from app.core import clock, storage
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput
from app.core.stale import refuse_stale
from app.core.storage import MediaType, StoredBytes
from app.history.services import record
from app.reports.labels import FIELD_LABELS, PAPER_LABELS
from app.reports.models import MAX_LINE, Letterhead, Paper
from app.reports.queries import letterheads

NO_PICTURE = "Logo berupa gambar PNG atau JPG."
REQUIRED = ("government", "office")
PICTURES = frozenset({MediaType.PNG, MediaType.JPEG})


def change_letterhead(
    actor: Actor,
    written: Mapping[str, str],
    paper: Paper,
    seen: str,
    *,
    logo: StoredBytes | None = None,
    without_logo: bool = False,
) -> Letterhead:
    """Save the letterhead, inside `write()`. `seen` is the fingerprint that the form showed.

    Raises StaleVersion, or InvalidInput on the field to blame.
    """
    kept = letterheads.letterhead_locked()
    refuse_stale(seen, letterheads.fingerprint_of(kept))
    before = _facts(kept)
    for name in letterheads.FIELDS:
        setattr(kept, name, _line(name, written[name]))
    kept.paper = paper
    if logo is not None:
        if logo.media_type not in PICTURES:
            raise InvalidInput(NO_PICTURE, "logo")
        kept.logo_id = storage.remember(logo).id
    elif without_logo:
        kept.logo_id = None
    kept.changed_at, kept.changed_by_id = clock.now(), actor.user_id
    db.session.add(kept)
    db.session.flush()
    after = _facts(kept)
    fields = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    if fields:
        record(actor, "letterhead_changed", fields=fields)
    return kept


def _line(name: str, text: str) -> str:
    line = " ".join(text.split())
    if name in REQUIRED and not line:
        raise InvalidInput("Bagian ini perlu diisi.", name)
    if len(line) > MAX_LINE:
        raise InvalidInput(f"Paling panjang {MAX_LINE} huruf.", name)
    return line


def _facts(kept: Letterhead) -> dict[str, str]:
    lines = {FIELD_LABELS[name]: getattr(kept, name) for name in letterheads.FIELDS}
    logo = f"gambar nomor {kept.logo_id}" if kept.logo_id else ""
    return {
        **lines,
        FIELD_LABELS["paper"]: PAPER_LABELS[kept.paper],
        FIELD_LABELS["logo"]: logo,
    }
