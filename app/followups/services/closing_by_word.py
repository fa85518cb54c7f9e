"""Close action items of which the agency said before others, as in a meeting, that they are done.

What was said becomes the answer, sent on the agency's behalf and accepted in the same transaction:
a round like any other, that can be read, undone and replayed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.core.actor import Actor
from app.core.errors import InvalidInput, InvalidTransition, NotPermitted
from app.followups import answers, policy
from app.followups.machine import AT_AGENCY, Action, State
from app.followups.models import MAX_WORDS, FollowUp, Kind, Round
from app.followups.queries.detail import open_rounds
from app.followups.services import drafts
from app.followups.services.particulars import NOTHING_MORE, Particulars
from app.followups.services.perform import perform_all

VALUE = answers.field_name(answers.UNDATED, "value")
CLOSABLE = AT_AGENCY | {State.SUBMITTED}


def close_by_word(
    follow_ups: Sequence[FollowUp],
    actor: Actor,
    words: Mapping[int, str],
    particulars: Particulars = NOTHING_MORE,
    *,
    versions: dict[int, int] | None = None,
) -> None:
    """Close action items that are locked and loaded with their supporters.

    `words` are what was said of each, by its id. With the agency (assigned, returned) they fill in
    what its working copy lacks, and overwrite nothing: where it typed an answer, they are added to
    the note. One that waits for DP3A is accepted as it is, with the words, if there are any, as the
    decision's own. `particulars` hold for all: outcome, where it was, and how it is told, once for
    each. `versions` are as for `perform_all`, and so are the errors; after one, the transaction has
    to end. `InvalidInput` says which by `details["follow_up"]`.
    """
    said = {row.id: words.get(row.id, "").strip() for row in follow_ups}
    _check(follow_ups, said, actor)
    spoken = [row for row in follow_ups if row.state in AT_AGENCY]
    waiting = [row for row in follow_ups if row.state not in AT_AGENCY]
    heard = _heard(particulars)
    _write_down(spoken, said, heard, actor)
    sent = replace(particulars, words="", outcome=None, by_word=True, quiet=True)
    perform_all(spoken, Action.SUBMIT, actor, sent, versions=versions)
    perform_all(spoken, Action.ACCEPT, actor, replace(particulars, by_word=True))
    by_words: defaultdict[str, list[FollowUp]] = defaultdict(list)
    for follow_up in waiting:
        by_words[said[follow_up.id]].append(follow_up)
    for text, those in by_words.items():
        given = replace(particulars, words=f"{heard}: {text}", by_word=True)
        given = given if text else particulars
        perform_all(those, Action.ACCEPT, actor, given, versions=versions)


def _check(follow_ups: Sequence[FollowUp], said: Mapping[int, str], actor: Actor) -> None:
    if not policy.is_officer(actor):
        raise NotPermitted("Yang disampaikan lisan dicatat oleh petugas DP3A.")
    for follow_up in follow_ups:
        text = said[follow_up.id]
        if follow_up.state not in CLOSABLE:
            raise InvalidTransition(f"{follow_up.number} tidak sedang berjalan.")
        if follow_up.kind is not Kind.ACTION_ITEM:
            message = f"{follow_up.number} meminta data, sehingga tidak selesai dengan lisan."
            raise InvalidInput(message, follow_up=follow_up.id)
        if not text and follow_up.state in AT_AGENCY:
            raise InvalidInput("Tuliskan apa yang disampaikan.", "words", follow_up=follow_up.id)
        if len(text) > MAX_WORDS:
            raise InvalidInput(
                f"Paling panjang {MAX_WORDS} huruf.", "words", follow_up=follow_up.id
            )


def _heard(particulars: Particulars) -> str:
    place = particulars.at.strip()
    return f"Disampaikan lisan dalam {place}" if place else "Disampaikan lisan"


def _write_down(
    follow_ups: Sequence[FollowUp], said: Mapping[int, str], heard: str, actor: Actor
) -> None:
    working = open_rounds(follow_ups)
    for follow_up in follow_ups:
        round_ = working[follow_up.id]
        drafts.write_in(round_, actor, _lacking(round_, said[follow_up.id], heard))


def _lacking(round_: Round, text: str, heard: str) -> dict[str, str]:
    """Return the fields that what was said fills in: empty ones, or else more words in the note."""
    found = {}
    told = f"{heard}: {text}"
    if round_.answer.get(answers.UNDATED, {}).get("value", "").strip():
        found["note"] = "\n\n".join(filter(None, (round_.note.strip(), told)))
    else:
        found[VALUE] = told
    if not round_.evidence and not round_.no_evidence_reason.strip():
        found["no_evidence_reason"] = f"{heard}."
    return found
