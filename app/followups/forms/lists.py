"""The filters of the list of follow-ups, as its address carries them.

What an address gets wrong is left out with a note: a saved link never breaks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, SelectField, StringField
from wtforms.validators import Length, Optional

from app.core.actor import Actor
from app.core.filters import EVERY, Chip, FilterField, changed, chip_of, drop_faults
from app.core.forms import IndonesianMeta
from app.followups import policy
from app.followups.labels import AGENCY_STATE_LABELS, KIND_LABELS, STATE_LABELS
from app.followups.machine import State
from app.followups.models import MAX_TITLE, Kind
from app.followups.queries import choices
from app.followups.queries.listing import Order, Sort
from app.followups.queries.narrowing import Evaluation, Narrowing, Part, Place

ALL_EVALUATIONS = "semua"
PLACE_LABELS = {
    Place.AGENCY: "Di instansi",
    Place.REVIEWER: "Di DP3A",
    Place.DONE: "Selesai",
}
PART_LABELS = {Part.LEAD: "Penanggung jawab", Part.SUPPORTER: "Pendukung"}
SORT_LABELS = {
    Sort.URGENCY: "paling mendesak lebih dahulu",
    Sort.TO_DO: "yang dikembalikan lebih dahulu",
    Sort.DUE: "menurut batas waktu",
    Sort.NUMBER: "menurut nomor",
    Sort.QUESTION: "menurut nomor instrumen",
    Sort.AGENCY: "menurut instansi",
    Sort.SINCE: "menurut lamanya di posisi sekarang",
}
ROUNDS = range(2, 6)


class ListForm(FlaskForm):
    """What a list can be narrowed to. Nothing is required."""

    class Meta(IndonesianMeta):
        pass

    q = StringField(
        "Cari kata atau nomor",
        [Optional(), Length(max=120, message="Paling panjang 120 huruf.")],
    )
    evaluasi = FilterField("Evaluasi", default="")
    instansi = FilterField("Instansi", default="")
    peran = FilterField("Sebagai", default="")
    klaster = FilterField("Klaster", default="")
    indikator = FilterField("Indikator", default="")
    keadaan = FilterField("Keadaan", default="")
    posisi = FilterField("Posisi", default="")
    putaran = FilterField("Putaran", default="")
    jenis = FilterField("Jenis", default="")
    dasar = StringField(
        "Dasar", [Optional(), Length(max=MAX_TITLE, message="Alamat dasar terlalu panjang.")]
    )
    lewat = BooleanField("Hanya yang lewat batas waktu", false_values=("", "0"))

    def fields(self) -> list[Field]:
        """Return the fields in the order of the page."""
        return list(self)


@dataclass(frozen=True, slots=True)
class ListRequest:
    """What an address asks for: the narrowing, the order, and how the page says so."""

    form: ListForm
    narrowing: Narrowing
    order: Order
    arguments: Mapping[str, Any]
    """What of the address is understood, without the page."""
    chips: Sequence[Chip]
    notes: Sequence[str]
    """What of the address is not understood."""

    def with_(self, **changes: str) -> dict[str, Any]:
        """Return the arguments of an address that differs; an empty value takes one away."""
        return changed(self.arguments, changes)


def read_list(arguments: MultiDict[str, str], actor: Actor) -> ListRequest:
    """Read an address: its filters and sort, checked against what the person may choose."""
    evaluations = choices.evaluations()
    evaluation = _evaluation(arguments.get("evaluasi", ""), evaluations)
    agencies = choices.agencies(actor)
    form = ListForm(formdata=_tolerant(arguments, agencies))
    _offer(form, actor, evaluations, choices.indicators(evaluation), agencies)
    notes = drop_faults(form)
    if form.peran.data and not form.instansi.data and not actor.agency_ids:
        notes.append("Sebagai hanya berlaku bersama satu instansi, sehingga tidak dipakai.")
        form.peran.data = form.peran.default
    order, is_sort_known = _order(arguments.get("urut", ""))
    if not is_sort_known:
        notes.append("Urutan pada alamat tidak dikenal, sehingga tidak dipakai.")
    given = {
        field.name: "1" if field is form.lewat else str(field.data).strip()
        for field in form.fields()
        if field.data and field.data != field.default
    }
    chips = [
        _basis_chip(given, actor) if field is form.dasar else chip_of(field, given)
        for field in form.fields()
        if field.name in given
    ]
    if order != Order():
        given["urut"] = f"{'-' if order.descending else ''}{order.by.value}"
    found = tuple(row.id for row in agencies if row.code == form.instansi.data)
    narrowing = Narrowing(
        cycle=evaluation,
        words=given.get("q", ""),
        agency_ids=found,
        part=Part(form.peran.data) if form.peran.data else None,
        cluster=form.klaster.data or None,
        indicator=form.indikator.data or None,
        kind=Kind(form.jenis.data) if form.jenis.data else None,
        round_from=int(form.putaran.data) if form.putaran.data else None,
        state=State(form.keadaan.data) if form.keadaan.data else None,
        place=Place(form.posisi.data) if form.posisi.data else None,
        overdue=bool(form.lewat.data),
        basis_url=given.get("dasar", ""),
    )
    return ListRequest(form, narrowing, order, given, chips, notes)


def _basis_chip(given: Mapping[str, str], actor: Actor) -> Chip:
    """Say in words on what the listed work rests; its address where nothing does."""
    address = given["dasar"]
    without = {name: value for name, value in given.items() if name != "dasar"}
    return Chip(f"Dasar: {choices.basis_called(address, actor) or address}", without)


def _evaluation(year: str, evaluations: Sequence[Evaluation]) -> Evaluation | None:
    """Return the evaluation of a year; the latest where the address names none that exists."""
    if year == ALL_EVALUATIONS or not evaluations:
        return None
    return next((row for row in evaluations if str(row.year) == year), evaluations[0])


def _tolerant(
    arguments: MultiDict[str, str], agencies: Sequence[choices.AgencyChoice]
) -> MultiDict[str, str]:
    """Let an address name an agency by any of its spellings."""
    formdata = arguments.copy()
    called = formdata.get("instansi", "")
    if called and called not in {agency.code for agency in agencies}:
        formdata["instansi"] = choices.code_called(called, agencies) or called
    return formdata


def _offer(
    form: ListForm,
    actor: Actor,
    evaluations: Sequence[Evaluation],
    indicators: Sequence[choices.IndicatorChoice],
    agencies: Sequence[choices.AgencyChoice],
) -> None:
    reads_all = policy.is_reader_of_all(actor)
    labels = STATE_LABELS if reads_all else AGENCY_STATE_LABELS
    clusters = {row.cluster: row.cluster_name for row in indicators}
    offers: dict[SelectField, list[tuple[str, str]]] = {
        form.instansi: [
            (
                row.code,
                row.short_name if row.short_name == row.name else f"{row.short_name} · {row.name}",
            )
            for row in agencies
        ],
        form.peran: [(part.value, label) for part, label in PART_LABELS.items()],
        form.klaster: list(clusters.items()),
        form.indikator: [(row.number, f"{row.number}. {row.title}") for row in indicators],
        form.keadaan: [
            (state.value, label)
            for state, label in labels.items()
            if state is not State.DRAFT or policy.is_officer(actor)
        ],
        form.posisi: [(place.value, label) for place, label in PLACE_LABELS.items()],
        form.putaran: [(str(number), f"Putaran {number} atau lebih") for number in ROUNDS],
        form.jenis: [(kind.value, label) for kind, label in KIND_LABELS.items()],
    }
    for field, offered in offers.items():
        field.choices = EVERY + offered
    years = [(str(row.year), f"Evaluasi KLA {row.year}") for row in evaluations]
    form.evaluasi.choices = [*years, (ALL_EVALUATIONS, "Semua evaluasi")]
    form.evaluasi.default = years[0][0] if years else ALL_EVALUATIONS
    form.evaluasi.data = form.evaluasi.data or form.evaluasi.default


def _order(text: str) -> tuple[Order, bool]:
    """Read a sort ("-batas-waktu") and whether it is one."""
    name = text.removeprefix("-")
    if not text:
        return Order(), True
    if name not in list(Sort):
        return Order(), False
    sort = Sort(name)
    one_way = sort in (Sort.URGENCY, Sort.TO_DO)
    return Order(sort, descending=text.startswith("-") and not one_way), True
