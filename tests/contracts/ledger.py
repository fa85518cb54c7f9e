"""The access ledger: who gets which answer from which address, and the office that is asked.

One row is one request by each of ten people. `endpoint:case` tells apart what one endpoint answers
about different things. A POST carries a form that would succeed, so that a 403 or 404 comes from
who asks and not from what was typed. Nothing that a request changes stays for the next one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import scoped_session, sessionmaker

from app.core.db import db
from tests.contracts.office import Office, build_office
from tests.contracts.sending import Given
from tests.factories.accounts import PASSWORD
from tests.support.client import Client

ACTORS = (
    "anonymous",
    "deactivated",
    "lead",
    "contributor",
    "supporter",
    "former_lead",
    "other_agency",
    "officer",
    "leader",
    "admin",
)

# The columns are the first letters of ACTORS (`ldr` is the leader).
# 303 and 401 of who is not signed in: the way to the sign-in page. 401 carries what was typed.
LEDGER = """
                                                 ano  dea  lea  con  sup  for  oth  off  ldr  adm
GET  static                                     200  200  200  200  200  200  200  200  200  200
GET  health.live                                 200  200  200  200  200  200  200  200  200  200
GET  health.ready                                200  200  200  200  200  200  200  200  200  200

GET  accounts.sign_in                            200  200  303  303  303  303  303  303  303  303
POST accounts.check_sign_in                      303  303  303  303  303  303  303  303  303  303
POST accounts.sign_out                           303  303  303  303  303  303  303  303  303  303
GET  accounts.forgotten                          200  200  200  200  200  200  200  200  200  200
POST accounts.request_reset                      303  303  303  303  303  303  303  303  303  303
GET  accounts.reset_requested                    200  200  200  200  200  200  200  200  200  200
GET  accounts.choose_by_link                     200  200  200  200  200  200  200  200  200  200
POST accounts.set_by_link                        303  303  303  303  303  303  303  303  303  303
GET  accounts.choose_by_code                     200  200  200  200  200  200  200  200  200  200
POST accounts.set_by_code                        303  303  303  303  303  303  303  303  303  303
GET  accounts.account                            303  303  200  200  200  200  200  200  200  200
POST accounts.update_account                     401  401  303  303  303  303  303  303  303  303
POST accounts.change_own_password                401  401  303  303  303  303  303  303  303  303

GET  accounts.list_users                         303  303  403  403  403  403  403  200  403  200
GET  accounts.show_user                          303  303  403  403  403  403  403  200  403  200
GET  accounts.new_user                           303  303  403  403  403  403  403  403  403  200
POST accounts.create_user                        401  401  403  403  403  403  403  403  403  303
GET  accounts.edit_user                          303  303  403  403  403  403  403  403  403  200
POST accounts.update_user                        401  401  403  403  403  403  403  403  403  303
POST accounts.deactivate_user                    401  401  403  403  403  403  403  403  403  303
POST accounts.reactivate_user                    401  401  403  403  403  403  403  403  403  303
POST accounts.invite_user                        401  401  403  403  403  403  403  303  403  303
POST accounts.issue_code                         401  401  403  403  403  403  403  200  403  200
POST accounts.issue_code:officer                 401  401  403  403  403  403  403  403  403  200
POST accounts.issue_code:admin                   401  401  403  403  403  403  403  403  403  200

GET  agencies.index                              303  303  403  403  403  403  403  200  200  200
GET  agencies.detail                             303  303  403  403  403  403  403  200  200  200
GET  agencies.new_agency                         303  303  403  403  403  403  403  200  403  200
POST agencies.add_agency                         401  401  403  403  403  403  403  303  403  303
GET  agencies.edit_agency                        303  303  403  403  403  403  403  200  403  200
POST agencies.change_agency                      401  401  403  403  403  403  403  303  403  303
POST agencies.deactivate_agency                  401  401  403  403  403  403  403  303  403  303
POST agencies.reactivate_agency                  401  401  403  403  403  403  403  303  403  303
GET  agencies.choose_member                      303  303  403  403  403  403  403  200  403  200
POST agencies.add_member                         401  401  403  403  403  403  403  303  403  303
GET  agencies.new_member                         303  303  403  403  403  403  403  200  403  200
POST agencies.create_member                      401  401  403  403  403  403  403  303  403  303
POST agencies.change_duty                        401  401  403  403  403  403  403  303  403  303
POST agencies.change_duty:of_another             401  401  403  403  403  403  403  404  403  404
POST agencies.end_membership                     401  401  403  403  403  403  403  303  403  303
POST agencies.end_membership:of_another          401  401  403  403  403  403  403  404  403  404
GET  agencies.import_agencies                    303  303  403  403  403  403  403  200  403  200
POST agencies.run_import                         401  401  403  403  403  403  403  303  403  303

GET  instruments.index                           303  303  403  403  403  403  403  200  200  403
GET  instruments.detail                          303  303  403  403  403  403  403  200  200  403
GET  instruments.edit_question                   303  303  403  403  403  403  403  200  403  403
POST instruments.change_question                 401  401  403  403  403  403  403  303  403  403
GET  instruments.import_instrument               303  303  403  403  403  403  403  200  403  403
POST instruments.run_import                      401  401  403  403  403  403  403  303  403  403
GET  instruments.cycles                          303  303  403  403  403  403  403  200  200  403
GET  instruments.show_cycle                      303  303  403  403  403  403  403  200  200  403
GET  instruments.new_cycle                       303  303  403  403  403  403  403  200  403  403
POST instruments.create_cycle                    401  401  403  403  403  403  403  303  403  403
GET  instruments.edit_cycle                      303  303  403  403  403  403  403  200  403  403
POST instruments.change_cycle                    401  401  403  403  403  403  403  303  403  403

GET  dashboard.home                              303  303  200  200  200  200  200  200  200  200
GET  notifications.outbox                        303  303  403  403  403  403  403  200  403  200
GET  notifications.mail                          303  303  403  403  403  403  403  200  403  200
GET  notifications.mail:confidential             303  303  403  403  403  403  403  200  403  200
GET  notifications.mail_html                     303  303  403  403  403  403  403  200  403  200
GET  notifications.mail_html:confidential        303  303  403  403  403  403  403  404  403  404
GET  notifications.mail_calendar                 303  303  403  403  403  403  403  200  403  200
GET  notifications.mail_calendar:confidential    303  303  403  403  403  403  403  404  403  404
POST notifications.send_again                    401  401  403  403  403  403  403  303  403  303

GET  followups.choose_questions                  303  303  403  403  403  403  403  200  403  403
GET  followups.preview_handing_out               303  303  403  403  403  403  403  200  403  403
POST followups.hand_out                          401  401  403  403  403  403  403  303  403  403
GET  followups.handed_out                        303  303  403  403  403  403  403  200  403  403
GET  followups.handed_out:other_event            303  303  403  403  403  403  403  404  403  403
GET  followups.drafts                            303  303  403  403  403  403  403  200  403  403
POST followups.dispatch_drafts                   401  401  403  403  403  403  403  303  403  403
GET  followups.new_action_item                   303  303  403  403  403  403  403  200  403  403
POST followups.create_action_item                401  401  403  403  403  403  403  303  403  403
GET  followups.edit_draft                        303  303  403  403  403  403  403  200  403  403
POST followups.change_draft                      401  401  403  403  403  403  403  303  403  403

GET  followups.index                             303  303  200  200  200  200  200  200  200  403
GET  reports.follow_ups_xlsx                     303  303  200  200  200  200  200  200  200  403
GET  followups.detail                            303  303  200  200  200  200  404  200  200  403
GET  followups.detail:draft                      303  303  404  404  404  404  404  200  404  403
GET  followups.detail:submitted                  303  303  200  200  200  200  404  200  200  403
GET  followups.detail:closed                     303  303  200  200  200  200  404  200  200  403

POST followups.save_draft                        401  401  303  303  303  403  404  303  403  403
POST followups.submit                            401  401  303  403  403  403  404  303  403  403
POST followups.withdraw                          401  401  303  403  403  403  404  403  403  403
POST followups.add_evidence                      401  401  303  303  303  403  404  303  403  403
POST followups.reuse_evidence                    401  401  303  303  404  404  404  404  404  403
POST followups.remove_evidence                   401  401  303  303  403  403  404  303  403  403
POST followups.remove_evidence:elsewhere         401  401  404  404  404  403  404  404  403  403
POST followups.restrict_evidence                 401  401  303  303  403  403  404  303  403  403
POST followups.restrict_evidence:elsewhere       401  401  404  404  404  404  404  404  404  403
GET  followups.open_evidence                     303  303  200  200  200  404  404  200  200  403
GET  followups.open_evidence:first_round         303  303  200  200  200  200  404  200  200  403
GET  followups.open_evidence:restricted          303  303  404  404  404  404  404  404  404  403
GET  followups.open_evidence:elsewhere           303  303  404  404  404  404  404  404  404  403
POST followups.open_restricted                   401  401  200  200  404  404  404  200  404  403
POST followups.open_restricted:first_round       401  401  404  404  404  200  404  200  404  403
POST followups.open_restricted:elsewhere         401  401  404  404  404  404  404  404  404  403
POST followups.comment                           401  401  303  303  303  403  404  303  403  403
POST followups.comment:internal                  401  401  403  403  403  403  404  303  403  403

GET  followups.queue                             303  303  403  403  403  403  403  200  403  403
POST followups.take_next                         401  401  403  403  403  403  403  303  403  403
POST followups.take                              401  401  403  403  403  403  403  200  403  403
POST followups.release                           401  401  403  403  403  403  403  303  403  403
POST followups.return_for_correction             401  401  403  403  403  403  403  303  403  403
POST followups.accept                            401  401  403  403  403  403  403  303  403  403
POST followups.mark_evidence                     401  401  403  403  403  403  403  200  403  403
POST followups.mark_evidence:elsewhere           401  401  403  403  403  403  403  404  403  403
POST followups.undo                              401  401  403  403  403  403  403  303  403  403
POST followups.reopen                            401  401  403  403  403  403  403  303  403  403
POST followups.cancel                            401  401  403  403  403  403  403  303  403  403
POST followups.extend                            401  401  403  403  403  403  403  303  403  403
GET  followups.choose_agencies                   303  303  403  403  403  403  403  200  403  403
POST followups.reassign                          401  401  403  403  403  403  403  303  403  403
POST followups.change_supporters                 401  401  403  403  403  403  403  303  403  403

GET  meetings.index                              303  303  200  200  200  200  200  200  200  403
GET  meetings.new_meeting                        303  303  403  403  403  403  403  200  403  403
POST meetings.create_meeting                     401  401  403  403  403  403  403  303  403  403
GET  meetings.edit_meeting                       303  303  403  403  403  403  403  200  403  403
POST meetings.change_meeting                     401  401  403  403  403  403  403  303  403  403
POST meetings.cancel_meeting                     401  401  403  403  403  403  403  303  403  403
GET  meetings.agenda                             303  303  200  200  404  404  404  200  200  403
GET  meetings.agenda:draft                       303  303  404  404  404  404  404  200  404  403
POST meetings.add_agenda_item                    401  401  403  403  403  403  403  303  403  403
POST meetings.change_agenda_item                 401  401  403  403  403  403  403  303  403  403
POST meetings.move_agenda_item                   401  401  403  403  403  403  403  303  403  403
POST meetings.remove_agenda_item                 401  401  403  403  403  403  403  303  403  403
POST meetings.remove_agenda_item:elsewhere       401  401  403  403  403  403  403  404  403  403
POST meetings.take_out_carried                   401  401  403  403  403  403  403  303  403  403
POST meetings.add_missing                        401  401  403  403  403  403  403  303  403  403
GET  meetings.detail                             303  303  200  200  404  404  404  200  200  403
GET  meetings.detail:draft                       303  303  404  404  404  404  404  200  404  403
GET  meetings.detail:ended                       303  303  200  200  404  404  404  200  200  403
GET  meetings.decisions                          303  303  200  200  200  200  200  200  200  403
GET  meetings.choose_evidence                    303  303  200  200  200  403  404  200  403  403
POST meetings.attach_evidence                    401  401  303  303  404  404  404  303  403  403
GET  meetings.check                              303  303  403  403  403  403  403  200  403  403
GET  meetings.check:ended                        303  303  403  403  403  403  403  409  403  403
POST meetings.end                                401  401  403  403  403  403  403  303  403  403
GET  meetings.approval                           303  303  404  404  404  404  404  200  200  403
POST meetings.submit_minutes                     401  401  403  403  403  403  403  303  403  403
POST meetings.return_minutes                     401  401  403  403  403  403  403  303  403  403
POST meetings.approve_minutes                    401  401  403  403  403  403  403  303  403  403
POST meetings.open_correction                    401  401  403  403  403  403  403  303  403  403
POST meetings.drop_correction                    401  401  403  403  403  403  403  303  403  403
POST meetings.withdraw_action                    401  401  403  403  403  403  403  303  403  403
POST meetings.keep_action                        401  401  403  403  403  403  403  303  403  403
GET  meetings.minutes_version                    303  303  200  200  404  404  404  200  200  403
GET  meetings.minutes_differences                303  303  200  200  404  404  404  200  200  403
GET  meetings.files                              303  303  200  200  404  404  404  200  200  403
POST meetings.add_files                          401  401  403  403  403  403  403  303  403  403
GET  meetings.open_file                          303  303  200  200  404  404  404  200  200  403
GET  meetings.open_file:material                 303  303  404  404  404  404  404  200  200  403
GET  meetings.open_file:not_approved             303  303  404  404  404  404  404  200  200  403
POST meetings.remove_file                        401  401  403  403  403  403  403  303  403  403
GET  meetings.minutes                            303  303  404  404  404  404  404  200  404  403
GET  meetings.minutes:ended                      303  303  404  404  404  404  404  200  200  403
GET  meetings.screen                             303  303  404  404  404  404  404  200  404  403
GET  meetings.screen:ended                       303  303  404  404  404  404  404  200  200  403
POST meetings.save_minutes                       401  401  403  403  403  403  403  303  403  403
POST meetings.save_notes                         401  401  403  403  403  403  403  303  403  403
POST meetings.mark_agenda_item                   401  401  403  403  403  403  403  303  403  403
POST meetings.add_decision                       401  401  403  403  403  403  403  303  403  403
POST meetings.save_decision                      401  401  403  403  403  403  403  303  403  403
POST meetings.save_decision:elsewhere            401  401  403  403  403  403  403  404  403  403
POST meetings.move_decision                      401  401  403  403  403  403  403  303  403  403
POST meetings.remove_decision                    401  401  403  403  403  403  403  303  403  403
POST meetings.add_action_item                    401  401  403  403  403  403  403  303  403  403
POST meetings.save_action_item                   401  401  403  403  403  403  403  303  403  403
POST meetings.move_action_item                   401  401  403  403  403  403  403  303  403  403
POST meetings.remove_action_item                 401  401  403  403  403  403  403  303  403  403
POST meetings.settle                             401  401  403  403  403  403  403  303  403  403
POST meetings.unsettle                           401  401  403  403  403  403  403  303  403  403
GET  meetings.invitations                        303  303  403  403  403  403  403  200  403  403
GET  meetings.choose_invited                     303  303  403  403  403  403  403  200  403  403
POST meetings.invite_agencies                    401  401  403  403  403  403  403  303  403  403
POST meetings.invite_guest                       401  401  403  403  403  403  403  303  403  403
POST meetings.send_invitations                   401  401  403  403  403  403  403  303  403  403
POST meetings.remind_unanswered                  401  401  403  403  403  403  403  303  403  403
GET  meetings.preview_invitation                 303  303  403  403  403  403  403  200  403  403
GET  meetings.invitation                         303  303  403  403  403  403  403  200  403  403
GET  meetings.invitation:elsewhere               303  303  403  403  403  403  403  404  403  403
POST meetings.enter_answer                       401  401  403  403  403  403  403  303  403  403
POST meetings.change_guest                       401  401  403  403  403  403  403  303  403  403
POST meetings.withdraw_invitation                401  401  403  403  403  403  403  303  403  403
POST meetings.withdraw_invitation:elsewhere      401  401  403  403  403  403  403  404  403  403
GET  meetings.own_answers                        303  303  200  200  404  404  404  404  404  403
POST meetings.answer_own                         401  401  303  303  404  404  404  404  404  403
GET  meetings.meeting_calendar                   303  303  200  200  404  404  404  200  200  403
GET  meetings.invited                            200  200  200  200  200  200  200  200  200  200
GET  meetings.invited:forged                     404  404  404  404  404  404  404  404  404  404
POST meetings.answer_by_link                     303  303  303  303  303  303  303  303  303  303
GET  meetings.calendar_by_link                   200  200  200  200  200  200  200  200  200  200
GET  meetings.attendance                         303  303  403  403  403  403  403  200  403  403
POST meetings.add_attendance                     401  401  403  403  403  403  403  303  403  403
POST meetings.mark_attendance                    401  401  403  403  403  403  403  303  403  403
GET  meetings.attendance_line                    303  303  403  403  403  403  403  200  403  403
POST meetings.change_attendance                  401  401  403  403  403  403  403  303  403  403
POST meetings.remove_attendance                  401  401  403  403  403  403  403  303  403  403
POST meetings.confirm_attendance                 401  401  403  403  403  403  403  303  403  403
POST meetings.discard_attendance                 401  401  403  403  403  403  403  303  403  403
GET  meetings.check_in_code                      303  303  403  403  403  403  403  200  403  403
GET  meetings.check_in_form                      200  200  200  200  200  200  200  200  200  200
GET  meetings.check_in_form:forged               404  404  404  404  404  404  404  404  404  404
POST meetings.check_in                           303  303  303  303  303  303  303  303  303  303

GET  reports.meetings_xlsx                       303  303  200  200  200  200  200  200  200  403
GET  reports.decisions_xlsx                      303  303  200  200  200  200  200  200  200  403
GET  reports.documents                           303  303  403  403  403  403  403  200  403  200
GET  reports.edit_letterhead                     303  303  403  403  403  403  403  200  403  200
POST reports.change_letterhead                   401  401  403  403  403  403  403  303  403  303
GET  reports.logo                                303  303  403  403  403  403  403  200  403  200
GET  reports.template                            303  303  403  403  403  403  403  200  403  200
POST reports.replace_template                    401  401  403  403  403  403  403  303  403  303
POST reports.restore_template                    401  401  403  403  403  403  403  303  403  303
GET  reports.download_template                   303  303  403  403  403  403  403  200  403  200
GET  reports.download_version                    303  303  403  403  403  403  403  200  403  200
GET  reports.sample                              303  303  403  403  403  403  403  200  403  200
GET  reports.new_data_request                    303  303  403  403  403  403  403  200  403  403
GET  reports.data_request                        303  303  403  403  403  403  403  200  403  403
GET  reports.correction_sheet                    303  303  200  200  404  404  404  200  200  403
GET  reports.correction_sheet:other              303  303  404  404  404  404  200  200  200  403
GET  reports.correction_of_one                   303  303  200  200  200  404  404  200  200  403
GET  reports.minutes                             303  303  200  200  404  404  404  200  200  403
GET  reports.minutes:written                     303  303  404  404  404  404  404  200  404  403
GET  reports.invitation                          303  303  403  403  403  403  403  200  403  403
GET  reports.attendance_list                     303  303  404  404  404  404  404  200  200  403
GET  reports.minutes_book                        303  303  200  200  200  200  200  200  200  403
"""


@dataclass(frozen=True)
class Row:
    """One line of the ledger."""

    method: str
    name: str
    statuses: dict[str, int]

    @property
    def endpoint(self) -> str:
        """Return the endpoint without the case."""
        return self.name.partition(":")[0]


def read_ledger(text: str = LEDGER) -> list[Row]:
    """Return the rows of the table."""
    rows = []
    for line in text.splitlines()[2:]:
        if line.strip():
            method, name, *statuses = line.split()
            assert len(statuses) == len(ACTORS), line
            rows.append(Row(method, name, dict(zip(ACTORS, map(int, statuses), strict=True))))
    return rows


ROWS = read_ledger()


@dataclass(frozen=True)
class Visit:
    """One request of the ledger, and what came back."""

    row: Row
    actor: str
    status: int
    headers: dict[str, str]
    body: str
    wrote: list[str] = field(default_factory=list)

    @property
    def is_page(self) -> bool:
        """Tell whether a whole page came back."""
        return self.headers.get("Content-Type", "").startswith("text/html") and bool(self.body)


READS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "WITH", "PRAGMA")


@contextmanager
def noting_writes() -> Iterator[list[str]]:
    """Yield what is sent to the database in the block beyond reading."""
    wrote: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(READS):
            wrote.append(" ".join(statement.split())[:200])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield wrote
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@contextmanager
def open_office(app: Flask) -> Iterator[tuple[Office, Connection]]:
    """Build the office in a transaction that is rolled back at the end."""
    with pytest.MonkeyPatch.context() as patch, app.app_context(), db.engine.connect() as opened:
        outer = opened.begin()
        factory = sessionmaker(bind=opened, join_transaction_mode="create_savepoint")
        shared = scoped_session(factory, scopefunc=lambda: 0)
        patch.setattr(db, "session", shared)
        office = build_office(app)
        yield office, opened
        shared.remove()
        outer.rollback()


def walk(app: Flask) -> list[Visit]:
    """Make each request of the ledger as each person, each on the same office."""
    with open_office(app) as (office, opened):
        return [visit(app, office, opened, row, actor) for row in ROWS for actor in ACTORS]


def visit(app: Flask, office: Office, opened: Connection, row: Row, actor: str) -> Visit:
    """Make one request, and take back whatever it changed."""
    db.session.remove()
    kept = opened.begin_nested()
    given = office.given(row.name, actor)
    client = client_of(app, office, actor)
    path = client.url(row.endpoint, **given.address)
    with noting_writes() as wrote:
        response = client.get(path) if row.method == "GET" else client.post(path, given.form)
    db.session.remove()
    kept.rollback()
    is_text = response.mimetype.startswith("text/")
    body = response.get_data(as_text=True) if is_text else ""
    return Visit(row, actor, response.status_code, dict(response.headers), body, wrote)


def client_of(app: Flask, office: Office, actor: str) -> Client:
    """Return the browser of a person, signed in where that is possible."""
    client = Client(app)
    if actor != "anonymous":
        with client.browser.session_transaction() as stored:
            stored["_user_id"] = office.sessions[actor]
            stored["_fresh"] = True
    return client


__all__ = ["ACTORS", "LEDGER", "PASSWORD", "ROWS", "Given", "Office", "Row", "Visit", "walk"]
