"""What rooms register with the outbox is complete."""

from pathlib import Path

import pytest
from jinja2 import TemplateNotFound

from app import create_app
from app.notifications.registry import EXTENSION, MailKind, Registry
from tests.support.database import config_for

PARTS = ("subject.txt", "body.txt", "body.html")


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory):
    folder: Path = tmp_path_factory.mktemp("kinds")
    return create_app(config_for(folder, f"sqlite:///{folder / 'empty.sqlite3'}"))


def test_every_kind_has_a_label_and_templates(registered):
    known: Registry = registered.extensions[EXTENSION]
    for kind in known.kinds.values():
        assert kind.label.strip(), kind.code
        assert kind.label[0].isupper(), kind.code
        for part in PARTS:
            registered.jinja_env.get_template(f"emails/{kind.code}/{part}")


def test_no_mail_template_is_without_its_kind(registered):
    known: Registry = registered.extensions[EXTENSION]
    folders = {path.name for path in Path("templates/emails").iterdir() if path.is_dir()}
    assert folders <= set(known.kinds)


def test_a_kind_without_templates_would_be_found(registered):
    with pytest.raises(TemplateNotFound):
        registered.jinja_env.get_template("emails/no_such_kind/subject.txt")


def test_codes_are_taken_once(registered):
    from app.notifications.registry import register_audience, register_mail_kind

    kind = MailKind("contract_test", "Uji", lambda _recipient, _notices: None)
    register_mail_kind(registered, kind)
    with pytest.raises(ValueError, match="twice"):
        register_mail_kind(registered, kind)
    register_audience(registered, "contract_test", lambda _ids: [])
    with pytest.raises(ValueError, match="twice"):
        register_audience(registered, "contract_test", lambda _ids: [])
    del registered.extensions[EXTENSION].kinds["contract_test"]
