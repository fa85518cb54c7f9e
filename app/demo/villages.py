"""Invented desa: 141 of them, shared out among the kecamatan."""

from collections.abc import Sequence

from app.demo.people import words

COUNT = 141

BEGINNINGS = words(
    "Sumber Karya Bukit Tanjung Muara Rantau Batu Sungai Suka Marga Tepian Long Kebun Beringin"
)
ENDINGS = words("Makmur Sejahtera Harapan Jaya Sentosa Lestari Bahagia Mulia Damai Baru Indah Asri")


def village_names(kecamatan: Sequence[str]) -> list[tuple[str, str]]:
    """Return (name, kecamatan) of each desa; every name occurs once."""
    names = [f"{beginning} {ending}" for ending in ENDINGS for beginning in BEGINNINGS][:COUNT]
    return [(name, kecamatan[index % len(kecamatan)]) for index, name in enumerate(names)]
