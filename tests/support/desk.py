"""What an officer's desk shows and sends: a judgement as a browser has it, and what came of it."""

from typing import NamedTuple

from sqlalchemy import select

from app.core.db import db
from app.followups.models import FollowUp, Review
from app.history.models import Event


class Handle(NamedTuple):
    """What stays of a follow-up when the request that loaded it has ended."""

    id: int
    number: str

    @classmethod
    def of(cls, follow_up):
        return cls(follow_up.id, follow_up.number)


def address(follow_up, tail=""):
    return f"/tindak-lanjut/{follow_up.number}{tail}"


def now(follow_up):
    return db.session.get(FollowUp, follow_up.id, populate_existing=True)


def reviews(follow_up):
    return db.session.scalars(
        select(Review).where(Review.round.has(follow_up_id=follow_up.id)).order_by(Review.id)
    ).all()


def verbs(follow_up):
    return db.session.scalars(
        select(Event.verb).where(Event.follow_up_id == follow_up.id).order_by(Event.id)
    ).all()


def form_of(page):
    """Return what a browser would send of the judgement."""
    form = page.select_one(".review form[novalidate]")
    fields = {}
    for control in form.select("input[name], textarea[name]"):
        kind = control.get("type")
        if kind in ("radio", "checkbox") and not control.has_attr("checked"):
            continue
        fields[control["name"]] = (
            control.get("value", "") if control.name == "input" else control.get_text()
        )
    fields.pop("csrf_token")
    return fields


def reason_ids(page, *labels):
    return [
        tick["value"]
        for tick in page.select("#reasons input")
        if tick.find_parent("label").get_text(strip=True) in labels
    ]
