"""What people read where the code says a role, a status or an event of an account."""

from collections.abc import Mapping
from enum import StrEnum

from app.accounts.permissions import Permission, Role

ROLE_LABELS = {
    Role.OFFICER: "Petugas DP3A",
    Role.AGENCY: "Pengguna instansi",
    Role.LEADER: "Pimpinan",
    Role.ADMIN: "Administrator",
}

PERMISSION_LABELS = {
    Permission.FOLLOW_UP_READ: "Melihat tindak lanjut",
    Permission.FOLLOW_UP_ANSWER: "Menjawab tindak lanjut",
    Permission.FOLLOW_UP_COMMENT: "Menulis komentar",
    Permission.FOLLOW_UP_MANAGE: "Mengelola tindak lanjut",
    Permission.FOLLOW_UP_REVIEW: "Memeriksa jawaban",
    Permission.MEETING_READ: "Melihat rapat",
    Permission.MEETING_MANAGE: "Menyiapkan dan mencatat rapat",
    Permission.MEETING_APPROVE: "Mengesahkan notulen",
    Permission.EVIDENCE_READ: "Membuka data dukung",
    Permission.CYCLE_READ: "Melihat evaluasi",
    Permission.CYCLE_MANAGE: "Mengelola evaluasi",
    Permission.AGENCY_READ: "Melihat instansi",
    Permission.AGENCY_MANAGE: "Mengelola instansi",
    Permission.USER_READ: "Melihat akun",
    Permission.USER_MANAGE: "Mengelola akun",
    Permission.USER_ISSUE_CODE: "Memberi kode masuk",
    Permission.OUTBOX_READ: "Melihat kotak keluar",
    Permission.OUTBOX_RESEND: "Mengirim ulang surel",
    Permission.DOCUMENT_MANAGE: "Mengatur kop surat dan templat dokumen",
    Permission.SYSTEM_READ: "Melihat keadaan aplikasi",
}

ROLE_HINTS = {
    Role.OFFICER: "Mengirim permintaan data, memeriksa, dan mengembalikan untuk perbaikan.",
    Role.AGENCY: "Mengisi jawaban dan data dukung bagi instansinya.",
    Role.LEADER: "Melihat kemajuan semua instansi, tanpa mengubah.",
    Role.ADMIN: "Mengelola akun, surel, dan pengaturan aplikasi.",
}


class Status(StrEnum):
    """What the list of users can be narrowed to."""

    ACTIVE = "active"
    NO_MAIL = "no_mail"
    NEVER_SIGNED_IN = "never_signed_in"
    DEACTIVATED = "deactivated"


STATUS_LABELS = {
    Status.ACTIVE: "Aktif",
    Status.NO_MAIL: "Tanpa surel",
    Status.NEVER_SIGNED_IN: "Belum pernah masuk",
    Status.DEACTIVATED: "Nonaktif",
}

EVENT_TITLES = {
    "user_created": "Akun dibuat",
    "user_invited": "Undangan dikirim lewat surel",
    "user_changed": "Data akun diubah",
    "user_role_changed": "Peran diubah",
    "user_deactivated": "Akun dinonaktifkan",
    "user_reactivated": "Akun diaktifkan kembali",
    "code_issued": "Kode sekali pakai dibuat",
    "password_reset_requested": "Tautan sandi baru diminta",
    "password_changed": "Sandi diganti",
}

FIELD_LABELS = {
    "name": "nama",
    "position": "jabatan",
    "email": "surel",
    "phone": "telepon",
}

MEANS_LABELS = {
    "account": "di halaman akun",
    "link": "lewat tautan surel",
    "code": "dengan kode sekali pakai",
    "command": "dari server",
}

USERNAME_TAKEN = "Nama pengguna ini sudah dipakai."
EMAIL_TAKEN = "Surel ini sudah dipakai akun lain."

CONFLICTS: Mapping[str, tuple[str, str | None]] = {
    "uq_users_username": (USERNAME_TAKEN, "username"),
    "uq_users_email": (EMAIL_TAKEN, "email"),
}
