"""The reasons for which a submission is returned: data that an office may change."""

from sqlalchemy import select

from app.core.db import db
from app.followups.models import ReturnReason

REASONS = (
    (
        "incomplete_evidence",
        "Data dukung belum lengkap",
        "Data dukung belum lengkap. Mohon lampirkan yang masih kurang.",
    ),
    (
        "wrong_year",
        "Bukan tahun data yang dinilai",
        "Data dukung bukan dari tahun yang dinilai. Mohon ganti dengan tahun data yang diminta.",
    ),
    (
        "unsigned",
        "Belum ditandatangani/dicap",
        "Dokumen belum ditandatangani atau dicap. Mohon unggah yang sudah disahkan.",
    ),
    (
        "unreadable",
        "Tidak terbaca",
        "Berkas tidak terbaca. Mohon pindai atau foto ulang dengan terang dan lurus.",
    ),
    (
        "not_answering",
        "Belum menjawab pertanyaan",
        "Jawaban belum menjawab yang ditanyakan. Mohon baca kembali pertanyaannya.",
    ),
    (
        "number_differs",
        "Angka berbeda dengan lampiran",
        "Angka pada jawaban berbeda dengan lampiran. Mohon samakan.",
    ),
    (
        "wrong_place",
        "Salah tempat unggah",
        "Berkas ini untuk pertanyaan lain. Mohon unggah yang sesuai.",
    ),
    (
        "personal_data",
        "Data pribadi belum disamarkan",
        "Berkas memuat data pribadi. Mohon samarkan, atau tandai sebagai terbatas.",
    ),
    (
        "dead_link",
        "Tautan tidak dapat dibuka",
        "Tautan tidak dapat dibuka. Mohon perbaiki, atau unggah berkasnya.",
    ),
    ("other", "Lainnya", ""),
)
"""Code, label and sentence of each reason to start with (docs/glossary.md)."""


def ensure_return_reasons() -> None:
    """Add the reasons to start with that are not there; those that an office changed stay."""
    known = set(db.session.scalars(select(ReturnReason.code)))
    db.session.add_all(
        ReturnReason(code=code, label=label, sentence=sentence, position=position)
        for position, (code, label, sentence) in enumerate(REASONS)
        if code not in known
    )
    db.session.flush()
