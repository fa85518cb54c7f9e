"""Read the YAML catalogue of an instrument into plain values; the shape is that of app/demo/data.

Agencies are left as they are written: which agency a word means, the database alone knows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from app.core.formatting import number
from app.core.imports import Fields, Findings, Node, clean
from app.core.yaml_tree import read_tree
from app.instruments.models import AnswerType, Respondents

ROOT = ("meta", "evidence_types", "clusters")
META = (
    "instrument_year",
    "language",
    "total_max_score",
    "note",
    "answer_types",
    "categories",
    "category_note",
    "reading",
)
CATEGORY = ("name", "min", "max")
EVIDENCE_TYPE = ("code", "label", "formats")
CLUSTER = ("code", "name", "max_score", "indicators")
INDICATOR = (
    "number",
    "official_indicator",
    "title",
    "short_title",
    "max_score",
    "questions",
)
QUESTION = (
    "id",
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
    "agencies",
    "groups",
    "ref_max_score",
)
FORMATS = ("pdf", "docx", "xlsx", "jpg", "png", "link")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")
CODE_ALLOWED = "huruf, angka, titik, garis bawah dan tanda hubung, paling panjang 32"
EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
MOST_DATA_YEARS = 10


@dataclass(frozen=True, slots=True)
class EvidenceTypeRow:
    """A kind of evidence as the file has it."""

    code: str
    label: str
    formats: list[str]
    node: Node


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question as the file has it. `agencies` are spellings: the first leads."""

    code: str
    ref: str | None
    text: str
    unit_text: str | None
    answer_type: AnswerType
    unit: str | None
    counts: str | None
    data_years: int
    choices: list[str]
    respondents: Respondents
    evidence: list[str]
    evidence_required: list[str]
    agencies: list[tuple[str, Node]]
    groups: list[tuple[str, Node]]
    max_score: Decimal | None
    node: Node


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator as the file has it."""

    number: str
    title: str
    short_title: str
    max_score: Decimal
    questions: list[QuestionRow]
    node: Node


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """A cluster as the file has it."""

    code: str
    name: str
    max_score: Decimal
    indicators: list[IndicatorRow]
    node: Node


@dataclass(slots=True)
class InstrumentFile:
    """A catalogue, read, with what is wrong in it."""

    year: int = 0
    total_max_score: Decimal = Decimal(0)
    bands: list[dict[str, str]] = field(default_factory=list)
    note: str | None = None
    evidence_types: list[EvidenceTypeRow] = field(default_factory=list)
    clusters: list[ClusterRow] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)

    def indicators(self) -> Iterator[IndicatorRow]:
        """Yield every indicator in its order."""
        for cluster in self.clusters:
            yield from cluster.indicators

    def questions(self) -> Iterator[QuestionRow]:
        """Yield every question in its order."""
        for indicator in self.indicators():
            yield from indicator.questions


def read_instrument(content: bytes) -> InstrumentFile:
    """Read a catalogue. Faults are in `findings`; then rows may be incomplete."""
    file = InstrumentFile()
    tree = read_tree(content, file.findings)
    if tree is None:
        return file
    root = Fields(tree, file.findings, ROOT)
    if not root.is_mapping:
        return file
    _read_meta(root, file)
    for node in root.items("evidence_types"):
        fields = Fields(node, file.findings, EVIDENCE_TYPE)
        if fields.is_mapping:
            formats = fields.texts("formats", required=True)
            for word, place in formats:
                if word not in FORMATS:
                    file.findings.fault(place, word, f"salah satu dari {', '.join(FORMATS)}")
            code, label = _code(fields, "code"), fields.text("label", longest=200)
            words = [word for word, _ in formats]
            file.evidence_types.append(EvidenceTypeRow(code, label, words, node))
    kinds = [row.code for row in file.evidence_types if row.code]
    for node in root.items("clusters"):
        _read_cluster(node, file, kinds)
    _find_repeats(file)
    if not file.findings.faults:
        _compare_scores(root.node, file)
    return file


def _read_meta(root: Fields, file: InstrumentFile) -> None:
    meta = Fields(root.at("meta"), file.findings, META)
    if not meta.is_mapping:
        return
    file.year = meta.whole("instrument_year", EARLIEST_YEAR, LATEST_YEAR)
    file.total_max_score = _required_points(meta, "total_max_score")
    file.note = meta.optional("note")
    if "answer_types" in meta.values:
        meta.codes("answer_types", list(AnswerType))
    for node in meta.items("categories"):
        fields = Fields(node, file.findings, CATEGORY)
        if fields.is_mapping:
            lowest, highest = _required_points(fields, "min"), _required_points(fields, "max")
            if highest < lowest:
                file.findings.fault(fields.at("max"), str(highest), f"paling rendah {lowest}")
            name = fields.text("name", longest=60)
            file.bands.append({"name": name, "min": str(lowest), "max": str(highest)})
    file.bands.sort(key=lambda band: Decimal(band["min"]))


def _read_cluster(node: Node, file: InstrumentFile, kinds: list[str]) -> None:
    yearly = f"max_score_{file.year}"
    fields = Fields(node, file.findings, (*CLUSTER, yearly))
    if not fields.is_mapping:
        return
    indicators = [_read_indicator(item, file, kinds) for item in fields.items("indicators")]
    score = fields.points(yearly if yearly in fields.values else "max_score")
    row = ClusterRow(
        code=_code(fields, "code"),
        name=fields.text("name", longest=200),
        max_score=Decimal(0) if score is None else score,
        indicators=[indicator for indicator in indicators if indicator is not None],
        node=node,
    )
    file.clusters.append(row)


def _read_indicator(node: Node, file: InstrumentFile, kinds: list[str]) -> IndicatorRow | None:
    fields = Fields(node, file.findings, INDICATOR)
    if not fields.is_mapping:
        return None
    questions = [_read_question(item, file, kinds) for item in fields.items("questions")]
    title = fields.text("title", longest=300)
    return IndicatorRow(
        number=_code(fields, "number"),
        title=title,
        short_title=fields.optional("short_title", longest=100) or title,
        max_score=_required_points(fields, "max_score"),
        questions=[question for question in questions if question is not None],
        node=node,
    )


def _read_question(node: Node, file: InstrumentFile, kinds: list[str]) -> QuestionRow | None:
    fields = Fields(node, file.findings, QUESTION)
    if not fields.is_mapping:
        return None
    answer_type = fields.one_of("answer_type", list(AnswerType))
    respondents = fields.one_of("respondents", list(Respondents), Respondents.LEAD)
    choices = _choices(fields)
    if answer_type == AnswerType.CHOICE and len(choices) < 2:
        file.findings.fault(fields.at("choices"), "kosong", "paling sedikit dua pilihan")
    if answer_type != AnswerType.CHOICE and choices:
        allowed = "hanya bagi answer_type choice"
        file.findings.fault(fields.at("choices"), ", ".join(choices), allowed)
    return QuestionRow(
        code=_code(fields, "id"),
        ref=", ".join(word for word, _ in _texts(fields, "ref")) or None,
        text=fields.text("text"),
        unit_text=fields.optional("unit_text"),
        answer_type=AnswerType(answer_type or AnswerType.TEXT),
        unit=fields.optional("unit", longest=60),
        counts=fields.optional("counts", longest=60),
        data_years=fields.whole("data_years", 1, MOST_DATA_YEARS, 1),
        choices=choices,
        respondents=Respondents(respondents or Respondents.LEAD),
        evidence=_known(fields, "evidence", kinds),
        evidence_required=_known(fields, "evidence_required", kinds),
        agencies=fields.texts("agencies", required=True),
        groups=_texts(fields, "groups"),
        max_score=fields.points("ref_max_score"),
        node=node,
    )


def _texts(fields: Fields, name: str) -> list[tuple[str, Node]]:
    return fields.texts(name) if fields.at(name).what != "kosong" else []


def _known(fields: Fields, name: str, kinds: list[str]) -> list[str]:
    return fields.codes(name, kinds) if fields.at(name).what != "kosong" else []


def _choices(fields: Fields) -> list[str]:
    """Read the choices: here "Tidak ada" is an answer like any other."""
    node = fields.at("choices")
    if node.what == "kosong":
        return []
    words: list[str] = []
    for item in fields.items("choices"):
        word = " ".join(item.value.split()) if isinstance(item.value, str) else ""
        if not word or word in words or len(word) > 200:
            fields.findings.fault(item, item.what, "teks, tiap pilihan satu kali")
        words.append(word)
    return words


def _code(fields: Fields, name: str) -> str:
    code = fields.text(name)
    if code and not CODE.fullmatch(code):
        fields.findings.fault(fields.at(name), code, CODE_ALLOWED)
    return code


def _required_points(fields: Fields, name: str) -> Decimal:
    node = fields.at(name)
    found = fields.points(name)
    if found is None and isinstance(node.value, str) and not clean(node.value):
        fields.findings.fault(node, "kosong", "angka 0 sampai 99999, titik desimal")
    return Decimal(0) if found is None else found


def _find_repeats(file: InstrumentFile) -> None:
    kinds = [(row.code, row.node) for row in file.evidence_types]
    clusters = [(row.code, row.node) for row in file.clusters]
    indicators = [(row.number, row.node) for row in file.indicators()]
    questions = [(row.code, row.node) for row in file.questions()]
    refs = [(ref, row.node) for row in file.questions() if row.ref for ref in row.ref.split(", ")]
    for what, pairs in (
        ("kode", kinds),
        ("kode", clusters),
        ("nomor", indicators),
        ("id", questions),
        ("ref", refs),
    ):
        first: dict[str, Node] = {}
        for code, node in pairs:
            before = first.setdefault(code, node)
            if code and before is not node:
                allowed = f"{what} yang belum dipakai ({before.place}, baris {before.line})"
                file.findings.fault(node, f"{what} {code}", allowed)


def _compare_scores(root: Node, file: InstrumentFile) -> None:
    for indicator in file.indicators():
        asked = _sum(question.max_score for question in indicator.questions)
        if asked != indicator.max_score:
            _differ(
                file, indicator.node, f"indikator {indicator.number}", indicator.max_score, asked
            )
    for cluster in file.clusters:
        held = _sum(indicator.max_score for indicator in cluster.indicators)
        if cluster.max_score and held != cluster.max_score:
            file.findings.warn(
                cluster.node,
                f"Nilai klaster {cluster.code} tertulis {number(cluster.max_score)}, sedangkan"
                f" indikatornya berjumlah {number(held)}; yang berlaku nilai indikator.",
            )
    held = _sum(indicator.max_score for indicator in file.indicators())
    if held != file.total_max_score:
        file.findings.warn(
            root,
            f"Nilai instrumen tertulis {number(file.total_max_score)}, sedangkan indikatornya"
            f" berjumlah {number(held)}; yang berlaku nilai indikator.",
        )
    asked = _sum(question.max_score for question in file.questions())
    if asked != held:
        _differ(file, root, "seluruh instrumen", held, asked)


def _differ(file: InstrumentFile, node: Node, what: str, held: Decimal, asked: Decimal) -> None:
    file.findings.warn(
        node,
        f"Nilai pertanyaan {what} berjumlah {number(asked)}, sedangkan nilai indikator"
        f" {number(held)}; yang berlaku nilai indikator.",
    )


def _sum(values: "Iterator[Decimal | None] | Iterator[Decimal]") -> Decimal:
    return sum((value for value in values if value is not None), Decimal(0))
