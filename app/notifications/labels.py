"""What the interface calls the fate of a mail and the steps on its way."""

from app.notifications.models import Fate

FATE_LABELS = {
    Fate.QUEUED: "Menunggu dikirim",
    Fate.SENT: "Terkirim",
    Fate.FAILED: "Gagal",
    Fate.NO_ADDRESS: "Tanpa alamat",
    Fate.DROPPED: "Tidak jadi dikirim",
}

FATE_SENTENCES = {
    Fate.QUEUED: "Surel ini menunggu giliran dikirim.",
    Fate.SENT: "Surel ini sudah diterima oleh server surel.",
    Fate.FAILED: "Surel ini tidak terkirim.",
    Fate.NO_ADDRESS: "Penerima tidak mempunyai alamat surel; isinya hanya dapat dibaca di sini.",
    Fate.DROPPED: "Surel ini tidak jadi dikirim: penerima tidak lagi terkait dengan isinya.",
}

FATE_SYMBOLS = {
    Fate.QUEUED: "clock",
    Fate.SENT: "check",
    Fate.FAILED: "late",
    Fate.NO_ADDRESS: "info",
    Fate.DROPPED: "state-cancelled",
}

FATE_TONES = {
    Fate.QUEUED: "submitted",
    Fate.SENT: "closed",
    Fate.FAILED: "late",
    Fate.NO_ADDRESS: "returned",
    Fate.DROPPED: "quiet",
}

STEP_LABELS = {
    "asked": "Dikirim ulang atas permintaan",
    "try_later": "Belum berhasil, akan dicoba lagi",
    Fate.SENT.value: "Terkirim",
    Fate.FAILED.value: "Gagal, tidak dicoba lagi",
    Fate.NO_ADDRESS.value: "Penerima tidak mempunyai alamat surel",
    Fate.DROPPED.value: "Penerima tidak lagi terkait, tidak jadi dikirim",
}

CALENDAR_LABELS = {
    "REQUEST": "Undangan rapat terlampir; aplikasi kalender penerima dapat mencatatnya.",
    "CANCEL": "Pembatalan rapat terlampir; aplikasi kalender penerima dapat menghapusnya.",
}
"""By the METHOD of the calendar part that a mail carries."""
