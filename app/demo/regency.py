"""The agencies of the regency, its invented desa, and an account for each of them."""

from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from random import Random
from typing import Any

from sqlalchemy import insert, select

from app.accounts.models import User
from app.accounts.permissions import Role
from app.agencies.models import Agency, Category, Duty, Membership, search_text
from app.agencies.services.importing import import_agencies
from app.agencies.services.reading import read_agencies
from app.core.actor import SYSTEM
from app.core.db import db
from app.demo.people import Names
from app.demo.villages import village_names

DOMAIN = "kutaitimur.test"
STAFF = (
    ("admin", Role.ADMIN, "Administrator aplikasi, Diskominfo"),
    ("petugas1", Role.OFFICER, "Analis perlindungan anak, Bidang PHA DP3A"),
    ("petugas2", Role.OFFICER, "Penelaah teknis kebijakan, Bidang PHA DP3A"),
    ("sekda", Role.LEADER, "Sekretaris Daerah, Ketua Gugus Tugas KLA"),
)
WITHOUT_MAIL_EVERY = 4
"""Each fourth desa has no e-mail: its people are told in the application."""


@dataclass(frozen=True, slots=True)
class Regency:
    """Who is there: agencies by code, and users by username."""

    agencies: dict[str, Agency]
    users: dict[str, User]


def settle(moment: datetime, random: Random, password_hash: str) -> Regency:
    """Bring in the agencies and give each its people."""
    report = import_agencies(SYSTEM, read_agencies(data("agencies.yaml")))
    if report.faults:
        raise RuntimeError(f"the shipped agencies have faults: {report.faults}")
    _found_villages(moment)
    agencies = {
        agency.code: agency for agency in db.session.scalars(select(Agency).order_by(Agency.id))
    }
    _make_accounts(list(agencies.values()), moment, random, password_hash)
    users = {user.username: user for user in db.session.scalars(select(User))}
    _give_duties(agencies, users, moment)
    return Regency(agencies, users)


def data(name: str) -> bytes:
    """Return a file that ships with the demo."""
    return files("app.demo").joinpath("data", name).read_bytes()


def _found_villages(moment: datetime) -> None:
    kecamatan = {
        agency.code: agency
        for agency in db.session.scalars(
            select(Agency).where(Agency.kind == "kecamatan").order_by(Agency.code)
        )
    }
    villages = [
        (f"DESA_{name.upper().replace(' ', '_')}", f"Desa {name}", kecamatan[code].id)
        for name, code in village_names(list(kecamatan))
    ]
    db.session.execute(
        insert(Agency),
        [
            {
                "code": code,
                "name": name,
                "short_name": name,
                "category": Category.OPD,
                "kind": "desa",
                "parent_id": parent_id,
                "cluster_roles": {},
                "verified": False,
                "search_text": search_text(code, name, name, ()),
                "created_at": moment,
            }
            for code, name, parent_id in villages
        ],
    )


def _make_accounts(
    agencies: list[Agency], moment: datetime, random: Random, password_hash: str
) -> None:
    names = Names(random)
    rows = [_user(name, role, names.next(), position) for name, role, position in STAFF]
    for agency in agencies:
        code = agency.code.lower()
        rows.append(_user(code, Role.AGENCY, names.next(), f"Narahubung {agency.short_name}"))
        if agency.kind != "desa":
            second = f"Pengganti narahubung {agency.short_name}"
            rows.append(_user(f"{code}2", Role.AGENCY, names.next(), second))
    villages = [row for row in rows if row["username"].startswith("desa_")]
    for row in villages[::WITHOUT_MAIL_EVERY]:
        row["email"] = None
    common = {"password_hash": password_hash, "created_at": moment, "session_epoch": 0}
    db.session.execute(insert(User), [{**row, **common, "preferences": {}} for row in rows])


def _user(username: str, role: Role, name: str, position: str) -> dict[str, Any]:
    return {
        "username": username,
        "name": name,
        "position": position,
        "email": f"{username}@{DOMAIN}",
        "role": role,
    }


def _give_duties(agencies: dict[str, Agency], users: dict[str, User], moment: datetime) -> None:
    rows = []
    for code, agency in agencies.items():
        for username, duty in (
            (code.lower(), Duty.FOCAL_POINT),
            (f"{code.lower()}2", Duty.DEPUTY),
        ):
            if username in users:
                rows.append(
                    {
                        "agency_id": agency.id,
                        "user_id": users[username].id,
                        "duty": duty,
                        "started_at": moment,
                    }
                )
    db.session.execute(insert(Membership), rows)
