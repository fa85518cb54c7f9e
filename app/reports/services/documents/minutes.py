"""What minutes say, from the plain data that a meeting's minutes are kept as."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from app.core import formatting
from app.meetings.labels import AGENDA_LABELS, CARRIED_LABELS, PRESENCE_LABELS
from app.meetings.models import CAME, AgendaOutcome, CarriedOutcome, Presence
from app.reports.models import Letterhead
from app.reports.queries.meetings import MAX_PHOTOS, Minutes
from app.reports.services.documents import pictures
from app.reports.services.documents.context import Context, Document, Picture
from app.reports.services.documents.office import DOTS, office_context, office_pictures

DRAFT = "KONSEP"
NAMED_FOLLOW_UPS = 3
SENT, NOT_SENT, WITHDRAWN = "Dikirim ke instansi", "Belum dikirim", "Dibatalkan"


def minutes(found: Minutes, kept: Letterhead) -> Document:
    """Return the minutes of one meeting."""
    context = {**office_context(kept), "rapat": meeting_context(found)}
    return Document(context, office_pictures(kept) | photos([found]), kept.paper)


def minutes_book(found: Sequence[Minutes], year: int, kept: Letterhead) -> Document:
    """Return a year's approved minutes in one document."""
    meetings = [meeting_context(one) for one in found]
    context = {**office_context(kept), "tahun": year, "daftar_rapat": meetings}
    return Document(context, office_pictures(kept) | photos(found), kept.paper)


def photos(found: Sequence[Minutes]) -> dict[str, bytes]:
    """Return the photos of minutes as they are printed, by the names that the values carry."""
    return {
        _photo_name(id_): pictures.photo(file) for one in found for id_, file in one.photos.items()
    }


def meeting_context(found: Minutes) -> Context:
    """Return everything that minutes say of a meeting. Telephone numbers are not among it."""
    content = found.content
    about, totals = content.get("meeting", {}), content.get("totals", {})
    came = [line for line in content.get("attendance", []) if Presence(line["presence"]) in CAME]
    return {
        **when(about.get("starts_at"), about.get("ends_at")),
        "judul": about.get("title", ""),
        "nomor": about.get("minutes_number") or DOTS,
        "tempat": place(about.get("place", ""), about.get("video_url", "")),
        "dasar": about.get("basis") or _letter(content.get("letter", {})),
        "pimpinan": person(about.get("chair_name", ""), about.get("chair_position", "")),
        "notulis": person(
            about.get("minute_taker_name", ""), about.get("minute_taker_position", "")
        ),
        "konsep": "" if found.version else DRAFT,
        "versi": found.version or "",
        "alasan_perubahan": found.reason,
        "jumlah_hadir": totals.get("present", 0),
        "laki_laki": totals.get("male", 0),
        "perempuan": totals.get("female", 0),
        "jumlah_instansi": totals.get("agencies", 0),
        "hadir_per_instansi": _by_agency(came),
        "peserta": [
            _attended(at, line) for at, line in enumerate(content.get("attendance", []), 1)
        ],
        "tidak_hadir": ", ".join(content.get("absent", [])),
        "pembukaan": paragraphs(content.get("opening", "")),
        "penutup": paragraphs(content.get("closing", "")),
        "agenda": [_agenda_item(item) for item in content.get("agenda", [])],
        "keputusan": [
            {"no": said["number"], "isi": said["words"], "agenda": said["agenda_number"] or ""}
            for said in content.get("decisions", [])
        ],
        "tindak_lanjut": [_action(item) for item in content.get("actions", [])],
        "tindak_lanjut_lama": [
            _carried(at, item) for at, item in enumerate(content.get("carried", []), 1)
        ],
        "foto": [
            {"gambar": Picture(_photo_name(photo["file_id"])), "keterangan": photo["caption"]}
            for photo in content.get("photos", [])[:MAX_PHOTOS]
            if photo["file_id"] in found.photos
        ],
    }


def when(starts_at: str | None, ends_at: str | None) -> Context:
    """Return day and hours of a meeting, as an invitation and minutes say them."""
    if not starts_at or not ends_at:
        return {"hari_tanggal": DOTS, "waktu": DOTS}
    begins, ends = datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)
    hours = f"{formatting.clock_time(begins)} – {formatting.clock_time(ends)}"  # noqa: RUF001
    return {
        "hari_tanggal": formatting.long_date(begins),
        "waktu": f"{hours} {formatting.zone_name()}",
    }


def place(room: str, video_url: str) -> str:
    """Return where a meeting is: a room, a link, or both."""
    return " dan ".join(part for part in (room, video_url) if part) or DOTS


def person(name: str, position: str) -> Context:
    """Return who signs: what is not known is left to be written by hand."""
    return {
        "nama": name or f"({DOTS})",
        "jabatan": position,
        "pangkat": DOTS,
        "nip": DOTS,
    }


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text, without blank ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _photo_name(file_id: int) -> str:
    return f"foto-{file_id}"


def _letter(letter: Mapping[str, Any]) -> str:
    """Return the invitation as the basis of a meeting, where no other is named."""
    if not letter.get("number"):
        return "-"
    day = letter.get("date")
    dated = f" tanggal {_day(day)}" if day else ""
    return f"Surat undangan nomor {letter['number']}{dated}"


def _by_agency(came: Sequence[Mapping[str, Any]]) -> list[Context]:
    where = [line["agency"] or line["organisation"] or "Lainnya" for line in came]
    counted = Counter(where)
    genders = Counter(zip(where, (line["gender"] for line in came), strict=True))
    return [
        {
            "instansi": name,
            "jumlah": counted[name],
            "laki_laki": genders[name, "L"],
            "perempuan": genders[name, "P"],
        }
        for name in dict.fromkeys(where)
    ]


def _attended(at: int, line: Mapping[str, Any]) -> Context:
    presence = PRESENCE_LABELS[Presence(line["presence"])]
    if line["represents"]:
        presence = f"Mewakili {line['represents']}"
    return {
        "no": at,
        "nama": line["name"],
        "jk": line["gender"] or "",
        "jabatan": line["position"] or "-",
        "instansi": line["agency"] or line["organisation"] or "-",
        "kehadiran": presence,
    }


def _agenda_item(item: Mapping[str, Any]) -> Context:
    outcome = AgendaOutcome(item["outcome"])
    is_open = outcome is AgendaOutcome.NOT_REACHED
    return {
        "no": item["number"],
        "judul": item["title"],
        "penyaji": item["presenter"],
        "catatan": paragraphs(item["notes"]),
        "hasil": AGENDA_LABELS[outcome] if is_open else "",
    }


def _action(item: Mapping[str, Any]) -> Context:
    numbers = [made["number"] for made in item["follow_ups"]]
    sent = SENT if numbers else NOT_SENT
    known = ", ".join(numbers)
    if len(numbers) > NAMED_FOLLOW_UPS:
        known = f"{len(numbers)} tindak lanjut, {numbers[0]} s.d. {numbers[-1]}"
    return {
        "no": item["number"],
        "uraian": item["title"],
        "dasar": item["basis"] or "-",
        "instansi": item["addressee"] or "-",
        "pendukung": ", ".join(item["supporters"]),
        "narahubung": ", ".join(item["focal_points"]) or "-",
        "batas_waktu": _short(item["due_on"]),
        "keluaran": item["expected_proof"] or "-",
        "status": WITHDRAWN if item["withdrawn_reason"] else sent,
        "keterangan": item["withdrawn_reason"] or known or "-",
    }


def _carried(at: int, item: Mapping[str, Any]) -> Context:
    outcome = item["outcome"]
    due = item["due_at"] or item["was_due_at"]
    said = [item["words"], f"({item['said_by']})" if item["said_by"] else ""]
    return {
        "no": at,
        "kode": item["number"],
        "uraian": item["title"],
        "instansi": item["agency"],
        "hasil": CARRIED_LABELS[CarriedOutcome(outcome)] if outcome else "Belum dibahas",
        "batas_waktu": formatting.short_date(datetime.fromisoformat(due)),
        "keterangan": " ".join(part for part in said if part) or "-",
    }


def _day(day: str) -> str:
    return formatting.long_date(date.fromisoformat(day)).partition(", ")[2]


def _short(day: str | None) -> str:
    return formatting.short_date(date.fromisoformat(day)) if day else "-"
