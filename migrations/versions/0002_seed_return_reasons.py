"""seed return reasons."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

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

reasons = sa.table(
    "return_reasons",
    sa.column("code", sa.String),
    sa.column("label", sa.String),
    sa.column("sentence", sa.String),
    sa.column("position", sa.Integer),
)


def upgrade() -> None:
    """Give an office the reasons to start with; it changes them as it likes."""
    kept = set(op.get_bind().scalars(sa.select(reasons.c.code)))  # `downgrade` left them
    op.bulk_insert(
        reasons,
        [
            {"code": code, "label": label, "sentence": sentence, "position": position}
            for position, (code, label, sentence) in enumerate(REASONS)
            if code not in kept
        ],
    )


def downgrade() -> None:
    """Take back the reasons that no review gives."""
    given = sa.table("review_reasons", sa.column("reason_id", sa.Integer))
    identified = sa.table("return_reasons", sa.column("id", sa.Integer), sa.column("code"))
    op.execute(
        identified.delete().where(
            identified.c.code.in_([code for code, _, _ in REASONS]),
            identified.c.id.not_in(sa.select(given.c.reason_id)),
        )
    )
