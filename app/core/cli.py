"""`flask serve`, `flask assets` and `flask backup`: what an operator runs."""

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from app.core import assets as static_assets
from app.core.serving import serve as serve_office

assets = AppGroup("assets", help="Static files under names that change with their content.")


def register_core_commands(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(serve)
    app.cli.add_command(assets)


@click.command()
@click.option("--worker/--no-worker", default=True, help="Whether the mail worker runs, too.")
@click.pass_context
@with_appcontext
def serve(context: click.Context, *, worker: bool) -> None:
    """Prepare whatever is missing, then serve pages and send mails until SIGTERM or Ctrl-C."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    context.exit(serve_office(app, with_worker=worker))


@assets.command()
def build() -> None:
    """Write the hashed copies of static files. `flask serve` does it where it is needed."""
    count = static_assets.build(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001
    print(f"{count} static files are in place.")
