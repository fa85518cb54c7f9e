"""`flask demo seed`: the demo regency, for trying the program out."""

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.demo import seed as demo

commands = AppGroup("demo", help="Daerah contoh untuk mencoba Gugus.")


@commands.command("seed")
def seed() -> None:
    """Bring the demo regency into an empty database; leave any other as it is."""
    if not demo.is_empty():
        click.echo("Basis data sudah berisi; data contoh tidak dimuat.")
        return
    made = demo.seed(_password())
    click.echo(f"Data contoh dimuat: {made} tindak lanjut.")


@commands.command("sign-ins")
def sign_ins() -> None:
    """Print the accounts to try."""
    click.echo(f"Kata sandi semua akun contoh: {_password()}")
    for account in demo.SIGN_INS:
        click.echo(f"  {account.username:<10} {account.stands_for}")


def register_demo_commands(app: Flask) -> None:
    """Add the room's commands."""
    app.cli.add_command(commands)


def _password() -> str:
    config = current_app.config
    return demo.demo_password(config["DEMO_PASSWORD"], Path(config["DATA_DIR"]))
