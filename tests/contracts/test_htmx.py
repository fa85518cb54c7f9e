"""Templates use the attributes of htmx 4 alone, over pages that work without it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

# Some of 2.x fail silently in 4 (hx-disabled-elt, hx-params, hx-ext, hx-vars), hx-disable means
# something else, hx-on needs eval; other verbs than a plain page has are not used.
ALLOWED = {
    "hx-get",
    "hx-post",
    "hx-target",
    "hx-swap",
    "hx-trigger",
    "hx-select",
    "hx-push-url",
    "hx-replace-url",
    "hx-include",
    "hx-indicator",
    "hx-sync",
    "hx-headers",
    "hx-confirm",
    "hx-preserve",
}
FRAME = "templates/base.html"
TAG = re.compile(r"<[a-z][^<>]*?\bhx-[^<>]*>", re.DOTALL)
ATTRIBUTE = re.compile(r"""\b(hx-[a-z-]+)((?::[a-z-]+)*)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def relative(path):
    return path.relative_to(ROOT).as_posix()


def attributes(path):
    return ATTRIBUTE.findall(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_only_attributes_of_htmx_4(path):
    used = {name for name, *_ in attributes(path)}
    assert used <= ALLOWED


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_inheritance_is_asked_for_in_the_frame_alone(path):
    modified = [name + how for name, how, *_ in attributes(path) if how]
    assert not modified or relative(path) == FRAME


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_nothing_needs_eval_or_a_style_in_the_page(path):
    text = path.read_text(encoding="utf-8")
    assert "hx-on" not in text
    for _, _, double, single in attributes(path):
        value = double or single
        assert "js:" not in value
        assert "javascript:" not in value
    triggers = [
        double or single for name, _, double, single in attributes(path) if name == "hx-trigger"
    ]
    assert not [trigger for trigger in triggers if re.search(r"\w\[", trigger)]
    if not relative(path).startswith(("templates/emails/", "templates/documents/")):
        assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']", text)
        assert not re.search(r"<script(?![^>]*\bsrc=)", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_what_htmx_asks_for_a_plain_page_asks_for_too(path):
    for tag in TAG.findall(path.read_text(encoding="utf-8")):
        found = {name: double or single for name, _, double, single in ATTRIBUTE.findall(tag)}
        plain = re.findall(r'\b(?:href|action|formaction)="([^"]*)"', tag)
        if "hx-get" in found:
            assert found["hx-get"] in plain, tag
        if "hx-post" in found:
            assert found["hx-post"] in plain, tag
            assert "formaction=" in tag or 'method="post"' in tag, tag


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_forms_get_or_post_and_a_post_carries_its_token(path):
    text = path.read_text(encoding="utf-8")
    macros = re.findall(r"\{%-? macro (\w+)\(.*?endmacro", text, re.DOTALL)
    bodies = re.split(r"\{%-? macro ", text)[1:]
    carriers = [f"{name}(" for name, body in zip(macros, bodies, strict=True) if "csrf(" in body]
    for opening, body in re.findall(r"(<form\b[^>]*>)(.*?)</form>", text, re.DOTALL):
        method = re.search(r'method="([^"]*)"', opening)
        assert method is None or method[1] in {"get", "post", "{{ method }}"}, opening
        if method is not None and method[1] == "post":
            assert any(call in body for call in ["csrf", *carriers]), opening
