"""Commands for agencies: `flask agencies ...`."""

from pathlib import Path

import click
from flask import Flask

from app.agencies.services.importing import import_agencies
from app.agencies.services.reading import read_agencies
from app.core.commands import OfficeGroup
from app.core.imports import lines_of
from app.core.write import write

agencies = OfficeGroup("agencies", help="Agencies: bring a list of them in.")


def register_agencies_commands(app: Flask) -> None:
    """Add `flask agencies` to an application."""
    app.cli.add_command(agencies)


@agencies.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
def import_file(file: Path, dry_run: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Bring in a YAML list of agencies. Ends with 1, and writes nothing, where it has a fault."""
    read = read_agencies(file.read_bytes())
    with write() as actor:
        report = import_agencies(actor, read, dry_run=dry_run)
    for line in lines_of(report):
        click.echo(line)
    if report.faults:
        raise SystemExit(1)
