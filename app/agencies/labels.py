"""What the interface calls categories and duties (docs/glossary.md)."""

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
