"""Bring a list of agencies in: what it adds or changes is said for each, and twice is once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, update

from app.agencies import queries
from app.agencies.labels import CATEGORY_LABELS, FIELD_LABELS
from app.agencies.models import Agency, AgencyAlias, AgencyGroup, search_text, spelling_key
from app.agencies.services.reading import AgencyFile, AgencyRow, GroupRow
from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.imports import (
    ADDED,
    CHANGED,
    UNCHANGED,
    Change,
    Findings,
    ImportReport,
    suggestion,
)
from app.history.services import record_all


@dataclass(slots=True)
class _Plan:
    """A row of the file beside the agency that it is, if there is one."""

    row: AgencyRow
    agency: Agency | None
    aliases: list[str]
    """Further spellings, which the agency does not go by yet."""
    parent: str = ""
    """The code of what it belongs to, as the database or this file has it; "" says nothing."""

    @property
    def code(self) -> str:
        return self.agency.code if self.agency else self.row.code

    @property
    def cluster_roles(self) -> dict[str, Any]:
        if self.row.cluster_roles is None and self.agency is not None:
            return self.agency.cluster_roles
        return self.row.cluster_roles or {}

    @property
    def verified(self) -> bool:
        if self.row.verified is None and self.agency is not None:
            return self.agency.verified
        return bool(self.row.verified)

    def values(self) -> dict[str, Any]:
        row = self.row
        known = [alias.alias for alias in self.agency.aliases] if self.agency else []
        return {
            "name": row.name,
            "short_name": row.short_name,
            "category": row.category,
            "kind": row.kind,
            "cluster_roles": self.cluster_roles,
            "verified": self.verified,
            "search_text": search_text(
                self.code, row.name, row.short_name, [*known, *self.aliases]
            ),
        }


def import_agencies(actor: Actor, file: AgencyFile, *, dry_run: bool = False) -> ImportReport:
    """Write a file's agencies and groups, or say what would be done. A fault writes nothing.

    Agencies are matched by code, else by any spelling; a code that is new to a known agency
    becomes a spelling of it. Spellings that the file leaves out stay, and so do agencies.
    """
    findings = Findings(list(file.findings.faults), list(file.findings.warnings))
    known = queries.all_with_spellings(lock=not dry_run)
    plans = _match(file, known, findings) if not findings.faults else []
    if not findings.faults:
        _find_parents(plans, known, findings)
        _find_clashes(plans, known, findings)
    if findings.faults:
        return ImportReport(findings.faults, findings.warnings)
    groups = {group.code: group for group in queries.groups()}
    codes = {agency.id: agency.code for agency in known}
    changes = [_change(plan, codes) for plan in plans]
    group_changes = [_group_change(row, groups.get(row.code)) for row in file.groups]
    if not dry_run:
        _write_agencies(actor, plans, changes, known)
        _write_groups(file.groups, group_changes)
    return ImportReport((), findings.warnings, [*group_changes, *changes], not dry_run)


def _match(file: AgencyFile, known: Sequence[Agency], findings: Findings) -> list[_Plan]:
    by_code = {agency.code: agency for agency in known}
    by_id = {agency.id: agency for agency in known}
    taken = {by_code[row.code].id for row in file.agencies if row.code in by_code}
    spellings = queries.spellings_of([agency for agency in known if agency.id not in taken])
    plans = []
    for row in file.agencies:
        agency = by_code.get(row.code)
        if agency is None:
            found = set().union(
                *(spellings.get(spelling_key(t), set()) for t, _ in row.spellings())
            )
            if len(found) > 1:
                names = ", ".join(sorted(by_id[agency_id].code for agency_id in found))
                findings.fault(row.node, f"cocok dengan {names}", "nama satu instansi saja")
                continue
            agency = by_id[found.pop()] if found else None
            if agency is not None:
                findings.warn(
                    row.node,
                    f"{row.code} dikenali sebagai {agency.code}; kode {agency.code} tetap dipakai.",
                )
        plans.append(_Plan(row, agency, _new_aliases(row, agency)))
    return plans


def _new_aliases(row: AgencyRow, agency: Agency | None) -> list[str]:
    seen = {spelling_key(text) for text in (row.name, row.short_name)}
    seen |= {spelling_key(agency.code if agency else row.code)}
    seen |= {alias.key for alias in agency.aliases} if agency else set()
    new = []
    for text in [row.code, *(alias for alias, _ in row.aliases)]:
        if spelling_key(text) not in seen:
            seen.add(spelling_key(text))
            new.append(text)
    return new


def _find_parents(plans: Sequence[_Plan], known: Sequence[Agency], findings: Findings) -> None:
    codes = {agency.id: agency.code for agency in known}
    by_spelling = {
        key: codes[next(iter(ids))]
        for key, ids in queries.spellings_of(known).items()
        if len(ids) == 1
    }
    for plan in plans:
        by_spelling |= {spelling_key(text): plan.code for text, _ in plan.row.spellings()}
    belonging = {agency.code for agency in known if agency.parent_id is not None}
    belonging |= {plan.code for plan in plans if plan.row.parent}
    for plan in plans:
        if not plan.row.parent:
            continue
        plan.parent = by_spelling.get(spelling_key(plan.row.parent), "")
        if not plan.parent or plan.parent == plan.code:
            hint = suggestion(plan.row.parent, by_spelling.values())
            findings.fault(
                plan.row.node, f"induk {plan.row.parent}", f"kode instansi lain yang dikenal.{hint}"
            )
        elif plan.parent in belonging:
            allowed = "instansi yang tidak berada di bawah instansi lain"
            findings.fault(plan.row.node, f"induk {plan.row.parent}", allowed)


def _find_clashes(plans: Sequence[_Plan], known: Sequence[Agency], findings: Findings) -> None:
    planned = {plan.agency.id: plan for plan in plans if plan.agency}
    owners: dict[str, str] = {}
    for agency in known:
        kept = [agency.code, *(alias.alias for alias in agency.aliases)]
        if agency.id not in planned:
            kept += [agency.name, agency.short_name]
        owners |= {spelling_key(text): agency.code for text in kept}
    for plan in plans:
        for text, node in plan.row.spellings():
            owner = owners.get(spelling_key(text), plan.code)
            if owner != plan.code:
                findings.fault(node, text, f"nama yang belum dipakai {owner}")


def _change(plan: _Plan, codes: Mapping[int, str]) -> Change:
    row, agency = plan.row, plan.agency
    if agency is None:
        return Change("Instansi", plan.code, row.name, ADDED)
    parent = codes.get(agency.parent_id or 0, "")
    pairs = {
        "name": (agency.name, row.name),
        "short_name": (agency.short_name, row.short_name),
        "category": (CATEGORY_LABELS[agency.category], CATEGORY_LABELS[row.category]),
        "kind": (agency.kind, row.kind),
        "parent": (parent, plan.parent or parent),
        "cluster_roles": (_roles(agency.cluster_roles), _roles(plan.cluster_roles)),
        "verified": (_yes(agency.verified), _yes(plan.verified)),
        "aliases": ("", ", ".join(plan.aliases)),
    }
    fields = {
        FIELD_LABELS[name]: (before, after)
        for name, (before, after) in pairs.items()
        if before != after
    }
    return Change("Instansi", plan.code, row.name, CHANGED if fields else UNCHANGED, fields)


def _group_change(row: GroupRow, group: AgencyGroup | None) -> Change:
    if group is None:
        return Change("Kelompok", row.code, row.name, ADDED)
    pairs = {
        "name": (group.name, row.name),
        "members_kind": (group.members_kind, row.members_kind),
    }
    fields = {FIELD_LABELS[name]: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return Change("Kelompok", row.code, row.name, CHANGED if fields else UNCHANGED, fields)


def _roles(roles: Mapping[str, Any]) -> str:
    return ", ".join(f"{cluster} {role}" for cluster, role in sorted(roles.items()))


def _yes(value: bool) -> str:  # noqa: FBT001 - a word for a value
    return "ya" if value else "tidak"


def _write_agencies(
    actor: Actor, plans: Sequence[_Plan], changes: Sequence[Change], known: Sequence[Agency]
) -> None:
    moment = clock.now()
    ids = {agency.code: agency.id for agency in known}
    new = [plan for plan in plans if plan.agency is None]
    if new:
        rows = [{"code": plan.code, "created_at": moment, **plan.values()} for plan in new]
        # By code, as SQLite returns rows in the order of the parameters one by one alone.
        made = db.session.execute(insert(Agency).returning(Agency.code, Agency.id), rows)
        ids |= dict(made.all())
    both = list(zip(plans, changes, strict=True))
    changed = [plan for plan, change in both if change.status == CHANGED]
    _update(Agency, [{"id": ids[plan.code], **plan.values()} for plan in changed])
    with_parent = [p for p, change in both if p.parent and change.status != UNCHANGED]
    _update(Agency, [{"id": ids[p.code], "parent_id": ids[p.parent]} for p in with_parent])
    aliases = [
        {"agency_id": ids[plan.code], "alias": alias, "key": spelling_key(alias)}
        for plan in plans
        for alias in plan.aliases
    ]
    if aliases:
        db.session.execute(insert(AgencyAlias), aliases)
    record_all(actor, "agency_added", [{"agency_id": ids[plan.code]} for plan in new])
    record_all(
        actor,
        "agency_changed",
        [
            {"agency_id": ids[change.code], "payload": {"fields": dict(change.fields)}}
            for _, change in both
            if change.status == CHANGED
        ],
    )
    db.session.expire_all()


def _write_groups(rows: Sequence[GroupRow], changes: Sequence[Change]) -> None:
    both = list(zip(rows, changes, strict=True))
    new = [
        {"code": row.code, "name": row.name, "members_kind": row.members_kind}
        for row, change in both
        if change.status == ADDED
    ]
    if new:
        db.session.execute(insert(AgencyGroup), new)
    for row, change in both:
        if change.status == CHANGED:
            db.session.execute(
                update(AgencyGroup)
                .where(AgencyGroup.code == row.code)
                .values(name=row.name, members_kind=row.members_kind)
            )


def _update(model: type[Agency], rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(update(model), rows)
