import json
import logging
import sys

from app.core.logs import JsonLines


def line_of(error=None, **extra):
    record = logging.LogRecord("app.room", logging.INFO, "f.py", 1, "kept %d", (3,), error)
    record.__dict__ |= extra
    return json.loads(JsonLines().format(record))


def raised(function):
    try:
        function()
    except Exception:  # noqa: BLE001 - whatever it is, it is what gets logged
        return sys.exc_info()
    raise AssertionError


def test_an_event_is_one_line_with_its_fields():
    line = line_of(status=200, ms=1.5, endpoint="home")
    assert line["event"] == "kept 3"
    assert line["from"] == "app.room"
    assert line["level"] == "info"
    assert (line["status"], line["ms"], line["endpoint"]) == (200, 1.5, "home")
    assert line["at"].endswith("+00:00")


def test_fields_that_nobody_agreed_on_stay_out():
    assert "address" not in line_of(address="bu.sari@dinkes.test")


def test_an_error_says_what_and_where_and_not_about_whom():
    def fail():
        try:
            int("Bu Sari")
        except ValueError as error:
            raise RuntimeError("no number\nDETAIL: Key (email)=(bu.sari@dinkes.test)") from error

    line = line_of(raised(fail))
    assert line["error"] == [
        "RuntimeError: no number",
        "ValueError: invalid literal for int() with base 10: …",
    ]
    assert "test_logs.py" in line["trace"][-1]
    assert "Sari" not in json.dumps(line)


def test_a_key_is_not_named():
    assert line_of(raised(lambda: {}["rahasia"]))["error"] == ["KeyError: …"]
