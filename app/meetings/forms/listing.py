"""The filters of the list of meetings, as its address carries them.

What an address gets wrong is left out with a note: a saved link never breaks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import Length, Optional

from app.core.actor import Actor
from app.core.filters import EVERY, Chip, FilterField, changed, chip_of, drop_faults
from app.core.forms import IndonesianMeta
from app.meetings import labels, policy
from app.meetings.models import MeetingKind
from app.meetings.queries.listing import Narrowing, Order, Sort, Standing

STANDING_LABELS = {
    Standing.COMING: "Akan datang",
    Standing.DRAFT: "Konsep",
    Standing.INVITED: "Diundang",
    Standing.UNENDED: "Sudah lewat, belum diakhiri",
    Standing.ENDED: "Selesai",
    Standing.UNAPPROVED: "Notulen belum disahkan",
    Standing.CANCELLED: "Dibatalkan",
}
OF_THOSE_INVITED = (Standing.COMING, Standing.ENDED, Standing.CANCELLED)
"""What the list of an agency is narrowed to."""
SORT_LABELS = {
    Sort.COMING: "yang akan datang lebih dahulu",
    Sort.TIME: "menurut waktu",
    Sort.NUMBER: "menurut nomor",
    Sort.TITLE: "menurut judul",
}


class ListForm(FlaskForm):
    """What a list can be narrowed to. Nothing is required."""

    class Meta(IndonesianMeta):
        pass

    q = StringField(
        "Cari kata atau nomor",
        [Optional(), Length(max=120, message="Paling panjang 120 huruf.")],
    )
    tahun = FilterField("Tahun", default="")
    jenis = FilterField("Jenis", default="")
    keadaan = FilterField("Keadaan", default="")


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


def read_list(arguments: MultiDict[str, str], actor: Actor, years: Sequence[int]) -> ListRequest:
    """Read an address: its filters and sort, checked against what the person may choose."""
    form = ListForm(formdata=arguments)
    offered = list(Standing) if policy.is_reader_of_all(actor) else OF_THOSE_INVITED
    form.tahun.choices = EVERY + [(str(year), str(year)) for year in years]
    form.jenis.choices = EVERY + [(k.value, label) for k, label in labels.KIND_LABELS.items()]
    form.keadaan.choices = EVERY + [(s.value, STANDING_LABELS[s]) for s in offered]
    notes = drop_faults(form)
    order, is_sort_known = _order(arguments.get("urut", ""))
    if not is_sort_known:
        notes.append("Urutan pada alamat tidak dikenal, sehingga tidak dipakai.")
    given = {field.name: str(field.data).strip() for field in form if field.data}
    chips = [chip_of(field, given) for field in form if field.name in given]
    if order != Order():
        given["urut"] = f"{'-' if order.descending else ''}{order.by.value}"
    narrowing = Narrowing(
        words=given.get("q", ""),
        year=int(given["tahun"]) if "tahun" in given else None,
        kind=MeetingKind(given["jenis"]) if "jenis" in given else None,
        standing=Standing(given["keadaan"]) if "keadaan" in given else None,
    )
    return ListRequest(form, narrowing, order, given, chips, notes)


def _order(text: str) -> tuple[Order, bool]:
    """Read a sort ("-waktu") and whether it is one."""
    name = text.removeprefix("-")
    if not text:
        return Order(), True
    if name not in list(Sort):
        return Order(), False
    sort = Sort(name)
    return Order(sort, descending=text.startswith("-") and sort is not Sort.COMING), True
