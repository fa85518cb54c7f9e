"""Gugus: the workbench of a child-friendly regency's task force."""

from flask import Flask
from flask_migrate import Migrate

from app.accounts.cli import register_accounts_commands
from app.accounts.views import register_accounts
from app.agencies.cli import register_agencies_commands
from app.agencies.views import register_agencies
from app.core.assets import register_assets
from app.core.cli import register_core_commands
from app.core.compression import register_compression
from app.core.db import db, register_database
from app.core.errors import register_errors
from app.core.formatting import register_formatting
from app.core.health import register_health
from app.core.htmx import register_htmx
from app.core.input import register_input
from app.core.logs import register_logs
from app.core.navigation import register_frame
from app.core.panels import register_panels
from app.core.proxies import register_proxies
from app.core.security import register_security
from app.dashboard.views import register_dashboard
from app.demo.cli import register_demo_commands
from app.followups.cli import register_followups_commands
from app.followups.views import register_followups
from app.instruments.cli import register_instruments_commands
from app.instruments.views import register_instruments
from app.meetings.views import register_meetings
from app.notifications.cli import register_notifications_commands
from app.notifications.views import register_notifications
from app.reports.views import register_reports
from config import Config


def create_app(config: Config | None = None) -> Flask:
    """Build the application. Without a configuration, the environment is read.

    Raises `config.ConfigError` where the environment cannot be run with.
    """
    app = Flask(__name__, template_folder="../templates", static_folder="../static")
    app.config.from_mapping((config or Config.from_env()).for_flask())
    register_compression(app)
    register_logs(app)
    register_proxies(app)
    register_input(app)
    register_database(app)
    Migrate(app, db)
    register_errors(app)
    register_formatting(app)
    register_htmx(app)
    register_security(app)
    register_frame(app)
    register_panels(app)
    register_assets(app)
    register_health(app)
    register_core_commands(app)
    register_notifications(app)
    register_notifications_commands(app)
    register_accounts(app)
    register_accounts_commands(app)
    register_agencies(app)
    register_agencies_commands(app)
    register_instruments(app)
    register_instruments_commands(app)
    register_followups(app)
    register_followups_commands(app)
    register_meetings(app)
    register_dashboard(app)
    register_reports(app)
    register_demo_commands(app)
    return app
