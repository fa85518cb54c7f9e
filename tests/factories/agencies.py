"""Agencies and memberships as tests need them."""

from typing import Any

import factory
from factory.alchemy import SQLAlchemyModelFactory

from app.agencies.models import Agency, AgencyAlias, AgencyGroup, Category, Duty, Membership
from app.core import clock
from app.core.db import db
from app.core.search import searchable
from tests.factories.accounts import UserFactory


class AgencyFactory(SQLAlchemyModelFactory):
    """An agency; traits `kecamatan`, `desa` (give `parent_id`), `deactivated`."""

    class Meta:
        model = Agency
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    class Params:
        kecamatan = factory.Trait(kind="kecamatan")
        desa = factory.Trait(kind="desa")
        deactivated = factory.Trait(deactivated_at=factory.LazyFunction(clock.now))

    code: Any = factory.Sequence(lambda n: f"DINAS{n}")
    name: Any = factory.LazyAttribute(lambda agency: f"Dinas Nomor {agency.code}")
    short_name: Any = factory.LazyAttribute(lambda agency: agency.code.title())
    category = Category.OPD
    kind = "perangkat_daerah"
    parent_id = None
    cluster_roles: Any = factory.LazyFunction(dict)
    verified = True
    search_text: Any = factory.LazyAttribute(
        lambda agency: searchable(agency.code, agency.name, agency.short_name)
    )
    created_at: Any = factory.LazyFunction(clock.now)
    deactivated_at = None


class AgencyAliasFactory(SQLAlchemyModelFactory):
    """Another spelling; give `agency`, `alias` and its `key`."""

    class Meta:
        model = AgencyAlias
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    agency: Any = factory.SubFactory(AgencyFactory)
    alias: Any = factory.Sequence(lambda n: f"Ejaan {n}")
    key: Any = factory.LazyAttribute(lambda row: row.alias.lower().replace(" ", ""))


class AgencyGroupFactory(SQLAlchemyModelFactory):
    """All kecamatan under one name."""

    class Meta:
        model = AgencyGroup
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    code: Any = factory.Sequence(lambda n: f"KELOMPOK{n}")
    name: Any = factory.LazyAttribute(lambda group: f"Kelompok {group.code}")
    members_kind = "kecamatan"


class MembershipFactory(SQLAlchemyModelFactory):
    """A focal point; traits `deputy`, `contributor`, `head`, `ended`."""

    class Meta:
        model = Membership
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    class Params:
        deputy = factory.Trait(duty=Duty.DEPUTY)
        contributor = factory.Trait(duty=Duty.CONTRIBUTOR)
        head = factory.Trait(duty=Duty.HEAD)
        ended = factory.Trait(ended_at=factory.LazyFunction(clock.now))

    agency: Any = factory.SubFactory(AgencyFactory)
    user: Any = factory.SubFactory(UserFactory)
    duty = Duty.FOCAL_POINT
    started_at: Any = factory.LazyFunction(clock.now)
    ended_at = None
