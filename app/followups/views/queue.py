"""The review queue: what waits for DP3A, the longest first, and the way through it."""

from functools import partial

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import htmx
from app.core.access import requires
from app.core.identity import current_actor
from app.core.pagination import page_number
from app.core.write import mutation, write
from app.followups.forms.reviewing import clean, read_queue, waiting_of
from app.followups.queries import detail as queries
from app.followups.queries import queue as waiting_queries
from app.followups.services import taking
from app.followups.views.blueprint import bp
from app.followups.views.desk import queue_arguments, queue_text, queue_url
from app.followups.views.reviewing import QUEUE_DONE

ALL_HELD = "Yang menunggu pada antrean ini sedang diperiksa petugas lain."


@bp.get("/antrean")
@requires(Permission.FOLLOW_UP_REVIEW)
def queue() -> ResponseReturnValue:
    """Show what waits for a judgement."""
    actor = current_actor()
    form, arguments, notes = read_queue(
        request.args,
        waiting_queries.agencies(clean(request.args.get("instansi", ""))),
        waiting_queries.clusters(),
    )
    waiting = waiting_of(arguments)
    counts = waiting_queries.counts(waiting, actor)
    page = waiting_queries.page(
        waiting, actor, number=page_number(request.args.get("hal")), total=counts.total
    )
    return htmx.render_page(
        "followups/queue.html",
        "followups/_queue.html",
        form=form,
        notes=notes,
        arguments=arguments,
        queue=queue_text(arguments),
        counts=counts,
        page=page,
        actor=actor,
        page_url=partial(queue_url, arguments),
    )


@bp.post("/antrean/berikutnya")
@requires(Permission.FOLLOW_UP_REVIEW)
@mutation
def take_next() -> ResponseReturnValue:
    """Take the oldest submission that nobody has; `lewati` names one that is put back first."""
    text, passed_over = request.form.get("antrean", ""), request.form.get("lewati", "")
    arguments = queue_arguments(text) or {}
    waiting = waiting_of(arguments)
    with write() as actor:
        after = queries.get_locked(passed_over, actor) if passed_over else None
        if after is not None:
            taking.release(after, actor)
        found = taking.take_next(waiting, actor, after=after)
        number = found.number if found is not None else ""
        left = 0 if found is not None else waiting_queries.counts(waiting, actor).total
    if number:
        to = url_for("followups.detail", number=number, antrean=queue_text(arguments))
        return htmx.go_to(to)
    if after is not None and left:
        flash("Sudah sampai akhir antrean. Yang dilewati masih menunggu di bawah.", "info")
    else:
        flash(ALL_HELD if left else QUEUE_DONE, "info" if left else "success")
    return htmx.go_to(queue_url(arguments))
