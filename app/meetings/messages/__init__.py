"""What this room tells people by mail, and whom it means."""

from flask import Flask

from app.meetings.messages import approving, ending, inviting
from app.notifications.registry import MailKind, register_audience, register_mail_kind

KINDS = (
    MailKind("meeting_invitation", "Undangan rapat", inviting.invited),
    MailKind("meeting_moved", "Perubahan rapat", inviting.moved),
    MailKind("meeting_cancelled", "Rapat dibatalkan", inviting.cancelled),
    MailKind("meeting_uninvited", "Undangan ditarik", inviting.uninvited),
    MailKind("meeting_reminder", "Pengingat undangan rapat", inviting.reminded),
    MailKind("meeting_ended", "Hasil rapat", ending.ended),
    MailKind("minutes_approved", "Notulen disahkan", approving.approved),
)

AUDIENCES = {
    "meeting_invited": inviting.people_invited,
    "meeting_unanswered": inviting.people_unanswered,
    "meeting_once_invited": inviting.people_once_invited,
}


def register_meeting_mails(app: Flask) -> None:
    """Register the room's mail kinds and audiences."""
    for kind in KINDS:
        register_mail_kind(app, kind)
    for name, audience in AUDIENCES.items():
        register_audience(app, name, audience)
