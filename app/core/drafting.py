"""What a form of a working copy brings with a request, and what its page is answered."""

from flask import request

from app.core import formatting
from app.core.input import whole
from app.core.working_copy import Save, Saved, read_base

MAX_TAB = 40


def typed() -> Save:
    """Return what the form of this request has in its fields, and what its page had seen."""
    form = request.form
    return Save(
        fields=form,
        draft_no=whole(form.get("draft_no")) or 0,
        base=read_base(form.get("draft_base", "")),
        tab=form.get("draft_tab", "")[:MAX_TAB],
    )


def status_line(saved: Saved) -> str:
    """Say what became of a save: what was wrong, or when it was saved."""
    if saved.faults:
        return "; ".join(saved.faults.values())
    if saved.saved_at is None:
        return ""
    line = f"tersimpan {formatting.clock_time(saved.saved_at)}"
    if saved.others_wrote:
        line += " · rekan juga mengubah isian ini, muat ulang untuk melihatnya"
    return line
