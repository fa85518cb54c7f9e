"""The page that brings a file in: look at what it would do, then do it. Rooms say what it is."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from flask import flash
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from wtforms import HiddenField

from app.core import htmx
from app.core.actor import Actor
from app.core.forms import Form
from app.core.htmx import render_page
from app.core.imports import STATUS_LABELS, ImportReport
from app.core.write import write
from app.core.yaml_tree import MAX_BYTES

FileT = TypeVar("FileT")
FileT_contra = TypeVar("FileT_contra", contravariant=True)


class BringIn(Protocol[FileT_contra]):
    """A service that writes what a file says, or tells what it would write."""

    def __call__(self, actor: Actor, file: FileT_contra, *, dry_run: bool) -> ImportReport:
        """Write the file, or with `dry_run` nothing; return what that comes to."""


class ImportForm(Form):
    """A file to bring in, or what was read of it a moment ago."""

    file = FileField("Berkas YAML")
    content = HiddenField()
    confirmed = HiddenField()

    def given(self) -> bytes | None:
        """Return the bytes to read: of the file, else of before; None where there are none.

        One byte more than allowed is enough to see that a file is too large.
        """
        if self.file.data:
            content: bytes = self.file.data.read(MAX_BYTES + 1)
            return content
        return self.content.data.encode() if self.content.data else None


def ask_for_file(template: str) -> ResponseReturnValue:
    """Answer with the page that asks for a file."""
    return render_page(template, form=ImportForm(formdata=None))


def look_or_write(
    template: str,
    read: Callable[[bytes], FileT],
    bring_in: BringIn[FileT],
    done_url: Callable[[FileT], str],
) -> ResponseReturnValue:
    """Show what the file that was sent would do; once that was seen and confirmed, do it."""
    form = ImportForm()
    content = form.given()
    if content is None:
        form.file.errors = ["Pilih berkas YAML."]
        return render_page(template, status=422, form=form)
    file = read(content)
    is_confirmed = bool(form.confirmed.data) and not form.file.data
    with write() as actor:
        report = bring_in(actor, file, dry_run=not is_confirmed)
    if report.is_written:
        flash(" ".join(f"{line}." for line in report.summary), "success")
        return htmx.go_to(done_url(file))
    return render_page(
        template,
        status=422 if report.faults else 200,
        form=form,
        report=report,
        content=content.decode("utf-8-sig", "replace"),
        status_labels=STATUS_LABELS,
    )
