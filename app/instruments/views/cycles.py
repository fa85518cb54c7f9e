"""Evaluations: the list, a new one, and one with its stages."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import clock, htmx
from app.core.access import requires
from app.core.errors import InvalidInput, StaleVersion
from app.core.htmx import render_page
from app.core.identity import current_actor
from app.core.write import mutation, write
from app.instruments import queries
from app.instruments.forms import CycleForm, NewCycleForm
from app.instruments.labels import STAGE_LABELS
from app.instruments.models import Cycle, StageCode
from app.instruments.services import managing
from app.instruments.views.blueprint import bp
from app.instruments.views.presenting import timeline_of


@bp.get("/evaluasi")
@requires(Permission.CYCLE_READ)
def cycles() -> ResponseReturnValue:
    """List the evaluations."""
    found = queries.list_cycles()
    return render_page(
        "instruments/cycles.html",
        cycles=found,
        stages={cycle.id: queries.current_stage(cycle) for cycle in found},
        stage_labels=STAGE_LABELS,
        has_instruments=bool(queries.instruments()),
        can_manage=_can_manage(),
    )


@bp.get("/evaluasi/baru")
@requires(Permission.CYCLE_MANAGE)
def new_cycle() -> ResponseReturnValue:
    """Show the form of a new evaluation."""
    known = queries.instruments()
    latest = known[0].year if known else None
    form = NewCycleForm(formdata=None, year=clock.today().year, instrument=latest)
    return _new_page(form)


@bp.post("/evaluasi/baru")
@requires(Permission.CYCLE_MANAGE)
@mutation
def create_cycle() -> ResponseReturnValue:
    """Set up an evaluation."""
    form = NewCycleForm(request.form)
    _offer(form)
    if not form.validate():
        return _new_page(form, 422)
    try:
        with write() as actor:
            year = managing.create_cycle(
                actor,
                year=form.year.data or 0,
                instrument_year=form.instrument.data,
                target=form.target.data,
                stages=form.stages(),
            ).year
    except InvalidInput as error:
        form.refuse(error)
        return _new_page(form, 422)
    flash(f"Evaluasi KLA {year} dibuat.", "success")
    return htmx.go_to(url_for("instruments.show_cycle", year=year))


@bp.get("/evaluasi/<int:year>")
@requires(Permission.CYCLE_READ)
def show_cycle(year: int) -> ResponseReturnValue:
    """Show an evaluation with its stages and its history."""
    cycle = queries.get_cycle(year)
    return render_page(
        "instruments/cycle.html",
        cycle=cycle,
        now=queries.current_stage(cycle),
        stage_labels=STAGE_LABELS,
        events=timeline_of(queries.history_of(cycle.id)),
        can_manage=_can_manage(),
    )


@bp.get("/evaluasi/<int:year>/ubah")
@requires(Permission.CYCLE_MANAGE)
def edit_cycle(year: int) -> ResponseReturnValue:
    """Show the form of an evaluation."""
    cycle = queries.get_cycle(year)
    stages = {
        stage.code.value: {"starts_on": stage.starts_on, "ends_on": stage.ends_on}
        for stage in cycle.stages
    }
    form = CycleForm(
        formdata=None,
        data={
            "instrument": cycle.instrument.year,
            "target": cycle.target or "",
            "seen": queries.fingerprint_of_cycle(cycle),
            **stages,
        },
    )
    return _edit_page(cycle, form)


@bp.post("/evaluasi/<int:year>/ubah")
@requires(Permission.CYCLE_MANAGE)
@mutation
def change_cycle(year: int) -> ResponseReturnValue:
    """Change an evaluation."""
    cycle = queries.get_cycle(year)
    form = CycleForm(request.form)
    _offer(form)
    if not form.validate():
        return _edit_page(cycle, form, 422)
    try:
        with write() as actor:
            managing.change_cycle(
                actor,
                queries.get_cycle_locked(year),
                instrument_year=form.instrument.data,
                target=form.target.data,
                stages=form.stages(),
                seen=form.seen.data or "",
            )
    except InvalidInput as error:
        form.refuse(error)
        return _edit_page(queries.get_cycle(year), form, 422)
    except StaleVersion:
        # What was typed stays, beside what is stored now; saving again is then a choice.
        cycle = queries.get_cycle(year)
        form.seen.data = queries.fingerprint_of_cycle(cycle)
        return _edit_page(cycle, form, 409)
    flash("Evaluasi tersimpan.", "success")
    return htmx.go_to(url_for("instruments.show_cycle", year=year))


def _can_manage() -> bool:
    return current_actor().has(Permission.CYCLE_MANAGE)


def _offer(form: CycleForm) -> None:
    known = queries.instruments()
    targets = dict.fromkeys(band["name"] for instrument in known for band in instrument.bands)
    form.offer([instrument.year for instrument in known], list(targets))


def _new_page(form: NewCycleForm, status: int = 200) -> ResponseReturnValue:
    _offer(form)
    return render_page(
        "instruments/new_cycle.html", status=status, form=form, codes=list(StageCode)
    )


def _edit_page(cycle: Cycle, form: CycleForm, status: int = 200) -> ResponseReturnValue:
    _offer(form)
    return render_page(
        "instruments/edit_cycle.html",
        status=status,
        form=form,
        cycle=cycle,
        codes=list(StageCode),
        is_stale=status == 409,
        stage_labels=STAGE_LABELS,
    )
