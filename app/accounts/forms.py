"""The forms of accounts. CSRF is checked by the gate."""

from wtforms import (
    EmailField,
    PasswordField,
    RadioField,
    SearchField,
    SelectField,
    StringField,
    TelField,
)
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import EqualTo, InputRequired, Length

from app.accounts.labels import ROLE_LABELS, STATUS_LABELS
from app.accounts.passwords import LONGEST
from app.accounts.permissions import Role
from app.core.forms import Form

LONG_ENOUGH = Length(max=LONGEST, message=f"Paling banyak {LONGEST} karakter.")
NOT_THE_SAME = "Kedua isian sandi tidak sama."


class SignInForm(Form):
    """Name and password."""

    login = StringField(
        "Nama pengguna atau surel",
        validators=[InputRequired("Isi nama pengguna atau surel."), LONG_ENOUGH],
    )
    password = PasswordField("Sandi", validators=[InputRequired("Isi sandi."), LONG_ENOUGH])


class ForgottenForm(Form):
    """Whose password is to be chosen anew."""

    login = StringField(
        "Nama pengguna atau surel",
        validators=[InputRequired("Isi nama pengguna atau surel."), LONG_ENOUGH],
    )


class NewPasswordForm(Form):
    """A new password, twice."""

    password = PasswordField("Sandi baru", validators=[InputRequired("Isi sandi baru.")])
    again = PasswordField(
        "Ulangi sandi baru",
        validators=[InputRequired("Ulangi sandi baru."), EqualTo("password", NOT_THE_SAME)],
    )


class CodeForm(NewPasswordForm):
    """A code that was read out, and the password that it allows to choose."""

    username = StringField(
        "Nama pengguna", validators=[InputRequired("Isi nama pengguna."), LONG_ENOUGH]
    )
    code = StringField("Kode", validators=[InputRequired("Isi kode."), LONG_ENOUGH])


class OwnPasswordForm(NewPasswordForm):
    """A new password by the current one."""

    old_password = PasswordField(
        "Sandi saat ini", validators=[InputRequired("Isi sandi saat ini."), LONG_ENOUGH]
    )


class ParticularsForm(Form):
    """What an account says of a person; the service says what is wrong with it."""

    name = StringField(
        "Nama lengkap dengan gelar", validators=[InputRequired("Isi nama lengkap."), LONG_ENOUGH]
    )
    position = StringField("Jabatan", validators=[LONG_ENOUGH])
    email = EmailField("Surel", validators=[LONG_ENOUGH])
    phone = TelField("Telepon (WhatsApp)", validators=[LONG_ENOUGH])


class OwnAccountForm(ParticularsForm):
    """One's own particulars; a new address needs the current password."""

    current_password = PasswordField("Sandi saat ini", validators=[LONG_ENOUGH])


class UserForm(ParticularsForm):
    """Particulars and role."""

    role = RadioField(
        "Peran",
        choices=[SelectChoice(role.value, label) for role, label in ROLE_LABELS.items()],
        default=Role.AGENCY.value,
    )


class NewUserForm(UserForm):
    """A new account, and how its owner comes in for the first time."""

    username = StringField(
        "Nama pengguna", validators=[InputRequired("Isi nama pengguna."), LONG_ENOUGH]
    )
    means = RadioField(
        "Cara masuk pertama kali",
        choices=[
            SelectChoice("invitation", "Undangan lewat surel"),
            SelectChoice("code", "Kode sekali pakai"),
        ],
        default="invitation",
    )


class UserFilterForm(Form):
    """What the list of users is narrowed to; it stands in the address."""

    q = SearchField("Cari nama, jabatan, atau surel")
    role = SelectField(
        "Peran",
        choices=[
            SelectChoice("", "Semua peran"),
            *(SelectChoice(role.value, label) for role, label in ROLE_LABELS.items()),
        ],
        validate_choice=False,
    )
    status = SelectField(
        "Status",
        choices=[
            SelectChoice("", "Semua status"),
            *(SelectChoice(status.value, label) for status, label in STATUS_LABELS.items()),
        ],
        validate_choice=False,
    )
