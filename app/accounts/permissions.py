"""Who may what, in one table: a role carries permissions, a view asks for one."""

from enum import StrEnum


class Role(StrEnum):
    """What a user is, in the whole program. What it is for an agency is a membership."""

    OFFICER = "officer"
    AGENCY = "agency"
    LEADER = "leader"
    ADMIN = "admin"


class Permission(StrEnum):
    """One thing that a role may do: `resource:action`."""

    FOLLOW_UP_READ = "follow_up:read"
    FOLLOW_UP_ANSWER = "follow_up:answer"
    FOLLOW_UP_COMMENT = "follow_up:comment"
    FOLLOW_UP_MANAGE = "follow_up:manage"
    FOLLOW_UP_REVIEW = "follow_up:review"
    EVIDENCE_READ = "evidence:read"
    MEETING_READ = "meeting:read"
    MEETING_MANAGE = "meeting:manage"
    MEETING_APPROVE = "meeting:approve"
    CYCLE_READ = "cycle:read"
    CYCLE_MANAGE = "cycle:manage"
    AGENCY_READ = "agency:read"
    AGENCY_MANAGE = "agency:manage"
    USER_READ = "user:read"
    USER_MANAGE = "user:manage"
    USER_ISSUE_CODE = "user:issue_code"
    OUTBOX_READ = "outbox:read"
    OUTBOX_RESEND = "outbox:resend"
    DOCUMENT_MANAGE = "document:manage"
    SYSTEM_READ = "system:read"


_P = Permission

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OFFICER: frozenset(Permission) - {_P.USER_MANAGE, _P.SYSTEM_READ},
    Role.AGENCY: frozenset(
        {
            _P.FOLLOW_UP_READ,
            _P.FOLLOW_UP_ANSWER,
            _P.FOLLOW_UP_COMMENT,
            _P.EVIDENCE_READ,
            _P.MEETING_READ,
        }
    ),
    Role.LEADER: frozenset(
        {
            _P.FOLLOW_UP_READ,
            _P.EVIDENCE_READ,
            _P.MEETING_READ,
            _P.MEETING_APPROVE,
            _P.CYCLE_READ,
            _P.AGENCY_READ,
        }
    ),
    Role.ADMIN: frozenset(
        {
            _P.AGENCY_READ,
            _P.AGENCY_MANAGE,
            _P.USER_READ,
            _P.USER_MANAGE,
            _P.USER_ISSUE_CODE,
            _P.OUTBOX_READ,
            _P.OUTBOX_RESEND,
            _P.DOCUMENT_MANAGE,
            _P.SYSTEM_READ,
        }
    ),
}
