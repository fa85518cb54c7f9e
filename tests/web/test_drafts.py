"""The working copy: two people, two tabs, and nobody's words overwritten."""

import pytest

from app.accounts.actors import actor_of
from app.core.errors import InvalidTransition, NotPermitted
from app.core.working_copy import Save, fingerprints
from app.core.write import write
from app.followups import answers
from app.followups.queries import detail as queries
from app.followups.services import drafts, evidence
from app.followups.services.drafts import fields_of
from app.instruments.models import AnswerType
from tests.support import lives

SPEC = answers.AnswerSpec(AnswerType.TEXT, (answers.UNDATED,))
"""How an action item is answered."""

VALUE = answers.field_name(answers.UNDATED, "value")
HIS, HERS = "tab-rekan", "tab-sendiri"


class Tab:
    """A page that somebody has open: what it shows, and what it had seen."""

    def __init__(self, follow_up, user, name=HERS):
        self.number, self.user, self.name = follow_up.number, user, name
        round_ = lives.round_of(follow_up)
        self.seen = fields_of(SPEC, round_)
        self.draft_no, self.base = round_.draft_no, fingerprints(self.seen)

    def save(self, *, learns=True, **typed):
        with write():
            actor = actor_of(self.user)
            row = queries.get_locked(self.number, actor)
            round_ = queries.open_round(row)
            sent = Save({**self.seen, **typed}, self.draft_no, self.base, self.name)
            saved = drafts.save_draft(row, round_, SPEC, actor, sent)
        self.seen |= typed
        if learns:
            self.draft_no, self.base = saved.draft_no, saved.base
        return saved


@pytest.fixture
def mine(opened, lead):
    return Tab(opened, lead)


@pytest.fixture
def theirs(opened, deputy):
    return Tab(opened, deputy, HIS)


@pytest.fixture
def opened(follow_up_assigned, officer):
    """Return the follow-up with what its page loads."""
    return queries.get(follow_up_assigned.number, actor_of(officer))


def stored(follow_up):
    round_ = lives.round_of(follow_up)
    return fields_of(SPEC, round_)


def test_what_is_typed_is_kept(mine, opened):
    saved = mine.save(note="Sumber: profil", **{VALUE: "Sudah berjalan"})
    assert (saved.conflicts, saved.faults, saved.draft_no) == ([], {}, 1)
    assert stored(opened)["note"] == "Sumber: profil"
    assert stored(opened)[VALUE] == "Sudah berjalan"


def test_a_save_without_a_change_is_none(mine):
    mine.save(note="satu")
    assert mine.save().draft_no == 1


def test_fields_that_others_wrote_are_left_alone(mine, theirs, opened):
    theirs.save(note="kata rekan")
    saved = mine.save(**{VALUE: "kata saya"})
    assert saved.conflicts == []
    assert saved.others_wrote
    assert stored(opened)["note"] == "kata rekan"
    assert stored(opened)[VALUE] == "kata saya"


def test_the_same_field_is_a_conflict_that_shows_both_and_saves_the_rest(mine, theirs, opened):
    theirs.save(note="kata rekan")
    saved = mine.save(note="kata saya", **{VALUE: "jawaban"})
    [conflict] = saved.conflicts
    assert (conflict.field, conflict.mine, conflict.saved) == ("note", "kata saya", "kata rekan")
    assert stored(opened)["note"] == "kata rekan"
    assert stored(opened)[VALUE] == "jawaban"


def test_after_a_conflict_ones_own_words_can_be_chosen(mine, theirs, opened):
    theirs.save(note="kata rekan")
    mine.save(note="kata saya")
    assert mine.save().conflicts == []
    assert stored(opened)["note"] == "kata saya"


def test_the_same_words_from_two_people_are_no_conflict(mine, theirs):
    theirs.save(note="sama")
    assert mine.save(note="sama").conflicts == []


def test_a_save_whose_answer_was_lost_is_no_conflict_with_itself(mine, opened):
    mine.save(note="satu", learns=False)
    saved = mine.save(note="satu dua", learns=False)
    assert saved.conflicts == []
    assert stored(opened)["note"] == "satu dua"


def test_another_tab_of_the_same_person_counts_as_another(mine, opened, lead):
    Tab(opened, lead, "tab-lain").save(note="di tab lain")
    [conflict] = mine.save(note="di sini").conflicts
    assert conflict.saved == "di tab lain"


def test_going_back_to_the_first_words_is_a_change_too(mine, opened):
    mine.save(note="pertama")
    mine.save(note="kedua")
    mine.save(note="pertama")
    assert stored(opened)["note"] == "pertama"


def test_a_wrong_date_is_told_and_everything_else_is_saved(mine, opened, lead):
    actor = actor_of(lead)
    with write():
        row = queries.get_locked(opened.number, actor)
        described = evidence.Description(slot="lainnya")
        piece = evidence.add_link(row, queries.open_round(row), actor, lives.LINK, described)
        field = f"evidence-{piece.id}-document_date"
    tab = Tab(opened, lead)
    saved = tab.save(note="catatan", **{field: "31/02/2026"})
    assert "bukan tanggal" in saved.faults[field]
    assert stored(opened)["note"] == "catatan"
    assert tab.save(**{field: "15/01/2026"}).faults == {}
    assert stored(opened)[field] == "2026-01-15"


def test_a_supporter_describes_what_it_added_and_nothing_else(opened, supporter, lead):
    actor = actor_of(supporter)
    with write():
        row = queries.get_locked(opened.number, actor)
        described = evidence.Description(slot="lainnya")
        piece = evidence.add_link(row, queries.open_round(row), actor, lives.LINK, described)
        field = f"evidence-{piece.id}-caption"
    Tab(opened, supporter).save(note="bukan haknya", **{field: "Tabel PUPR"})
    assert stored(opened)["note"] == ""
    assert stored(opened)[field] == "Tabel PUPR"


@pytest.mark.parametrize("who", ["leader", "other_agency", "admin"])
def test_nobody_else_writes_in_it(opened, request, who):
    stranger = actor_of(request.getfixturevalue(who))
    round_ = lives.round_of(opened)
    [row] = queries.lock_all([opened.id])
    with pytest.raises(NotPermitted):
        drafts.save_draft(row, round_, SPEC, stranger, Save({"note": "x"}))


def test_what_was_sent_is_not_written_in_any_more(follow_up_submitted, lead):
    with pytest.raises(InvalidTransition):
        Tab(queries.get(follow_up_submitted.number, actor_of(lead)), lead).save(note="terlambat")
