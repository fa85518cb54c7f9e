"""What the interface calls each kind, state and answer of a meeting (docs/glossary.md)."""

from collections.abc import Mapping

from app.meetings.models import (
    AgendaOrigin,
    AgendaOutcome,
    Answer,
    Authority,
    CarriedOutcome,
    FileKind,
    Gender,
    MeetingKind,
    MeetingState,
    MinutesState,
    Presence,
)

KIND_LABELS = {
    MeetingKind.BEFORE: "Rapat koordinasi sebelum penilaian",
    MeetingKind.AFTER: "Rapat koordinasi sesudah penilaian",
    MeetingKind.OTHER: "Rapat lain",
}

STATE_LABELS = {
    MeetingState.DRAFT: "Konsep",
    MeetingState.INVITED: "Diundang",
    MeetingState.ENDED: "Selesai",
    MeetingState.CANCELLED: "Dibatalkan",
}

MINUTES_LABELS = {
    MinutesState.DRAFT: "Konsep notulen",
    MinutesState.SUBMITTED: "Menunggu pengesahan",
    MinutesState.RETURNED: "Dikembalikan kepada notulis",
    MinutesState.APPROVED: "Disahkan",
}

ORIGIN_LABELS = {
    AgendaOrigin.NEW: "",
    AgendaOrigin.LAST_MINUTES: "Notulen rapat sebelumnya",
    AgendaOrigin.OPEN_ACTIONS: "Tindak lanjut yang belum selesai",
    AgendaOrigin.SILENT: "Dikembalikan dan belum dijawab",
    AgendaOrigin.NOT_REACHED: "Belum dibahas pada rapat sebelumnya",
}

AGENDA_LABELS = {
    AgendaOutcome.OPEN: "Belum dibahas",
    AgendaOutcome.DISCUSSED: "Dibahas",
    AgendaOutcome.NOT_REACHED: "Dibawa ke rapat berikutnya",
}

ANSWER_LABELS = {
    Answer.COMING: "Hadir",
    Answer.REPRESENTED: "Diwakilkan",
    Answer.UNABLE: "Berhalangan hadir",
}

PRESENCE_LABELS = {
    Presence.PRESENT: "Hadir",
    Presence.REPRESENTING: "Diwakili",
    Presence.EXCUSED: "Izin",
    Presence.ABSENT: "Tanpa keterangan",
}

GENDER_LABELS = {Gender.MALE: "Laki-laki", Gender.FEMALE: "Perempuan"}

CARRIED_LABELS = {
    CarriedOutcome.CLOSE: "Dinyatakan selesai",
    CarriedOutcome.EXTEND: "Batas waktu diperpanjang",
    CarriedOutcome.CANCEL: "Dibatalkan",
    CarriedOutcome.KEEP: "Tetap berjalan",
}

FILE_LABELS = {
    FileKind.LETTER: "Undangan yang ditandatangani",
    FileKind.ATTENDANCE: "Daftar hadir yang ditandatangani",
    FileKind.MINUTES: "Notulen yang ditandatangani",
    FileKind.PHOTO: "Foto rapat",
    FileKind.MATERIAL: "Bahan rapat",
}

FILE_HINTS = {
    FileKind.LETTER: "Hasil pindai undangan yang sudah bertanda tangan dan bernomor.",
    FileKind.ATTENDANCE: "Hasil pindai daftar hadir dengan tanda tangan peserta.",
    FileKind.MINUTES: "Hasil pindai notulen yang sudah ditandatangani: dasar untuk mengesahkan.",
    FileKind.PHOTO: "Suasana rapat. Tanggal pengambilan dibaca dari foto.",
    FileKind.MATERIAL: "Paparan, tabel dan bahan lain. Hanya untuk DP3A dan pimpinan.",
}

AUTHORITY_LABELS = {
    Authority.CHAIR: "disahkan oleh pimpinan rapat",
    Authority.SIGNED_SCAN: "disahkan berdasarkan notulen yang ditandatangani",
}

EVENT_LABELS: dict[str, str] = {
    "invitees_listed": "Daftar undangan ditambah",
    "guest_changed": "Data tamu diubah",
    "invitations_sent": "Undangan dikirim",
    "invitees_reminded": "Yang belum menjawab diingatkan",
    "invitation_withdrawn": "Undangan ditarik kembali",
    "invitation_answered": "Undangan dijawab",
    "attendance_recorded": "Kehadiran dicatat",
    "attendance_changed": "Daftar hadir diubah",
    "attendance_removed": "Baris daftar hadir dihapus",
    "attendance_confirmed": "Kehadiran dicentang",
    "check_ins_discarded": "Isian lewat kode hadir dihapus",
    "checked_in": "Kehadiran ditulis sendiri",
    "check_in_changed": "Kehadiran sendiri diperbaiki",
    "meeting_created": "Rapat disiapkan",
    "meeting_edited": "Keterangan rapat diubah",
    "meeting_moved": "Waktu atau tempat rapat diubah",
    "meeting_cancelled": "Rapat dibatalkan",
    "agenda_item_added": "Agenda ditambah",
    "agenda_item_changed": "Agenda diubah",
    "agenda_item_removed": "Agenda dikeluarkan",
    "agenda_reordered": "Urutan agenda diubah",
    "agenda_taken_up": "Yang tersisa dari rapat sebelumnya ditambahkan ke agenda",
    "agenda_carried_removed": "Tindak lanjut dikeluarkan dari agenda",
    "agenda_item_marked": "Agenda ditandai",
    "decision_added": "Keputusan ditambah",
    "decision_moved": "Keputusan dipindahkan",
    "decision_removed": "Keputusan dihapus",
    "action_item_added": "Tindak lanjut ditambah",
    "action_item_moved": "Tindak lanjut dipindahkan",
    "action_item_removed": "Tindak lanjut dihapus",
    "carried_item_settled": "Tindak lanjut sebelumnya diputuskan",
    "carried_item_unsettled": "Putusan tentang tindak lanjut sebelumnya diurungkan",
    "meeting_ended": "Rapat diakhiri, tindak lanjut dikirim",
    "minutes_submitted": "Notulen diajukan untuk disahkan",
    "minutes_returned": "Notulen dikembalikan kepada notulis",
    "minutes_approved": "Notulen disahkan",
    "minutes_reopened": "Koreksi notulen dibuka",
    "minutes_correction_dropped": "Koreksi notulen dibatalkan",
    "action_withdrawal_noted": "Tindak lanjut akan ditarik kembali",
    "action_withdrawal_dropped": "Tindak lanjut tidak jadi ditarik kembali",
    "meeting_action_withdrawn": "Tindak lanjut ditarik kembali",
    "meeting_file_added": "Berkas ditambahkan",
    "meeting_file_removed": "Berkas dihapus",
}
"""What the timeline calls each event of a meeting."""

FIELD_LABELS = {
    "kind": "Jenis",
    "ordinal": "Urutan dalam tahun",
    "title": "Judul",
    "starts_at": "Mulai",
    "ends_at": "Selesai",
    "place": "Tempat",
    "video_url": "Tautan rapat daring",
    "chair_name": "Pimpinan rapat",
    "chair_position": "Jabatan pimpinan",
    "chair_id": "Akun pimpinan",
    "minute_taker_name": "Notulis",
    "minute_taker_position": "Jabatan notulis",
    "basis": "Dasar",
    "cycle_id": "Evaluasi",
    "letter_number": "Nomor surat",
    "letter_date": "Tanggal surat",
    "letter_nature": "Sifat",
    "letter_attachments": "Lampiran",
    "letter_subject": "Hal",
    "bring": "Yang perlu dibawa",
    "contact": "Narahubung",
}
"""What forms and the timeline call each particular of a meeting."""

KEPT_FOR_OUTCOMES = "Hasil pembahasannya sudah dicatat dalam rapat, sehingga tetap di agenda."
KEPT_FOR_USE = "Keputusan atau tindak lanjut sudah dicatat di bawahnya, sehingga tetap di agenda."
KEPT_FOR_NOTES = "Catatan rapat sudah ditulis di bawahnya, sehingga tetap di agenda."

CHANGED_MEANWHILE = ("Orang lain baru saja mengubah ini. Muat ulang, lalu lihat hasilnya.", None)

CONFLICTS: Mapping[str, tuple[str, str | None]] = {
    "uq_meetings_year_seq": ("Nomor ini baru saja dipakai. Simpan sekali lagi.", None),
    "uq_meetings_ordinal": ("Sudah ada rapat koordinasi dengan urutan itu tahun ini.", "ordinal"),
    "uq_carried_items_meeting_id_follow_up_id": CHANGED_MEANWHILE,
    "uq_meeting_follow_ups_follow_up_id": CHANGED_MEANWHILE,
    "uq_meeting_invitations_meeting_id_agency_id": CHANGED_MEANWHILE,
    "uq_meeting_attendance_meeting_id_device": CHANGED_MEANWHILE,
    "uq_minutes_versions_meeting_id_number": CHANGED_MEANWHILE,
    "uq_meeting_files_meeting_id_upload_token": ("Berkas ini sudah diterima. Muat ulang.", None),
}

ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def proposed_title(ordinal: int | None, year: int) -> str:
    """Return what a meeting is called unless somebody knows better."""
    if ordinal is None:
        return f"Rapat Gugus Tugas KLA Tahun {year}"
    numeral = ROMAN[ordinal] if 0 < ordinal < len(ROMAN) else str(ordinal)
    return f"Rapat Koordinasi {numeral} Gugus Tugas KLA Tahun {year}"


def why_kept(*, is_frozen: bool, is_used: bool, has_outcomes: bool) -> str:
    """Say why an agenda item can not be taken out; blank where it can."""
    if is_frozen:
        return KEPT_FOR_NOTES
    if has_outcomes:
        return KEPT_FOR_OUTCOMES
    return KEPT_FOR_USE if is_used else ""


def basis_path(code: str, item_id: int) -> str:
    """Return where an action item stands on its meeting's page: the basis of its follow-ups."""
    return f"/rapat/{code}#tindak-{item_id}"
