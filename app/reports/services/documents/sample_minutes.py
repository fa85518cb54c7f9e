"""The minutes of a meeting that never was: what every placeholder of a template is tried with."""

from typing import Any

CONTENT: dict[str, Any] = {
    "meeting": {
        "title": "Rapat Koordinasi I Gugus Tugas KLA",
        "starts_at": "2026-03-10T01:00:00+00:00",
        "ends_at": "2026-03-10T04:12:00+00:00",
        "place": "Ruang Rapat Contoh, Kantor Bupati",
        "video_url": "",
        "basis": "Surat undangan nomor 400.2/098/DP3A tanggal 2 Maret 2026",
        "chair_name": "Maria Lestari, S.E., M.Si.",
        "chair_position": "Kepala Bappeda",
        "minute_taker_name": "Sari Wulandari, S.Sos.",
        "minute_taker_position": "Sekretariat Gugus Tugas KLA",
        "minutes_number": "400.2/110/DP3A",
    },
    "letter": {"number": "400.2/098/DP3A", "date": "2026-03-02"},
    "opening": "Rapat dibuka oleh pimpinan rapat dengan menyampaikan capaian tahun lalu.",
    "closing": "Rapat ditutup oleh pimpinan rapat dengan ucapan terima kasih.",
    "agenda": [
        {
            "number": 1,
            "title": "Pengesahan notulen rapat sebelumnya",
            "presenter": "Sekretariat",
            "outcome": "discussed",
            "notes": "Notulen rapat sebelumnya disetujui tanpa perubahan.",
        },
        {
            "number": 2,
            "title": "Kesiapan data penilaian mandiri",
            "presenter": "DP3A",
            "outcome": "discussed",
            "notes": "Dinkes: data cakupan air minum siap pada pertengahan bulan.\n"
            "Disdukcapil: akta kelahiran menunggu tanda tangan.",
        },
        {
            "number": 3,
            "title": "Forum Anak kecamatan",
            "presenter": "",
            "outcome": "not_reached",
            "notes": "",
        },
    ],
    "attendance": [
        {
            "name": "dr. Rina Kartika",
            "gender": "P",
            "position": "Kepala Bidang",
            "organisation": "",
            "agency": "Dinkes",
            "presence": "present",
            "represents": "",
            "contact": "",
            "note": "",
        },
        {
            "name": "Budi Santoso, S.T.",
            "gender": "L",
            "position": "Kepala Seksi",
            "organisation": "",
            "agency": "PUPR",
            "presence": "representing",
            "represents": "Kepala Dinas PUPR",
            "contact": "",
            "note": "",
        },
    ],
    "absent": ["Disdik"],
    "totals": {"present": 2, "male": 1, "female": 1, "unknown": 0, "agencies": 2},
    "decisions": [
        {
            "number": 1,
            "agenda_number": 2,
            "words": "Setiap instansi menyampaikan data dukung paling lambat 20 Maret 2026.",
        }
    ],
    "actions": [
        {
            "number": 1,
            "title": "Menyampaikan tabel cakupan air minum 2024 dan 2025",
            "expected_proof": "Tabel data yang ditandatangani",
            "addressee": "Dinkes",
            "supporters": ["PUPR"],
            "focal_points": ["Ibu Ratna Dewi"],
            "due_on": "2026-03-20",
            "basis": "Keputusan 1",
            "follow_ups": [{"number": "TL-2026-0031", "agency": "Dinkes"}],
            "withdrawn_reason": "",
        }
    ],
    "carried": [
        {
            "number": "TL-2025-0107",
            "title": "Menyusun rencana aksi daerah",
            "agency": "Bappeda",
            "outcome": "extend",
            "words": "Menunggu pembahasan anggaran.",
            "said_by": "Bappeda",
            "due_at": "2026-04-30T15:59:59+00:00",
            "was_due_at": "2026-02-28T15:59:59+00:00",
        }
    ],
    "photos": [],
}
