from datetime import UTC, datetime, timedelta

import pytest

from app.core import clock
from app.core.actor import Actor
from app.followups.machine import State
from app.followups.models import Outcome
from app.followups.position import Reader, Standing, polite, position, reader_of

NOW = datetime(2026, 3, 6, 2, 0, tzinfo=UTC)  # Friday 10.00 WITA
SINCE = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def friday(app):
    with app.app_context(), clock.set_to(NOW):
        yield


def standing(state, **changes):
    due_at = clock.end_of_day(datetime(2026, 3, 10).date())  # noqa: DTZ001 - a day
    given = {"state": state, "state_since": SINCE, "due_at": due_at, "agency": "Dinkes"}
    return Standing(**(given | changes))


def test_a_returned_one_waits_for_the_agency_until_its_due_day():
    found = position(standing(State.RETURNED), Reader.DP3A)
    assert found.sentence == "Menunggu perbaikan dari Dinkes, paling lambat Selasa, 10 Maret 2026"
    assert found.short == "Posisi: Dinkes"
    assert found.since == "Dikembalikan ke Dinkes pada 5 Maret (kemarin)"
    assert (found.tone, found.days, found.is_overdue) == ("returned", 1, False)


def test_a_due_time_of_day_is_said():
    due_at = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
    found = position(standing(State.ASSIGNED, due_at=due_at), Reader.AGENCY)
    assert found.sentence == (
        "Menunggu jawaban dari Dinkes, paling lambat Selasa, 10 Maret 2026 pukul 12.00 WITA"
    )
    assert found.since == "Dikirim DP3A pada 5 Maret (kemarin)"


@pytest.mark.parametrize("state", [State.ASSIGNED, State.RETURNED])
def test_overdue_is_derived_from_the_due_time_and_whose_turn_it_is(state):
    due_at = NOW - timedelta(days=2)
    found = position(standing(state, due_at=due_at), Reader.DP3A)
    assert found.is_overdue
    assert found.tone == "late"
    assert "lewat 2 hari (batas waktu Rabu, 4 Maret 2026" in found.sentence


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.CLOSED, State.CANCELLED])
def test_nothing_is_overdue_where_it_is_not_the_agencys_turn(state):
    found = position(standing(state, due_at=NOW - timedelta(days=2)), Reader.DP3A)
    assert not found.is_overdue
    assert found.tone == state.value


def test_the_second_of_the_due_time_is_still_on_time():
    assert not position(standing(State.ASSIGNED, due_at=clock.now()), Reader.DP3A).days > 1
    due_at = clock.now() + timedelta(seconds=5)
    assert not position(standing(State.ASSIGNED, due_at=due_at), Reader.DP3A).is_overdue


def test_a_submitted_one_waits_for_dp3a_since_it_was_sent():
    found = position(standing(State.SUBMITTED), Reader.DP3A)
    assert found.sentence == "Menunggu pemeriksaan DP3A sejak 5 Maret"
    assert found.whose == "DP3A"
    assert found.since == "Dikirim Dinkes pada 5 Maret (kemarin)"


def test_the_agency_reads_that_nothing_is_left_to_do_while_dp3a_has_it():
    found = position(standing(State.SUBMITTED), Reader.AGENCY)
    assert found.since.endswith("Tidak ada yang perlu dikerjakan sekarang.")
    assert found.state_label == "Diperiksa DP3A"


def test_who_took_it_is_named():
    held = standing(State.SUBMITTED, holder="Sari Wulandari, S.Sos.", taken_at=NOW)
    assert position(held, Reader.DP3A).sentence == (
        "Sedang diperiksa Bapak/Ibu Sari Wulandari, S.Sos. sejak pukul 10.00"
    )
    assert position(held, Reader.AGENCY).sentence == (
        "Sedang diperiksa DP3A (Sari Wulandari, S.Sos.) sejak pukul 10.00"
    )


def test_a_name_that_carries_its_form_of_address_keeps_it():
    assert polite("Ibu Sari Wulandari") == "Ibu Sari Wulandari"


def test_a_day_of_another_year_names_its_year():
    since = datetime(2025, 12, 30, 1, 0, tzinfo=UTC)
    found = position(standing(State.CLOSED, state_since=since, outcome=Outcome.PARTLY), Reader.DP3A)
    assert found.sentence == "Selesai sejak 30 Desember 2025, sebagian"
    assert found.short == "Posisi: Selesai"


def test_a_draft_and_a_cancelled_one_are_at_nobody():
    draft = position(standing(State.DRAFT), Reader.DP3A)
    assert draft.sentence == "Konsep, belum dikirim ke Dinkes"
    assert draft.whose == "Konsep"
    assert position(standing(State.CANCELLED), Reader.AGENCY).sentence == "Dibatalkan sejak 5 Maret"


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("reader", list(Reader))
def test_every_state_has_a_sentence_for_every_reader(state, reader):
    found = position(standing(state), reader)
    assert found.sentence
    assert found.whose
    assert found.state_label


def test_officers_and_leaders_read_as_dp3a():
    all_reader = Actor(1, "A", "leader", permissions=frozenset({"follow_up:read", "cycle:read"}))
    assert reader_of(all_reader) is Reader.DP3A
    assert reader_of(Actor(2, "B", "agency", permissions=frozenset({"follow_up:read"}))) is (
        Reader.AGENCY
    )
