"""`flask notifications`: the worker, and how it fares."""

import os
import signal
import sys
import threading
from types import FrameType

import click
from flask import Flask

from app.core import formatting, logs
from app.core.commands import OfficeGroup
from app.notifications import queries
from app.notifications.labels import FATE_LABELS
from app.notifications.worker import Worker

notifications = OfficeGroup("notifications", help="The outbox and its worker.")


def register_notifications_commands(app: Flask) -> None:
    """Add `flask notifications …`."""
    app.cli.add_command(notifications)


@notifications.command()
@click.option(
    "--exit-with-parent",
    is_flag=True,
    help="End when standard input ends: the process that holds its other end is gone.",
)
def work(*, exit_with_parent: bool) -> None:
    """Turn news into mails and send them, until SIGTERM or Ctrl-C."""
    logs.log_to_stdout()
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    if exit_with_parent:
        threading.Thread(target=_wait_for_end_of_input, args=(stop,), daemon=True).start()
    Worker(stop).run()


def _wait_for_end_of_input(stop: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    stop.set()


@notifications.command()
@click.pass_context
def status(context: click.Context) -> None:
    """Tell how many mails have met which fate. Ends with 1 where one is stuck for over an hour."""
    for fate, count in queries.count_by_fate().items():
        click.echo(f"{FATE_LABELS[fate]:<20} {count:>8}")
    held = sum(news.count for news in queries.waiting_news())
    click.echo(f"{'Ditahan':<20} {held:>8}")
    oldest = queries.oldest_unsent()
    click.echo(f"Belum terkirim sejak: {formatting.moment(oldest) if oldest else '-'}")
    click.echo(f"Kesalahan terakhir:   {queries.last_error() or '-'}")
    if queries.is_stuck():
        click.echo(
            "Ada surel yang tertahan lebih dari satu jam. Apakah `flask notifications work` jalan?"
        )
        context.exit(1)
