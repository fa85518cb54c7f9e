"""The agency's side of one follow-up, without JavaScript."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.actors import actor_of
from app.agencies.models import Agency, Duty
from app.core import clock
from app.core.db import db
from app.core.write import write
from app.demo import papers
from app.followups.machine import Action, State
from app.followups.models import FollowUp, ReturnReason, Round
from app.followups.queries import detail as queries
from app.followups.services.particulars import Particulars
from app.followups.services.perform import perform
from app.instruments.models import AnswerType
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.followups import FollowUpFactory
from tests.factories.instruments import QuestionFactory

PDF = papers.pdf(["Tabel data"])


@pytest.fixture
def officer(session):
    return UserFactory(officer=True)


@pytest.fixture
def lead(session):
    """Return a focal point of Dinkes."""
    user = UserFactory()
    agency = AgencyFactory(code="DINKES", short_name="Dinkes")
    MembershipFactory(agency=agency, user=user, duty=Duty.FOCAL_POINT)
    return user


@pytest.fixture
def asked(session, officer, lead):
    """Return the number of a question that waits for the lead's answer."""
    question = QuestionFactory(answer_type=AnswerType.PERCENT, data_years=2)
    row = FollowUpFactory(indicator=True, draft=True, question=question, agency=dinkes())
    number = row.number
    with write():
        perform(queries.get_locked(number, actor_of(officer)), Action.DISPATCH, actor_of(officer))
    return number


@pytest.fixture
def focal_point(client, lead):
    return client.sign_in(lead)


def dinkes():
    return db.session.scalars(select(Agency).where(Agency.code == "DINKES")).one()


def follow_up(number):
    return db.session.scalar(select(FollowUp).where(FollowUp.seq == int(number.split("-")[2])))


def current_round(number):
    return db.session.scalar(
        select(Round)
        .join(Round.follow_up)
        .where(FollowUp.seq == int(number.split("-")[2]))
        .order_by(Round.number.desc())
    )


def form_of(page):
    """Return what a browser would send of the answer form."""
    form = page.select_one("form[data-draft]")
    fields = {}
    for control in form.select("input[name], textarea[name]"):
        if control.get("type") in ("file", "radio", "checkbox") and not control.has_attr("checked"):
            continue
        fields[control["name"]] = (
            control.get("value", "") if control.name == "input" else control.get_text()
        )
    fields.pop("csrf_token")
    return fields


def test_the_page_asks_for_two_years_and_says_what_is_missing(focal_point, asked):
    page = focal_point.get_page(f"/tindak-lanjut/{asked}")
    assert page.select_one("#answer-2025-value") or page.select_one("[id^=answer-][id$=-value]")
    assert len(page.select("input[id^=answer-]")) == 2
    assert "belum diisi" in page.select_one("#missing").get_text()
    assert "Menunggu jawaban dari Dinkes" in page.select_one(".turn").get_text()


def test_a_draft_is_saved_and_shown_again_as_it_was_typed(focal_point, asked):
    page = focal_point.get_page(f"/tindak-lanjut/{asked}")
    fields = form_of(page)
    names = [name for name in fields if name.startswith("answer-")]
    fields |= {names[0]: "81,2", names[1]: "delapan", "note": "Menurut profil."}
    assert focal_point.post(f"/tindak-lanjut/{asked}/konsep", fields).status_code == 303
    page = focal_point.get_page(f"/tindak-lanjut/{asked}")
    assert page.select_one(f"[name={names[0]}]")["value"] == "81,2"
    assert page.select_one(f"[name={names[1]}]")["value"] == "delapan"
    assert page.select_one("#note").get_text() == "Menurut profil."
    assert current_round(asked).answer[names[0].split("-")[1]]["value"] == "81.2"


def test_sending_saves_everything_even_when_it_is_refused(focal_point, asked):
    fields = form_of(focal_point.get_page(f"/tindak-lanjut/{asked}"))
    names = [name for name in fields if name.startswith("answer-")]
    fields |= {names[0]: "181", names[1]: "84", "files-lainnya": (io.BytesIO(PDF), "tabel.pdf")}
    answer = focal_point.post(f"/tindak-lanjut/{asked}/kirim", fields)
    assert answer.status_code == 422
    page = focal_point.get_page(f"/tindak-lanjut/{asked}")
    assert "tabel.pdf" in page.select_one("#evidence-list").get_text()
    assert page.select_one(f"[name={names[0]}]")["value"] == "181"
    assert follow_up(asked).state is State.ASSIGNED


def test_a_complete_answer_is_sent_once_and_can_be_taken_back(focal_point, asked):
    fields = form_of(focal_point.get_page(f"/tindak-lanjut/{asked}"))
    names = [name for name in fields if name.startswith("answer-")]
    fields |= {names[0]: "81,2", names[1]: "84"}
    fields["files-lainnya"] = (io.BytesIO(PDF), "tabel.pdf")
    assert focal_point.post(f"/tindak-lanjut/{asked}/kirim", dict(fields)).status_code == 303
    assert follow_up(asked).state is State.SUBMITTED
    fields["files-lainnya"] = (io.BytesIO(PDF), "tabel.pdf")
    repeated = focal_point.post(f"/tindak-lanjut/{asked}/kirim", fields)
    assert repeated.status_code == 303
    page = focal_point.get_page(f"/tindak-lanjut/{asked}")
    version = page.select_one("#withdraw ~ form [name=version]")["value"]
    answer = focal_point.post(f"/tindak-lanjut/{asked}/tarik-kembali", {"version": version})
    assert answer.status_code == 303
    assert follow_up(asked).state is State.ASSIGNED


def test_what_came_back_is_not_sent_again_untouched(focal_point, asked, officer):
    path = f"/tindak-lanjut/{asked}"
    judge = actor_of(officer)
    reason = db.session.scalars(select(ReturnReason.id)).first()
    due_at = clock.now() + timedelta(days=3)
    given = Particulars(reason_ids=(reason,), words="Mohon data terakhir.", due_at=due_at)
    fields = form_of(focal_point.get_page(path))
    years = [name for name in fields if name.startswith("answer-")]
    fields |= dict.fromkeys(years, "81,2") | {"no_evidence_reason": "Menyusul."}
    assert focal_point.post(f"{path}/kirim", fields).status_code == 303
    with write():
        perform(queries.get_locked(asked, judge), Action.RETURN, judge, given)
    page = focal_point.get_page(path)
    assert "Belum ada yang diubah" in page.select_one("#missing").get_text()
    fields = form_of(page)
    assert focal_point.post(f"{path}/kirim", fields).status_code == 422
    fields["note"] = "Angkanya sudah benar; sumbernya profil dinas."
    assert focal_point.post(f"{path}/kirim", fields).status_code == 303
