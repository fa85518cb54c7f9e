"""Who is invited, what they answered, whom a mail reaches, and who could be invited besides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.agencies import queries as agencies
from app.agencies.labels import CLUSTER_LABELS, kind_label
from app.agencies.models import Agency, Membership, spelling_key
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotVisible
from app.core.search import searchable
from app.meetings.models import AgendaItem, Answer, Invitation, Meeting, MeetingState
from app.notifications.models import Notice

INVITATION = "meeting_invitation"
"""The kind of the mail that invites."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people a mail to an agency concerns, and how many of them have an address."""

    people: int = 0
    with_mail: int = 0


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as a list shows it. `reach` is of the agency, or of the guest alone."""

    invitation: Invitation
    reach: Reach

    @property
    def name(self) -> str:
        """Return what the invited is called."""
        return name_of(self.invitation)

    @property
    def searched(self) -> str:
        """Return what a search for the invited looks in."""
        row = self.invitation
        own = row.agency.search_text if row.agency else searchable(row.guest_name)
        return f"{own} {searchable(row.guest_organisation, row.answer_name)}"

    @property
    def is_unsent(self) -> bool:
        """Tell whether nobody knows of the invitation yet."""
        return self.invitation.sent_at is None

    @property
    def is_unanswered(self) -> bool:
        """Tell whether an answer is waited for."""
        return self.invitation.sent_at is not None and self.invitation.answer is None


@dataclass(frozen=True, slots=True)
class InvitedList:
    """Everybody whose invitation stands, agencies by name before guests."""

    rows: Sequence[Invited]

    @property
    def unsent(self) -> list[Invited]:
        """Return those who have not been told yet."""
        return [row for row in self.rows if row.is_unsent]

    @property
    def unanswered(self) -> list[Invited]:
        """Return those who were told and have not answered."""
        return [row for row in self.rows if row.is_unanswered]

    @property
    def unreached(self) -> list[Invited]:
        """Return those whom no mail reaches: the letter has to be brought to them."""
        return [row for row in self.rows if not row.reach.with_mail]

    def answered(self, answer: Answer) -> list[Invited]:
        """Return those who gave an answer."""
        return [row for row in self.rows if row.invitation.answer is answer]


@dataclass(frozen=True, slots=True)
class Selection:
    """Agencies as they are chosen: one by one, by cluster, by kind, or all."""

    agency_ids: frozenset[int] = frozenset()
    clusters: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    everybody: bool = False

    def includes(self, agency: Agency) -> bool:
        """Tell whether an agency is among the chosen."""
        return (
            self.everybody
            or agency.id in self.agency_ids
            or agency.kind in self.kinds
            or not self.clusters.isdisjoint(agency.cluster_roles)
        )


@dataclass(frozen=True, slots=True)
class Bundle:
    """A way to choose many agencies at once, and how many of them are not invited yet."""

    name: str
    """The form's field: "klaster", "jenis" or "semua"."""
    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """Agencies that could be invited besides: those shown, the ways to choose many, all of them."""

    shown: Sequence[Agency]
    bundles: Sequence[Bundle]
    total: int
    reach: Mapping[int, Reach] = field(default_factory=dict)


def name_of(invitation: Invitation) -> str:
    """Return what the invited is called: the agency's short name (loaded), or the guest's."""
    return invitation.agency.short_name if invitation.agency else invitation.guest_name


def invited_list(meeting_id: int) -> InvitedList:
    """Return everybody whose invitation stands, with whom a mail reaches: two queries."""
    found = db.session.scalars(
        _standing(meeting_id).options(joinedload(Invitation.agency)).order_by(Invitation.id)
    ).all()
    reach = reach_of(row.agency_id for row in found if row.agency_id is not None)
    rows = [Invited(row, _reach(row, reach)) for row in found]
    return InvitedList(sorted(rows, key=_place))


def get(meeting_id: int, invitation_id: int) -> Invitation:
    """Return an invitation of a meeting, with its agency. Raises `NotVisible`."""
    return _found(_one(meeting_id, invitation_id))


def get_locked(meeting_id: int, invitation_id: int) -> Invitation:
    """Return an invitation with its row locked. Raises `NotVisible`."""
    return _found(
        _one(meeting_id, invitation_id)
        .with_for_update(of=Invitation)
        .execution_options(populate_existing=True)
    )


def own(meeting_id: int, actor: Actor) -> Sequence[Invitation]:
    """Return the invitations of a person's agencies that were sent and stand."""
    if not actor.agency_ids:
        return []
    return db.session.scalars(
        _standing(meeting_id)
        .where(Invitation.agency_id.in_(sorted(actor.agency_ids)), Invitation.sent_at.is_not(None))
        .options(joinedload(Invitation.agency))
        .order_by(Invitation.id)
    ).all()


def get_own_locked(meeting_id: int, invitation_id: int, actor: Actor) -> Invitation:
    """Return an invitation of one of the person's agencies, locked. Raises `NotVisible`."""
    invitation = get_locked(meeting_id, invitation_id)
    if (
        invitation.agency_id not in actor.agency_ids
        or invitation.sent_at is None
        or invitation.withdrawn_at is not None
    ):
        raise NotVisible
    return invitation


def by_link(meeting_id: int, invitation_id: int, *, lock: bool = False) -> Invitation:
    """Return the invitation that a signed link names, with meeting and agency: for whoever has it.

    The meeting's row is locked first, as in every write under a meeting. Raises `NotVisible`
    where it was never sent.
    """
    meeting = select(Meeting).where(Meeting.id == meeting_id)
    asked = (
        select(Invitation)
        .where(
            Invitation.id == invitation_id,
            Invitation.meeting_id == meeting_id,
            Invitation.sent_at.is_not(None),
        )
        .options(joinedload(Invitation.agency), joinedload(Invitation.meeting))
    )
    if lock:
        db.session.scalar(meeting.with_for_update().execution_options(populate_existing=True))
        asked = asked.with_for_update(of=Invitation).execution_options(populate_existing=True)
    invitation = _found(asked)
    if invitation.meeting.state is MeetingState.DRAFT:
        raise NotVisible
    return invitation


def reach_of(agency_ids: Iterable[int]) -> dict[int, Reach]:
    """Return whom mails to agencies concern today, by agency; who has nobody is not in it."""
    wanted = sorted(set(agency_ids))
    if not wanted:
        return {}
    rows = db.session.execute(
        select(Membership.agency_id, func.count(), func.count(User.email))
        .join(User, User.id == Membership.user_id)
        .where(Membership.agency_id.in_(wanted), agencies.is_team())
        .group_by(Membership.agency_id)
    )
    return {agency_id: Reach(people, with_mail) for agency_id, people, with_mail in rows}


def candidates(meeting_id: int, words: str = "") -> Candidates:
    """Return the active agencies that are not invited, narrowed by words; ways to choose many."""
    invited = {row.agency_id for row in db.session.scalars(_standing(meeting_id))}
    open_ones = [agency for agency in agencies.active_agencies() if agency.id not in invited]
    shown = [agency for agency in open_ones if _is_meant(agency, words)]
    return Candidates(
        shown, _bundles(open_ones), len(open_ones), reach_of(agency.id for agency in shown)
    )


def chosen(selection: Selection) -> list[Agency]:
    """Return the active agencies that a selection means."""
    return [agency for agency in agencies.active_agencies() if selection.includes(agency)]


def waiting_ids(meeting_id: int) -> set[int]:
    """Return the invitations whose mail has not been made yet; its notices are locked.

    Whoever is among them will read the meeting as it is when the mail is made.
    """
    notices = db.session.scalars(
        select(Notice)
        .where(
            Notice.meeting_id == meeting_id,
            Notice.kind == INVITATION,
            Notice.turned_at.is_(None),
            Notice.cancelled_at.is_(None),
        )
        .order_by(Notice.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {notice.audience_ids["invitation_id"] for notice in notices if notice.turned_at is None}


def agenda_titles(meeting_ids: Iterable[int]) -> dict[int, list[str]]:
    """Return the titles of the agenda of meetings, in their order."""
    titles: dict[int, list[str]] = {}
    rows = db.session.execute(
        select(AgendaItem.meeting_id, AgendaItem.title)
        .where(AgendaItem.meeting_id.in_(sorted(set(meeting_ids))))
        .order_by(AgendaItem.meeting_id, AgendaItem.position, AgendaItem.id)
    )
    for meeting_id, title in rows:
        titles.setdefault(meeting_id, []).append(title)
    return titles


def _standing(meeting_id: int) -> Select[Invitation]:
    return select(Invitation).where(
        Invitation.meeting_id == meeting_id, Invitation.withdrawn_at.is_(None)
    )


def _one(meeting_id: int, invitation_id: int) -> Select[Invitation]:
    return (
        select(Invitation)
        .where(Invitation.meeting_id == meeting_id, Invitation.id == invitation_id)
        .options(joinedload(Invitation.agency))
    )


def _found(asked: Select[Invitation]) -> Invitation:
    invitation = db.session.scalar(asked)
    if invitation is None:
        raise NotVisible
    return invitation


def _reach(invitation: Invitation, reach: Mapping[int, Reach]) -> Reach:
    if invitation.agency_id is not None:
        return reach.get(invitation.agency_id, Reach())
    return Reach(people=1, with_mail=1 if invitation.guest_email else 0)


def _place(row: Invited) -> tuple[bool, str, int]:
    return row.invitation.agency is None, row.name.lower(), row.invitation.id


def _is_meant(agency: Agency, words: str) -> bool:
    key = spelling_key(words)
    if key and key in agency.search_text:
        return True
    return all(word in agency.search_text for word in searchable(words).split())


def _bundles(open_ones: Sequence[Agency]) -> list[Bundle]:
    """Return the ways to choose many at once that mean anybody."""
    found = [Bundle("semua", "1", "Semua instansi aktif", len(open_ones))]
    for group in agencies.groups():
        count = len([agency for agency in open_ones if agency.kind == group.members_kind])
        found.append(Bundle("jenis", group.members_kind, group.name, count))
    grouped = {bundle.value for bundle in found}
    for kind in sorted({agency.kind for agency in open_ones} - grouped):
        count = len([agency for agency in open_ones if agency.kind == kind])
        if count > 1:
            found.append(Bundle("jenis", kind, f"{kind_label(kind)}, semuanya", count))
    for code, label in CLUSTER_LABELS.items():
        count = len([agency for agency in open_ones if code in agency.cluster_roles])
        found.append(Bundle("klaster", code, f"Yang berperan dalam {label}", count))
    return [bundle for bundle in found if bundle.count]
