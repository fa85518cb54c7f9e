"""The application object, for a WSGI server and for `flask`."""

from app import create_app

app = create_app()
