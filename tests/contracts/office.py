"""A small office with somebody of every kind and something in every state, for the ledger.

Dinsos led each follow-up first and sent an answer; then it was handed on to Dinkes, with PUPR as
its supporter. Diskominfo has nothing to do with any of it.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import yaml
from flask import Flask

from app.accounts.actors import actor_of
from app.accounts.models import User
from app.accounts.tokens import Purpose, code_digest, new_link_token
from app.agencies import queries as agencies
from app.agencies.models import Agency, Duty
from app.core import clock, storage
from app.core.db import db
from app.core.write import write
from app.followups.machine import Action
from app.followups.models import Evidence, FollowUp, FollowUpSupporter, NumberCounter
from app.followups.queries import detail, story
from app.followups.queries import handing_out as handing_out_queries
from app.followups.services import commenting, evidence, handing_out
from app.followups.services.preparing import edition
from app.instruments import queries as instruments
from app.instruments.models import Cycle, Question
from app.notifications.models import Fate
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.instruments import (
    ClusterFactory,
    CycleFactory,
    IndicatorFactory,
    InstrumentFactory,
    QuestionFactory,
)
from tests.factories.notifications import NoticeFactory, OutgoingMailFactory
from tests.support import lives
from tests.support.files import pdf

NEW_PASSWORD = "meja-hijau-73"
CODE = "K7MQ-2XHT"
RESTRICTED_FIRST, RESTRICTED_NAME = "daftar-anak-korban.pdf", "rekap-nama-anak.pdf"
INTERNAL_WORDS = "Jangan sampai instansi membaca ini."


@dataclass(frozen=True)
class Given:
    """What one request carries: the values of its address, and the fields of its form."""

    address: dict[str, Any] = field(default_factory=dict)
    form: dict[str, Any] = field(default_factory=dict)


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
    people = _people()
    led = {name: _follow_up(people, name) for name in ("returned", "submitted", "held", "closed")}
    draft = lives.born(people["officer"], agency=_agency("DINKES"), title="Konsep surat")
    cycle = _cycle(people["officer"])
    requests = {
        **_about_accounts(people),
        **_about_agencies(people),
        **_about_instruments(cycle),
        **_about_mails(people),
        **_about_handing_out(people, cycle, draft),
        **_about_follow_ups(people, led, draft),
        **_about_evidence(led),
        **_about_reviews(led),
    }
    db.session.commit()
    return Office(sessions={who: user.get_id() for who, user in people.items()}, requests=requests)


# -- Who is there, and what happened


def _people() -> dict[str, User]:
    agency_of = {
        "lead": (AgencyFactory(code="DINKES", short_name="Dinkes"), Duty.FOCAL_POINT),
        "supporter": (AgencyFactory(code="PUPR", short_name="PUPR"), Duty.FOCAL_POINT),
        "former_lead": (AgencyFactory(code="DINSOS", short_name="Dinsos"), Duty.FOCAL_POINT),
        "other_agency": (AgencyFactory(code="KOMINFO", short_name="Kominfo"), Duty.FOCAL_POINT),
    }
    agency_of["contributor"] = (agency_of["lead"][0], Duty.CONTRIBUTOR)
    agency_of["deactivated"] = (agency_of["lead"][0], Duty.FOCAL_POINT)
    people: dict[str, User] = {}
    for who, (agency, duty) in agency_of.items():
        people[who] = UserFactory(username=who, name=f"Ibu {who.title()}")
        MembershipFactory(agency=agency, user=people[who], duty=duty)
    people["deactivated"].deactivated_at = clock.now()
    for role in ("officer", "leader", "admin"):
        people[role] = UserFactory(username=role, **{role: True})
    UserFactory(username="officer2", officer=True)
    UserFactory(username="admin2", admin=True)
    UserFactory(username="gone", deactivated=True)
    UserFactory(
        username="invited",
        password_hash=None,
        code_hash=code_digest(CODE),
        code_expires_at=clock.now() + timedelta(hours=1),
    )
    AgencyFactory(code="TUTUP", short_name="Tutup", deactivated=True)
    db.session.commit()
    return people


def _agency(code: str) -> Agency:
    return agencies.get_by_code(code)


def _follow_up(people: dict[str, User], state: str) -> FollowUp:
    officer, former, lead = people["officer"], people["former_lead"], people["lead"]
    row = lives.born(officer, agency=_agency("DINSOS"), title=f"Laporan {state}")
    db.session.add(FollowUpSupporter(follow_up_id=row.id, agency_id=_agency("PUPR").id))
    db.session.commit()
    lives.act(row, Action.DISPATCH, officer)
    _attach(row, former, "laporan.pdf")
    _attach(row, former, RESTRICTED_FIRST, restricted=True)
    lives.submit(row, former)
    lives.give_back(row, officer)
    handed = {"words": "Data ada pada Dinkes.", "agency_id": _agency("DINKES").id}
    lives.act(row, Action.REASSIGN, officer, **handed)
    _attach(row, lead, "rekap.pdf")
    _attach(row, lead, RESTRICTED_NAME, restricted=True)
    with write():
        locked = detail.get_locked(row.number, actor_of(officer))
        commenting.add_comment(locked, actor_of(officer), INTERNAL_WORDS, internal=True)
    if state != "returned":
        lives.submit(row, lead)
    if state == "held":
        lives.take(row, officer)
    if state == "closed":
        lives.act(row, Action.ACCEPT, officer)
    return detail.get(row.number, actor_of(officer))


def _attach(row: FollowUp, user: User, name: str, *, restricted: bool = False) -> None:
    """Add a file; a restricted one is marked only after its name was written into the history."""
    number = row.number
    stored = storage.put(io.BytesIO(pdf(f"{number} {name}")))
    with write():
        actor = actor_of(user)
        locked = detail.get_locked(number, actor)
        round_ = detail.open_round(locked)
        described = evidence.Description(slot="lainnya", file_name=name)
        piece = evidence.add_file(locked, round_, actor, storage.remember(stored), described)
        if restricted:
            evidence.restrict(locked, round_, actor, piece.id, restricted=True)


def _piece(row: FollowUp, name: str, round_no: int | None = None) -> int:
    pieces: list[Evidence] = lives.round_of(row, round_no).evidence
    return next(piece.id for piece in pieces if piece.file_name == name)


def _cycle(officer: User) -> Cycle:
    instrument = InstrumentFactory(year=2031)
    cluster = ClusterFactory(instrument=instrument, code="K1")
    indicator = IndicatorFactory(cluster=cluster)
    for code in ("Q-1", "Q-2"):
        QuestionFactory(
            indicator=indicator, code=code, instrument_id=instrument.id, lead=_agency("DINKES")
        )
    cycle: Cycle = CycleFactory(year=2031, instrument=instrument)
    return cycle


# -- What each row of the ledger sends


def always(address: dict[str, Any] | None = None, **form: Any) -> Callable[[str], Given]:
    """Return what is sent whoever sends it."""
    given = Given(address or {}, form)
    return lambda _actor: given


def _about_accounts(people: dict[str, User]) -> dict[str, Callable[[str], Given]]:
    names = {who: (user.name, user.email) for who, user in people.items()}
    account = {"name": "Ibu Baru", "position": "", "phone": "", "role": "agency"}
    entry = {**account, "username": "ibu.baru", "email": "ibu@baru.test", "means": "invitation"}
    target = {"username": "invited"}
    token = new_link_token(_user("invited"), Purpose.INVITATION)
    twice = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}

    def own(actor: str) -> Given:
        name, email = names.get(actor, ("Ibu", ""))
        return Given({}, {"name": name, "email": email, "position": "Kepala", "phone": ""})

    return {
        "static": always({"filename": "css/gugus.css"}),
        "health.live": always(),
        "health.ready": always(),
        "dashboard.home": always(),
        "accounts.sign_in": always(),
        "accounts.check_sign_in": always(login="lead", password=PASSWORD),
        "accounts.sign_out": always(),
        "accounts.forgotten": always(),
        "accounts.request_reset": always(login="lead"),
        "accounts.reset_requested": always(),
        "accounts.choose_by_link": always({"token": token}),
        "accounts.set_by_link": always({"token": token}, **twice),
        "accounts.choose_by_code": always(),
        "accounts.set_by_code": always(username="invited", code=CODE, **twice),
        "accounts.account": always(),
        "accounts.update_account": own,
        "accounts.change_own_password": always(old_password=PASSWORD, **twice),
        "accounts.list_users": always(),
        "accounts.show_user": always(target),
        "accounts.new_user": always(),
        "accounts.create_user": always(**entry),
        "accounts.edit_user": always(target),
        "accounts.update_user": always(target, **account, email="lain@baru.test"),
        "accounts.deactivate_user": always(target),
        "accounts.reactivate_user": always({"username": "gone"}),
        "accounts.invite_user": always(target),
        "accounts.issue_code": always(target),
        "accounts.issue_code:officer": always({"username": "officer2"}),
        "accounts.issue_code:admin": always({"username": "admin2"}),
    }


def _user(username: str) -> User:
    return db.session.scalars(db.select(User).where(User.username == username)).one()


def _about_agencies(people: dict[str, User]) -> dict[str, Callable[[str], Given]]:
    pupr = _agency("PUPR")
    [member] = agencies.members_of(pupr.id)
    here, elsewhere = {"code": "PUPR"}, {"code": "DINKES"}
    written = {
        "name": "Dinas Pekerjaan Umum",
        "short_name": "Dinas PU",
        "category": "opd",
        "kind": "perangkat_daerah",
        "parent": "",
        "aliases": "",
    }
    person = {"name": "Bapak Baru", "username": "bapak.baru", "email": "bapak@baru.test"}
    row = {"code": "BARU", "name": "Dinas Baru", "short_name": "Dinas Baru"}
    list_of_one = {"agencies": [{**row, "category": "opd", "kind": "dinas"}]}
    duty, note = {f"m{member.id}-duty": "deputy"}, {f"e{member.id}-note": "Pindah tugas."}
    return {
        "agencies.index": always(),
        "agencies.detail": always(here),
        "agencies.new_agency": always(),
        "agencies.add_agency": always(code="BARU", **written),
        "agencies.edit_agency": always(here),
        "agencies.change_agency": always(here, **written, seen=agencies.fingerprint_of(pupr)),
        "agencies.deactivate_agency": always({"code": "KOMINFO"}, reason="Digabung."),
        "agencies.reactivate_agency": always({"code": "TUTUP"}),
        "agencies.choose_member": always(here),
        "agencies.add_member": always(here, user="invited", duty="deputy"),
        "agencies.new_member": always(here),
        "agencies.create_member": always(here, **person, duty="deputy", means="invitation"),
        "agencies.change_duty": always({**here, "membership_id": member.id}, **duty),
        "agencies.change_duty:of_another": always(
            {**elsewhere, "membership_id": member.id}, **duty
        ),
        "agencies.end_membership": always({**here, "membership_id": member.id}, **note),
        "agencies.end_membership:of_another": always(
            {**elsewhere, "membership_id": member.id}, **note
        ),
        "agencies.import_agencies": always(),
        "agencies.run_import": always(content=yaml.safe_dump(list_of_one), confirmed="1"),
    }


def _about_instruments(cycle: Cycle) -> dict[str, Callable[[str], Given]]:
    year = {"year": cycle.year}
    question = instruments.get_question(cycle.year, "Q-1")
    about = {**year, "code": "Q-1"}
    changed = {"text": "Berapa anak?", "unit_text": "", "lead": "DINKES", "respondents": "lead"}
    new = {"year": "2032", "instrument": str(cycle.year), "target": ""}
    asked = {"id": "Q-9", "ref": ["9"], "text": "Berapa?", "answer_type": "number"}
    indicator = {"number": "1", "title": "Perda", "max_score": 10}
    tree = {
        "meta": {
            "instrument_year": 2024,
            "total_max_score": 10,
            "categories": [{"name": "Madya", "min": 601, "max": 700}],
        },
        "evidence_types": [{"code": "foto", "label": "Foto", "formats": ["jpg"]}],
        "clusters": [
            {
                "code": "K0",
                "name": "Kelembagaan",
                "indicators": [{**indicator, "questions": [{**asked, "agencies": ["DINKES"]}]}],
            }
        ],
    }
    seen = instruments.fingerprint_of_cycle(instruments.get_cycle(cycle.year))
    return {
        "instruments.index": always(),
        "instruments.detail": always(year),
        "instruments.edit_question": always(about),
        "instruments.change_question": always(
            about, **changed, seen=instruments.fingerprint_of(question)
        ),
        "instruments.import_instrument": always(),
        "instruments.run_import": always(
            content=yaml.safe_dump(tree, sort_keys=False), confirmed="1"
        ),
        "instruments.cycles": always(),
        "instruments.show_cycle": always(year),
        "instruments.new_cycle": always(),
        "instruments.create_cycle": always(**new),
        "instruments.edit_cycle": always(year),
        "instruments.change_cycle": always(
            year, instrument=str(cycle.year), target="Madya", seen=seen
        ),
    }


def _about_mails(people: dict[str, User]) -> dict[str, Callable[[str], Given]]:
    told = NoticeFactory(
        kind="dispatched",
        audience="agency_team",
        audience_ids={"agency_id": _agency("DINKES").id},
        turned_at=clock.now(),
    )
    sent = {"user": people["lead"], "fate": Fate.SENT, "sent_at": clock.now()}
    mail = OutgoingMailFactory(kind="dispatched", notices=[told], **sent)
    secret = OutgoingMailFactory(kind="password_reset", notices=[], **sent)
    return {
        "notifications.outbox": always(),
        "notifications.mail": always({"mail_id": mail.id}),
        "notifications.mail:confidential": always({"mail_id": secret.id}),
        "notifications.mail_html": always({"mail_id": mail.id}),
        "notifications.mail_html:confidential": always({"mail_id": secret.id}),
        "notifications.send_again": always({"mail_id": mail.id}),
    }


def _about_handing_out(
    people: dict[str, User], cycle: Cycle, draft: FollowUp
) -> dict[str, Callable[[str], Given]]:
    officer = actor_of(people["officer"])
    questions = {
        question.code: question.id
        for question in db.session.scalars(
            db.select(Question).where(Question.instrument_id == cycle.instrument_id)
        )
    }
    with write():
        locked = instruments.get_cycle_locked(cycle.year)
        clusters = handing_out_queries.clusters_of(locked)
        dues = {cluster.id: lives.soon(20) for cluster in clusters}
        handed = handing_out.hand_out(locked, {questions["Q-2"]}, dues, officer, send=False)
    other = lives.act(
        lives.born(people["officer"], agency=_agency("PUPR")), Action.DISPATCH, people["officer"]
    )
    event_id = story.events_of(other)[0].id
    year, day = {"year": cycle.year}, lives.soon(20).date().isoformat()
    chosen = {"q": str(questions["Q-1"]), "due_on": day}
    task = {"title": "Menyusun laporan", "lead": "Dinkes", "due_on": day}
    seen = edition(detail.get(draft.number, officer))
    drafts = [str(id_) for id_ in handing_out_queries.draft_ids(locked)]
    number = {"number": draft.number}
    return {
        "followups.choose_questions": always(year),
        "followups.preview_handing_out": always({**year, **chosen}),
        "followups.hand_out": always(year, **chosen, tindakan="kirim"),
        "followups.handed_out": always({**year, "event_id": handed}),
        "followups.handed_out:other_event": always({**year, "event_id": event_id}),
        "followups.drafts": always(year),
        "followups.dispatch_drafts": always(year, konsep=drafts),
        "followups.new_action_item": always(),
        "followups.create_action_item": always(**task, tindakan="kirim"),
        "followups.edit_draft": always(number),
        "followups.change_draft": always(number, **task, edition=seen),
    }


def _about_follow_ups(
    people: dict[str, User], led: dict[str, FollowUp], draft: FollowUp
) -> dict[str, Callable[[str], Given]]:
    returned, submitted = led["returned"], led["submitted"]
    here = {"number": returned.number}
    answer = {
        "answer-isi-value": "Laporan sudah disusun.",
        "note": "Rekap terlampir.",
        "version": str(returned.version),
        "draft_no": str(lives.round_of(returned).draft_no),
    }
    words = {"komentar-words": "Mohon dibaca."}
    return {
        "followups.index": always(),
        "reports.follow_ups_xlsx": always(),
        "followups.detail": always(here),
        "followups.detail:draft": always({"number": draft.number}),
        "followups.detail:submitted": always({"number": submitted.number}),
        "followups.detail:closed": always({"number": led["closed"].number}),
        "followups.save_draft": always(here, **answer),
        "followups.submit": always(here, **answer),
        "followups.withdraw": always({"number": submitted.number}, version=str(submitted.version)),
        "followups.comment": always(here, **words),
        "followups.comment:internal": always(here, **words, **{"komentar-internal": "1"}),
    }


def _about_evidence(led: dict[str, FollowUp]) -> dict[str, Callable[[str], Given]]:
    returned, submitted = led["returned"], led["submitted"]
    here = {"number": returned.number}
    piece = {**here, "evidence_id": _piece(returned, "rekap.pdf")}
    restricted = {**here, "evidence_id": _piece(returned, RESTRICTED_NAME)}
    elsewhere = {**here, "evidence_id": _piece(submitted, "rekap.pdf")}
    hidden_elsewhere = {**here, "evidence_id": _piece(submitted, RESTRICTED_NAME)}
    first = {**here, "evidence_id": _piece(returned, "laporan.pdf", 1)}
    first_restricted = {**here, "evidence_id": _piece(returned, RESTRICTED_FIRST, 1)}
    link = {"url-lainnya": "https://data.kutaitimurkab.test/baru"}
    return {
        "followups.add_evidence": always(here, **link),
        "followups.reuse_evidence": always(here, source=str(_piece(submitted, "rekap.pdf"))),
        "followups.remove_evidence": always(piece),
        "followups.remove_evidence:elsewhere": always(elsewhere),
        "followups.restrict_evidence": always(piece, restricted="1"),
        "followups.restrict_evidence:elsewhere": always(elsewhere, restricted="1"),
        "followups.open_evidence": always(piece),
        "followups.open_evidence:first_round": always(first),
        "followups.open_evidence:restricted": always(restricted),
        "followups.open_evidence:elsewhere": always(elsewhere),
        "followups.open_restricted": always(restricted),
        "followups.open_restricted:first_round": always(first_restricted),
        "followups.open_restricted:elsewhere": always(hidden_elsewhere),
        "followups.mark_evidence": always(
            {**here, "number": submitted.number, "evidence_id": elsewhere["evidence_id"]},
            restricted="1",
        ),
        "followups.mark_evidence:elsewhere": always(
            {"number": submitted.number, "evidence_id": piece["evidence_id"]}, restricted="1"
        ),
    }


def _about_reviews(led: dict[str, FollowUp]) -> dict[str, Callable[[str], Given]]:
    returned, submitted, closed = led["returned"], led["submitted"], led["closed"]
    here, waiting, done = ({"number": row.number} for row in (returned, submitted, closed))
    versions = {row.number: {"version": str(row.version)} for row in led.values()}
    day = lives.soon(12).date().isoformat()
    judged = {"whose": "dp3a", "outcome": "met", **versions[submitted.number]}
    reasoned = {"reasons": str(lives.reason().id), "words": "Mohon diperbaiki.", "due_on": day}

    def due(panel: str) -> dict[str, str]:
        return {f"{panel}-words": "Masih ada waktu.", f"{panel}-due_on": day}

    other = _agency("KOMINFO").short_name
    return {
        "followups.queue": always(),
        "followups.take_next": always(antrean="semua"),
        "followups.take": always(waiting),
        "followups.release": always({"number": led["held"].number}),
        "followups.return_for_correction": always(waiting, **judged, **reasoned),
        "followups.accept": always(waiting, **judged),
        "followups.undo": always(done, **versions[closed.number]),
        "followups.reopen": always(done, **versions[closed.number], **due("buka")),
        "followups.cancel": always(
            here, **versions[returned.number], **{"batal-words": "Salah kirim."}
        ),
        "followups.extend": always(here, **versions[returned.number], **due("perpanjang")),
        "followups.choose_agencies": always(here),
        "followups.reassign": always(
            here,
            **versions[returned.number],
            **{"alih-agency": other, "alih-words": "Data ada pada Kominfo."},
        ),
        "followups.change_supporters": always(here, **{"pendukung-add-0": other}),
    }
