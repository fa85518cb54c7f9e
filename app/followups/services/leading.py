"""A follow-up as it goes to another lead agency. Called by `perform` alone."""

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from app.agencies.models import Agency
from app.core.db import db
from app.core.errors import InvalidInput
from app.followups.machine import State
from app.followups.models import FollowUp


def hand_over(follow_up: FollowUp, agency_id: int) -> None:
    """Give a follow-up (supporters loaded) another lead, who supports it no longer.

    Raises `InvalidInput` where the agency leads it already, takes no part, or has the question.
    """
    if agency_id == follow_up.agency_id:
        raise InvalidInput("Instansi ini sudah menjadi penanggung jawab.", "agency")
    agency = db.session.get(Agency, agency_id)
    if agency is None or not agency.is_active:
        raise InvalidInput("Pilih instansi yang masih aktif.", "agency")
    if follow_up.question_id is not None and db.session.scalar(
        select(FollowUp.id).where(
            FollowUp.cycle_id == follow_up.cycle_id,
            FollowUp.question_id == follow_up.question_id,
            FollowUp.agency_id == agency_id,
            FollowUp.state != State.CANCELLED,
        )
    ):
        raise InvalidInput("Pertanyaan ini sudah ada pada instansi tersebut.", "agency")
    follow_up.supporters = [other for other in follow_up.supporters if other.id != agency_id]
    follow_up.agency_id = agency_id
    set_committed_value(follow_up, "agency", agency)
