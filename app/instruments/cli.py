"""Commands for instruments: `flask instruments ...`."""

from pathlib import Path

import click
from flask import Flask

from app.core.commands import OfficeGroup
from app.core.imports import lines_of
from app.core.write import write
from app.instruments.services.importing import import_instrument
from app.instruments.services.reading import read_instrument

instruments = OfficeGroup("instruments", help="Instruments: bring a catalogue in.")


def register_instruments_commands(app: Flask) -> None:
    """Add `flask instruments` to an application."""
    app.cli.add_command(instruments)


@instruments.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
def import_file(file: Path, dry_run: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Bring in a YAML catalogue. Ends with 1, and writes nothing, where it has a fault."""
    read = read_instrument(file.read_bytes())
    with write() as actor:
        report = import_instrument(actor, read, dry_run=dry_run)
    for line in lines_of(report):
        click.echo(line)
    if report.faults:
        raise SystemExit(1)
