"""What each row of the ledger sends: the values of its address, the fields of its form."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

from app.accounts.actors import actor_of
from app.accounts.models import User
from app.accounts.tokens import Purpose, new_link_token
from app.agencies import queries as agencies
from app.core import clock
from app.core.db import db
from app.core.write import write
from app.followups.machine import Action
from app.followups.models import FollowUp
from app.followups.queries import detail, story
from app.followups.queries import handing_out as handing_out_queries
from app.followups.services import handing_out
from app.followups.services.preparing import edition
from app.instruments import queries as instruments
from app.instruments.models import Cycle, Question
from app.meetings.models import Meeting
from app.meetings.queries import agenda
from app.notifications.models import Fate
from tests.contracts.town import (
    CODE,
    NEW_PASSWORD,
    RESTRICTED_FIRST,
    RESTRICTED_NAME,
    agency_of,
    piece_of,
)
from tests.factories.accounts import PASSWORD
from tests.factories.followups import FollowUpFactory
from tests.factories.meetings import AgendaItemFactory, CarriedItemFactory
from tests.factories.notifications import INVITATION, NoticeFactory, OutgoingMailFactory
from tests.support import lives


@dataclass(frozen=True)
class Given:
    """What one request carries: the values of its address, and the fields of its form."""

    address: dict[str, Any] = field(default_factory=dict)
    form: dict[str, Any] = field(default_factory=dict)


def always(address: dict[str, Any] | None = None, **form: Any) -> Callable[[str], Given]:
    """Return what is sent whoever sends it."""
    given = Given(address or {}, form)
    return lambda _actor: given


def about_accounts(people: dict[str, User]) -> dict[str, Callable[[str], Given]]:
    names = {who: (user.name, user.email) for who, user in people.items()}
    account = {"name": "Ibu Baru", "position": "", "phone": "", "role": "agency"}
    entry = {**account, "username": "ibu.baru", "email": "ibu@baru.test", "means": "invitation"}
    target = {"username": "invited"}
    token = new_link_token(user("invited"), Purpose.INVITATION)
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


def user(username: str) -> User:
    return db.session.scalars(db.select(User).where(User.username == username)).one()


def about_agencies(people: dict[str, User]) -> dict[str, Callable[[str], Given]]:
    pupr = agency_of("PUPR")
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


def about_instruments(cycle: Cycle) -> dict[str, Callable[[str], Given]]:
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


def about_mails(people: dict[str, User]) -> dict[str, Callable[[str], Given]]:
    told = NoticeFactory(
        kind="dispatched",
        audience="agency_team",
        audience_ids={"agency_id": agency_of("DINKES").id},
        turned_at=clock.now(),
    )
    sent = {"user": people["lead"], "fate": Fate.SENT, "sent_at": clock.now()}
    mail = OutgoingMailFactory(kind="dispatched", notices=[told], calendar=INVITATION, **sent)
    secret = OutgoingMailFactory(kind="password_reset", notices=[], calendar=INVITATION, **sent)
    return {
        "notifications.outbox": always(),
        "notifications.mail": always({"mail_id": mail.id}),
        "notifications.mail:confidential": always({"mail_id": secret.id}),
        "notifications.mail_html": always({"mail_id": mail.id}),
        "notifications.mail_html:confidential": always({"mail_id": secret.id}),
        "notifications.mail_calendar": always({"mail_id": mail.id}),
        "notifications.mail_calendar:confidential": always({"mail_id": secret.id}),
        "notifications.send_again": always({"mail_id": mail.id}),
    }


def about_handing_out(
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
        lives.born(people["officer"], agency=agency_of("PUPR")), Action.DISPATCH, people["officer"]
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


def about_follow_ups(
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


def about_evidence(led: dict[str, FollowUp]) -> dict[str, Callable[[str], Given]]:
    returned, submitted = led["returned"], led["submitted"]
    here = {"number": returned.number}
    piece = {**here, "evidence_id": piece_of(returned, "rekap.pdf")}
    restricted = {**here, "evidence_id": piece_of(returned, RESTRICTED_NAME)}
    elsewhere = {**here, "evidence_id": piece_of(submitted, "rekap.pdf")}
    hidden_elsewhere = {**here, "evidence_id": piece_of(submitted, RESTRICTED_NAME)}
    first = {**here, "evidence_id": piece_of(returned, "laporan.pdf", 1)}
    first_restricted = {**here, "evidence_id": piece_of(returned, RESTRICTED_FIRST, 1)}
    link = {"url-lainnya": "https://data.kutaitimurkab.test/baru"}
    return {
        "followups.add_evidence": always(here, **link),
        "followups.reuse_evidence": always(here, source=str(piece_of(submitted, "rekap.pdf"))),
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


def about_reviews(led: dict[str, FollowUp]) -> dict[str, Callable[[str], Given]]:
    returned, submitted, closed = led["returned"], led["submitted"], led["closed"]
    here, waiting, done = ({"number": row.number} for row in (returned, submitted, closed))
    versions = {row.number: {"version": str(row.version)} for row in led.values()}
    day = lives.soon(12).date().isoformat()
    judged = {"whose": "dp3a", "outcome": "met", **versions[submitted.number]}
    reasoned = {"reasons": str(lives.reason().id), "words": "Mohon diperbaiki.", "due_on": day}

    def due(panel: str) -> dict[str, str]:
        return {f"{panel}-words": "Masih ada waktu.", f"{panel}-due_on": day}

    other = agency_of("KOMINFO").short_name
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


def about_meetings(meetings: dict[str, Meeting]) -> dict[str, Callable[[str], Given]]:
    here, draft, ended = ({"code": meetings[name].code} for name in ("invited", "draft", "ended"))
    return {
        "meetings.index": always(),
        "reports.meetings_xlsx": always(),
        "meetings.decisions": always(),
        "reports.decisions_xlsx": always(),
        "meetings.detail": always(here),
        "meetings.detail:draft": always(draft),
        "meetings.detail:ended": always(ended),
        **about_preparing(meetings["invited"], meetings["draft"]),
    }


def about_preparing(meeting: Meeting, other: Meeting) -> dict[str, Callable[[str], Given]]:
    here, draft = {"code": meeting.code}, {"code": other.code}
    [item] = agenda.items_of(meeting)
    [elsewhere] = agenda.items_of(other)
    taken_up = CarriedItemFactory(
        agenda_item=AgendaItemFactory(meeting=meeting, open_actions=True),
        follow_up=FollowUpFactory(agency=agency_of("DINKES")),
    )
    topic = {"title": "Pembahasan data", "presenter": "Dinkes", "minutes": "20"}
    changed = {f"butir{item.id}-{name}": value for name, value in topic.items()}
    changed[f"butir{item.id}-seen"] = agenda.seen_of(item)
    day, version = clock.local(meeting.starts_at).date(), str(meeting.version)
    planned = {"kind": "before_assessment", "day": day.isoformat(), "starts": "08:30"}
    planned |= {"ends": "11:30", "place": "Aula", "chair_id": "", "cycle_id": ""}
    return {
        "meetings.new_meeting": always(),
        "meetings.create_meeting": always(**planned),
        "meetings.edit_meeting": always(here),
        "meetings.change_meeting": always(here, **planned, version=version),
        "meetings.cancel_meeting": always(
            here, version=version, **{"batal-reason": "Bupati dinas luar."}
        ),
        "meetings.agenda": always(here),
        "meetings.agenda:draft": always(draft),
        "meetings.add_agenda_item": always(
            here, **{f"baru-{name}": value for name, value in topic.items()}
        ),
        "meetings.change_agenda_item": always({**here, "item_id": item.id}, **changed),
        "meetings.move_agenda_item": always({**here, "item_id": item.id}, arah="turun"),
        "meetings.remove_agenda_item": always({**here, "item_id": item.id}),
        "meetings.remove_agenda_item:elsewhere": always({**here, "item_id": elsewhere.id}),
        "meetings.take_out_carried": always(
            {**here, "item_id": taken_up.agenda_item_id}, bawaan=str(taken_up.id)
        ),
        "meetings.add_missing": always(here, usulan="notulen"),
    }
