"""`flask serve`, `flask assets` and `flask backup`: what an operator runs."""

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup, ScriptInfo, pass_script_info

from app.core import assets as static_assets
from app.core import backup as backups
from app.core.serving import serve as serve_office

assets = AppGroup("assets", help="Static files under names that change with their content.")
backup = AppGroup("backup", help="Everything that an office has, in one file.")


def register_core_commands(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(serve)
    app.cli.add_command(assets)
    app.cli.add_command(backup)


@click.command()
@click.option("--worker/--no-worker", default=True, help="Whether the mail worker runs, too.")
@pass_script_info
def serve(info: ScriptInfo, *, worker: bool) -> None:
    """Prepare whatever is missing, then serve pages and send mails until SIGTERM or Ctrl-C."""
    raise SystemExit(serve_office(info.load_app(), with_worker=worker))


@assets.command()
@pass_script_info
def build(info: ScriptInfo) -> None:
    """Write the hashed copies of static files. `flask serve` does it where it is needed."""
    count = static_assets.build(info.load_app())
    click.echo(f"{count} static files are in place.")


@backup.command("create")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def create_backup(file: Path | None) -> None:
    """Write a backup while Gugus works; without FILE into DATA_DIR/backups. It holds secrets."""
    target = backups.create(file)
    click.echo(f"{target} ({target.stat().st_size / 1024 / 1024:.1f} MB)")


@backup.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace what is there; files are kept aside.")
def restore_backup(file: Path, *, force: bool) -> None:
    """Put a backup back. Stop Gugus first; `flask serve` then brings the schema up to date."""
    manifest = backups.restore(file, force=force)
    click.echo(f"Restored the state of {manifest.made_at} ({len(manifest.members)} files).")
