"""Choosing whom to invite: what is searched, what is ticked, who a guest is."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    SearchField,
    SelectField,
    StringField,
    TelField,
)
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired

from app.core.forms import Form, at_most
from app.core.input import whole_numbers
from app.meetings.labels import ANSWER_LABELS
from app.meetings.models import MAX_LINE, Answer, Invitation
from app.meetings.queries.invitations import Invited, InvitedList, Selection

UNANSWERED, UNSENT, UNREACHED = "belum-menjawab", "belum-dikirim", "tanpa-surel"
ANSWERS = {"hadir": Answer.COMING, "diwakilkan": Answer.REPRESENTED, "berhalangan": Answer.UNABLE}
"""The answers as an address names them."""
STANDINGS = [
    ("", "Semua"),
    *((code, ANSWER_LABELS[answer]) for code, answer in ANSWERS.items()),
    (UNANSWERED, "Belum menjawab"),
    (UNSENT, "Belum dikirim"),
    (UNREACHED, "Tidak terjangkau surel"),
]
GUEST = ("name", "position", "organisation", "email", "phone")
MAX_TICKED = 500


class InvitedFilterForm(Form):
    """What the list of those invited is narrowed to; it stands in the address."""

    kata = SearchField("Cari nama")
    jawaban = SelectField(
        "Jawaban",
        choices=[SelectChoice(code, label) for code, label in STANDINGS],
        validate_choice=False,
    )

    def narrow(self, invited: InvitedList) -> list[Invited]:
        """Return the rows that are asked for."""
        standing, words = self.jawaban.data or "", (self.kata.data or "").casefold().split()
        rows = invited.rows
        if standing in ANSWERS:
            rows = invited.answered(ANSWERS[standing])
        elif standing == UNANSWERED:
            rows = invited.unanswered
        elif standing == UNSENT:
            rows = invited.unsent
        elif standing == UNREACHED:
            rows = invited.unreached
        return [row for row in rows if all(word in row.searched for word in words)]

    @property
    def active(self) -> int:
        """Return how many filters are set."""
        return bool(self.kata.data) + bool(self.jawaban.data)


class CandidateFilterForm(Form):
    """What the agencies to choose from are searched by."""

    kata = SearchField("Cari instansi", [at_most(MAX_LINE)])


class GuestForm(Form):
    """Somebody who is asked by name and has no account."""

    name = StringField("Nama", [InputRequired(message="Isi nama lengkap."), at_most(MAX_LINE)])
    position = StringField("Jabatan", [at_most(MAX_LINE)])
    organisation = StringField("Lembaga", [at_most(MAX_LINE)])
    email = EmailField("Surel", [at_most(254)])
    phone = TelField("Nomor telepon", [at_most(MAX_LINE)])

    @classmethod
    def of(cls, invitation: Invitation, prefix: str) -> "GuestForm":
        """Return the form with what is known of a guest."""
        known = {name: getattr(invitation, f"guest_{name}") for name in GUEST}
        return cls(formdata=None, prefix=prefix, data=known)

    def typed(self) -> dict[str, str]:
        """Return what was typed, as a service's `Guest` takes it."""
        return {name: self[name].data or "" for name in GUEST}


class ReminderForm(Form):
    """Reminding, and that a second time on a day is meant."""

    again = BooleanField("Ingatkan lagi walaupun sudah diingatkan hari ini")
    form_token = HiddenField()


@dataclass(frozen=True, slots=True)
class Ticked:
    """What was ticked on the page of agencies."""

    selection: Selection

    def has_agency(self, agency_id: int) -> bool:
        """Tell whether an agency itself was ticked."""
        return agency_id in self.selection.agency_ids

    def has_bundle(self, name: str, value: str) -> bool:
        """Tell whether a way to choose many was ticked."""
        return {
            "semua": self.selection.everybody,
            "jenis": value in self.selection.kinds,
            "klaster": value in self.selection.clusters,
        }[name]


def read_ticked(given: MultiDict[str, str]) -> Ticked:
    """Read what was ticked, from an address or a form."""
    return Ticked(
        Selection(
            agency_ids=frozenset(whole_numbers(given.getlist("instansi")[:MAX_TICKED])),
            clusters=frozenset(given.getlist("klaster")),
            kinds=frozenset(given.getlist("jenis")),
            everybody=given.get("semua") == "1",
        )
    )
