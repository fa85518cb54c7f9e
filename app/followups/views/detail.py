"""The page that everything is about: one follow-up."""

from flask import request
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import htmx, once
from app.core.access import requires
from app.core.identity import current_actor
from app.followups.views.blueprint import bp
from app.followups.views.desk import Desk, open_desk
from app.followups.views.presenting import FollowUpPage, load_page


@bp.get("/tindak-lanjut/<number>")
@requires(Permission.FOLLOW_UP_READ)
def detail(number: str) -> ResponseReturnValue:
    """Show a follow-up to whoever may read it."""
    return show(load_page(number, current_actor()))


def show(page: FollowUpPage, status: int = 200, desk: Desk | None = None) -> ResponseReturnValue:
    """Render the page, as it is or with what kept one of its forms from being taken."""
    on_behalf = request.args.get("atas-nama") == "1" or page.typed is not None
    return htmx.render_page(
        "followups/detail.html",
        status=status,
        page=page,
        desk=desk or open_desk(page, request.args.get("antrean", "")),
        answering=page.can_answer and (on_behalf or not page.acts_on_behalf),
        form_token=once.new_token(),
    )
