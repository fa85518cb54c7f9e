"""Evidence of an open round: files, links, and who may see them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import contains_eager, joinedload

from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput, InvalidTransition, NotPermitted, NotVisible
from app.core.storage.models import StoredFile
from app.core.working_copy import touch
from app.followups import policy
from app.followups.machine import AT_AGENCY
from app.followups.models import Evidence, EvidenceOpening, FollowUp, Round
from app.history.services import record

MAX_PIECES = 60
MAX_NAME = 200
MAX_URL = 2_000
OTHER_SLOT = "lainnya"


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What is said about a piece of evidence when it is added. `file_name` as it was chosen."""

    slot: str
    file_name: str = ""
    document_date: date | None = None
    document_number: str = ""
    caption: str = ""
    restricted: bool = False
    replaces_id: int | None = None
    upload_token: str | None = None


def add_file(
    follow_up: FollowUp,
    round_: Round,
    actor: Actor,
    file: StoredFile,
    description: Description,
) -> Evidence:
    """Add a stored file to the open round. A repeat with the same token is the same piece."""
    _check_open(follow_up, round_, actor)
    if (arrived := _arrived_before(round_, description.upload_token)) is not None:
        return arrived
    same = [p for p in round_.evidence if p.file_id == file.id and p.slot == description.slot]
    if same:
        raise InvalidInput(f"Berkas ini sudah ada: {same[0].file_name}.", "files")
    piece = _new_piece(follow_up, round_, actor, description)
    piece.file_id = file.id
    piece.file_name = clean_name(description.file_name)
    return _add(follow_up, round_, actor, piece, description)


def add_link(
    follow_up: FollowUp, round_: Round, actor: Actor, url: str, description: Description
) -> Evidence:
    """Add a link to the open round. Raises `InvalidInput` where it is none."""
    _check_open(follow_up, round_, actor)
    url = url.strip()
    is_one_word = url.isprintable() and not any(letter.isspace() for letter in url)
    if not url.startswith(("https://", "http://")) or len(url) > MAX_URL or not is_one_word:
        raise InvalidInput("Tautan harus diawali https:// dan tanpa spasi.", "url")
    if any(piece.url == url for piece in round_.evidence):
        raise InvalidInput("Tautan ini sudah ada.", "url")
    piece = _new_piece(follow_up, round_, actor, description)
    piece.url = url
    return _add(follow_up, round_, actor, piece, description)


def remove(follow_up: FollowUp, round_: Round, actor: Actor, evidence_id: int) -> None:
    """Take a piece out of the open round. The rounds before keep theirs."""
    _check_open(follow_up, round_, actor)
    piece = piece_of(round_, evidence_id)
    if not policy.can_change_evidence(actor, follow_up, piece):
        raise NotPermitted("Berkas ini ditambahkan instansi lain.")
    payload = _payload(round_, piece)
    record(actor, "evidence_removed", follow_up_id=follow_up.id, **payload, **_drop(round_, piece))
    touch(round_, actor, clock.now())


def restrict(
    follow_up: FollowUp, round_: Round, actor: Actor, evidence_id: int, *, restricted: bool
) -> None:
    """Mark a piece of any round as restricted (children's data), or no longer.

    The same file is kept in round after round: a mark holds in all of them. Lifting one is for
    DP3A, or reaches the rounds alone that the person may open the file in.
    """
    piece = piece_of(round_, evidence_id)
    if not policy.can_restrict(actor, piece, follow_up):
        raise NotPermitted("Tanda terbatas diubah oleh pengunggah atau petugas DP3A.")
    changed = [
        same
        for same in _kept_through(follow_up, piece)
        if same.restricted is not restricted
        and (restricted or policy.can_open_evidence(actor, follow_up, same.round, same))
    ]
    if not changed:
        return
    for same in changed:
        same.restricted = restricted
    verb = "evidence_restricted" if restricted else "evidence_unrestricted"
    record(actor, verb, follow_up_id=follow_up.id, evidence_id=piece.id, round=round_.number)


def note_opening(evidence_id: int, user_id: int) -> None:
    """Note who opened a restricted piece, and when. A trace: no rule reads it."""
    db.session.add(EvidenceOpening(evidence_id=evidence_id, user_id=user_id, opened_at=clock.now()))


def reuse(
    follow_up: FollowUp, round_: Round, actor: Actor, source_id: int, description: Description
) -> Evidence:
    """Offer a file that the agency gave elsewhere as evidence here too."""
    source = db.session.scalar(
        select(Evidence)
        .where(Evidence.id == source_id, Evidence.file_id.is_not(None))
        .options(joinedload(Evidence.file), joinedload(Evidence.round).joinedload(Round.follow_up))
    )
    if source is None or source.file is None or source.added_agency_id not in actor.duties:
        raise NotVisible
    described = Description(
        slot=description.slot,
        file_name=source.file_name or "",
        document_date=source.document_date,
        document_number=source.document_number,
        caption=source.caption,
        restricted=source.restricted,
    )
    return add_file(follow_up, round_, actor, source.file, described)


def attach_stored(
    follow_up: FollowUp,
    round_: Round,
    actor: Actor,
    stored_file_id: int,
    description: Description,
) -> Evidence:
    """Offer a file that another room keeps, as a meeting's signed minutes, as evidence here.

    Which files a person may offer is that room's to say; what goes for an upload goes here too. A
    file that the round has already is that piece. Raises `NotVisible` where its bytes are gone.
    """
    _check_open(follow_up, round_, actor)
    there = next((piece for piece in round_.evidence if piece.file_id == stored_file_id), None)
    if there is not None:
        return there
    file = db.session.get(StoredFile, stored_file_id)
    if file is None or file.blanked_at is not None:
        raise NotVisible
    return add_file(follow_up, round_, actor, file, description)


def piece_of(round_: Round, evidence_id: int) -> Evidence:
    """Return a piece of a round by its id. Raises `NotVisible`."""
    for piece in round_.evidence:
        if piece.id == evidence_id:
            return piece
    raise NotVisible


def clean_name(name: str) -> str:
    """Return a file name without a path, control characters or needless length."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(letter for letter in name if letter.isprintable()).strip(" .")
    if len(name) > MAX_NAME:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: MAX_NAME - len(ending) - 1]}{dot}{ending}" if dot else name[:MAX_NAME]
    return name or "berkas"


def _check_open(follow_up: FollowUp, round_: Round, actor: Actor) -> None:
    if follow_up.state not in AT_AGENCY or round_.submitted_at is not None:
        raise InvalidTransition("Jawaban sudah dikirim, sehingga data dukungnya tidak berubah.")
    if not policy.can_add_evidence(actor, follow_up):
        raise NotPermitted("Data dukung ditambahkan oleh instansi yang ditunjuk.")


def _arrived_before(round_: Round, token: str | None) -> Evidence | None:
    if not token:
        return None
    return next((piece for piece in round_.evidence if piece.upload_token == token), None)


def _new_piece(
    follow_up: FollowUp, round_: Round, actor: Actor, description: Description
) -> Evidence:
    if len(round_.evidence) >= MAX_PIECES:
        raise InvalidInput(f"Paling banyak {MAX_PIECES} berkas untuk satu jawaban.", "files")
    return Evidence(
        slot=description.slot,
        document_date=description.document_date,
        document_number=description.document_number.strip()[:MAX_NAME],
        caption=description.caption.strip()[:MAX_NAME],
        restricted=description.restricted,
        upload_token=description.upload_token or None,
        added_at=clock.now(),
        added_by_id=actor.user_id,
        added_agency_id=_agency_of(follow_up, actor),
    )


def _agency_of(follow_up: FollowUp, actor: Actor) -> int | None:
    """Return for which agency the person adds: the lead's, a supporter's, or none (an officer)."""
    concerned = [follow_up.agency_id, *(agency.id for agency in follow_up.supporters)]
    return next((agency_id for agency_id in concerned if agency_id in actor.duties), None)


def _add(
    follow_up: FollowUp, round_: Round, actor: Actor, piece: Evidence, description: Description
) -> Evidence:
    traces: dict[str, Any] = {}
    if description.replaces_id is not None:
        old = piece_of(round_, description.replaces_id)
        if not policy.can_change_evidence(actor, follow_up, old):
            raise NotPermitted("Berkas ini ditambahkan instansi lain.")
        piece.replaces_id = old.kept_from_id
        traces = _drop(round_, old)
    round_.evidence.append(piece)
    db.session.flush()
    payload = _payload(round_, piece)
    record(actor, "evidence_added", follow_up_id=follow_up.id, **payload, **traces)
    touch(round_, actor, clock.now())
    return piece


def _drop(round_: Round, piece: Evidence) -> dict[str, Any]:
    """Take a piece out, and return what the event has to keep: who had opened it.

    Who opened a kept piece opened the one of the round before, which stays.
    """
    openings = EvidenceOpening.evidence_id == piece.id
    opened_by: list[int] = []
    if piece.kept_from_id is not None:
        db.session.execute(
            update(EvidenceOpening).where(openings).values(evidence_id=piece.kept_from_id)
        )
    else:
        opened_by = sorted(set(db.session.scalars(select(EvidenceOpening.user_id).where(openings))))
        db.session.execute(delete(EvidenceOpening).where(openings))
    round_.evidence.remove(piece)
    db.session.delete(piece)
    return {"opened_by": opened_by} if opened_by else {}


def _kept_through(follow_up: FollowUp, piece: Evidence) -> list[Evidence]:
    """Return the pieces of all rounds that are one and the same file, this one among them."""
    pieces = db.session.scalars(
        select(Evidence)
        .join(Evidence.round)
        .where(Round.follow_up_id == follow_up.id)
        .order_by(Evidence.id)
        .options(contains_eager(Evidence.round))
    ).all()
    origins: dict[int, int] = {}
    for same in pieces:
        origins[same.id] = origins.get(same.kept_from_id or 0, same.id)
    return [same for same in pieces if origins[same.id] == origins[piece.id]]


def _payload(round_: Round, piece: Evidence) -> dict[str, Any]:
    name = "berkas terbatas" if piece.restricted else piece.file_name or piece.url
    return {"evidence_id": piece.id, "round": round_.number, "slot": piece.slot, "name": name}
