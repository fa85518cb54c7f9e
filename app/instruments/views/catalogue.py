"""Instruments: the list, one as a catalogue, one question, and bringing one in."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.agencies.queries import active_agencies
from app.core import htmx
from app.core.access import requires
from app.core.errors import InvalidInput, StaleVersion
from app.core.htmx import render_page
from app.core.identity import current_actor
from app.core.import_page import ask_for_file, look_or_write
from app.core.write import mutation, write
from app.instruments import queries
from app.instruments.forms import QuestionForm
from app.instruments.labels import ANSWER_TYPE_LABELS, RESPONDENTS_LABELS
from app.instruments.models import Question, Respondents
from app.instruments.services import managing
from app.instruments.services.importing import import_instrument as bring_in
from app.instruments.services.reading import read_instrument
from app.instruments.views.blueprint import bp

IMPORT_PAGE = "instruments/import.html"


@bp.get("/instrumen")
@requires(Permission.CYCLE_READ)
def index() -> ResponseReturnValue:
    """List the instruments."""
    return render_page(
        "instruments/index.html", rows=queries.list_instruments(), can_manage=_can_manage()
    )


@bp.get("/instrumen/<int:year>")
@requires(Permission.CYCLE_READ)
def detail(year: int) -> ResponseReturnValue:
    """Show an instrument by cluster, indicator and question."""
    instrument = queries.get_whole_instrument(year)
    words = request.args.get("q", "")[:200]
    found = {
        question.id
        for cluster in instrument.clusters
        for indicator in cluster.indicators
        for question in indicator.questions
        if queries.question_matches(question, words)
    }
    return render_page(
        "instruments/detail.html",
        instrument=instrument,
        words=words.strip(),
        found=found,
        answer_types=ANSWER_TYPE_LABELS,
        respondents=RESPONDENTS_LABELS,
        can_manage=_can_manage(),
    )


@bp.get("/instrumen/impor")
@requires(Permission.CYCLE_MANAGE)
def import_instrument() -> ResponseReturnValue:
    """Ask for the file."""
    return ask_for_file(IMPORT_PAGE)


@bp.post("/instrumen/impor")
@requires(Permission.CYCLE_MANAGE)
@mutation
def run_import() -> ResponseReturnValue:
    """Show what a file would do; once that was seen and confirmed, do it."""
    return look_or_write(
        IMPORT_PAGE,
        read_instrument,
        bring_in,
        lambda file: url_for("instruments.detail", year=file.year),
    )


@bp.get("/instrumen/<int:year>/<code>")
@requires(Permission.CYCLE_MANAGE)
def edit_question(year: int, code: str) -> ResponseReturnValue:
    """Show the form of a question."""
    question = queries.get_question(year, code)
    named = [named.agency.short_name for named in question.question_agencies]
    form = QuestionForm(
        formdata=None,
        text=question.text,
        unit_text=question.unit_text,
        lead=named[0] if named else "",
        supporters=named[1:],
        respondents=question.respondents.value,
        evidence_required=question.evidence_required,
        seen=queries.fingerprint_of(question),
    )
    return _question_page(year, question, form)


@bp.post("/instrumen/<int:year>/<code>")
@requires(Permission.CYCLE_MANAGE)
@mutation
def change_question(year: int, code: str) -> ResponseReturnValue:
    """Change a question."""
    question = queries.get_question(year, code)
    form = QuestionForm(request.form)
    form.offer(queries.evidence_labels(question.instrument_id))
    if not form.validate():
        return _question_page(year, question, form, 422)
    try:
        with write() as actor:
            managing.change_question(
                actor,
                queries.get_question(year, code, lock=True),
                text=form.text.data or "",
                unit_text=form.unit_text.data,
                lead=form.lead.data or "",
                supporters=form.supporters.typed(),
                respondents=Respondents(form.respondents.data),
                evidence_required=form.evidence_required.data or [],
                seen=form.seen.data or "",
            )
    except InvalidInput as error:
        form.refuse(error)
        return _question_page(year, queries.get_question(year, code), form, 422)
    except StaleVersion:
        # What was typed stays, beside what is stored now; saving again is then a choice.
        question = queries.get_question(year, code)
        form.seen.data = queries.fingerprint_of(question)
        return _question_page(year, question, form, 409)
    flash("Pertanyaan tersimpan. Yang sudah dikirim ke instansi tidak berubah.", "success")
    return htmx.go_to(url_for("instruments.detail", year=year, _anchor=f"q-{question.id}"))


def _can_manage() -> bool:
    return current_actor().has(Permission.CYCLE_MANAGE)


def _question_page(
    year: int, question: Question, form: QuestionForm, status: int = 200
) -> ResponseReturnValue:
    form.offer(queries.evidence_labels(question.instrument_id))
    form.supporters.offer_blanks()
    return render_page(
        "instruments/question.html",
        status=status,
        year=year,
        question=question,
        form=form,
        agencies=active_agencies(),
        is_stale=status == 409,
    )
