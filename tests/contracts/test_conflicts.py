"""Every unique constraint has words for whoever comes second."""

import pytest

from app.core.conflicts import EXTENSION, register_conflicts, unique_names

NEVER_MET = {
    "uq_outgoing_mails_message_id",  # drawn at random
    "uq_return_reasons_code",  # seeded by a migration; no page writes them
    "uq_stored_files_sha256",  # the insert itself takes the row that is there
}


def test_every_unique_constraint_means_something_to_people(app):
    told = app.extensions[EXTENSION]
    assert set(told) | NEVER_MET == set(unique_names().values())
    for message, _field in told.values():
        assert message[0].isupper()
        assert message.endswith(".")


@pytest.mark.parametrize("name", ["uq_cycles_year", "uq_no_such_thing"])
def test_a_constraint_that_is_none_or_said_twice_stops_the_start(app, name):
    with pytest.raises(ValueError, match=name):
        register_conflicts(app, {name: ("Sudah ada.", None)})
