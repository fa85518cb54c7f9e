"""Follow-ups that lived: taken to where they are by the services, with true rounds and events."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.accounts.actors import actor_of
from app.accounts.models import User
from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.working_copy import Save, fingerprints
from app.core.write import write
from app.followups import answers
from app.followups.machine import Action
from app.followups.models import FollowUp, ReturnReason, Round
from app.followups.queries import detail as queries
from app.followups.services import answering, drafts, evidence
from app.followups.services.particulars import CREATED, Particulars, created_payload
from app.followups.services.perform import perform
from app.history.models import Event
from app.history.services import record_all
from app.notifications.models import Notice
from tests.factories.followups import FollowUpFactory

LINK = "https://data.kutaitimurkab.test/tabel"


def born(creator: User, **given: Any) -> FollowUp:
    """Make a draft with the event of its making; `given` as for `FollowUpFactory`."""
    follow_up: FollowUp = FollowUpFactory(draft=True, version=0, **given)
    payload = created_payload(follow_up.agency_id, follow_up.due_at)
    about = [{"follow_up_id": follow_up.id, "payload": payload}]
    record_all(actor_of(creator), CREATED, about)
    db.session.commit()
    return follow_up


def act(
    follow_up: FollowUp,
    action: Action,
    user: User,
    *,
    version: int | None = None,
    **particulars: Any,
) -> FollowUp:
    """Do one action in a write block of its own, as a view would, and return the row anew."""
    number = follow_up.number
    with write():
        actor = actor_of(user)
        row = queries.get_locked(number, actor)
        perform(row, action, actor, Particulars(**particulars), version=version)
    return row


def take(follow_up: FollowUp, user: User) -> FollowUp:
    """Let an officer have a submission for review."""
    number = follow_up.number
    with write():
        row = queries.get_locked(number, actor_of(user))
        row.taken_by_id, row.taken_at = user.id, clock.now()
    return row


def fill_in(follow_up: FollowUp, user: User, value: str = "12", *, link: str = LINK) -> FollowUp:
    """Write a full answer with a link as its proof into the working copy."""
    number = follow_up.number
    with write():
        actor = actor_of(user)
        row = queries.get_locked(number, actor)
        round_ = queries.open_round(row)
        spec = answers.spec_of(row)
        fields = {answers.field_name(year, "value"): value for year in spec.years}
        fields["note"] = f"Jawaban {value}"
        seen = fingerprints(drafts.fields_of(spec, round_))
        save = Save(fields, round_.draft_no, seen, tab="uji")
        drafts.save_draft(row, round_, spec, actor, save)
        if all(piece.url != link for piece in round_.evidence):
            described = evidence.Description(slot="tabel", caption="Tabel data")
            evidence.add_link(row, round_, actor, link, described)
    return row


def complete(row: FollowUp, actor: Actor) -> None:
    """Write all that an answer needs into a locked follow-up's working copy; commit nothing."""
    words = {answers.field_name(year, "value"): "12" for year in answers.spec_of(row).years} | {
        "note": "Jawaban 12",
        "no_evidence_reason": "Berkas masih di meja kepala dinas.",
    }
    drafts.write_in(queries.open_round(row), actor, words)


def submit(follow_up: FollowUp, user: User, value: str = "12", *, link: str = LINK) -> FollowUp:
    """Fill in and send the answer."""
    number = follow_up.number
    fill_in(follow_up, user, value, link=link)
    with write():
        actor = actor_of(user)
        row = queries.get_locked(number, actor)
        answering.submit(row, actor, version=row.version)
    return row


def reason() -> ReturnReason:
    """Return a reason to return an answer, made once."""
    found = db.session.scalar(select(ReturnReason).order_by(ReturnReason.id).limit(1))
    if found is None:
        found = ReturnReason(
            code="bukti_kurang",
            label="Data dukung belum lengkap",
            sentence="Data dukung belum lengkap.",
            position=1,
        )
        db.session.add(found)
        db.session.commit()
    return found


def soon(days: int = 3) -> datetime:
    """Return the end of a day some days from now."""
    return clock.end_of_day(clock.today() + timedelta(days=days))


def give_back(follow_up: FollowUp, user: User, **particulars: Any) -> FollowUp:
    """Return an answer for correction, with a reason, words and a due date."""
    given = {
        "words": "Mohon dilengkapi.",
        "due_at": soon(),
        "reason_ids": (reason().id,),
        **particulars,
    }
    return act(follow_up, Action.RETURN, user, **given)


def round_of(follow_up: FollowUp, number: int | None = None) -> Round:
    """Return a round with its evidence, the current one where none is named."""
    return db.session.scalars(
        select(Round)
        .where(
            Round.follow_up_id == follow_up.id,
            Round.number == (number or follow_up.round_no),
        )
        .options(selectinload(Round.evidence), selectinload(Round.reviews))
        .execution_options(populate_existing=True)
    ).one()


def verbs_of(follow_up: FollowUp) -> list[str]:
    """Return what happened to a follow-up, in order."""
    return list(
        db.session.scalars(
            select(Event.verb)
            .where(
                Event.follow_up_id == follow_up.id,
                Event.verb.startswith("follow_up_", autoescape=True),
            )
            .order_by(Event.id)
        )
    )


def notices_of(follow_up: FollowUp, kind: str) -> Sequence[Notice]:
    """Return the news of a kind that is owed about a follow-up."""
    return db.session.scalars(
        select(Notice).where(Notice.follow_up_id == follow_up.id, Notice.kind == kind)
    ).all()
