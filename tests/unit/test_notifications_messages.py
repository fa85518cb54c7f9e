"""What a mail is made of, before any server sees it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.notifications.delivery import BadHeader, message_of, register_delivery
from app.notifications.messages import new_message_id, one_line
from app.notifications.outbox import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    LeasedMail,
    pause_after,
)

HOSTILE = [
    "Judul\r\nBcc: semua@lain.test",
    "Judul\nBcc: semua@lain.test",
    "Judul\rBcc: semua@lain.test",
    "Judul\x0bBcc: semua@lain.test",
    "Judul\x1cBcc: semua@lain.test",
    "Judul\x85Bcc: semua@lain.test",
    "Judul\u2028Bcc: semua@lain.test",
    "Judul\x00Bcc: semua@lain.test",
]


@pytest.fixture(autouse=True)
def mail_app(tmp_path: Path) -> Iterator[Flask]:
    app = Flask("mail")
    app.config.update(
        MAIL_SERVER="",
        MAIL_DEFAULT_SENDER="Gugus DP3A <gugus@dp3a.test>",
        MAIL_REPLY_TO="dp3a@kutaitimur.test",
        DATA_DIR=tmp_path,
    )
    register_delivery(app)
    with app.app_context():
        yield app


def leased(**changes: object) -> LeasedMail:
    given = {
        "id": 7,
        "to_name": "Siti Rahmawati, S.Sos.",
        "to_address": "siti@kutaitimur.test",
        "message_id": "<abc@dp3a.test>",
        "subject": "Dikembalikan untuk perbaikan",
        "body_text": "Isi surel.\n",
        "body_html": "<p>Isi surel.</p>",
        "leased_until": datetime(2026, 11, 24, tzinfo=UTC),
    }
    return LeasedMail(**(given | changes))  # type: ignore[arg-type]


def parse(mail: LeasedMail):
    return message_from_bytes(message_of(mail).as_bytes(), policy=policy.default)


@pytest.mark.parametrize("title", HOSTILE, ids=ascii)
def test_a_hostile_title_becomes_one_line(title):
    line = one_line(title)
    assert line == "Judul Bcc: semua@lain.test"
    assert parse(leased(subject=line))["Bcc"] is None


@pytest.mark.parametrize("title", HOSTILE, ids=ascii)
@pytest.mark.parametrize("place", ["subject", "to_name", "to_address", "message_id"])
def test_no_header_lets_a_control_character_through(place, title):
    with pytest.raises(BadHeader):
        message_of(leased(**{place: title})).as_bytes()


def test_a_mail_says_what_it_is():
    mail = parse(leased())
    assert mail["Message-ID"] == "<abc@dp3a.test>"
    assert mail["From"] == "Gugus DP3A <gugus@dp3a.test>"
    assert mail["Reply-To"] == "dp3a@kutaitimur.test"
    assert mail["To"] == '"Siti Rahmawati, S.Sos." <siti@kutaitimur.test>'
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"]
    assert mail.get_body(("plain",)).get_content().strip() == "Isi surel."
    assert mail.get_body(("html",)).get_content().strip() == "<p>Isi surel.</p>"


WORDS = [
    "Dikembalikan",
    "persen",
    "“dengan”",
    "layak,",
    "Café",
    "é",
    "à",
    "(TL-2026-0123)",
    "S.Sos.",
]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map(" ".join))
def test_subjects_and_names_arrive_as_they_were_written(words):
    line = one_line(words)
    mail = message_from_bytes(message_of(leased(subject=line, to_name=line)).as_bytes())
    assert str(make_header(decode_header(mail["Subject"]))) == line
    name, address = parseaddr("".join(mail["To"].splitlines()))
    assert (str(make_header(decode_header(name))), address) == (line, "siti@kutaitimur.test")


def test_no_line_is_longer_than_mail_servers_take():
    raw = message_of(leased(body_text="kata " * 3_000, body_html="é" * 5_000)).as_bytes()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_a_subject_has_an_end():
    assert len(one_line("panjang " * 100)) <= 180
    assert one_line("panjang " * 100).endswith("…")


def test_message_ids_are_of_the_senders_domain_and_never_the_same():
    ids = {new_message_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(found.endswith("@dp3a.test>") for found in ids)


def test_pauses_grow_to_two_hours():
    for attempts, pause in ((1, FIRST_PAUSE), (3, FIRST_PAUSE * 4), (10, LONGEST_PAUSE)):
        found = {pause_after(attempts) for _ in range(50)}
        assert all(pause * 0.79 < one < pause * 1.21 for one in found)
        assert len(found) > 1
