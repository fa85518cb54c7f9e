"""What stands in front: how many proxies may speak for the visitor, and what no body may be.

Nothing in an answer follows from the Host header: redirects are paths, and mails carry
`PUBLIC_BASE_URL`. So any name that leads here may be used, and a forged one changes nothing.
"""

from flask import Flask, abort, request
from werkzeug.middleware.proxy_fix import ProxyFix


def register_proxies(app: Flask) -> None:
    """Believe as many proxies as `TRUSTED_PROXIES` says, and refuse bodies without a length."""
    if trusted := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=trusted
        )

    @app.before_request
    def refuse_chunked_bodies() -> None:
        # A chunked body over the limit is cut silently by some servers and answered with 200.
        if "Transfer-Encoding" in request.headers:
            abort(411)
