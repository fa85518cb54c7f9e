"""Comments beside a follow-up."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import htmx, once
from app.core.access import requires
from app.core.errors import InvalidInput
from app.core.identity import current_actor
from app.core.write import mutation, write
from app.followups.forms.reviewing import CommentForm
from app.followups.queries import detail as queries
from app.followups.services import commenting
from app.followups.views.blueprint import bp
from app.followups.views.desk import COMMENT, reopen_desk
from app.followups.views.detail import show
from app.followups.views.presenting import load_page


@bp.post("/tindak-lanjut/<number>/komentar")
@requires(Permission.FOLLOW_UP_COMMENT)
@mutation
def comment(number: str) -> ResponseReturnValue:
    """Add a comment for all, or for DP3A alone."""
    form, token = CommentForm(prefix=f"{COMMENT}-"), request.form.get("form_token", "")
    location = url_for(
        "followups.detail", number=number, antrean=request.form.get("antrean") or None
    )
    if not form.validate():
        return _refused(number, form)
    try:
        with write() as actor:
            if once.answered_before(token, actor) is None:
                follow_up = queries.get_locked(number, actor)
                words, internal = form.words.data or "", bool(form.internal.data)
                commenting.add_comment(follow_up, actor, words, internal=internal)
                once.remember(token, actor, location)
    except InvalidInput as refusal:
        form.refuse(refusal)
        return _refused(number, form)
    flash("Komentar tersimpan.", "success")
    return htmx.go_to(f"{location}#komentar")


def _refused(number: str, form: CommentForm) -> ResponseReturnValue:
    page = load_page(number, current_actor())
    desk = reopen_desk(page, request.form, panel=(COMMENT, form))
    desk.news = ()
    return show(page, 422, desk)
