"""Hand the questions of an evaluation out: choose, see who gets what, keep or send."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.accounts.permissions import Permission
from app.agencies.labels import CLUSTER_LABELS
from app.core import clock, htmx, once
from app.core.access import requires
from app.core.errors import InvalidInput
from app.core.input import whole_numbers
from app.core.pagination import page_number
from app.core.write import mutation, write
from app.followups.forms.handing_out import Choice, read_choice
from app.followups.queries import handing_out as queries
from app.followups.queries.handing_out import EACH, Standing
from app.followups.services import handing_out as services
from app.followups.views.blueprint import bp
from app.instruments import queries as instruments
from app.instruments.models import Cluster, Cycle, Indicator, Question

MAX_CHOSEN = 200


@bp.get("/evaluasi/<int:year>/bagikan")
@requires(Permission.FOLLOW_UP_MANAGE)
def choose_questions(year: int) -> ResponseReturnValue:
    """Show the questions to choose from; what is ticked stays ticked through a search."""
    cycle = instruments.get_cycle(year)
    choice = read_choice(request.args, queries.clusters_of(cycle))
    choice.words.validate()
    return _choosing(cycle, choice, queries.questions_of(cycle))


@bp.get("/evaluasi/<int:year>/bagikan/pratinjau")
@requires(Permission.FOLLOW_UP_MANAGE)
def preview_handing_out(year: int) -> ResponseReturnValue:
    """Show who would get what, until when, and who cannot be reached."""
    cycle = instruments.get_cycle(year)
    clusters = queries.clusters_of(cycle)
    choice = read_choice(request.args, clusters)
    questions = queries.questions_of(cycle)
    if not choice.check(questions):
        return _choosing(cycle, choice, questions, status=422)
    return _preview(cycle, choice, clusters, choice.chosen(questions))


@bp.post("/evaluasi/<int:year>/bagikan")
@requires(Permission.FOLLOW_UP_MANAGE)
@mutation
def hand_out(year: int) -> ResponseReturnValue:
    """Keep what was previewed as drafts, or send it to the agencies."""
    token = request.form.get("form_token", "")
    send = request.form.get("tindakan") == "kirim"
    try:
        with write() as actor:
            location = once.answered_before(token, actor)
            if location is None:
                cycle = instruments.get_cycle_locked(year)
                clusters = queries.clusters_of(cycle)
                choice = read_choice(request.form, clusters)
                event_id = services.hand_out(
                    cycle, choice.questions, choice.dues(clusters), actor, send=send
                )
                location = url_for("followups.handed_out", year=year, event_id=event_id)
                once.remember(token, actor, location)
    except InvalidInput as error:
        return _refused(year, error)
    return htmx.go_to(location)


@bp.get("/evaluasi/<int:year>/bagikan/hasil/<int:event_id>")
@requires(Permission.FOLLOW_UP_MANAGE)
def handed_out(year: int, event_id: int) -> ResponseReturnValue:
    """Say what a handing-out came to."""
    cycle = instruments.get_cycle(year)
    event = queries.get_event(cycle, event_id)
    return htmx.render_page(
        "followups/handing_out/result.html",
        cycle=cycle,
        cycle_url=cycle_url(cycle),
        done=event.payload,
        at=event.at,
        draft_count=queries.draft_count(cycle),
    )


@bp.get("/evaluasi/<int:year>/bagikan/konsep")
@requires(Permission.FOLLOW_UP_MANAGE)
def drafts(year: int) -> ResponseReturnValue:
    """List the drafts of an evaluation, to be changed and sent."""
    return _drafts(instruments.get_cycle(year))


@bp.post("/evaluasi/<int:year>/bagikan/konsep")
@requires(Permission.FOLLOW_UP_MANAGE)
@mutation
def dispatch_drafts(year: int) -> ResponseReturnValue:
    """Send the drafts that were ticked, or all that were there when the page was shown."""
    token = request.form.get("form_token", "")
    ticked = _ids(request.form, "konsep")
    up_to = next(iter(_ids(request.form, "sampai")), None)
    everything = request.form.get("tindakan") == "semua"
    try:
        with write() as actor:
            location = once.answered_before(token, actor)
            if location is None:
                cycle = instruments.get_cycle_locked(year)
                wanted = queries.draft_ids(cycle, up_to) if everything else ticked
                event_id = services.dispatch_drafts(cycle, wanted, actor)
                location = url_for("followups.handed_out", year=year, event_id=event_id)
                once.remember(token, actor, location)
    except InvalidInput as error:
        return _drafts(instruments.get_cycle(year), error.message, ticked)
    return htmx.go_to(location)


def cycle_url(cycle: Cycle) -> str:
    """Return the page of an evaluation."""
    return url_for("instruments.show_cycle", year=cycle.year)


def _choosing(
    cycle: Cycle, choice: Choice, questions: Sequence[Question], status: int = 200
) -> ResponseReturnValue:
    words = choice.words.kata.data or ""
    shown = [
        question
        for question in questions
        if instruments.question_matches(question, words, question.indicator.title)
    ]
    hidden = sorted(choice.questions - {question.id for question in shown})
    return htmx.render_page(
        "followups/handing_out/choose.html",
        status=status,
        cycle=cycle,
        cycle_url=cycle_url(cycle),
        choice=choice,
        words=words,
        clusters=_by_cluster(shown),
        shown_count=len(shown),
        total=len(questions),
        hidden=hidden,
        handed_out=queries.handed_out_counts(cycle),
        draft_count=queries.draft_count(cycle),
        group_names=queries.group_names(),
        each=EACH,
    )


def _by_cluster(
    questions: Sequence[Question],
) -> list[tuple[Cluster, list[tuple[Indicator, list[Question]]]]]:
    """Return questions in their order as clusters of indicators."""
    clusters = []
    for cluster, of_cluster in groupby(questions, key=lambda q: q.indicator.cluster):
        indicators = [
            (indicator, list(of_indicator))
            for indicator, of_indicator in groupby(of_cluster, key=lambda q: q.indicator)
        ]
        clusters.append((cluster, indicators))
    return clusters


def _preview(
    cycle: Cycle, choice: Choice, clusters: Sequence[Cluster], question_ids: Sequence[int]
) -> ResponseReturnValue:
    allocation = queries.allocate(cycle, question_ids)
    new, waiting = allocation.of(Standing.NEW), allocation.of(Standing.DRAFT)
    shares = queries.shares_of([*new, *waiting])
    used = {target.question.indicator.cluster.code for target in allocation.targets}
    return htmx.render_page(
        "followups/handing_out/preview.html",
        cycle=cycle,
        cycle_url=cycle_url(cycle),
        choice=choice,
        question_ids=question_ids,
        clusters=[cluster for cluster in clusters if cluster.code in used],
        cluster_labels=CLUSTER_LABELS,
        new=new,
        waiting=waiting,
        live=allocation.of(Standing.LIVE),
        leaderless=allocation.leaderless,
        group_names=queries.group_names(),
        shares=[share for share in shares if share.agency.kind not in EACH.values()],
        each_shares=[
            (kind, [share for share in shares if share.agency.kind == kind])
            for kind in EACH.values()
        ],
        unreached=[share for share in shares if not share.reach.focal_points],
        mailless=[s for s in shares if s.reach.focal_points and not s.reach.with_mail],
        agency_url=lambda agency: url_for("agencies.detail", code=agency.code),
        change_url=_change_url(cycle),
        form_token=once.new_token(),
    )


def _change_url(cycle: Cycle) -> str:
    """Return the address of the choice as it was made."""
    given: dict[str, Any] = {
        name: request.args.getlist(name) for name in request.args if name != "kata"
    }
    return url_for("followups.choose_questions", year=cycle.year, **given)


def _refused(year: int, error: InvalidInput) -> ResponseReturnValue:
    """Show the choice again, with what the service refused."""
    cycle = instruments.get_cycle(year)
    choice = read_choice(request.form, queries.clusters_of(cycle))
    choice.message = error.message
    return _choosing(cycle, choice, queries.questions_of(cycle), status=422)


def _drafts(
    cycle: Cycle, message: str = "", ticked: Sequence[int] | None = None
) -> ResponseReturnValue:
    ids = queries.draft_ids(cycle)
    page = queries.draft_page(cycle, page_number(request.values.get("hal")))
    return htmx.render_page(
        "followups/handing_out/drafts.html",
        status=422 if message else 200,
        cycle=cycle,
        cycle_url=cycle_url(cycle),
        page=page,
        message=message,
        ticked=ticked,
        up_to=max(ids, default=0),
        now=clock.now(),
        page_url=lambda number: url_for("followups.drafts", year=cycle.year, hal=number),
        form_token=once.new_token(),
    )


def _ids(given: MultiDict[str, str], name: str) -> list[int]:
    return whole_numbers(given.getlist(name)[:MAX_CHOSEN])
