"""The kinds of file that are taken, and what instruments, browsers and people call each."""

from collections.abc import Iterable
from enum import StrEnum

LINK = "link"
"""A format of evidence that is an address rather than a file."""


class MediaType(StrEnum):
    """The types that are stored, by what their content shows."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


EXTENSIONS = {
    MediaType.PDF: "pdf",
    MediaType.JPEG: "jpg",
    MediaType.PNG: "png",
    MediaType.DOCX: "docx",
    MediaType.XLSX: "xlsx",
}

LABELS = {
    MediaType.PDF: "PDF",
    MediaType.JPEG: "Foto JPG",
    MediaType.PNG: "Gambar PNG",
    MediaType.DOCX: "Word",
    MediaType.XLSX: "Excel",
}

SHOWN_BY_BROWSERS = frozenset({MediaType.PDF, MediaType.JPEG, MediaType.PNG})

_BY_FORMAT = {extension: media_type for media_type, extension in EXTENSIONS.items()}
_BY_FORMAT["jpeg"] = MediaType.JPEG


def media_types(formats: Iterable[str]) -> frozenset[MediaType]:
    """Return the types that an instrument's formats ("pdf", "jpg", …) name; links are none."""
    return frozenset(_BY_FORMAT[name] for name in map(str.lower, formats) if name in _BY_FORMAT)


def accept(formats: Iterable[str]) -> str:
    """Return a file field's `accept` for an instrument's formats.

    With image types and without their extensions phones convert HEIC photos on their own.
    """
    chosen = media_types(formats)
    images = [t.value for t in MediaType if t in chosen and t.value.startswith("image/")]
    others = [f".{EXTENSIONS[t]}" for t in MediaType if t in chosen and t.value not in images]
    return ",".join(images + others)


def label_of(media_type: str) -> str:
    """Return what people call a type ("Excel")."""
    return LABELS[MediaType(media_type)]
