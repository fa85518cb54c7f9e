"""Answers: which fields a question has, how each is read, and what is missing before sending.

An answer is `{year: {"value": text, "detail": text}}`. A number is kept as a canonical decimal
string ("81.2"); what cannot be read yet is kept as it was typed, and refused when it is sent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.core.formatting import parse_number
from app.followups.models import FollowUp
from app.instruments.models import AnswerType

YES, NO = "ya", "tidak"
NOT_THERE = "Belum ada"
UNDATED = "isi"
MAX_TEXT = 10_000
HUNDRED = Decimal(100)

_KEPT_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")

Answer = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class AnswerSpec:
    """How one follow-up is answered. `years` are the keys of the answer, oldest first."""

    answer_type: AnswerType
    years: tuple[str, ...]
    unit: str | None = None
    choices: tuple[str, ...] = ()

    @property
    def has_detail(self) -> bool:
        """Tell whether each value has words beside it."""
        return self.answer_type in (AnswerType.YES_NO, AnswerType.CHOICE)

    @property
    def is_numeric(self) -> bool:
        """Tell whether the value is a number."""
        return self.answer_type in (AnswerType.NUMBER, AnswerType.PERCENT)


def spec_of(follow_up: FollowUp) -> AnswerSpec:
    """Return how a follow-up is answered (`question` and `cycle` loaded).

    An action item is answered in words. A question asks for the n years before the cycle's.
    """
    question, cycle = follow_up.question, follow_up.cycle
    if question is None or cycle is None:
        return AnswerSpec(AnswerType.TEXT, (UNDATED,))
    years = tuple(str(cycle.year - back) for back in range(question.data_years, 0, -1))
    return AnswerSpec(follow_up.answer_type, years, question.unit, tuple(question.choices))


def field_name(year: str, part: str) -> str:
    """Return the name that a part ("value", "detail") of a year has in forms."""
    return f"answer-{year}-{part}"


def canonical(spec: AnswerSpec, text: str) -> str:
    """Return a value as it is kept: a readable number as a decimal string, all else as typed."""
    text = text.strip()[:MAX_TEXT]
    if spec.is_numeric and (number := parse_number(text)) is not None:
        return format(number.normalize(), "f")
    return text


def fault(spec: AnswerSpec, value: str) -> str | None:
    """Say in Indonesian what is wrong with a value that is there; None where nothing is."""
    if not value:
        return None
    if spec.is_numeric:
        number = parse_number(value) if not _is_plain(value) else Decimal(value)
        if number is None:
            return f"“{value[:40]}” bukan angka. Tulis angkanya saja, misalnya 81,2."
        if spec.answer_type is AnswerType.PERCENT and not 0 <= number <= HUNDRED:
            return "Persentase harus antara 0 dan 100, misalnya 81,2."
    if spec.answer_type is AnswerType.YES_NO and value not in (YES, NO):
        return "Pilih ya atau tidak."
    if spec.answer_type is AnswerType.CHOICE and value not in spec.choices:
        return "Pilih salah satu jawaban yang tersedia."
    return None


def is_negative(spec: AnswerSpec, answer: Mapping[str, Any]) -> bool:
    """Tell whether every year says that there is nothing: *tidak*, 0, *belum ada*."""
    values = [answer.get(year, {}).get("value", "") for year in spec.years]
    if spec.is_numeric:
        return all(_is_plain(value) and Decimal(value) == 0 for value in values)
    nothing = {NO, NOT_THERE.casefold()}
    return all(value.strip().casefold() in nothing for value in values)


def faults(spec: AnswerSpec, answer: Mapping[str, Any]) -> dict[str, str]:
    """Return what keeps the answer from being sent: `{field name: sentence}`."""
    found: dict[str, str] = {}
    for year in spec.years:
        given = answer.get(year, {})
        value = given.get("value", "")
        label = "" if year == UNDATED else f" {year}"
        if not value.strip():
            found[field_name(year, "value")] = f"Jawaban{label} belum diisi."
        elif (wrong := fault(spec, value)) is not None:
            found[field_name(year, "value")] = wrong
        elif value == YES and not given.get("detail", "").strip():
            found[field_name(year, "detail")] = f"Penjelasan jawaban “ya”{label} belum diisi."
    return found


def _is_plain(value: str) -> bool:
    """Tell whether a value is a number as it is kept ("12e3" and "1_000" are what was typed)."""
    return _KEPT_NUMBER.fullmatch(value) is not None
