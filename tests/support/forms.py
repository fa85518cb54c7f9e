"""Forms as a browser reads them from a page: where each goes, and what it would send untouched."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag

UNSENT = {"submit", "button", "reset", "image"}


@dataclass(frozen=True)
class PostForm:
    """A POST form of a page."""

    action: str
    fields: dict[str, list[str]]
    files: tuple[str, ...]
    typed: tuple[str, ...]
    """The fields that a person types text into."""


def post_forms(page: BeautifulSoup, path: str) -> Iterator[PostForm]:
    """Yield the POST forms of a page at a path, one for each place a button may send it to."""
    for form in page.select("form"):
        controls = _controls(page, form)
        is_post = form.get("method", "get").lower() == "post"
        fields: dict[str, list[str]] = {}
        for control in controls:
            _fill(fields, control)
        fields.pop("csrf_token", None)
        files = tuple(c["name"] for c in controls if c.get("type") == "file")
        typed = tuple(c["name"] for c in controls if _is_typed(c))
        own = form.get("action") or path
        places = {str(own): dict(fields)} if is_post else {}
        for button in controls:
            if not is_post and button.get("formmethod") != "post":
                continue
            if button.name == "button" and (button.get("formaction") or button.get("name")):
                named = {button["name"]: [button.get("value", "")]} if button.get("name") else {}
                named.pop("csrf_token", None)
                places[str(button.get("formaction") or own)] = fields | named
        for action, sent in places.items():
            yield PostForm(action, sent, files, typed)


def _controls(page: BeautifulSoup, form: Tag) -> list[Any]:
    inside = form.select("input, select, textarea, button")
    outside = page.select(f'[form="{form["id"]}"]') if form.get("id") else []
    return [c for c in [*inside, *outside] if c.get("form", form.get("id")) == form.get("id")]


def _is_typed(control: Any) -> bool:
    kinds = {"text", "search", "email", "tel", "url", "password", "date", "time", "number"}
    return control.get("name") is not None and (
        control.name == "textarea"
        or (control.name == "input" and control.get("type", "text") in kinds)
    )


def _fill(fields: dict[str, list[str]], control: Any) -> None:
    name, kind = control.get("name"), control.get("type", "text")
    if not name or control.name == "button" or kind in UNSENT or kind == "file":
        return
    if control.name == "select":
        options = control.select("option[selected]") or control.select("option")[:1]
        values = [option.get("value", option.get_text()) for option in options]
    elif control.name == "textarea":
        values = [control.get_text().removeprefix("\n")]
    elif kind in ("checkbox", "radio"):
        values = [control.get("value", "on")] if control.has_attr("checked") else []
    else:
        values = [control.get("value", "")]
    fields.setdefault(name, []).extend(values)
