"""The correction sheet (*lembar catatan perbaikan*): what came back, and what is to be done."""

from app.reports.models import Paper
from app.reports.services.documents.layouts.letters import SIGNER
from app.reports.services.documents.layouts.parts import Column, Layout

ASKED = "{% if baris.nomor %}{{ baris.nomor }} {% endif %}{{ baris.pertanyaan }}"


def correction_sheet(paper: Paper) -> bytes:
    """Return the template of the correction sheet: wide, one row a follow-up."""
    layout = Layout("Lembar catatan perbaikan", paper, landscape=True)
    layout.letterhead()
    layout.title("LEMBAR CATATAN PERBAIKAN")
    layout.title("{{ evaluasi|upper }}", after=8)
    layout.facts(
        [
            ("Instansi", "{{ instansi.nama }}"),
            ("Jumlah catatan", "{{ jumlah }}"),
            ("Keadaan per", "{{ tanggal }}"),
        ]
    )
    layout.rows(
        [
            Column("No.", 10, "{{ baris.no }}", is_centred=True),
            Column("Indikator/pertanyaan", 46, ASKED),
            Column("Jawaban instansi", 34, "{{ baris.jawaban }}"),
            Column("Bukti diterima", 30, "{{ baris.bukti }}"),
            Column("Catatan pemeriksa", 42, "{{ baris.catatan }}"),
            Column("Yang harus diperbaiki", 34, "{{ baris.perbaikan }}"),
            Column("Instansi", 19, "{{ baris.instansi }}", is_centred=True),
            Column("Batas waktu", 20, "{{ baris.batas_waktu }}", is_centred=True),
            Column("Putaran ke-", 14, "{{ baris.putaran }}", is_centred=True),
            Column("Status", 22, "{{ baris.status }}", is_centred=True),
        ],
        "baris",
        "catatan_perbaikan",
        size=8,
    )
    layout.signatures(("{{ kop.tempat }}, {{ tanggal }}\n" + SIGNER[0], *SIGNER[1:]))
    layout.page_numbers()
    return layout.saved()
