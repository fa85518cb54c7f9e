"""One command that serves an office: the web in this process, the mail worker as its child."""

from app.core.serving.demo import Demo, register_demo
from app.core.serving.start import serve

__all__ = ["Demo", "register_demo", "serve"]
