"""Change one's own account."""

from app.accounts import queries
from app.accounts.models import User
from app.accounts.services.particulars import clean, refuse_taken, write_down
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotVisible
from app.history.services import record


def update_own_account(
    actor: Actor,
    *,
    name: str,
    position: str | None,
    email: str | None,
    phone: str | None,
    knows_password: bool,
) -> User:
    """Change what one's account says of oneself.

    A new address receives the links that open the account: it needs the current password
    (`knows_password`). Raises InvalidInput on the field to blame.
    """
    if actor.user_id is None:
        raise NotVisible
    user = queries.get_locked_by_id(actor.user_id)
    written = clean(name=name, position=position, email=email, phone=phone)
    if written.email != user.email and not knows_password:
        raise InvalidInput("Isi sandi saat ini untuk mengganti surel.", "current_password")
    refuse_taken(username=None, email=written.email, but_user_id=user.id)
    if changed := write_down(user, written):
        record(actor, "user_changed", user_id=user.id, fields=sorted(changed))
    return user
