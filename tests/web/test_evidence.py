"""Evidence: what is taken, who opens it, and what stays with which round."""

import io

import pytest
from sqlalchemy import select

from app.agencies.models import Agency
from app.core.db import db
from app.followups.models import Evidence, EvidenceOpening
from app.history.models import Event
from tests.support import files, lives
from tests.support.client import Client

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


def path_of(follow_up, tail=""):
    return f"/tindak-lanjut/{follow_up.number}{tail}"


def upload(client, follow_up, name="tabel.pdf", data=None, headers=None, **fields):
    sent = {"files-lainnya": (io.BytesIO(data or files.pdf(name)), name), **fields}
    return client.post(path_of(follow_up, "/data-dukung"), sent, headers=headers)


def pieces(follow_up):
    round_id = lives.round_of(follow_up).id
    found = select(Evidence).where(Evidence.round_id == round_id).order_by(Evidence.id)
    return db.session.scalars(found).all()


@pytest.fixture
def focal_point(client, lead):
    return client.sign_in(lead)


@pytest.fixture
def browser_of(app):
    """Return a maker of further browsers."""
    return lambda user: Client(app).sign_in(user)


@pytest.fixture
def strangers(supporter, leader, browser_of):
    """Return browsers of people who see the follow-up, and not its restricted evidence."""
    return [browser_of(supporter), browser_of(leader)]


@pytest.fixture
def another_of_the_lead(officer, lead_agency):
    return lives.act(lives.born(officer, agency=lead_agency), lives.Action.DISPATCH, officer)


@pytest.fixture
def of_another_agency(officer, other_agency, session):
    agency = session.get_one(Agency, next(iter(lives.actor_of(other_agency).duties)))
    return lives.act(lives.born(officer, agency=agency), lives.Action.DISPATCH, officer)


def test_a_file_arrives_and_is_kept_once(focal_point, follow_up_assigned):
    assert upload(focal_point, follow_up_assigned).status_code == 303
    [piece] = pieces(follow_up_assigned)
    answer = focal_point.get(path_of(follow_up_assigned, f"/data-dukung/{piece.id}"))
    assert answer.status_code == 200
    assert answer.data == files.pdf("tabel.pdf")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_upload_repeated_on_a_bad_line_arrives_once(focal_point, follow_up_assigned):
    for _ in range(2):
        answer = upload(focal_point, follow_up_assigned, upload_token="t-1", headers=FRAGMENT)
        assert answer.status_code == 200
    assert len(pieces(follow_up_assigned)) == 1


def test_several_files_in_one_go(focal_point, follow_up_assigned):
    chosen = [(io.BytesIO(files.pdf(name)), name) for name in ("a.pdf", "b.pdf")]
    data = {"files-lainnya": [*chosen, (io.BytesIO(files.image()), "foto.jpg")]}
    focal_point.post(path_of(follow_up_assigned, "/data-dukung"), data)
    assert [piece.file_name for piece in pieces(follow_up_assigned)] == [
        "a.pdf",
        "b.pdf",
        "foto.jpg",
    ]


def test_what_is_not_what_its_name_says_is_refused_beside_what_is_taken(
    focal_point, follow_up_assigned
):
    good, bad = (io.BytesIO(files.pdf("a")), "a.pdf"), (io.BytesIO(b"MZ\x90"), "b.pdf")
    data = {"files-lainnya": [good, bad], "note": "jangan hilang"}
    answer = focal_point.post(path_of(follow_up_assigned, "/data-dukung"), data)
    assert answer.status_code == 422
    assert "b.pdf" in answer.text
    assert "jangan hilang" in answer.text
    assert [piece.file_name for piece in pieces(follow_up_assigned)] == ["a.pdf"]


def test_a_link_is_evidence_and_nonsense_is_not(focal_point, follow_up_assigned):
    path = path_of(follow_up_assigned, "/data-dukung")
    assert focal_point.post(path, {"url-lainnya": "https://kutim.test/a"}).status_code == 303
    for nonsense in ("javascript:alert(1)", "kutim.test", "https://a b"):
        assert focal_point.post(path, {"url-lainnya": nonsense}).status_code == 422
    assert [piece.url for piece in pieces(follow_up_assigned)] == ["https://kutim.test/a"]


def test_a_supporter_adds_and_removes_its_own_alone(
    follow_up_assigned, focal_point, supporter, browser_of
):
    helper = browser_of(supporter)
    upload(focal_point, follow_up_assigned, "punya-dinkes.pdf")
    upload(helper, follow_up_assigned, "punya-pupr.pdf")
    own, helped = pieces(follow_up_assigned)
    assert (
        helper.post(path_of(follow_up_assigned, f"/data-dukung/{own.id}/hapus")).status_code == 403
    )
    answer = helper.post(path_of(follow_up_assigned, f"/data-dukung/{helped.id}/hapus"))
    assert answer.status_code == 303
    assert [piece.file_name for piece in pieces(follow_up_assigned)] == ["punya-dinkes.pdf"]


def test_restricted_evidence_opens_by_a_recorded_act_for_the_lead_and_officers(
    follow_up_assigned, focal_point, officer, strangers, browser_of
):
    officer_id, desk = officer.id, browser_of(officer)
    upload(focal_point, follow_up_assigned, "kasus.pdf", **{"new-lainnya-restricted": "1"})
    [piece] = pieces(follow_up_assigned)
    get = path_of(follow_up_assigned, f"/data-dukung/{piece.id}")
    for stranger in strangers:
        assert stranger.get(get).status_code == 404
        assert stranger.post(f"{get}/buka").status_code == 404
        assert "kasus.pdf" not in stranger.get(path_of(follow_up_assigned)).text
    assert desk.get(get).status_code == 404
    opened = desk.post(f"{get}/buka")
    assert opened.status_code == 200
    assert "no-store" in opened.headers["Cache-Control"]
    assert [row.user_id for row in db.session.scalars(select(EvidenceOpening))] == [officer_id]
    added = db.session.scalars(select(Event).where(Event.verb == "evidence_added")).one()
    assert "kasus" not in str(added.payload)


def test_the_round_that_was_sent_keeps_what_the_next_one_drops(
    follow_up_submitted, officer, lead, focal_point
):
    returned = lives.give_back(follow_up_submitted, officer)
    [kept] = pieces(returned)
    assert kept.kept_from_id is not None
    focal_point.post(path_of(returned, f"/data-dukung/{kept.id}/hapus"))
    assert pieces(returned) == []
    first = db.session.scalars(select(Evidence)).all()
    assert [piece.url for piece in first] == [lives.LINK]


def test_nothing_is_added_to_what_was_sent(follow_up_submitted, focal_point):
    assert upload(focal_point, follow_up_submitted).status_code == 409


def test_one_file_serves_several_questions(follow_up_assigned, another_of_the_lead, focal_point):
    there = path_of(another_of_the_lead)
    upload(focal_point, follow_up_assigned)
    [piece] = pieces(follow_up_assigned)
    assert focal_point.get_page(there).select_one(f"#source option[value='{piece.id}']")
    data = {"source": piece.id, "reuse_slot": "lainnya"}
    assert focal_point.post(f"{there}/data-dukung/pakai", data).status_code == 303
    first, again = db.session.scalars(select(Evidence).order_by(Evidence.id)).all()
    assert again.file_id == first.file_id
    assert again.round_id != first.round_id


def test_another_agencys_file_cannot_be_reused(
    follow_up_assigned, of_another_agency, other_agency, focal_point, browser_of
):
    stranger, there = browser_of(other_agency), path_of(of_another_agency)
    upload(focal_point, follow_up_assigned)
    data = {"source": pieces(follow_up_assigned)[0].id, "reuse_slot": "lainnya"}
    assert stranger.post(f"{there}/data-dukung/pakai", data).status_code == 404
    assert len(db.session.scalars(select(Evidence)).all()) == 1


def test_a_former_lead_goes_on_reading_the_rounds_that_it_sent(handed_on, former_lead, browser_of):
    former = browser_of(former_lead)
    page = former.get_page(path_of(handed_on))
    assert page.select("details summary")
    assert former.post(path_of(handed_on, "/konsep"), {"note": "x"}).status_code in (403, 409)
