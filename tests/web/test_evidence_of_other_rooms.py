"""Files that other rooms keep, offered as evidence."""

from datetime import date

import pytest
from sqlalchemy import select

from app.accounts.actors import actor_of
from app.core import clock
from app.core.db import db
from app.core.errors import InvalidInput, InvalidTransition, NotPermitted, NotVisible
from app.core.storage.models import StoredFile
from app.followups.queries import detail
from app.followups.services import evidence
from app.history.models import Event


@pytest.fixture
def minutes(session):
    """Return a signed scan that a meeting keeps."""
    file = StoredFile(
        sha256="ab" * 32, size=90_000, media_type="application/pdf", stored_at=clock.now()
    )
    session.add(file)
    session.flush()
    return file


def attach(follow_up, user, file_id, **given):
    actor = actor_of(user)
    row = detail.get(follow_up.number, actor)
    described = evidence.Description(slot="dokumen", file_name="notulen.pdf", **given)
    return evidence.attach_stored(row, detail.open_round(row), actor, file_id, described)


def test_a_file_of_another_room_becomes_evidence_as_if_uploaded(follow_up_assigned, lead, minutes):
    piece = attach(
        follow_up_assigned,
        lead,
        minutes.id,
        document_date=date(2026, 3, 12),
        document_number="400.2/17",
        caption="Notulen Rapat Koordinasi I",
    )
    assert (piece.slot, piece.file_id, piece.file_name) == ("dokumen", minutes.id, "notulen.pdf")
    assert (piece.document_date, piece.document_number) == (date(2026, 3, 12), "400.2/17")
    assert piece.added_agency_id == follow_up_assigned.agency_id
    told = db.session.scalars(select(Event).where(Event.verb == "evidence_added")).one()
    assert told.payload["name"] == "notulen.pdf"


def test_offered_twice_it_is_one_piece(follow_up_assigned, lead, minutes):
    first = attach(follow_up_assigned, lead, minutes.id)
    assert attach(follow_up_assigned, lead, minutes.id).id == first.id
    assert len(db.session.scalars(select(Event).where(Event.verb == "evidence_added")).all()) == 1


def test_only_who_adds_evidence_offers_it(follow_up_assigned, leader, minutes):
    with pytest.raises(NotPermitted):
        attach(follow_up_assigned, leader, minutes.id)


def test_an_answer_that_was_sent_takes_none(follow_up_submitted, lead, minutes):
    with pytest.raises(InvalidTransition):
        attach(follow_up_submitted, lead, minutes.id)


def test_bytes_that_are_gone_are_no_evidence(follow_up_assigned, lead, minutes):
    minutes.blanked_at = clock.now()
    with pytest.raises(NotVisible):
        attach(follow_up_assigned, lead, minutes.id)
    with pytest.raises(NotVisible):
        attach(follow_up_assigned, lead, minutes.id + 1)


def test_the_limit_of_pieces_holds(follow_up_assigned, lead, minutes, monkeypatch):
    monkeypatch.setattr(evidence, "MAX_PIECES", 0)
    with pytest.raises(InvalidInput):
        attach(follow_up_assigned, lead, minutes.id)
