"""Bring in what people prepared outside: every fault with its place, every change told."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches

LONGEST_TEXT = 2000
LONGEST_QUOTE = 60

EMPTY_WORDS = {"", "-", "\u2013", "\u2014", "null", "~", "tidak ada"}
YES_WORDS = {"true", "yes", "ya", "y"}
NO_WORDS = {"false", "no", "tidak", "n"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where, what was found there and what is allowed. `line` counts from 1."""

    place: str
    line: int
    found: str
    allowed: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something worth knowing that stops nothing."""

    place: str
    line: int
    message: str


@dataclass(slots=True)
class Findings:
    """All that was found wrong or worth knowing while reading one file."""

    faults: list[Fault] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)

    def fault(self, node: "Node", found: str, allowed: str) -> None:
        """Note a fault at a node."""
        self.faults.append(Fault(node.place, node.line, quote(found), allowed))

    def warn(self, node: "Node", message: str) -> None:
        """Note something worth knowing at a node."""
        self.warnings.append(Remark(node.place, node.line, message))


@dataclass(slots=True)
class Node:
    """A mapping, a list or the words of a scalar, with its place in the file."""

    value: "dict[str, Node] | list[Node] | str"
    line: int
    place: str = ""

    @property
    def what(self) -> str:
        """Say what stands there."""
        if isinstance(self.value, dict):
            return "kelompok isian"
        if isinstance(self.value, list):
            return "daftar"
        return self.value if clean(self.value) else "kosong"


@dataclass(frozen=True, slots=True)
class Change:
    """What an import does with one thing. `fields` maps a field's label to before and after."""

    what: str
    """The word for the thing: "Instansi", "Pertanyaan"."""
    code: str
    title: str
    status: str
    fields: Mapping[str, tuple[str, str]] = field(default_factory=dict)


ADDED, CHANGED, UNCHANGED, REMOVED = "added", "changed", "unchanged", "removed"
STATUS_LABELS = {
    ADDED: "ditambahkan",
    CHANGED: "diubah",
    REMOVED: "dihapus",
    UNCHANGED: "tidak berubah",
}


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import found and did, or would do. With a fault nothing is written."""

    faults: Sequence[Fault] = ()
    warnings: Sequence[Remark] = ()
    changes: Sequence[Change] = ()
    is_written: bool = False

    def count(self, status: str, what: str | None = None) -> int:
        """Count the things (of one word, or all) that are added, changed, removed or left alone."""
        return sum(
            change.status == status and what in (None, change.what) for change in self.changes
        )

    @property
    def touched(self) -> Sequence[Change]:
        """Return what an import does something with."""
        return [change for change in self.changes if change.status != UNCHANGED]

    @property
    def summary(self) -> Sequence[str]:
        """Say for each word how many things become what."""
        lines = []
        for what in dict.fromkeys(change.what for change in self.changes):
            counts = {status: self.count(status, what) for status in STATUS_LABELS}
            words = [f"{n} {STATUS_LABELS[status]}" for status, n in counts.items() if n]
            lines.append(f"{what}: {', '.join(words)}")
        return lines


def lines_of(report: ImportReport) -> Iterator[str]:
    """Yield a report as a terminal shows it."""
    for remark in report.warnings:
        yield f"peringatan: baris {remark.line}, {remark.place}: {remark.message}"
    for fault in report.faults:
        yield f"salah: baris {fault.line}, {fault.place}: {fault.found}; diharapkan {fault.allowed}"
    if report.faults:
        yield f"{len(report.faults)} kesalahan; tidak ada yang ditulis."
        return
    for change in report.touched:
        details = "; ".join(
            f"{label}: {before or '-'} -> {after or '-'}"
            for label, (before, after) in change.fields.items()
        )
        line = f"{STATUS_LABELS[change.status]}: {change.what} {change.code} {change.title}"
        yield f"{line} ({details})" if details else line
    yield from report.summary
    if not report.touched:
        yield "Tidak ada yang berubah."
    elif not report.is_written:
        yield "Percobaan saja; tidak ada yang ditulis."


def quote(text: str) -> str:
    """Shorten what was found to what a table can show."""
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"


def clean(text: str) -> str:
    """Trim, make every space plain, and read "-" and "Tidak ada" as nothing."""
    text = " ".join(text.replace("\u200b", "").split())
    return "" if text.casefold() in EMPTY_WORDS else text


def suggestion(word: str, allowed: Iterable[str]) -> str:
    """Return the nearest allowed word as a question, or nothing."""
    near = get_close_matches(word, list(allowed), n=1, cutoff=0.6)
    return f" Maksudnya {near[0]}?" if near else ""


class Fields:
    """One mapping, read field by field; each fault is noted and reading goes on."""

    def __init__(self, node: Node, findings: Findings, known: Collection[str]) -> None:
        self.node = node
        self.findings = findings
        self.values: dict[str, Node] = {}
        if not isinstance(node.value, dict):
            findings.fault(node, node.what, f"kelompok isian: {', '.join(known)}")
            return
        self.values = node.value
        for name, value in self.values.items():
            if name not in known:
                allowed = f"salah satu dari {', '.join(known)}.{suggestion(name, known)}"
                findings.fault(value, f"isian tak dikenal: {name}", allowed)

    @property
    def is_mapping(self) -> bool:
        """Tell whether there was a mapping at all."""
        return isinstance(self.node.value, dict)

    def at(self, name: str) -> Node:
        """Return the node of a field, or of the mapping where the field is missing."""
        found = self.values.get(name)
        place = name if self.node.place == "berkas" else f"{self.node.place}.{name}"
        return found or Node("", self.node.line, place)

    def text(self, name: str, *, longest: int = LONGEST_TEXT) -> str:
        """Return words that must be there; "" after a fault."""
        found = self.optional(name, longest=longest)
        node = self.at(name)
        if found is None and isinstance(node.value, str):
            self.findings.fault(node, "kosong", "harus diisi")
        return found or ""

    def optional(self, name: str, *, longest: int = LONGEST_TEXT) -> str | None:
        """Return words, or None where there are none."""
        return self._words(self.at(name), longest)

    def _words(self, node: Node, longest: int = LONGEST_TEXT) -> str | None:
        if not isinstance(node.value, str):
            self.findings.fault(node, node.what, "teks")
            return None
        words = clean(node.value)
        if len(words) > longest:
            self.findings.fault(node, words, f"paling panjang {longest} huruf")
        return words or None

    def one_of(self, name: str, allowed: Collection[str], default: str | None = None) -> str:
        """Return one of the allowed words; "" after a fault, the default where it is missing."""
        node = self.at(name)
        found = self.optional(name)
        if found is None and default is not None and isinstance(node.value, str):
            return default
        if found in allowed:
            return found or ""
        if isinstance(node.value, str):
            known = f"salah satu dari {', '.join(allowed)}.{suggestion(found or '', allowed)}"
            self.findings.fault(node, found or "kosong", known)
        return ""

    def flag(self, name: str) -> bool:
        """Return yes or no; no where it is missing."""
        found = (self.optional(name) or "no").casefold()
        if found not in YES_WORDS | NO_WORDS:
            self.findings.fault(self.at(name), found, "true atau false")
        return found in YES_WORDS

    def whole(self, name: str, lowest: int, highest: int, default: int | None = None) -> int:
        """Return a whole number within its bounds; the lowest after a fault."""
        found = self.optional(name)
        if found is None and default is not None and isinstance(self.at(name).value, str):
            return default
        if found is not None and re.fullmatch(r"[0-9]{1,9}", found):
            number = int(found)
            if lowest <= number <= highest:
                return number
        if isinstance(self.at(name).value, str):
            allowed = f"bilangan bulat {lowest} sampai {highest}"
            self.findings.fault(self.at(name), found or "kosong", allowed)
        return lowest

    def points(self, name: str) -> Decimal | None:
        """Return points (0 to 99999, at most two decimals), or None where there are none."""
        found = self.optional(name)
        if found is None:
            return None
        if re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,2})?", found):
            return Decimal(found)
        self.findings.fault(self.at(name), found, "angka 0 sampai 99999, titik desimal")
        return None

    def items(self, name: str, *, required: bool = True) -> list[Node]:
        """Return the entries of a list; none after a fault."""
        node = self.at(name)
        if isinstance(node.value, list):
            if required and not node.value:
                self.findings.fault(node, "daftar kosong", "paling sedikit satu")
            return node.value
        if required or node.what != "kosong":
            self.findings.fault(node, node.what, "daftar")
        return []

    def texts(self, name: str, *, required: bool = False) -> list[tuple[str, Node]]:
        """Return the words of a list, each once, with where they stand; empty ones left out."""
        found: dict[str, Node] = {}
        for node in self.items(name, required=required):
            words = self._words(node, 200)
            if words in found:
                self.findings.fault(node, words or "", "satu kali saja")
            elif words is not None:
                found[words] = node
        return list(found.items())

    def codes(self, name: str, allowed: Collection[str]) -> list[str]:
        """Return the words of a list, each of which must be allowed."""
        kept = []
        for words, node in self.texts(name):
            if words in allowed:
                kept.append(words)
            else:
                known = f"salah satu yang ada di berkas.{suggestion(words, allowed)}"
                self.findings.fault(node, words, known)
        return kept

    def mapping(self, name: str) -> dict[str, Node]:
        """Return the entries of a mapping; none where it is missing."""
        node = self.at(name)
        if isinstance(node.value, dict):
            return node.value
        if node.what != "kosong":
            self.findings.fault(node, node.what, "kelompok isian")
        return {}
