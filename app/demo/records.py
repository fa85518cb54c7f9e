"""Scans and photos of the demo's meetings: papers that show nothing of anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from app.core.storage import StoredBytes, put
from app.demo import papers
from app.meetings.models import FileKind

SCANS = (
    (FileKind.LETTER, "Undangan rapat koordinasi", "undangan.pdf"),
    (FileKind.ATTENDANCE, "Daftar hadir", "daftar-hadir.pdf"),
    (FileKind.MINUTES, "Notulen", "notulen-bertanda-tangan.pdf"),
)


@dataclass(frozen=True, slots=True)
class Records:
    """The bytes of one meeting's scans and photos."""

    scans: Sequence[StoredBytes]
    corrected: StoredBytes
    """The minutes signed anew after a correction."""
    photos: Sequence[StoredBytes]


def store_records() -> list[Records]:
    """Store the bytes of the scans and photos of both meetings: before any write lock."""
    return [
        Records(
            [
                put(BytesIO(papers.pdf((f"{title} {number}", "Kabupaten Kutai Timur", "Contoh"))))
                for _, title, _ in SCANS
            ],
            put(
                BytesIO(
                    papers.pdf((f"Notulen {number}, koreksi", "Kabupaten Kutai Timur", "Contoh"))
                )
            ),
            [put(BytesIO(papers.photo(100 * number + shot))) for shot in range(2)],
        )
        for number in (1, 2)
    ]
