"""Close action items of which the agency said before others, as in a meeting, that they are done.

What was said becomes the answer, sent on the agency's behalf and accepted in the same transaction:
a round like any other, that can be read, undone and replayed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, InvalidTransition, NotPermitted
from app.followups import answers, policy
from app.followups.machine import AT_AGENCY, Action, State
from app.followups.models import MAX_WORDS, FollowUp, Kind, Round
from app.followups.queries.detail import another_officer_exists, open_rounds
from app.followups.services import drafts, rounds
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
    each. `versions` are as for `perform_all`.

    Raises `InvalidTransition` with all `hindrances`, `InvalidInput` at the words of the one that is
    `details["follow_up"]`, and as `perform_all` does; after that, the transaction has to end.
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
        remark = f"{heard}: {text}" if text else particulars.words
        given = replace(particulars, words=remark, by_word=True)
        perform_all(those, Action.ACCEPT, actor, given, versions=versions)


def hindrances(follow_ups: Sequence[FollowUp], actor: Actor) -> dict[int, str]:
    """Say which of them this officer cannot close by word now, and why: `{id: sentence}`.

    For the page that comes before, and for the refusal. Two queries at most.
    """
    sent = rounds.current([row for row in follow_ups if row.state is State.SUBMITTED])
    alone = not another_officer_exists(actor)
    now = clock.now()
    found = {}
    for follow_up in follow_ups:
        if follow_up.state not in CLOSABLE:
            found[follow_up.id] = f"{follow_up.number} tidak sedang berjalan."
        elif follow_up.kind is not Kind.ACTION_ITEM:
            found[follow_up.id] = (
                f"{follow_up.number} meminta data, sehingga tidak selesai dengan lisan."
            )
        elif policy.holder(follow_up, now) not in (None, actor.user_id):
            found[follow_up.id] = f"{follow_up.number} sedang diperiksa petugas lain."
        elif not alone and _is_own(follow_up, sent.get(follow_up.id), actor):
            found[follow_up.id] = (
                f"{follow_up.number} dijawab instansi sendiri, sehingga diselesaikan petugas lain."
            )
    return found


def _is_own(follow_up: FollowUp, sent: Round | None, actor: Actor) -> bool:
    """Tell whether the officer would judge the word of an agency that it answers for itself."""
    if sent is None:
        return not policy.acts_on_behalf(actor, follow_up)
    return sent.submitted_by_id == actor.user_id and not sent.on_behalf


def _check(follow_ups: Sequence[FollowUp], said: Mapping[int, str], actor: Actor) -> None:
    if not policy.is_officer(actor):
        raise NotPermitted("Yang disampaikan lisan dicatat oleh petugas DP3A.")
    if hindered := hindrances(follow_ups, actor):
        raise InvalidTransition(" ".join(hindered.values()), hindrances=hindered)
    for follow_up in follow_ups:
        text = said[follow_up.id]
        if not text and follow_up.state in AT_AGENCY:
            raise InvalidInput("Tuliskan apa yang disampaikan.", "words", follow_up=follow_up.id)
        if len(text) > MAX_WORDS:
            message = f"Paling panjang {MAX_WORDS} huruf."
            raise InvalidInput(message, "words", follow_up=follow_up.id)


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
