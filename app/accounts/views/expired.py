"""An expired sign-in: the way to the sign-in page and back, with everything that was typed."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.accounts.forms import SignInForm
from app.accounts.views.sessions import HOME, local_path
from app.core import htmx
from app.core.settings import public_url

PREFIX = "carried:"
ADDRESS_FIELD = "carried_to"
FILES_FIELD = "carried_files"


@dataclass(frozen=True, slots=True)
class Carried:
    """A form that was sent after the sign-in had expired: where to, and what it held."""

    address: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool
    """Files cannot be carried: they are chosen again."""


def ask_to_sign_in() -> ResponseReturnValue:
    """Lead a visitor to the sign-in page, and back to where it was going."""
    if request.endpoint == "accounts.sign_out":
        return redirect(url_for("accounts.sign_in"), code=303)
    if htmx.wants_fragment():
        response = make_response("", 401)
        response.headers["HX-Redirect"] = url_for("accounts.sign_in", next=_page_asking())
        return response
    if request.method in ("GET", "HEAD", "OPTIONS"):
        target = local_path(request.full_path.rstrip("?"))
        return redirect(
            url_for("accounts.sign_in", next=None if target == HOME else target), code=303
        )
    return sign_in_page(SignInForm(formdata=None), carried=_sent_now(), status=401)


def sign_in_page(
    form: SignInForm,
    *,
    target: str | None = None,
    carried: Carried | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Render the sign-in page with where it leads, and what it carries along."""
    return render_template(
        "accounts/sign_in.html",
        form=form,
        target=target,
        carried=carried,
        prefix=PREFIX,
        address_field=ADDRESS_FIELD,
        files_field=FILES_FIELD,
    ), status


def carried_along(fields: MultiDict[str, str]) -> Carried | None:
    """Read what the sign-in form carried; None where it carried nothing, or not to this program."""
    address = local_path(fields.get(ADDRESS_FIELD))
    if address is None:
        return None
    return Carried(
        address=address,
        fields=tuple(
            (name.removeprefix(PREFIX), value)
            for name, value in fields.items(multi=True)
            if name.startswith(PREFIX) and is_kept(name.removeprefix(PREFIX))
        ),
        had_files=FILES_FIELD in fields,
    )


def is_kept(name: str) -> bool:
    """Tell whether a field is carried along: no token of the old session, no secret."""
    return name not in ("csrf_token", "again", "code") and "password" not in name


def _sent_now() -> Carried | None:
    address = local_path(request.full_path.rstrip("?"))
    if address is None or _is_foreign():
        return None
    return Carried(
        address=address,
        fields=tuple((n, value) for n, value in request.form.items(multi=True) if is_kept(n)),
        had_files=any(file.filename for file in request.files.values()),
    )


def _page_asking() -> str | None:
    parts = urlsplit(htmx.page_url() or "")
    if parts.netloc != request.host:
        return None
    return local_path(parts.path + (f"?{parts.query}" if parts.query else ""))


def _is_foreign() -> bool:
    """Tell whether another site sent the form.

    Cookies do not come along then, so everybody looks signed out; carrying what the other site
    wrote through the sign-in would lend it the person's hand.
    """
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = urlsplit(request.headers.get("Origin", "")).netloc
    own = ("", request.host, urlsplit(public_url("/")).netloc)
    return site not in ("same-origin", "none") or origin not in own
