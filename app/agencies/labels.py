"""What the interface calls categories, kinds, duties, roles and events (docs/glossary.md)."""

from collections.abc import Mapping

from app.agencies.models import Category, Duty

CATEGORY_LABELS = {
    Category.OPD: "Perangkat daerah",
    Category.VERTICAL: "Instansi vertikal",
    Category.ORGANISATION: "Lembaga/organisasi",
    Category.BUSINESS: "Dunia usaha",
    Category.MEDIA: "Media",
}

DUTY_LABELS = {
    Duty.FOCAL_POINT: "Narahubung",
    Duty.DEPUTY: "Narahubung pengganti",
    Duty.CONTRIBUTOR: "Pengisi",
    Duty.HEAD: "Kepala instansi",
}

DUTY_HINTS = {
    Duty.FOCAL_POINT: "Mengirim jawaban ke DP3A dan menerima surel.",
    Duty.DEPUTY: "Sama seperti narahubung, bila narahubung berhalangan.",
    Duty.CONTRIBUTOR: "Mengisi dan mengunggah; narahubung yang mengirim.",
    Duty.HEAD: "Membaca pekerjaan instansinya, tanpa surel.",
}

KIND_LABELS = {
    "perangkat_daerah": "Dinas/badan daerah",
    "bagian_setkab": "Bagian Setkab",
    "kecamatan": "Kecamatan",
    "desa": "Desa/kelurahan",
    "lembaga": "Lembaga",
    "instansi_vertikal": "Instansi vertikal",
    "instansi_provinsi": "Instansi provinsi",
    "perusahaan": "Perusahaan",
    "bumd": "BUMD",
    "blud": "BLUD",
    "uptd": "UPTD",
    "badan_non_perangkat": "Badan di luar perangkat daerah",
    "layanan": "Layanan",
    "asosiasi": "Asosiasi",
    "media": "Media",
}
"""Kinds are data: one that is not named here is shown as it is written."""

CLUSTER_LABELS = {
    "K0": "Kelembagaan",
    "K1": "Klaster I",
    "K2": "Klaster II",
    "K3": "Klaster III",
    "K4": "Klaster IV",
    "K5": "Klaster V",
    "KD": "Kelana-Dekela",
}

CLUSTER_ROLE_LABELS = {
    "koordinator": "Koordinator klaster",
    "anggota": "Anggota gugus tugas",
    "penyedia_data": "Penyedia data",
}

FIELD_LABELS = {
    "code": "Kode",
    "name": "Nama",
    "short_name": "Nama singkat",
    "category": "Kelompok",
    "kind": "Jenis",
    "parent": "Induk",
    "aliases": "Ejaan lain",
    "cluster_roles": "Peran klaster",
    "verified": "Terverifikasi",
    "members_kind": "Jenis anggota",
}

EVENT_LABELS = {
    "agency_added": "Instansi ditambahkan",
    "agency_changed": "Data instansi diubah",
    "agency_deactivated": "Instansi dinonaktifkan",
    "agency_reactivated": "Instansi diaktifkan kembali",
    "membership_started": "Anggota ditambahkan",
    "membership_changed": "Tugas anggota diubah",
    "membership_ended": "Tugas anggota berakhir",
}

CONFLICTS: Mapping[str, tuple[str, str | None]] = {
    "uq_agencies_code": ("Kode ini baru saja dipakai instansi lain.", "code"),
    "uq_agency_aliases_key": ("Ejaan ini baru saja dipakai instansi lain.", "aliases"),
    "uq_agency_groups_code": ("Kelompok ini baru saja dimuat orang lain. Muat ulang.", None),
    "uq_memberships_open": ("Orang ini sudah bertugas untuk instansi ini.", "user"),
}


def kind_label(kind: str) -> str:
    """Return what people call a kind of agency."""
    return KIND_LABELS.get(kind, kind.replace("_", " ").capitalize())
