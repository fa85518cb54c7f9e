"""Bring a list of agencies in: look first, then write."""

from flask import url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.agencies.services.importing import import_agencies as bring_in
from app.agencies.services.reading import read_agencies
from app.agencies.views.blueprint import bp
from app.core.access import requires
from app.core.import_page import ask_for_file, look_or_write
from app.core.write import mutation

PAGE = "agencies/import.html"


@bp.get("/instansi/impor")
@requires(Permission.AGENCY_MANAGE)
def import_agencies() -> ResponseReturnValue:
    """Ask for the file."""
    return ask_for_file(PAGE)


@bp.post("/instansi/impor")
@requires(Permission.AGENCY_MANAGE)
@mutation
def run_import() -> ResponseReturnValue:
    """Show what a file would do; once that was seen and confirmed, do it."""
    return look_or_write(PAGE, read_agencies, bring_in, lambda _file: url_for("agencies.index"))
