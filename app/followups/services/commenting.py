"""Talk beside the work. A comment changes no state."""

from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput, NotPermitted
from app.followups import policy
from app.followups.models import MAX_COMMENT, Comment, FollowUp
from app.history.services import record

ADDED = "comment_added"


def add_comment(follow_up: FollowUp, actor: Actor, words: str, *, internal: bool = False) -> None:
    """Add a comment for all who read the follow-up, or (`internal`) for DP3A alone.

    Raises `NotPermitted` for whoever is not concerned, `InvalidInput` at `words`. The history says
    that there was a comment, and not what it said.
    """
    if not policy.can_comment(actor, follow_up) or actor.user_id is None:
        raise NotPermitted("Komentar ditulis oleh DP3A dan instansi yang ditunjuk.")
    if internal and not policy.can_read_internal(actor):
        raise NotPermitted("Komentar khusus DP3A ditulis oleh petugas DP3A.")
    words = words.strip()
    if not words:
        raise InvalidInput("Tuliskan komentarnya.", "words")
    if len(words) > MAX_COMMENT:
        raise InvalidInput(f"Paling panjang {MAX_COMMENT} huruf.", "words")
    db.session.add(
        Comment(
            follow_up_id=follow_up.id,
            author_id=actor.user_id,
            author_duty=actor.title,
            words=words,
            internal=internal,
            written_at=clock.now(),
        )
    )
    record(actor, ADDED, follow_up_id=follow_up.id, internal=internal)
