"""What the interface calls each state, action, kind and outcome (docs/glossary.md)."""

from collections.abc import Mapping

from app.followups.machine import Action, State
from app.followups.models import Decision, Kind, Opening, Outcome, Remarker

STATE_LABELS = {
    State.DRAFT: "Konsep",
    State.ASSIGNED: "Dikirim ke instansi",
    State.SUBMITTED: "Menunggu pemeriksaan DP3A",
    State.RETURNED: "Dikembalikan untuk perbaikan",
    State.CLOSED: "Selesai",
    State.CANCELLED: "Dibatalkan",
}
"""What DP3A reads."""

AGENCY_STATE_LABELS = {
    State.DRAFT: "Konsep",
    State.ASSIGNED: "Perlu dijawab",
    State.SUBMITTED: "Diperiksa DP3A",
    State.RETURNED: "Perlu diperbaiki",
    State.CLOSED: "Selesai",
    State.CANCELLED: "Dibatalkan",
}
"""What the agency reads: the same states from its side."""

ACTION_LABELS = {
    Action.DISPATCH: "Kirim ke instansi",
    Action.SUBMIT: "Kirim ke DP3A",
    Action.WITHDRAW: "Tarik kembali",
    Action.RETURN: "Kembalikan untuk perbaikan",
    Action.ACCEPT: "Nyatakan selesai",
    Action.UNDO: "Urungkan",
    Action.REOPEN: "Buka kembali",
    Action.CANCEL: "Batalkan tindak lanjut",
    Action.REASSIGN: "Alihkan",
    Action.EXTEND: "Perpanjang batas waktu",
}

KIND_LABELS = {
    Kind.ACTION_ITEM: "Tindak lanjut rapat",
    Kind.INDICATOR: "Permintaan data",
}

OUTCOME_LABELS = {
    Outcome.MET: "Terpenuhi",
    Outcome.PARTLY: "Sebagian",
    Outcome.UNAVAILABLE: "Tidak tersedia",
}

DECISION_LABELS = {
    Decision.RETURN: "Dikembalikan untuk perbaikan",
    Decision.ACCEPT: "Dinyatakan selesai",
}

OPENING_LABELS = {
    Opening.DISPATCH: "Dikirim ke instansi",
    Opening.RETURN: "Dikembalikan untuk perbaikan",
    Opening.REOPEN: "Dibuka kembali",
}

REMARKER_LABELS = {
    Remarker.DP3A: "DP3A",
    Remarker.PROVINCE: "Provinsi",
    Remarker.MINISTRY: "Kementerian",
}

EVENT_LABELS = {
    "follow_up_created": "Dibuat sebagai konsep",
    "follow_up_edited": "Konsep diubah",
    "follow_up_dispatched": "Dikirim ke instansi",
    "follow_up_submitted": "Dikirim ke DP3A",
    "follow_up_withdrawn": "Ditarik kembali",
    "follow_up_returned": "Dikembalikan untuk perbaikan",
    "follow_up_accepted": "Dinyatakan selesai",
    "follow_up_decision_undone": "Keputusan diurungkan",
    "follow_up_reopened": "Dibuka kembali",
    "follow_up_cancelled": "Dibatalkan",
    "follow_up_reassigned": "Dialihkan ke instansi lain",
    "follow_up_extended": "Batas waktu diperpanjang",
    "follow_up_taken": "Diambil untuk diperiksa",
    "follow_up_released": "Dilepas dari pemeriksaan",
    "follow_up_supporters_changed": "Instansi pendukung diubah",
    "evidence_added": "Data dukung ditambahkan",
    "evidence_removed": "Data dukung dihapus",
    "evidence_restricted": "Data dukung ditandai terbatas",
    "evidence_unrestricted": "Tanda terbatas dicabut",
    "comment_added": "Komentar ditulis",
}
"""What the timeline calls each event of a follow-up."""

CHANGED_MEANWHILE = ("Orang lain baru saja mengubah ini. Muat ulang, lalu lihat hasilnya.", None)

CONFLICTS: Mapping[str, tuple[str, str | None]] = {
    "uq_follow_ups_live": ("Pertanyaan ini sudah ada pada instansi tersebut.", None),
    "uq_follow_ups_year_seq": ("Nomor ini baru saja dipakai. Kirim sekali lagi.", None),
    "uq_rounds_follow_up_id_number": CHANGED_MEANWHILE,
    "uq_reviews_live": CHANGED_MEANWHILE,
    "uq_evidence_round_id_upload_token": ("Berkas ini sudah diterima. Muat ulang.", None),
}
