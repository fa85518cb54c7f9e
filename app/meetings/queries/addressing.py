"""Whom an action item can be addressed to: an agency, a group of them, or a cluster's agencies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select

from app.agencies.labels import CLUSTER_LABELS, kind_label
from app.agencies.models import Agency, AgencyGroup, spelling_key
from app.agencies.queries import active_agencies, groups
from app.agencies.services.naming import active_with_spellings
from app.core.db import db
from app.instruments.models import Cluster, Cycle
from app.meetings.models import MeetingActionItem

ALL = ("semua", "seluruh")


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that the field proposes: what is typed, and what it means."""

    value: str
    means: str


@dataclass
class Addressees:
    """All that may be addressed today. Groups and clusters are looked up once they are needed."""

    agencies: Sequence[Agency]
    """The active ones."""
    cycle: Cycle | None

    @cached_property
    def groups(self) -> Sequence[AgencyGroup]:
        """Return the groups of agencies."""
        return groups()

    @cached_property
    def clusters(self) -> Mapping[str, str]:
        """Return the clusters of the meeting's evaluation, as codes and names."""
        return _clusters(self.cycle)

    @cached_property
    def _by_id(self) -> dict[int, Agency]:
        return {agency.id: agency for agency in self.agencies}

    @cached_property
    def _groups(self) -> dict[int, AgencyGroup]:
        return {group.id: group for group in self.groups}

    def members(self, group: AgencyGroup) -> list[Agency]:
        """Return the agencies of a group."""
        return [agency for agency in self.agencies if agency.kind == group.members_kind]

    def of_cluster(self, code: str) -> list[Agency]:
        """Return the agencies that have a role in a cluster."""
        return [agency for agency in self.agencies if code in agency.cluster_roles]

    def meant_by(self, item: MeetingActionItem) -> list[Agency]:
        """Return the agencies that an action item is for; none where nobody is known."""
        if item.agency_id is not None:
            found = self._by_id.get(item.agency_id)
            return [] if found is None else [found]
        if item.group_id is not None and item.group_id in self._groups:
            return self.members(self._groups[item.group_id])
        if item.cluster_code is not None:
            return self.of_cluster(item.cluster_code)
        return []

    def group_for(self, typed: str) -> AgencyGroup | None:
        """Return the group that is meant: by code, name or kind, "Semua …" before it or not."""
        key = spelling_key(typed)
        bare = next((key.removeprefix(word) for word in ALL if key.startswith(word)), "")
        exact = [group for group in self.groups if {key, bare} & _keys(group)]
        part = [group for group in self.groups if bare and any(bare in k for k in _keys(group))]
        found = exact or part
        return found[0] if len(found) == 1 else None

    def cluster_for(self, typed: str) -> str | None:
        """Return the code of the cluster that is meant: by its code or one of its names."""
        key = spelling_key(typed)
        for code, name in self.clusters.items():
            names = {code, name, CLUSTER_LABELS.get(code, code)}
            if key in {spelling_key(text) for text in names}:
                return code
        return None

    def options(self) -> list[Option]:
        """Return what the field proposes: groups, clusters, then agencies by short name."""
        grouped = [
            Option(group_name(group), f"{len(self.members(group))} instansi")
            for group in self.groups
            if self.members(group)
        ]
        clustered = [
            Option(cluster_name(code, name), f"{len(self.of_cluster(code))} instansi")
            for code, name in self.clusters.items()
            if self.of_cluster(code)
        ]
        agencies = [Option(agency.short_name, agency.name) for agency in self.agencies]
        return [*grouped, *clustered, *agencies]


class Directory:
    """Whom a meeting of a cycle can address in any spelling: looked up once, if at all."""

    def __init__(self, cycle: Cycle | None) -> None:
        self._cycle = cycle

    @cached_property
    def known(self) -> Addressees:
        """Return all that may be addressed today, with their spellings."""
        return known_addressees(self._cycle, spellings=True)


def known_addressees(cycle: Cycle | None, *, spellings: bool = False) -> Addressees:
    """Return whom a meeting of a cycle can address; `spellings` loads the agencies' aliases."""
    agencies = active_with_spellings() if spellings else active_agencies()
    return Addressees(agencies, cycle)


def group_name(group: AgencyGroup) -> str:
    """Return what all of a group are called: "Semua kecamatan"."""
    name = group.name
    return f"Semua {name if name[:2].isupper() else name[:1].lower() + name[1:]}"


def cluster_name(code: str, name: str) -> str:
    """Return the short name of a cluster: "Klaster II"."""
    return CLUSTER_LABELS.get(code, name)


def _keys(group: AgencyGroup) -> set[str]:
    names = (group.code, group.name, kind_label(group.members_kind), group_name(group))
    return {spelling_key(name) for name in names}


def _clusters(cycle: Cycle | None) -> dict[str, str]:
    if cycle is None:
        return dict(CLUSTER_LABELS)
    rows = db.session.execute(
        select(Cluster.code, Cluster.name)
        .where(Cluster.instrument_id == cycle.instrument_id)
        .order_by(Cluster.position)
    )
    return {row.code: row.name for row in rows}
