"""The forms of letterhead, templates and letters."""

from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, HiddenField, RadioField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length, Optional

from app.core.forms import Form
from app.reports.labels import FIELD_LABELS, PAPER_LABELS
from app.reports.models import MAX_LINE

NEEDED = "Bagian ini perlu diisi."
TOO_LONG = f"Paling panjang {MAX_LINE} huruf."


def _line(name: str, *, required: bool = False) -> StringField:
    rules = [
        InputRequired(NEEDED) if required else Optional(),
        Length(max=MAX_LINE, message=TOO_LONG),
    ]
    return StringField(FIELD_LABELS[name], rules)


class LetterheadForm(Form):
    """What every document says of the office."""

    government = _line("government", required=True)
    office = _line("office", required=True)
    address = _line("address")
    contact = _line("contact")
    place = _line("place")
    signer_position = _line("signer_position")
    signer_name = _line("signer_name")
    signer_rank = _line("signer_rank")
    signer_number = _line("signer_number")
    paper = RadioField(
        FIELD_LABELS["paper"],
        choices=[SelectChoice(paper.value, words) for paper, words in PAPER_LABELS.items()],
    )
    logo = FileField(FIELD_LABELS["logo"])
    without_logo = BooleanField("Tanpa logo")
    seen = HiddenField()


class TemplateForm(Form):
    """An office's own Word file."""

    file = FileField("Berkas Word (.docx)")
    seen = HiddenField()


class DataRequestForm(Form):
    """What is written down for the letter that asks for data. All of it may stay blank."""

    nomor = StringField("Nomor surat", [Optional(), Length(max=MAX_LINE, message=TOO_LONG)])
    tanggal = DateField("Tanggal surat", [Optional()])
    sifat = StringField("Sifat", [Optional(), Length(max=MAX_LINE, message=TOO_LONG)])
    lampiran = StringField("Lampiran", [Optional(), Length(max=MAX_LINE, message=TOO_LONG)])
    hal = StringField("Hal", [Optional(), Length(max=MAX_LINE, message=TOO_LONG)])
    kepada = StringField("Yth.", [Optional(), Length(max=MAX_LINE, message=TOO_LONG)])
    narahubung = StringField("Kontak DP3A", [Optional(), Length(max=MAX_LINE, message=TOO_LONG)])
    semua = BooleanField("Termasuk yang sudah dijawab")
