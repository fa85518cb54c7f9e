"""DP3A's judgement of a submission: taking, returning, finishing, undoing, and two at once."""

from datetime import timedelta

import pytest

from app.core import clock
from app.followups.machine import Action, State
from app.followups.models import (
    Decision,
    EvidenceOpening,
    Outcome,
    Remarker,
)
from tests.factories.instruments import QuestionFactory
from tests.support import lives
from tests.support.client import Client, strict_page
from tests.support.desk import Handle, address, form_of, now, reason_ids, reviews, verbs
from tests.support.queries import query_budget


@pytest.fixture
def desk(client, officer, session):
    """Return the browser of an officer."""
    return client.sign_in(officer)


@pytest.fixture
def second_desk(app, other_officer):
    return Client(app).sign_in(other_officer)


@pytest.fixture
def asked(officer, lead, lead_agency):
    """Return a question that was answered: proof of the second kind of follow-up."""
    follow_up = lives.born(
        officer, indicator=True, agency=lead_agency, question=QuestionFactory(lead=lead_agency)
    )
    lives.act(follow_up, Action.DISPATCH, officer)
    return Handle.of(lives.submit(follow_up, lead))


def test_the_page_shows_answer_evidence_and_both_judgements(desk, asked):
    page = desk.get_page(address(asked))
    assert "wide" in page.body["class"]
    assert page.select_one(".review #answer")
    assert page.select(".review .files li")
    assert page.select_one("#preview[hidden]")
    offered = [tick.get("data-sentence", "") for tick in page.select("#reasons input")]
    assert len(offered) == 10
    assert offered[0].startswith("Data dukung belum lengkap. ")
    fields = form_of(page)
    assert fields["outcome"] == Outcome.MET.value
    assert fields["whose"] == Remarker.DP3A.value
    assert clock.today() < clock.today().fromisoformat(fields["due_on"])


def test_a_proposed_due_day_is_a_working_day(desk, asked):
    due = form_of(desk.get_page(address(asked)))["due_on"]
    assert clock.today().fromisoformat(due).weekday() < 5


def test_an_answer_of_nothing_is_proposed_as_not_available(desk, asked, officer, lead):
    lives.act(asked, Action.WITHDRAW, lead)
    lives.submit(asked, lead, "0")
    assert form_of(desk.get_page(address(asked)))["outcome"] == Outcome.UNAVAILABLE.value


def test_returning_says_why_on_each_file_and_until_when(desk, asked):
    page = desk.get_page(address(asked))
    fields = form_of(page)
    remark = next(name for name in fields if name.startswith("remark-"))
    fields |= {
        "reasons": reason_ids(page, "Tidak terbaca", "Belum ditandatangani/dicap"),
        "words": "Mohon pindai ulang halaman kedua.",
        "whose": Remarker.PROVINCE.value,
        "due_on": (clock.today() + timedelta(days=4)).isoformat(),
        "due_time": "15:00",
        remark: "Halaman kedua buram.",
    }
    answer = desk.post(address(asked, "/kembalikan"), fields)
    assert answer.status_code == 303
    row = now(asked)
    assert (row.state, row.round_no) == (State.RETURNED, 2)
    assert clock.local(row.due_at).strftime("%H:%M") == "15:00"
    (review,) = reviews(asked)
    assert review.decision is Decision.RETURN
    assert review.whose is Remarker.PROVINCE
    page = desk.get_page(address(asked))
    fix = page.select_one("#fix").parent.get_text()
    assert "Tidak terbaca" in fix
    assert "Mohon pindai ulang halaman kedua." in fix
    assert "Halaman kedua buram." in fix


def test_ticked_reasons_alone_speak_with_their_sentences(desk, asked):
    page = desk.get_page(address(asked))
    fields = form_of(page) | {"reasons": reason_ids(page, "Tidak terbaca"), "words": "  "}
    assert desk.post(address(asked, "/kembalikan"), fields).status_code == 303
    assert reviews(asked)[0].words.startswith("Berkas tidak terbaca.")


@pytest.mark.parametrize(
    ("changed", "at"),
    [
        pytest.param({"words": "Kurang."}, "#reasons", id="no-reason"),
        pytest.param({"reasons": ["999999"], "words": "Kurang."}, "#reasons", id="unknown-reason"),
        pytest.param({"reasons": ["x"], "words": "Kurang."}, "#reasons", id="hostile-reason"),
        pytest.param({"words": "x" * 4001}, "#words-error", id="too-long"),
        pytest.param({"due_on": ""}, "#due_on-error", id="no-day"),
        pytest.param({"due_on": "2020-01-01"}, "#due_on-error", id="past"),
        pytest.param({"due_on": "besok"}, "#due_on-error", id="no-date"),
        pytest.param({"due_time": "sore"}, "#due_time-error", id="no-time"),
        pytest.param({"whose": "bupati"}, "#whose-error", id="whose"),
    ],
)
def test_what_is_wrong_stands_at_its_field_with_all_that_was_typed(desk, asked, changed, at):
    page = desk.get_page(address(asked))
    fields = form_of(page)
    remark = next(name for name in fields if name.startswith("remark-"))
    fields |= {remark: "Buram."}
    if "reasons" not in changed and "words" not in changed:
        fields |= {"reasons": reason_ids(page, "Tidak terbaca"), "words": "Kata-kata."}
    answer = desk.post(address(asked, "/kembalikan"), fields | changed)
    assert answer.status_code == 422
    page = strict_page(answer.get_data(as_text=True))
    assert page.select_one(at)
    assert page.select_one("#error-summary")
    assert page.select_one(f"#{remark}").get_text() == "Buram."
    if "due_on" in changed:
        assert page.select_one("#due_on").get("value", "") == changed["due_on"]
    assert now(asked).state is State.SUBMITTED


def test_reasons_without_sentence_need_words(desk, asked):
    page = desk.get_page(address(asked))
    fields = form_of(page) | {"reasons": reason_ids(page, "Lainnya")}
    answer = desk.post(address(asked, "/kembalikan"), fields)
    page = strict_page(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert page.select_one("#words-error")
    assert page.select_one("#reasons input[checked]")


def test_finishing_keeps_outcome_and_closing_words(desk, asked):
    fields = form_of(desk.get_page(address(asked)))
    fields |= {"outcome": Outcome.PARTLY.value, "closing_words": "Cukup untuk tahun ini."}
    assert desk.post(address(asked, "/selesai"), fields).status_code == 303
    assert (now(asked).state, now(asked).outcome) == (State.CLOSED, Outcome.PARTLY)
    assert reviews(asked)[0].words == "Cukup untuk tahun ini."


def test_finishing_with_a_ticked_reason_is_asked_about(desk, asked):
    page = desk.get_page(address(asked))
    fields = form_of(page) | {"reasons": reason_ids(page, "Tidak terbaca")}
    answer = desk.post(address(asked, "/selesai"), fields)
    assert answer.status_code == 422
    assert "Hapus centangnya" in answer.get_data(as_text=True)
    assert now(asked).state is State.SUBMITTED


def test_an_unknown_outcome_is_refused(desk, asked):
    fields = form_of(desk.get_page(address(asked))) | {"outcome": "lulus"}
    assert desk.post(address(asked, "/selesai"), fields).status_code == 422


def test_an_action_item_is_finished_without_an_outcome_to_choose(desk, follow_up_submitted):
    asked = Handle.of(follow_up_submitted)
    page = desk.get_page(address(asked))
    assert not page.select("[name=outcome]")
    answer = desk.post(address(asked, "/selesai"), form_of(page))
    assert answer.status_code == 303
    assert now(asked).outcome is Outcome.MET


def test_a_form_sent_twice_judges_once(desk, asked):
    fields = form_of(desk.get_page(address(asked)))
    first = desk.post(address(asked, "/selesai"), dict(fields))
    second = desk.post(address(asked, "/selesai"), dict(fields))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert len(reviews(asked)) == 1


def test_of_two_officers_the_second_keeps_what_it_typed_and_sees_what_happened(
    desk, second_desk, asked
):
    page = desk.get_page(address(asked))
    late = form_of(second_desk.get_page(address(asked)))
    remark = next(name for name in late if name.startswith("remark-"))
    assert desk.post(address(asked, "/selesai"), form_of(page)).status_code == 303
    late |= {
        "reasons": reason_ids(page, "Tidak terbaca"),
        "words": "Mohon pindai ulang.",
        remark: "Buram.",
    }
    answer = second_desk.post(address(asked, "/kembalikan"), late)
    assert answer.status_code == 409
    page = strict_page(answer.get_data(as_text=True))
    assert "Dinyatakan selesai" in page.select_one("#news").parent.get_text()
    assert page.select_one("#words").get_text() == "Mohon pindai ulang."
    assert page.select_one(f"#{remark}").get_text() == "Buram."
    assert page.select_one("#reasons input[checked]")
    assert not page.select("button[formaction$=kembalikan]")
    assert len(reviews(asked)) == 1


def test_what_was_withdrawn_and_sent_again_is_judged_anew_with_the_words_kept(desk, asked, lead):
    page = desk.get_page(address(asked))
    stale = form_of(page) | {"reasons": reason_ids(page, "Tidak terbaca"), "words": "Ulangi."}
    lives.act(asked, Action.WITHDRAW, lead)
    lives.submit(asked, lead, "13")
    answer = desk.post(address(asked, "/kembalikan"), stale)
    assert answer.status_code == 409
    page = strict_page(answer.get_data(as_text=True))
    assert "Ditarik kembali" in page.select_one("#news").parent.get_text()
    again = form_of(page) | {"reasons": reason_ids(page, "Tidak terbaca")}
    assert again["words"] == "Ulangi."
    assert desk.post(address(asked, "/kembalikan"), again).status_code == 303


def test_taking_is_shown_to_others_and_keeps_their_judgement_out(desk, second_desk, asked, officer):
    name, user_id = officer.name, officer.id
    assert desk.post(address(asked, "/ambil")).status_code == 200
    assert now(asked).taken_by_id == user_id
    assert "follow_up_taken" in verbs(asked)
    page = second_desk.get_page(address(asked))
    assert name in page.select_one("#taking").get_text()
    assert second_desk.post(address(asked, "/ambil")).status_code == 409
    fields = form_of(page) | {"closing_words": "Baik."}
    answer = second_desk.post(address(asked, "/selesai"), fields)
    assert answer.status_code == 409
    page = strict_page(answer.get_data(as_text=True))
    assert page.select_one("#closing_words").get_text() == "Baik."
    assert now(asked).state is State.SUBMITTED


def test_taking_keeps_the_judgement_that_is_being_written(desk, second_desk, asked):
    page = desk.get_page(address(asked))
    button = page.select_one("button[form=judgement][formaction$='/ambil']")
    fields = form_of(page) | {"words": "Sedang ditulis."}
    answer = desk.post(button["formaction"], fields)
    assert answer.status_code == 200
    page = strict_page(answer.get_data(as_text=True))
    assert page.select_one("#words").get_text() == "Sedang ditulis."
    assert page.select_one("form[action$='/lepas']")
    assert not page.select("#news")
    answer = second_desk.post(button["formaction"], fields)
    assert answer.status_code == 409
    page = strict_page(answer.get_data(as_text=True))
    assert page.select_one("#words").get_text() == "Sedang ditulis."


def test_taking_lapses_and_can_be_let_go(desk, second_desk, asked, officer, other_officer):
    other_id = other_officer.id
    desk.post(address(asked, "/ambil"))
    desk.post(address(asked, "/ambil"))
    assert verbs(asked).count("follow_up_taken") == 1
    with clock.shifted(timedelta(minutes=31)):
        assert second_desk.post(address(asked, "/ambil")).status_code == 200
        assert now(asked).taken_by_id == other_id
        assert desk.post(address(asked, "/lepas")).status_code == 303
        assert now(asked).taken_by_id == other_id
        second_desk.post(address(asked, "/lepas"))
    assert now(asked).taken_by_id is None
    assert verbs(asked)[-1] == "follow_up_released"


def test_only_a_submission_is_taken(desk, follow_up_returned):
    asked = Handle.of(follow_up_returned)
    assert desk.post(address(asked, "/ambil")).status_code == 409


def test_the_third_round_shows_what_changed_and_what_was_said(desk, asked, lead, officer):
    lives.give_back(asked, officer, words="Angka belum benar.")
    lives.submit(asked, lead, "14")
    lives.give_back(asked, officer, words="Tabelnya belum dicap.")
    lives.submit(asked, lead, "15", link="https://data.test/tabel-baru")
    page = desk.get_page(address(asked))
    assert "Tabelnya belum dicap." in page.select_one("#fix").parent.get_text()
    changed = page.select_one(".compare tr.changed")
    assert "14" in changed.get_text()
    assert "15" in changed.get_text()
    marks = {tag["data-mark"] for tag in page.select(".review .files .tag")}
    assert marks == {"kept", "new"}
    fields = form_of(page) | {"reasons": reason_ids(page, "Tidak terbaca")}
    assert desk.post(address(asked, "/kembalikan"), fields).status_code == 303
    assert now(asked).round_no == 4


@pytest.mark.parametrize("person", ["lead", "contributor", "supporter", "leader"])
@pytest.mark.parametrize("tail", ["/ambil", "/lepas", "/kembalikan", "/selesai", "/urungkan"])
def test_nobody_else_judges(request, client, follow_up_submitted, person, tail):
    asked = Handle.of(follow_up_submitted)
    client.sign_in(request.getfixturevalue(person))
    page = client.get_page(address(asked))
    assert not page.select(".review")
    assert client.post(address(asked, tail)).status_code == 403
    assert now(asked).state is State.SUBMITTED


def test_who_sent_it_for_the_agency_leaves_it_to_another_officer(desk, second_desk, asked, officer):
    lives.give_back(asked, officer)
    lives.submit(asked, officer, "14")
    page = desk.get_page(address(asked))
    assert "diperiksa petugas lain" in page.select_one("#taking").get_text()
    assert not page.select("button[formaction$=selesai]")
    assert desk.post(address(asked, "/selesai"), form_of(page)).status_code == 403
    page = second_desk.get_page(address(asked))
    assert "jemput bola" in page.get_text()
    assert second_desk.post(address(asked, "/selesai"), form_of(page)).status_code == 303


def test_undoing_within_the_hold_brings_the_submission_back(desk, second_desk, asked):
    desk.post(address(asked, "/selesai"), form_of(desk.get_page(address(asked))))
    page = desk.get_page(address(asked))
    panel = page.select_one("#undo").parent
    assert "menit lagi" in panel.get_text()
    assert not second_desk.get_page(address(asked)).select("#undo")
    version = panel.select_one("[name=version]")["value"]
    assert second_desk.post(address(asked, "/urungkan"), {"version": version}).status_code == 409
    assert desk.post(address(asked, "/urungkan"), {"version": version}).status_code == 303
    assert now(asked).state is State.SUBMITTED
    assert desk.get_page(address(asked)).select(".review")


def test_undoing_a_return_takes_the_new_round_away(desk, asked):
    page = desk.get_page(address(asked))
    fields = form_of(page) | {"reasons": reason_ids(page, "Tidak terbaca")}
    desk.post(address(asked, "/kembalikan"), fields)
    panel = desk.get_page(address(asked)).select_one("#undo").parent
    version = panel.select_one("[name=version]")["value"]
    assert desk.post(address(asked, "/urungkan"), {"version": version}).status_code == 303
    assert (now(asked).state, now(asked).round_no) == (State.SUBMITTED, 1)


def test_after_the_hold_nothing_is_undone(desk, follow_up_closed, past_the_hold):
    asked = Handle.of(follow_up_closed)
    assert not desk.get_page(address(asked)).select("#undo")
    version = now(asked).version
    answer = desk.post(address(asked, "/urungkan"), {"version": version})
    assert answer.status_code == 409
    assert now(asked).state is State.CLOSED


def test_marking_a_file_keeps_the_judgement_that_is_being_written(desk, asked, lead, app):
    page = desk.get_page(address(asked))
    mark = page.select_one("button[name=restricted]")
    fields = form_of(page) | {"words": "Sedang ditulis.", mark["name"]: mark["value"]}
    answer = desk.post(mark["formaction"], fields)
    assert answer.status_code == 200
    page = strict_page(answer.get_data(as_text=True))
    assert page.select_one("#words").get_text() == "Sedang ditulis."
    assert "Cabut tanda terbatas" in page.get_text()
    assert "evidence_restricted" in verbs(asked)
    assert Client(app).sign_in(lead).post(mark["formaction"], fields).status_code == 403


def test_officers_see_who_opened_a_restricted_file(desk, asked, officer, session):
    piece = lives.round_of(now(asked)).evidence[0]
    piece.restricted = True
    session.add(EvidenceOpening(evidence_id=piece.id, user_id=officer.id, opened_at=clock.now()))
    session.commit()
    assert officer.name in desk.get_page(address(asked)).select_one("#openings").parent.get_text()


def test_the_judgement_costs_a_fixed_number_of_queries(desk, asked, lead, officer):
    lives.give_back(asked, officer)
    lives.submit(asked, lead, "14")
    desk.get(address(asked))
    with query_budget(15):
        desk.get(address(asked))
