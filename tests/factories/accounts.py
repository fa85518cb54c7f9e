"""Users as tests need them."""

from typing import Any

import factory
from factory.alchemy import SQLAlchemyModelFactory

from app.accounts.models import User
from app.accounts.permissions import Role
from app.core import clock
from app.core.db import db

PASSWORD = "kursi-biru-42"
# The hash of PASSWORD by the program's own parameters: hashing anew for each user would be slow.
PASSWORD_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$2+yqs2XnyixaSDgDH3n7Cg$"
    "sgPdPe8AG601+AqWfMr5HQjuFiOq6ib5aL5I1G12jGo"
)


class UserFactory(SQLAlchemyModelFactory):
    """A person of an agency; traits `officer`, `leader`, `admin`, `without_mail`, `deactivated`.

    The person signs in by form with PASSWORD. Give `password_hash=None` for one who never did.
    """

    class Meta:
        model = User
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    class Params:
        officer = factory.Trait(role=Role.OFFICER)
        agency = factory.Trait(role=Role.AGENCY)
        leader = factory.Trait(role=Role.LEADER)
        admin = factory.Trait(role=Role.ADMIN)
        without_mail = factory.Trait(email=None)
        deactivated = factory.Trait(deactivated_at=factory.LazyFunction(clock.now))

    username: Any = factory.Sequence(lambda n: f"pengguna{n}")
    name: Any = factory.Sequence(lambda n: f"Siti Rahmawati {n}, S.Sos.")
    position = None
    email: Any = factory.LazyAttribute(lambda user: f"{user.username}@kutaitimur.test")
    phone = None
    role = Role.AGENCY
    password_hash = PASSWORD_HASH
    code_hash = None
    code_expires_at = None
    session_epoch = 0
    preferences: Any = factory.LazyFunction(dict)
    created_at: Any = factory.LazyFunction(clock.now)
    last_signed_in_at = None
    deactivated_at = None
