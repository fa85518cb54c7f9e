"""The filters of a list, as its address carries them.

What an address gets wrong is left out with a note: a saved link never breaks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, SelectField
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

EVERY = [("", "Semua")]


class FilterField(SelectField):
    """A choice looked up among its values, of which there are hundreds."""

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse what is not on offer."""
        if self.data not in (choice[0] for choice in self.choices or ()):
            raise ValidationError(self.gettext("Not a valid choice."))


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force: what it says, and the address's arguments without it."""

    label: str
    without: Mapping[str, Any]


def changed(arguments: Mapping[str, Any], changes: Mapping[str, str]) -> dict[str, str]:
    """Return the arguments of an address that differs; an empty value takes one away."""
    return {name: value for name, value in {**arguments, **changes}.items() if value}


def drop_faults(form: FlaskForm) -> list[str]:
    """Leave out of a form what its address got wrong; return the notes that say so."""
    form.validate()
    notes = []
    for field in form:
        if field.errors and field.raw_data and field.raw_data[0]:
            notes.append(f"{field.label.text} pada alamat tidak dikenal, sehingga tidak dipakai.")
        if field.errors:
            field.data = field.default or ""
            field.errors = []
    return notes


def chip_of(field: Field, given: Mapping[str, Any]) -> Chip:
    """Return what a filter in force says; `given` are the arguments that filters carry."""
    without = {name: value for name, value in given.items() if name != field.name}
    if isinstance(field, SelectField):
        said = next(label for value, label, *_ in field.iter_choices() if value == field.data)
        return Chip(f"{field.label.text}: {said.partition(' · ')[0]}", without)
    if isinstance(field, BooleanField):
        return Chip(field.label.text, without)
    return Chip(f"“{given[field.name]}”", without)
