"""`flask followups`: what an operator asks of the work's own records."""

import sys

import click
from flask import Flask

from app.core.commands import OfficeGroup
from app.followups.services.verify import differences

followups = OfficeGroup("followups", help="Follow-ups and their history.")


def register_followups_commands(app: Flask) -> None:
    """Add `flask followups …`."""
    app.cli.add_command(followups)


@followups.command()
def verify() -> None:
    """Replay the events of every follow-up and name each row that says something else.

    Exits with 1 where there is any.
    """
    count = 0
    for difference in differences():
        click.echo(difference)
        count += 1
    if count:
        click.echo(f"{count} differences.")
        sys.exit(1)
    click.echo("Every follow-up is what its events say.")
