"""The forms of letterhead, templates and letters."""

from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, HiddenField, RadioField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Optional

from app.core.forms import Form, at_most
from app.reports.labels import FIELD_LABELS, PAPER_LABELS
from app.reports.models import MAX_LINE

NEEDED = "Bagian ini perlu diisi."


def _line(name: str, *, required: bool = False) -> StringField:
    rules = [
        InputRequired(NEEDED) if required else Optional(),
        at_most(MAX_LINE),
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

    nomor = StringField("Nomor surat", [Optional(), at_most(MAX_LINE)])
    tanggal = DateField("Tanggal surat", [Optional()])
    sifat = StringField("Sifat", [Optional(), at_most(MAX_LINE)])
    lampiran = StringField("Lampiran", [Optional(), at_most(MAX_LINE)])
    hal = StringField("Hal", [Optional(), at_most(MAX_LINE)])
    kepada = StringField("Yth.", [Optional(), at_most(MAX_LINE)])
    narahubung = StringField("Kontak DP3A", [Optional(), at_most(MAX_LINE)])
    semua = BooleanField("Termasuk yang sudah dijawab")
