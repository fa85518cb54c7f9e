"""What the mails about follow-ups say: one function for each kind, ten kinds in all."""

from flask import Flask

from app.followups.messages import answering, handing_out, judging
from app.notifications.registry import MailKind, register_mail_kind

KINDS = (
    MailKind("dispatched", "Dikirim ke instansi", handing_out.dispatched),
    MailKind("reassigned", "Dialihkan", handing_out.reassigned),
    MailKind("extended", "Batas waktu diperpanjang", handing_out.extended),
    MailKind("cancelled", "Dibatalkan", handing_out.cancelled),
    MailKind("submitted", "Jawaban masuk", answering.submitted),
    MailKind("withdrawn", "Jawaban ditarik kembali", answering.withdrawn),
    MailKind("collected", "Dijawab atas nama instansi", answering.collected),
    MailKind("returned", "Dikembalikan untuk perbaikan", judging.returned),
    MailKind("closed", "Selesai", judging.closed),
    MailKind("reopened", "Dibuka kembali", judging.reopened),
)


def register_followup_mails(app: Flask) -> None:
    """Teach the outbox every kind of mail that follow-ups send."""
    for kind in KINDS:
        register_mail_kind(app, kind)
