"""The ledger's requests, made once for all contracts that look at what came back."""

import pytest
from flask import Flask

from tests.contracts.ledger import Visit, walk


@pytest.fixture(scope="session")
def visits(app: Flask) -> list[Visit]:
    """Return every request of the access ledger, made on one small office."""
    return walk(app)
