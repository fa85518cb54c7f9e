"""One word for one thing: every code has its label, and the labels are the glossary's."""

import re
from pathlib import Path

import pytest

from app.accounts import labels as accounts
from app.accounts.permissions import Permission, Role
from app.agencies import labels as agencies
from app.agencies.models import Category, Duty
from app.followups import labels as followups
from app.followups.machine import Action, State
from app.followups.models import Decision, Kind, Opening, Outcome, Remarker
from app.followups.services.particulars import CREATED, VERBS
from app.meetings import labels as meetings
from app.meetings.models import (
    AgendaOutcome,
    Answer,
    Authority,
    CarriedOutcome,
    FileKind,
    Gender,
    MeetingKind,
    MeetingState,
    MinutesState,
    Presence,
)
from app.reports import labels as reports
from app.reports.models import DocumentKind, Paper

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")

LABELLED = [
    (State, followups.STATE_LABELS),
    (State, followups.AGENCY_STATE_LABELS),
    (Action, followups.ACTION_LABELS),
    (Kind, followups.KIND_LABELS),
    (Outcome, followups.OUTCOME_LABELS),
    (Decision, followups.DECISION_LABELS),
    (Opening, followups.OPENING_LABELS),
    (Remarker, followups.REMARKER_LABELS),
    (MeetingKind, meetings.KIND_LABELS),
    (MeetingState, meetings.STATE_LABELS),
    (MinutesState, meetings.MINUTES_LABELS),
    (AgendaOutcome, meetings.AGENDA_LABELS),
    (Answer, meetings.ANSWER_LABELS),
    (Presence, meetings.PRESENCE_LABELS),
    (Gender, meetings.GENDER_LABELS),
    (CarriedOutcome, meetings.CARRIED_LABELS),
    (FileKind, meetings.FILE_LABELS),
    (Authority, meetings.AUTHORITY_LABELS),
    (DocumentKind, reports.KIND_LABELS),
    (Paper, reports.PAPER_LABELS),
    (Role, accounts.ROLE_LABELS),
    (Permission, accounts.PERMISSION_LABELS),
    (Duty, agencies.DUTY_LABELS),
    (Category, agencies.CATEGORY_LABELS),
]
WORDS_OF_THE_GLOSSARY = [
    *followups.STATE_LABELS.values(),
    *followups.ACTION_LABELS.values(),
    *followups.KIND_LABELS.values(),
    *followups.OUTCOME_LABELS.values(),
]
# "ditolak" is no word between agencies of equal rank; "tenggat" has another name here.
NEVER = re.compile(r"\b(ditolak|tolak|tenggat|anda)\b", re.IGNORECASE)


@pytest.mark.parametrize(
    ("codes", "labels"),
    LABELLED,
    ids=[f"{at}-{row[0].__name__}" for at, row in enumerate(LABELLED)],
)
def test_every_code_has_its_label_and_no_other(codes, labels):
    assert set(labels) == set(codes)
    assert all(label.strip() for label in labels.values())


@pytest.mark.parametrize("codes", [codes for codes, _ in LABELLED[2:]], ids=lambda c: c.__name__)
def test_two_codes_never_read_the_same(codes):
    labels = next(labels for known, labels in LABELLED if known is codes)
    assert len(set(labels.values())) == len(labels)


def test_every_event_of_a_follow_up_has_its_label():
    assert {CREATED, *VERBS.values()} <= set(followups.EVENT_LABELS)
    assert set(VERBS) == set(Action)


@pytest.mark.parametrize("label", WORDS_OF_THE_GLOSSARY)
def test_labels_are_the_glossarys(label):
    assert label.casefold() in " ".join(GLOSSARY.split()).casefold()


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "templates").rglob("*.*")) + sorted((ROOT / "app").glob("*/labels.py")),
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_no_page_uses_a_word_that_is_not_ours(path):
    assert NEVER.findall(path.read_text(encoding="utf-8")) == []
