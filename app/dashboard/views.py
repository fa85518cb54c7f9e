"""The home page: what a person's role and duties let it see, the most urgent first."""

import shutil
from typing import Any

from flask import Blueprint, Flask, current_app, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import backup, clock, htmx
from app.core.access import signed_in
from app.core.actor import Actor
from app.core.identity import current_actor
from app.core.navigation import Entry, register_navigation
from app.dashboard.queries import matrix, meetings, signs, work
from app.followups import policy
from app.followups.position import reader_of
from app.followups.queries import choices, counts
from app.followups.queries.narrowing import Evaluation, Narrowing
from app.instruments.labels import STAGE_LABELS
from app.meetings.labels import ANSWER_LABELS, MINUTES_LABELS

bp = Blueprint("dashboard", __name__)

MEETING_WORDS = {"answer": ANSWER_LABELS, "minutes": MINUTES_LABELS}
LOW_DISK = 1024 * 1024 * 1024
OLD_BACKUP_DAYS = 7


def register_dashboard(app: Flask) -> None:
    """Register the room's pages."""
    app.register_blueprint(bp)
    register_navigation(app, Entry("Beranda", "dashboard.home", order=0))


@bp.get("/")
@signed_in
def home() -> ResponseReturnValue:
    """Show the home of whoever is signed in: one part for each thing that the person is."""
    actor = current_actor()
    context: dict[str, Any] = {"reader": reader_of(actor), "now": clock.now(), "way": way}
    if actor.has(Permission.SYSTEM_READ):
        return _page("admin", context | _admin(actor))
    cycle = work.evaluation()
    context |= {"cycle": cycle, "meetings": meetings.look(actor), "words": MEETING_WORDS}
    if policy.is_officer(actor):
        return _page("officer", context | _officer(cycle, actor))
    if policy.is_reader_of_all(actor):
        return _page("leader", context | _leader(cycle, actor))
    return _page("agency", context | {"own": work.own_work(cycle, actor), "actor": actor})


def way(endpoint: str, **values: Any) -> str:
    """Return the address of a page; nothing where this installation has no such page."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""


def _page(name: str, context: dict[str, Any]) -> ResponseReturnValue:
    return htmx.render_page(f"dashboard/{name}.html", **context)


def _officer(cycle: Evaluation | None, actor: Actor) -> dict[str, Any]:
    seen = signs.look()
    overview = work.overview(cycle, actor)
    return {
        "counts": overview.counts,
        "queue": work.queue(cycle, actor),
        "late": [row for row in overview.agencies if row.overdue],
        "unreachable": [row for row in overview.agencies if not row.reachable],
        "signs": seen,
        "steps": first_steps(seen, cycle, actor),
    } | _own_to_do(overview.at(actor.agency_ids), cycle, actor)


def _own_to_do(count: int, cycle: Evaluation | None, actor: Actor) -> dict[str, Any]:
    """Return what lies at the agencies of somebody who also answers for one."""
    return {"own_to_do": work.own_to_do(cycle, actor) if count else [], "own_count": count}


def _leader(cycle: Evaluation | None, actor: Actor) -> dict[str, Any]:
    cells = counts.matrix(Narrowing(cycle=cycle), actor)
    today = clock.today()
    stages = work.stages(cycle)
    return {
        "counts": matrix.overall(cells),
        "matrix": matrix.build(cells, choices.indicators(cycle)),
        "stage": next((s for s in stages if s.starts_on <= today <= s.ends_on), None),
        "next_stage": next((s for s in stages if s.starts_on > today), None),
        "stage_labels": STAGE_LABELS,
        "today": today,
    } | _own_to_do(matrix.overall(cells, actor.agency_ids).at_agency, cycle, actor)


def _admin(actor: Actor) -> dict[str, Any]:
    seen = signs.look()
    disk = shutil.disk_usage(current_app.config["DATA_DIR"])
    backup_at = backup.last_backup_at()
    return {
        "signs": seen,
        "people": signs.people_without_mail() if seen.accounts_without_mail else [],
        "agencies": (
            signs.agencies_without_focal_point() if seen.agencies_without_focal_point else []
        ),
        "disk_free": disk.free,
        "disk_total": disk.total,
        "is_disk_low": disk.free < LOW_DISK,
        "backup_at": backup_at,
        "is_backup_old": backup_at is None or (clock.now() - backup_at).days >= OLD_BACKUP_DAYS,
        "steps": first_steps(seen, None, actor),
    }


def first_steps(seen: signs.Signs, cycle: Evaluation | None, actor: Actor) -> list[dict[str, Any]]:
    """Return what leads an empty database to its first dispatch; nothing once that happened."""
    if seen.has_dispatched:
        return []
    nothing: dict[str, Any] = {}
    hand_out = {"year": cycle.year} if cycle else None
    steps: list[tuple[str, str, bool, str, str, dict[str, Any] | None]] = [
        (
            "Muat daftar instansi",
            "Dari berkas YAML, atau isi satu per satu.",
            seen.has_agencies,
            Permission.AGENCY_MANAGE,
            "agencies.import_agencies",
            nothing,
        ),
        (
            "Buat akun petugas DP3A",
            "Petugas mengirim permintaan data dan memeriksa jawabannya.",
            seen.has_officer,
            Permission.USER_MANAGE,
            "accounts.new_user",
            nothing,
        ),
        (
            "Muat instrumen",
            "Pertanyaan, indikator dan klaster dari berkas YAML.",
            seen.has_instrument,
            Permission.CYCLE_MANAGE,
            "instruments.import_instrument",
            nothing,
        ),
        (
            "Buat evaluasi",
            "Tahun, instrumen, tahapan dan predikat yang dituju.",
            seen.has_cycle,
            Permission.CYCLE_MANAGE,
            "instruments.new_cycle",
            nothing if seen.has_instrument else None,
        ),
        (
            "Buat akun narahubung",
            "Pada halaman instansinya; setiap instansi sebaiknya punya dua.",
            seen.has_agency_accounts,
            Permission.AGENCY_MANAGE,
            "agencies.index",
            {"missing": "narahubung"} if seen.has_agencies else None,
        ),
        (
            "Kirim pertanyaan pertama",
            "Pilih pertanyaan, periksa siapa menerima apa, lalu kirim.",
            False,
            Permission.FOLLOW_UP_MANAGE,
            "followups.choose_questions",
            hand_out,
        ),
    ]
    return [
        {
            "label": label,
            "hint": hint,
            "done": done,
            "url": way(endpoint, **values) if values is not None and actor.has(permission) else "",
            "is_others": not actor.has(permission),
        }
        for label, hint, done, permission, endpoint, values in steps
    ]
