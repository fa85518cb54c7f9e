"""What every form is: its token was checked by the gate, and it speaks Indonesian.

WTForms has no words of its own in it.
"""

from flask_wtf import FlaskForm
from wtforms import FieldList
from wtforms.validators import Length

from app.core.errors import InvalidInput

MESSAGES = {
    "Not a valid choice.": "Pilih salah satu dari daftar.",
    "Not a valid choice": "Pilih salah satu dari daftar.",
    "Invalid Choice: could not coerce.": "Pilih salah satu dari daftar.",
    "Not a valid integer value.": "Tulis angka bulat, misalnya 2026.",
    "Not a valid date value.": "Tulis tanggalnya seperti 2026-03-10.",
    "Not a valid time value.": "Tulis jamnya seperti 17:00.",
    "This field is required.": "Bagian ini perlu diisi.",
}
SEVERAL = "Pilih dari daftar."


class IndonesianMessages:
    """Translations as WTForms asks for them."""

    def gettext(self, string: str) -> str:
        """Return a message in Indonesian; one that is unknown stays as it is."""
        return MESSAGES.get(string, string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Return a message about one or several: Indonesian does not tell them apart."""
        return SEVERAL if "valid choice" in singular else MESSAGES.get(singular, singular)


class IndonesianMeta:
    """How forms are made here: the gate has checked the token, and messages are Indonesian."""

    csrf = False

    def get_translations(self, _form: object) -> IndonesianMessages:
        """Return the words that WTForms' own checks use."""
        return IndonesianMessages()


class Form(FlaskForm):
    """A form whose token the gate has checked already."""

    class Meta(IndonesianMeta):
        pass

    def refuse(self, error: InvalidInput) -> None:
        """Put what a service refused on its field, or above the form."""
        if not blame(self, error):
            self.form_errors.append(error.message)


def at_most(length: int) -> Length:
    """Return the check that a field holds no more letters than that."""
    return Length(max=length, message=f"Paling panjang {length} huruf.")


def blame(form: FlaskForm, error: InvalidInput) -> bool:
    """Put what a service refused on its field ("lead", "supporters-2"); tell whether there is one.

    A list is asked whether anything is wrong, its entries what: both carry the message.
    """
    named = error.field or ""
    name, _, position = named.partition("-")
    control = form._fields.get(named) or form._fields.get(name)
    if control is None:
        return False
    if isinstance(control, FieldList) and position.isdecimal() and int(position) < len(control):
        control.errors = [*control.errors, error.message]
        control = control[int(position)]
    control.errors = [*control.errors, error.message]
    return True
