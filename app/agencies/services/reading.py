"""Read the YAML list of agencies into plain values; the shape is that of app/demo/data."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.agencies.labels import CLUSTER_LABELS, CLUSTER_ROLE_LABELS
from app.agencies.models import Category, spelling_key
from app.core.imports import Fields, Findings, Node, suggestion
from app.core.yaml_tree import read_tree

ROOT = ("note", "categories", "clusters", "cluster_roles", "groups", "agencies")
GROUP = ("code", "name", "members_kind")
AGENCY = (
    "code",
    "name",
    "short_name",
    "aliases",
    "category",
    "kind",
    "parent",
    "cluster_roles",
    "verified",
)
CODE = re.compile(r"[A-Z][A-Z0-9_]{0,31}")
KIND = re.compile(r"[a-z][a-z_]{0,31}")
CODE_ALLOWED = "huruf besar, angka dan garis bawah, paling panjang 32 (DISKES)"
KIND_ALLOWED = "huruf kecil dan garis bawah (perangkat_daerah)"


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group as the file has it."""

    code: str
    name: str
    members_kind: str
    node: Node


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An agency as the file has it; `parent` is a code or another spelling of one.

    None is what the file does not speak of: it stays as it is.
    """

    code: str
    name: str
    short_name: str
    aliases: tuple[tuple[str, Node], ...]
    category: Category
    kind: str
    parent: str | None
    cluster_roles: dict[str, str] | None
    verified: bool | None
    node: Node

    def spellings(self) -> Sequence[tuple[str, Node]]:
        """Return every spelling with where it stands."""
        names = {"code": self.code, "name": self.name, "short_name": self.short_name}
        fields = self.node.value if isinstance(self.node.value, dict) else {}
        own = [(text, fields.get(name, self.node)) for name, text in names.items()]
        return [*own, *self.aliases]


@dataclass(slots=True)
class AgencyFile:
    """A file of agencies, read, with what is wrong in it."""

    groups: list[GroupRow] = field(default_factory=list)
    agencies: list[AgencyRow] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)


def read_agencies(content: bytes) -> AgencyFile:
    """Read a file of agencies. Faults are in `findings`; then rows may be incomplete."""
    file = AgencyFile()
    tree = read_tree(content, file.findings)
    if tree is None:
        return file
    root = Fields(tree, file.findings, ROOT)
    if not root.is_mapping:
        return file
    clusters = tuple(root.mapping("clusters")) or tuple(CLUSTER_LABELS)
    roles = tuple(root.mapping("cluster_roles")) or tuple(CLUSTER_ROLE_LABELS)
    for category, node in root.mapping("categories").items():
        if category not in list(Category):
            file.findings.fault(node, category, f"salah satu dari {', '.join(Category)}")
    for node in root.items("groups", required=False):
        _read_group(node, file)
    for node in root.items("agencies"):
        _read_agency(node, file, clusters, roles)
    _find_clashes(file)
    return file


def _read_group(node: Node, file: AgencyFile) -> None:
    fields = Fields(node, file.findings, GROUP)
    if fields.is_mapping:
        row = GroupRow(
            code=_matching(fields, "code", CODE, CODE_ALLOWED),
            name=fields.text("name", longest=200),
            members_kind=_matching(fields, "members_kind", KIND, KIND_ALLOWED),
            node=node,
        )
        file.groups.append(row)


def _read_agency(
    node: Node, file: AgencyFile, clusters: Sequence[str], roles: Sequence[str]
) -> None:
    fields = Fields(node, file.findings, AGENCY)
    if not fields.is_mapping:
        return
    category = fields.one_of("category", list(Category))
    row = AgencyRow(
        code=_matching(fields, "code", CODE, CODE_ALLOWED),
        name=fields.text("name", longest=200),
        short_name=fields.text("short_name", longest=60),
        aliases=tuple(_aliases(fields) if "aliases" in fields.values else ()),
        category=Category(category) if category else Category.OPD,
        kind=_matching(fields, "kind", KIND, KIND_ALLOWED),
        parent=fields.optional("parent", longest=200),
        cluster_roles=_cluster_roles(fields, clusters, roles),
        verified=fields.flag("verified") if "verified" in fields.values else None,
        node=node,
    )
    file.agencies.append(row)


def _matching(fields: Fields, name: str, pattern: re.Pattern[str], allowed: str) -> str:
    text = fields.text(name)
    if text and not pattern.fullmatch(text):
        fields.findings.fault(fields.at(name), text, allowed)
    return text


def _aliases(fields: Fields) -> list[tuple[str, Node]]:
    kept = []
    for alias, node in fields.texts("aliases"):
        if spelling_key(alias):
            kept.append((alias, node))
        else:
            fields.findings.fault(node, alias, "nama dengan huruf atau angka")
    return kept


def _cluster_roles(
    fields: Fields, clusters: Sequence[str], roles: Sequence[str]
) -> dict[str, str] | None:
    if not fields.mapping("cluster_roles"):
        return None
    inner = Fields(fields.at("cluster_roles"), fields.findings, clusters)
    found = {name: inner.one_of(name, roles) for name in inner.values if name in clusters}
    return {name: role for name, role in found.items() if role}


def _find_clashes(file: AgencyFile) -> None:
    codes: dict[str, Node] = {}
    coded = [(group.code, group.node) for group in file.groups]
    for code, node in [*coded, *((row.code, row.node) for row in file.agencies)]:
        if code and code in codes:
            place = f"{codes[code].place}, baris {codes[code].line}"
            file.findings.fault(node, f"kode {code}", f"kode yang belum dipakai ({place})")
        codes.setdefault(code, node)
    owners: dict[str, AgencyRow] = {}
    for row in file.agencies:
        for text, node in row.spellings():
            owner = owners.setdefault(spelling_key(text), row)
            if text and owner is not row and owner.code != row.code:
                file.findings.fault(node, text, f"nama yang belum dipakai {owner.code}")
    groups = {spelling_key(row.code) for row in file.groups}
    for row in file.agencies:
        if row.parent and spelling_key(row.parent) in groups:
            hint = suggestion(row.parent, [other.code for other in file.agencies])
            file.findings.fault(row.node, f"induk {row.parent}", f"instansi, bukan grup.{hint}")
