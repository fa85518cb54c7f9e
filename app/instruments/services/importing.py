"""Bring an instrument in: what it adds or changes is said for each thing, and twice is once.

An instrument that an evaluation uses may still be mended in its words, but no question of it may
disappear or be answered in another way: answers to it may exist.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.agencies.models import spelling_key
from app.agencies.queries import all_with_spellings, groups, spellings_of
from app.core.actor import Actor
from app.core.formatting import number
from app.core.imports import (
    ADDED,
    CHANGED,
    REMOVED,
    UNCHANGED,
    Change,
    Findings,
    ImportReport,
    Node,
    suggestion,
)
from app.instruments import queries
from app.instruments.labels import ANSWER_TYPE_LABELS, FIELD_LABELS, RESPONDENTS_LABELS
from app.instruments.models import Instrument
from app.instruments.services.reading import InstrumentFile
from app.instruments.services.writing import Rows, write_instrument

EVIDENCE_TYPE, CLUSTER, INDICATOR, QUESTION, INSTRUMENT = (
    "Jenis data dukung",
    "Klaster",
    "Indikator",
    "Pertanyaan",
    "Instrumen",
)
FIXED = ("answer_type", "data_years")
"""What may not change once an evaluation asks a question."""


def import_instrument(actor: Actor, file: InstrumentFile, *, dry_run: bool = False) -> ImportReport:
    """Write a catalogue, or say what would be done. A fault writes nothing."""
    findings = Findings(list(file.findings.faults), list(file.findings.warnings))
    if findings.faults:
        return ImportReport(findings.faults, findings.warnings)
    rows = _rows(file, findings)
    known = queries.find_whole_instrument(file.year, lock=not dry_run)
    before = _known_rows(known) if known is not None else Rows()
    if known is not None and queries.is_used(known.id):
        _guard_answers(file, before, rows, findings)
    if findings.faults:
        return ImportReport(findings.faults, findings.warnings)
    changes = _changes(file, before, rows)
    if not dry_run and any(change.status != UNCHANGED for change in changes):
        write_instrument(actor, file.year, known, before, rows, changes=changes)
    return ImportReport((), findings.warnings, changes, not dry_run)


def _rows(file: InstrumentFile, findings: Findings) -> Rows:
    agencies = all_with_spellings()
    codes = {agency.id: agency.code for agency in agencies}
    spellings = spellings_of(agencies)
    by_code = {spelling_key(agency.code): {agency.id} for agency in agencies}
    by_spelling = {**spellings, **by_code}
    known_groups = {
        spelling_key(text): group.code for group in groups() for text in (group.code, group.name)
    }
    rows = Rows(
        instrument={
            "total_max_score": file.total_max_score,
            "bands": file.bands,
            "note": file.note,
        }
    )
    for position, kind in enumerate(file.evidence_types):
        rows.evidence_types[kind.code] = {
            "label": kind.label,
            "formats": kind.formats,
            "position": position,
        }
    for position, cluster in enumerate(file.clusters):
        rows.clusters[cluster.code] = {
            "name": cluster.name,
            "max_score": cluster.max_score,
            "position": position,
        }
        for indicator in cluster.indicators:
            rows.indicators[indicator.number] = {
                "cluster": cluster.code,
                "title": indicator.title,
                "short_title": indicator.short_title,
                "max_score": indicator.max_score,
                "position": len(rows.indicators),
            }
            for question in indicator.questions:
                named = _agencies(question.agencies, by_spelling, codes, known_groups, findings)
                rows.agency_codes[question.code] = [codes[agency_id] for agency_id in named]
                rows.questions[question.code] = {
                    "indicator": indicator.number,
                    "ref": question.ref,
                    "text": question.text,
                    "unit_text": question.unit_text,
                    "answer_type": question.answer_type,
                    "unit": question.unit,
                    "counts": question.counts,
                    "data_years": question.data_years,
                    "choices": question.choices,
                    "respondents": question.respondents,
                    "evidence": question.evidence,
                    "evidence_required": question.evidence_required,
                    "groups": _groups(question.groups, known_groups, findings),
                    "max_score": question.max_score,
                    "position": len(rows.questions),
                    "agencies": named,
                }
    return rows


def _agencies(
    words: Sequence[tuple[str, Node]],
    by_spelling: Mapping[str, set[int]],
    codes: Mapping[int, str],
    known_groups: Mapping[str, str],
    findings: Findings,
) -> list[int]:
    named: list[int] = []
    for word, node in words:
        found = sorted(by_spelling.get(spelling_key(word), set()))
        if len(found) > 1:
            both = ", ".join(codes[agency_id] for agency_id in found)
            findings.fault(node, f"{word} (dapat berarti {both})", "kode satu instansi")
        elif found and found[0] in named:
            findings.fault(node, word, f"tiap instansi satu kali ({codes[found[0]]} sudah ada)")
        elif found:
            named.append(found[0])
        elif spelling_key(word) in known_groups:
            findings.fault(node, word, "instansi; kelompok ditulis di groups, dan tidak memimpin")
        else:
            allowed = f"instansi yang sudah terdaftar.{suggestion(word, codes.values())}"
            findings.fault(node, word, allowed)
    return named


def _groups(
    words: Sequence[tuple[str, Node]], known: Mapping[str, str], findings: Findings
) -> list[str]:
    found = []
    for word, node in words:
        code = known.get(spelling_key(word))
        if code is None:
            allowed = f"kelompok yang sudah terdaftar.{suggestion(word, known.values())}"
            findings.fault(node, word, allowed)
        elif code not in found:
            found.append(code)
    return found


def _known_rows(known: Instrument) -> Rows:
    rows = Rows(
        instrument={
            "total_max_score": known.total_max_score,
            "bands": known.bands,
            "note": known.note,
        }
    )
    for kind in known.evidence_types:
        rows.evidence_types[kind.code] = _read(kind, ("label", "formats", "position"))
        rows.ids["evidence_types", kind.code] = kind.id
    for cluster in known.clusters:
        rows.clusters[cluster.code] = _read(cluster, ("name", "max_score", "position"))
        rows.ids["clusters", cluster.code] = cluster.id
        for indicator in cluster.indicators:
            names = ("title", "short_title", "max_score", "position")
            rows.indicators[indicator.number] = {
                "cluster": cluster.code,
                **_read(indicator, names),
            }
            rows.ids["indicators", indicator.number] = indicator.id
            for question in indicator.questions:
                rows.questions[question.code] = {
                    "indicator": indicator.number,
                    **_read(question, QUESTION_FIELDS),
                    "agencies": [named.agency_id for named in question.question_agencies],
                }
                rows.agency_codes[question.code] = [
                    named.agency.code for named in question.question_agencies
                ]
                rows.ids["questions", question.code] = question.id
    return rows


QUESTION_FIELDS = (
    "ref",
    "text",
    "unit_text",
    "answer_type",
    "unit",
    "counts",
    "data_years",
    "choices",
    "respondents",
    "evidence",
    "evidence_required",
    "groups",
    "max_score",
    "position",
)


def _read(thing: object, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in names}


def _guard_answers(file: InstrumentFile, before: Rows, after: Rows, findings: Findings) -> None:
    nodes = {question.code: question.node for question in file.questions()}
    root = file.clusters[0].node if file.clusters else Node("", 1, "berkas")
    for code, was in before.questions.items():
        if code not in after.questions:
            allowed = "tetap ada: instrumen ini sudah dipakai sebuah evaluasi"
            findings.fault(root, f"pertanyaan {code} ({was['ref'] or '-'}) hilang", allowed)
            continue
        for name in FIXED:
            if was[name] != after.questions[code][name]:
                allowed = f"{was[name]}: instrumen ini sudah dipakai sebuah evaluasi"
                found = f"{name}: {after.questions[code][name]}"
                findings.fault(nodes[code], found, allowed)


def _changes(file: InstrumentFile, before: Rows, after: Rows) -> list[Change]:
    changes = [_head_change(str(file.year), before, after)]
    for what, was, now, title in (
        (EVIDENCE_TYPE, before.evidence_types, after.evidence_types, "label"),
        (CLUSTER, before.clusters, after.clusters, "name"),
        (INDICATOR, before.indicators, after.indicators, "short_title"),
        (QUESTION, _named(before), _named(after), "text"),
    ):
        for code, values in now.items():
            if code in was:
                changes.append(_change(what, code, was[code], values, title))
            else:
                changes.append(Change(what, code, values[title], ADDED))
        changes += [
            Change(what, code, values[title], REMOVED)
            for code, values in was.items()
            if code not in now
        ]
    return changes


def _head_change(year: str, before: Rows, after: Rows) -> Change:
    title = f"Instrumen {year}"
    if not before.instrument:
        return Change(INSTRUMENT, year, title, ADDED)
    fields = _differences(before.instrument, after.instrument)
    for label, was, now in (
        ("Urutan indikator", before.indicators, after.indicators),
        ("Urutan pertanyaan", before.questions, after.questions),
    ):
        common = [code for code in was if code in now]
        moved = [code for code in now if code in was]
        if common != moved:
            fields[label] = (", ".join(common), ", ".join(moved))
    return Change(INSTRUMENT, year, title, CHANGED if fields else UNCHANGED, fields)


def _named(rows: Rows) -> dict[str, dict[str, Any]]:
    """Return the questions with the codes of their agencies, as people read them."""
    return {
        code: {**values, "agencies": rows.agency_codes[code]}
        for code, values in rows.questions.items()
    }


def _change(
    what: str, code: str, was: Mapping[str, Any], now: Mapping[str, Any], title: str
) -> Change:
    fields = _differences(was, now)
    return Change(what, code, now[title], CHANGED if fields else UNCHANGED, fields)


def _differences(was: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return what differs in people's words; a mere shift by a new neighbour is not told."""
    return {
        FIELD_LABELS[name]: (_words(was[name]), _words(now[name]))
        for name in now
        if name != "position" and was[name] != now[name]
    }


def _words(value: Any) -> str:
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, list):
        return ", ".join(
            item if isinstance(item, str) else f"{item['name']} {item['min']}-{item['max']}"
            for item in value
        )
    label = ANSWER_TYPE_LABELS.get(value) or RESPONDENTS_LABELS.get(value)
    return label or ("" if value is None else str(value))
