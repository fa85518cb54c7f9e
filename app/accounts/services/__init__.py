"""The use cases of accounts, one module each family."""

from app.accounts.services.administration import (
    create_user,
    create_user_with_entry,
    deactivate,
    invite,
    issue_code,
    reactivate,
    update_user,
)
from app.accounts.services.own_account import update_own_account
from app.accounts.services.passwords import (
    change_password,
    choose_password_by_code,
    choose_password_by_link,
    request_password_reset,
)
from app.accounts.services.signing_in import note_sign_in
from app.accounts.services.throttle import count_try, give_back

__all__ = [
    "change_password",
    "choose_password_by_code",
    "choose_password_by_link",
    "count_try",
    "create_user",
    "create_user_with_entry",
    "deactivate",
    "give_back",
    "invite",
    "issue_code",
    "note_sign_in",
    "reactivate",
    "request_password_reset",
    "update_own_account",
    "update_user",
]
