"""The forms of instruments and evaluations. CSRF is checked by the gate."""

from collections.abc import Sequence
from datetime import date

from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
    widgets,
)
from wtforms.fields import FormField, SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length, Optional

from app.agencies.forms import AgencyField, AgencyList
from app.core.errors import InvalidInput
from app.core.forms import Form
from app.instruments.labels import RESPONDENTS_LABELS, STAGE_LABELS
from app.instruments.models import StageCode

TOO_LONG = Length(max=2000, message="Paling panjang 2.000 huruf.")


class QuestionForm(Form):
    """What an officer changes about a question."""

    text = TextAreaField("Pertanyaan", validators=[InputRequired("Isi pertanyaannya."), TOO_LONG])
    unit_text = TextAreaField("Pertanyaan bagi satu kecamatan atau desa", validators=[TOO_LONG])
    lead = AgencyField("Instansi penanggung jawab")
    supporters = AgencyList("Instansi pendukung")
    respondents = SelectField(
        "Yang menjawab",
        choices=[SelectChoice(code.value, label) for code, label in RESPONDENTS_LABELS.items()],
    )
    evidence_required = SelectMultipleField(
        "Data dukung wajib", option_widget=widgets.CheckboxInput()
    )
    seen = HiddenField()

    def offer(self, evidence: Sequence[tuple[str, str]]) -> None:
        """Let choose from kinds of evidence: (code, name)."""
        self.evidence_required.choices = [SelectChoice(code, name) for code, name in evidence]


class StageForm(Form):
    """From one day to another."""

    starts_on = DateField("Mulai", validators=[Optional()])
    ends_on = DateField("Selesai", validators=[Optional()])


class CycleForm(Form):
    """An evaluation: instrument, target and stages."""

    instrument = SelectField("Instrumen", coerce=int)
    target = SelectField("Predikat yang dituju")
    seen = HiddenField()
    preparation = FormField(StageForm, STAGE_LABELS[StageCode.PREPARATION])
    self_assessment = FormField(StageForm, STAGE_LABELS[StageCode.SELF_ASSESSMENT])
    province_verification = FormField(StageForm, STAGE_LABELS[StageCode.PROVINCE_VERIFICATION])
    field_verification = FormField(StageForm, STAGE_LABELS[StageCode.FIELD_VERIFICATION])
    correction = FormField(StageForm, STAGE_LABELS[StageCode.CORRECTION])
    decided = FormField(StageForm, STAGE_LABELS[StageCode.DECIDED])

    def offer(self, instruments: Sequence[int], targets: Sequence[str]) -> None:
        """Let choose from the instruments' years and the names of their bands."""
        self.instrument.choices = [SelectChoice(year, f"Instrumen {year}") for year in instruments]
        names = [SelectChoice(name, name) for name in targets]
        self.target.choices = [SelectChoice("", "Belum ditentukan"), *names]

    def stages(self) -> dict[StageCode, tuple[date | None, date | None]]:
        """Return what was typed for each stage."""
        typed = {code: self._stage(code) for code in StageCode}
        return {code: (form.starts_on.data, form.ends_on.data) for code, form in typed.items()}

    def _stage(self, code: StageCode) -> StageForm:
        form: StageForm = getattr(self, code.value).form
        return form

    def refuse(self, error: InvalidInput) -> None:
        """Put what a service refused on its field; what is about a stage, on its first day."""
        if error.field in list(StageCode):
            control = self._stage(StageCode(error.field)).starts_on
            control.errors = [*control.errors, error.message]
        else:
            super().refuse(error)


class NewCycleForm(CycleForm):
    """An evaluation that is set up: its year does not change afterwards."""

    year = IntegerField("Tahun evaluasi", validators=[InputRequired("Isi tahunnya.")])
