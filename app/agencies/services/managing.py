"""Add, change and end agencies by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.agencies import queries
from app.agencies.labels import CATEGORY_LABELS, FIELD_LABELS, kind_label
from app.agencies.models import Agency, AgencyAlias, Category, search_text, spelling_key
from app.agencies.services.reading import CODE, CODE_ALLOWED, KIND, KIND_ALLOWED
from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput
from app.core.stale import refuse_stale
from app.history.services import record


@dataclass(frozen=True, slots=True)
class Particulars:
    """What an officer writes down about an agency. `parent_code` "" belongs to nothing."""

    name: str
    short_name: str
    category: Category
    kind: str
    parent_code: str
    aliases: Sequence[str]

    def cleaned(self) -> "Particulars":
        """Return the same with single spaces and each further spelling once."""
        aliases: dict[str, str] = {}
        for alias in self.aliases:
            aliases.setdefault(spelling_key(alias), " ".join(alias.split()))
        aliases.pop("", None)
        own = {spelling_key(self.name), spelling_key(self.short_name)}
        return Particulars(
            name=" ".join(self.name.split()),
            short_name=" ".join(self.short_name.split()),
            category=self.category,
            kind=self.kind.strip(),
            parent_code=self.parent_code,
            aliases=[alias for key, alias in aliases.items() if key not in own],
        )


def add_agency(actor: Actor, code: str, particulars: Particulars) -> Agency:
    """Add an agency. Raises InvalidInput on the field to blame."""
    code = code.strip().upper()
    if not KIND.fullmatch(particulars.kind.strip()):
        raise InvalidInput(f"Jenis: {KIND_ALLOWED}.", "kind")
    if not CODE.fullmatch(code):
        raise InvalidInput(f"Kode: {CODE_ALLOWED}.", "code")
    written = particulars.cleaned()
    known = queries.all_with_spellings(lock=True)
    _refuse_taken(code, written, known)
    parent = _parent(written, None)
    agency = Agency(
        code=code,
        name=written.name,
        short_name=written.short_name,
        category=written.category,
        kind=written.kind,
        parent_id=parent.id if parent else None,
        cluster_roles={},
        verified=False,
        search_text=search_text(code, written.name, written.short_name, written.aliases),
        created_at=clock.now(),
        aliases=[AgencyAlias(alias=text, key=spelling_key(text)) for text in written.aliases],
    )
    db.session.add(agency)
    db.session.flush()
    record(actor, "agency_added", agency_id=agency.id)
    return agency


def change_agency(actor: Actor, code: str, particulars: Particulars, seen: str) -> Agency:
    """Change an agency; its code stays. `seen` is the fingerprint that the form was shown with.

    Raises StaleVersion, or InvalidInput on the field to blame.
    """
    written = particulars.cleaned()
    known = queries.all_with_spellings(lock=True)
    agency = queries.get_locked(code)
    refuse_stale(seen, queries.fingerprint_of(agency))
    _refuse_taken(code, written, [other for other in known if other.id != agency.id])
    parent = _parent(written, agency)
    before = _facts(agency, next((a.code for a in known if a.id == agency.parent_id), ""))
    agency.name = written.name
    agency.short_name = written.short_name
    agency.category = written.category
    agency.kind = written.kind
    agency.parent_id = parent.id if parent else None
    kept = {alias.key: alias for alias in agency.aliases}
    wanted = {spelling_key(text): text for text in written.aliases}
    for key in kept.keys() - wanted.keys():
        agency.aliases.remove(kept[key])
    for key, text in wanted.items():
        if key in kept:
            kept[key].alias = text
        else:
            agency.aliases.append(AgencyAlias(alias=text, key=key))
    agency.search_text = search_text(code, written.name, written.short_name, written.aliases)
    db.session.flush()
    after = _facts(agency, parent.code if parent else "")
    fields = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    if fields:
        record(actor, "agency_changed", agency_id=agency.id, fields=fields)
    return agency


def deactivate_agency(actor: Actor, agency: Agency, reason: str) -> None:
    """End an agency's part in the work. What it did stays, and so do its people's accounts.

    One that ended already stays as it is. Raises InvalidInput without a reason.
    """
    reason = reason.strip()
    if not reason:
        raise InvalidInput("Tuliskan alasannya.", "reason")
    if agency.is_active:
        agency.deactivated_at = clock.now()
        record(actor, "agency_deactivated", agency_id=agency.id, reason=reason)


def reactivate_agency(actor: Actor, agency: Agency) -> None:
    """Let an agency take part again. One that is active already stays as it is."""
    if not agency.is_active:
        agency.deactivated_at = None
        record(actor, "agency_reactivated", agency_id=agency.id)


def _refuse_taken(code: str, written: Particulars, others: Sequence[Agency]) -> None:
    owners = {key: agency.code for agency in others for key in queries.spellings_of([agency])}
    named = [("code", code), ("name", written.name), ("short_name", written.short_name)]
    for field, text in [*named, *(("aliases", alias) for alias in written.aliases)]:
        if not spelling_key(text):
            raise InvalidInput("Tulis dengan huruf atau angka.", field)
        if owner := owners.get(spelling_key(text)):
            raise InvalidInput(f'"{text}" sudah dipakai {owner}.', field)


def _parent(written: Particulars, agency: Agency | None) -> Agency | None:
    if not written.parent_code:
        return None
    if agency is not None and queries.children_of(agency.id):
        raise InvalidInput("Instansi ini sendiri membawahi instansi lain.", "parent")
    for parent in queries.possible_parents(agency):
        if parent.code == written.parent_code:
            return parent
    raise InvalidInput("Pilih induk dari daftar.", "parent")


def _facts(agency: Agency, parent: str) -> dict[str, str]:
    return {
        FIELD_LABELS["name"]: agency.name,
        FIELD_LABELS["short_name"]: agency.short_name,
        FIELD_LABELS["category"]: CATEGORY_LABELS[agency.category],
        FIELD_LABELS["kind"]: kind_label(agency.kind),
        FIELD_LABELS["parent"]: parent,
        FIELD_LABELS["aliases"]: ", ".join(sorted(alias.alias for alias in agency.aliases)),
    }
