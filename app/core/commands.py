"""Commands of the rooms: they find a schema that they know, or say what to do."""

from typing import Any

import click
from flask.cli import AppGroup, ScriptInfo

from app.core import health
from app.core.db import db
from app.core.serving.start import migrate


class OfficeGroup(AppGroup):
    """Commands about an office's data. An empty database is given its tables first."""

    def invoke(self, ctx: click.Context) -> Any:
        """Look at the schema, then run the command."""
        with ctx.ensure_object(ScriptInfo).load_app().app_context():
            ready_schema()
        return super().invoke(ctx)


def ready_schema() -> None:
    """Make an empty database an office's; refuse one that a newer or an older program left.

    An older one is brought up to date by `flask serve` alone: nobody expects it of a look.
    """
    found, head = health.schema_revision(), health.head_revision()
    db.session.rollback()
    if found is None:
        migrate()
    elif found != head:
        raise click.ClickException(
            f"the database is at migration {found}, this version of Gugus needs {head}:"
            " `flask serve` brings it up to date when it starts"
        )
