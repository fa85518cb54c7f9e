"""What the outbox is narrowed by."""

from wtforms import Form, SelectField, StringField
from wtforms.validators import Length

from app.notifications.labels import FATE_LABELS


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class OutboxFilterForm(Form):
    """The filters of the outbox; they live in the address. Anything unknown is no filter."""

    q = StringField(
        "Cari penerima, alamat, atau perihal",
        [Length(max=200)],
        filters=[_stripped],
    )
    nasib = SelectField("Keadaan", validate_choice=False)
    jenis = SelectField("Jenis surel", validate_choice=False)

    def offer(self, kinds: dict[str, str]) -> None:
        """Fill the choices: the fates, and the kinds by their labels."""
        self.nasib.choices = [
            ("", "Semua keadaan"),
            *((fate.value, label) for fate, label in FATE_LABELS.items()),
        ]
        by_label = sorted(kinds.items(), key=lambda kind: kind[1])
        self.jenis.choices = [("", "Semua jenis"), *by_label]
