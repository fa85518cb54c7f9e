"""The forms of agencies. CSRF is checked by the gate."""

from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    FieldList,
    HiddenField,
    RadioField,
    SearchField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired

from app.agencies.labels import CATEGORY_LABELS, DUTY_LABELS, KIND_LABELS, kind_label
from app.agencies.models import MAX_SUPPORTERS, Duty
from app.core.forms import Form, at_most

BLANKS = 2
_DUTIES = [SelectChoice(duty.value, label) for duty, label in DUTY_LABELS.items()]


class AgencyField(StringField):
    """An agency as people type it, in any spelling; the browser proposes what there is.

    Templates put `agency_options` (components/agencies.html) on the page, once.
    """

    def __init__(self, label: str, validators: Any = (), **kwargs: Any) -> None:
        typing = {"list": "agencies", "autocomplete": "off"}
        super().__init__(label, [*validators, at_most(500)], render_kw=typing, **kwargs)


class AgencyList(FieldList):  # type: ignore[type-arg]  # the stubs are generic, the class is not
    """Several agencies as people type them."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(AgencyField(label), label, **kwargs)

    def typed(self) -> list[str]:
        """Return what was typed, blanks among it: a place tells which entry is to blame."""
        return [entry.data or "" for entry in self]

    def offer_blanks(self) -> None:
        """Leave room for further ones: there is no script that would add a field."""
        filled = len([entry for entry in self if entry.data])
        while len(self) < min(filled + BLANKS, MAX_SUPPORTERS):
            self.append_entry()
        for position, entry in enumerate(self, 1):
            entry.label.text = f"{self.label.text} {position}"


class AgencyFilterForm(Form):
    """What the list of agencies is narrowed to; it stands in the address."""

    q = SearchField("Cari nama atau ejaan lain")
    kind = SelectField("Jenis", validate_choice=False)
    category = SelectField(
        "Kelompok",
        choices=[
            SelectChoice("", "Semua kelompok"),
            *(SelectChoice(code.value, label) for code, label in CATEGORY_LABELS.items()),
        ],
        validate_choice=False,
    )
    missing = SelectField(
        "Kelengkapan",
        choices=[
            SelectChoice("", "Semua"),
            SelectChoice("narahubung", "Tanpa narahubung"),
            SelectChoice("surel", "Tanpa surel"),
        ],
        validate_choice=False,
    )
    inactive = BooleanField("Termasuk yang tidak aktif")

    def offer(self, kinds: list[str]) -> None:
        """Let choose from the kinds that agencies have."""
        known = [SelectChoice(kind, kind_label(kind)) for kind in kinds]
        self.kind.choices = [SelectChoice("", "Semua jenis"), *known]


class AgencyForm(Form):
    """What an officer writes down about an agency."""

    name = StringField("Nama", validators=[InputRequired("Isi nama instansi."), at_most(200)])
    short_name = StringField(
        "Nama singkat", validators=[InputRequired("Isi nama singkat."), at_most(60)]
    )
    category = SelectField(
        "Kelompok",
        choices=[SelectChoice(code.value, label) for code, label in CATEGORY_LABELS.items()],
    )
    kind = SelectField("Jenis")
    parent = SelectField("Induk", description="Kecamatan, bagi desa atau kelurahan.")
    aliases = TextAreaField("Ejaan lain", validators=[at_most(2000)])
    seen = HiddenField()

    def offer(self, kinds: list[str], parents: list[tuple[str, str]]) -> None:
        """Let choose from the kinds and from what an agency may belong to."""
        known = dict.fromkeys([*KIND_LABELS, *kinds])
        self.kind.choices = [SelectChoice(kind, kind_label(kind)) for kind in known]
        chosen = [SelectChoice(code, name) for code, name in parents]
        self.parent.choices = [SelectChoice("", "Tidak di bawah instansi lain"), *chosen]


class NewAgencyForm(AgencyForm):
    """An agency that is added: its code does not change afterwards."""

    code = StringField("Kode", validators=[InputRequired("Isi kode."), at_most(32)])


class ReasonForm(Form):
    """Why something is done."""

    reason = TextAreaField(
        "Alasan", validators=[InputRequired("Tuliskan alasannya."), at_most(500)]
    )


class DutyForm(Form):
    """What a person does for an agency."""

    duty = RadioField("Tugas", choices=_DUTIES, default=Duty.FOCAL_POINT.value)


class MemberForm(DutyForm):
    """A person with an account who is given a duty."""

    user = SelectField("Pengguna", validators=[InputRequired("Pilih pengguna.")])

    def offer(self, people: list[tuple[str, str]]) -> None:
        """Let choose from people: (username, name)."""
        chosen = [SelectChoice(username, name) for username, name in people]
        self.user.choices = [SelectChoice("", "Pilih pengguna"), *chosen]


class NewMemberForm(DutyForm):
    """A person without an account who is given one, and a duty."""

    name = StringField(
        "Nama lengkap dengan gelar", validators=[InputRequired("Isi nama."), at_most(200)]
    )
    username = StringField(
        "Nama pengguna", validators=[InputRequired("Isi nama pengguna."), at_most(60)]
    )
    position = StringField("Jabatan", validators=[at_most(200)])
    email = EmailField("Surel", validators=[at_most(200)])
    phone = TelField("Telepon (WhatsApp)", validators=[at_most(40)])
    means = RadioField(
        "Cara masuk pertama kali",
        choices=[
            SelectChoice("invitation", "Undangan lewat surel"),
            SelectChoice("code", "Kode sekali pakai, dibacakan"),
        ],
        default="invitation",
    )


class EndForm(Form):
    """What is handed over when a person's duty ends."""

    note = TextAreaField("Catatan serah terima", validators=[at_most(1000)])
