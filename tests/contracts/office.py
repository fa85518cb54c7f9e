"""A small office with somebody of every kind and something in every state, for the ledger.

Dinsos led each follow-up first and sent an answer; then it was handed on to Dinkes, with PUPR as
its supporter. Diskominfo has nothing to do with any of it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from app.core import clock
from app.core.db import db
from app.followups.models import NumberCounter
from tests.contracts.documents import about_documents
from tests.contracts.inviting import about_inviting
from tests.contracts.minutes import about_minutes
from tests.contracts.sending import (
    Given,
    about_accounts,
    about_agencies,
    about_evidence,
    about_follow_ups,
    about_handing_out,
    about_instruments,
    about_mails,
    about_meetings,
    about_reviews,
)
from tests.contracts.town import agency_of, make_cycle, make_follow_up, make_meetings
from tests.contracts.town import people as make_people
from tests.contracts.writing import about_writing
from tests.support import lives


@dataclass
class Office:
    """What the ledger asks about, by plain values that outlive their rows."""

    sessions: dict[str, str]
    requests: dict[str, Callable[[str], Given]]

    def given(self, name: str, actor: str) -> Given:
        """Return what a row of the ledger sends as a person."""
        return self.requests[name](actor)


def build_office(app: Flask) -> Office:
    """Build the office and return what can be asked of it."""
    # The factories count for themselves; what the program numbers comes after.
    db.session.add(NumberCounter(year=clock.today().year, last=500_000))
    people = make_people()
    led = {
        name: make_follow_up(people, name) for name in ("returned", "submitted", "held", "closed")
    }
    draft = lives.born(people["officer"], agency=agency_of("DINKES"), title="Konsep surat")
    cycle = make_cycle(people["officer"])
    meetings = make_meetings(people)
    requests = {
        **about_accounts(people),
        **about_agencies(people),
        **about_instruments(cycle),
        **about_mails(people),
        **about_handing_out(people, cycle, draft),
        **about_follow_ups(people, led, draft),
        **about_evidence(led),
        **about_reviews(led),
        **about_meetings(meetings),
        **about_documents(people, led, meetings),
        **about_minutes(people, led),
        **about_writing(meetings),
        **about_inviting(),
    }
    db.session.commit()
    return Office(sessions={who: user.get_id() for who, user in people.items()}, requests=requests)
