"""Understand the agencies that people type, in any spelling."""

from collections.abc import Sequence

from app.agencies.models import MAX_SUPPORTERS, Agency, spelling_key
from app.agencies.queries import all_with_spellings, spellings_of
from app.core.errors import InvalidInput

Named = str | Agency
"""An agency as a person typed it, or its row, where it was found before."""

TOO_MANY = f"Paling banyak {MAX_SUPPORTERS} instansi pendukung."


def active_with_spellings() -> list[Agency]:
    """Return the agencies that may be named, with their spellings."""
    return [agency for agency in all_with_spellings() if agency.is_active]


def find_agency(typed: Named, known: Sequence[Agency], field: str) -> Agency:
    """Return the one agency that is meant: by code, by another spelling, or by a part of one.

    `known` have their aliases loaded. A row means itself, as long as it is active. Raises
    `InvalidInput` at `field`.
    """
    if isinstance(typed, Agency):
        if not typed.is_active:
            raise InvalidInput(f"{typed.short_name} tidak aktif lagi. Pilih instansi lain.", field)
        return typed
    key = spelling_key(typed)
    if not key:
        raise InvalidInput("Tulis nama instansinya.", field)
    spellings = spellings_of(known)
    exact = [agency for agency in known if spelling_key(agency.code) == key]
    meant = exact or [agency for agency in known if agency.id in spellings.get(key, ())]
    if not meant:
        part = {id_ for spelling, ids in spellings.items() if key in spelling for id_ in ids}
        meant = [agency for agency in known if agency.id in part]
    if len(meant) == 1:
        return meant[0]
    if meant:
        names = ", ".join(agency.short_name for agency in meant[:5])
        raise InvalidInput(f"“{typed[:60]}” dapat berarti {names}. Tulis salah satunya.", field)
    raise InvalidInput(
        f"Tidak ada instansi aktif bernama “{typed[:60]}”. Pilih dari daftar yang muncul saat"
        " diketik.",
        field,
    )


def find_supporters(
    typed: Sequence[Named], known: Sequence[Agency], lead_id: int, field: str
) -> list[Agency]:
    """Return the agencies that are to help the lead, each once, in the order they were named.

    Blanks are passed over. Raises `InvalidInput` at the entry to blame ("supporters-2").
    """
    named = [(at, name) for at, name in enumerate(typed) if not _is_blank(name)]
    if len(named) > MAX_SUPPORTERS:
        raise InvalidInput(TOO_MANY, f"{field}-0")
    found: dict[int, Agency] = {}
    for position, name in named:
        agency = find_agency(name, known, f"{field}-{position}")
        if agency.id == lead_id:
            message = "Instansi ini sudah menjadi penanggung jawab."
            raise InvalidInput(message, f"{field}-{position}")
        found[agency.id] = agency
    return list(found.values())


def _is_blank(name: Named) -> bool:
    return isinstance(name, str) and not name.strip()
