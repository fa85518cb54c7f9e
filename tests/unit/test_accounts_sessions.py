"""What needs no database: paths that lead nowhere else, codes, labels."""

import pytest

from app.accounts.labels import ROLE_HINTS, ROLE_LABELS, STATUS_LABELS, Status
from app.accounts.permissions import ROLE_PERMISSIONS, Role
from app.accounts.services.particulars import EMAIL, USERNAME
from app.accounts.tokens import CODE_ALPHABET, new_code
from app.accounts.views.expired import is_kept
from app.accounts.views.sessions import local_path


@pytest.mark.parametrize(
    "path", ["/", "/tindak-lanjut/TL-2026-0001?x=1#jawaban", "/pengguna?q=a%20b", "/a:b", "/é"]
)
def test_paths_of_this_program_are_followed(path):
    assert local_path(path) == path


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "akun",
        "//x",
        "///x",
        "/\\x",
        "\\x",
        "https://x",
        "http:x",
        "/a\nb",
        "/\t/x",
        "/\x00",
    ],
)
def test_other_addresses_are_not(address):
    assert local_path(address) is None


def test_codes_can_be_read_out():
    assert len(CODE_ALPHABET) == 32
    assert not set("01OI") & set(CODE_ALPHABET)
    assert len({new_code() for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "name", ["csrf_token", "password", "old_password", "current_password", "again", "code"]
)
def test_secrets_are_not_carried_through_a_sign_in(name):
    assert not is_kept(name)
    assert is_kept("note")


def test_every_role_and_status_has_its_words():
    assert set(ROLE_LABELS) == set(ROLE_HINTS) == set(ROLE_PERMISSIONS) == set(Role)
    assert set(STATUS_LABELS) == set(Status)


@pytest.mark.parametrize("email", ["a@b.go.id", "nama.orang+kla@kutaitimurkab.go.id"])
def test_addresses_are_addresses(email):
    assert EMAIL.fullmatch(email)


@pytest.mark.parametrize("email", ["a@b", "a b@c.id", "a@b..id", "a@.id", "@b.id", "a@b.id\n"])
def test_other_words_are_none(email):
    assert not EMAIL.fullmatch(email)


@pytest.mark.parametrize("username", ["dinkes", "dinkes2", "kec-sangatta.utara", "a_b"])
def test_usernames_are_plain(username):
    assert USERNAME.fullmatch(username)
