"""What every form is: its token was checked by the gate, and it speaks Indonesian.

WTForms has no words of its own in it.
"""

from flask_wtf import FlaskForm

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
        control = self._fields.get(error.field) if error.field else None
        if control is None:
            self.form_errors.append(error.message)
        else:
            control.errors = [*control.errors, error.message]
