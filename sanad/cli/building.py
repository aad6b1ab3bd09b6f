"""What a new database is filled with: the published catalogue and places.

For a demonstration the made-up network comes on top.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from sanad.accounts import actions as accounts
from sanad.accounts import queries as account_queries
from sanad.accounts.load import MemberRow, Post, load_members
from sanad.accounts.roles import Role
from sanad.beneficiaries.load import PersonRow, load_people
from sanad.catalogue import queries as catalogue
from sanad.catalogue.load import load_catalogue
from sanad.centres import load as centres
from sanad.centres import queries as centre_queries
from sanad.centres.demonstration import (
    Calibration,
    Member,
    Network,
    demonstration_network,
    serving_at,
    vat_per_mille_of,
)
from sanad.centres.made_up_names import read_people_names
from sanad.cli.leaving import leave_if_asked
from sanad.cli.output import progress
from sanad.db.bare import bare
from sanad.db.connect import LOADER, as_login
from sanad.db.scope import acting, national_scope, system_scope
from sanad.eventlog.actions import MONTHS_AHEAD, ensure_months
from sanad.eventlog.sealer import seal
from sanad.gateway.actions import register_endpoint
from sanad.lab.history.described import Worker, describe
from sanad.lab.history.write import TABLES, story_of, write
from sanad.lab.twin.story import simulate
from sanad.lib.draws import Draws
from sanad.lib.ids import new_id
from sanad.lib.quarters import Quarter
from sanad.oversight.actions import refill_days

SEED = int(settings.SANAD_SEED)
# A Tuesday morning on the last day of the announced quarter, 10:00 in Muscat.
DEMONSTRATION_STARTS = datetime(2025, 9, 30, 6, 0, tzinfo=UTC)
HISTORY_STARTS = datetime(2025, 1, 1, tzinfo=UTC)
DEMONSTRATION_PASSWORD = "sanad-demonstration"  # noqa: S105 - published on the sign-in page
DEMONSTRATION_VILLAGE = 401  # Al Khuwair
DEMONSTRATION_CHAMBER = 19
MADE_UP_PEOPLE = 60


def build_real(*, username: str, name_ar: str, name_en: str, at: datetime) -> dict[str, Any]:
    """Fill an empty real network, adding nothing that is there already.

    Rows by kind, and the first administrator's invitation where there is none yet.
    """
    made: dict[str, Any] = {}
    with as_login(LOADER, passwords=settings.SANAD_KEYS), transaction.atomic():
        _make_months(at)
        made |= load_catalogue(demonstration=False, at=at)
        if not centre_queries.counts()["wilayats"]:
            made |= centres.load_places()
    with acting(national_scope()):
        if not account_queries.has_administrator():
            token = accounts.invite(
                username=username, name_ar=name_ar, name_en=name_en, role=Role.ADMINISTRATOR,
                inviter_role=Role.ADMINISTRATOR, at=at, by=None,
            )  # fmt: skip
            made["invitation"] = f"{settings.SANAD_PUBLIC_URL}/invitation/{token}/"
    return made


@dataclass(frozen=True)
class Built:
    """The demonstration network as it was made, and who serves and answers in it."""

    network: Network
    vat: dict[int, int]
    workers: dict[int, list[Worker]]
    approvers: dict[int, tuple[UUID, UUID]]
    officers: dict[int, UUID]


def build_demonstration(calibration: Calibration) -> Built:
    """Fill an empty database with the demonstration network, all or nothing."""
    network = demonstration_network(SEED, calibration)
    with as_login(LOADER, passwords=settings.SANAD_KEYS), transaction.atomic():
        _make_months(HISTORY_STARTS)
        load_catalogue(demonstration=True, at=HISTORY_STARTS)
        centres.load_places()
        centre_rows = centres.rows_of(network)
        centres.load_centres(centre_rows)
        members = _members(network)
        officers = _officers()
        load_members([*members.values(), *_national(), *officers.values()], at=HISTORY_STARTS)
        load_people(made_up_people(), at=HISTORY_STARTS)
        _register_stand_ins()
        centres.analyse()
    return Built(
        network, {c.id: c.vat_per_mille for c in centre_rows}, _workers(network, members),
        _approvers(network, members),
        {entity: _key(officer) for entity, officer in officers.items()},
    )  # fmt: skip


def write_history(
    built: Built, calibration: Calibration, seconds: dict[str, float], transactions: int | None
) -> None:
    """Live the quarter again: simulate it and write its rows. `seconds` gets the time by step."""
    with acting(national_scope()):
        described = describe(
            seed=SEED, calibration=calibration, centres=built.network.centres, vat=built.vat,
            workers=built.workers, officers=built.officers, approvers=built.approvers,
            now=DEMONSTRATION_STARTS, transactions=transactions,
        )  # fmt: skip
    began = time.monotonic()
    facts = simulate(described.world)
    leave_if_asked()  # it may have been compiled just now
    seconds["simulate"] = round(time.monotonic() - began, 2)
    story = story_of(described, facts, link=f"{settings.SANAD_PUBLIC_URL}/track/")
    began = time.monotonic()
    with bare(TABLES, url=settings.DATABASE_URL) as steps:
        write(story, progress)
        seconds["rows"] = round(time.monotonic() - began, 2)
        progress("History: indexes and keys …")
    seconds |= steps
    progress("History: sealing the log and counting every day …")
    with ThreadPoolExecutor(1) as beside:
        counted = beside.submit(_count, described.quarter)
        began = time.monotonic()
        seal(at=DEMONSTRATION_STARTS, anchor=settings.SANAD_ANCHOR)
        seconds["seal"] = round(time.monotonic() - began, 2)
        seconds["facts"] = counted.result()
    with as_login(LOADER, passwords=settings.SANAD_KEYS):
        centres.analyse()


def _count(quarter: Quarter) -> float:
    """Fill the day facts of a quarter, on a connection of its own; the seconds it took."""
    began = time.monotonic()
    try:
        with acting(system_scope()):
            refill_days(quarter.first_day, quarter.last_day, at=DEMONSTRATION_STARTS)
    finally:
        connection.close()
    return round(time.monotonic() - began, 2)


def made_up_people(count: int = MADE_UP_PEOPLE) -> list[PersonRow]:
    """People who can be looked up by civil number: 70000001, 70000002 and so on."""
    names, draws = read_people_names(), Draws(SEED, "people")
    found = []
    for number in range(1, count + 1):
        omani = number % 3 != 0
        name = names.omani(draws) if omani else names.expatriate(draws)
        found.append(
            PersonRow(
                civil_number=f"{70_000_000 + number}",
                name=name.text,
                phone=f"+9689{1_000_000 + number:07d}",
                language="ar" if omani else "en",
                nationality="OM" if omani else name.nationality,
            )
        )
    return found


def _make_months(since: datetime) -> None:
    ensure_months(first=since.date(), last=since.date() + timedelta(days=31 * (MONTHS_AHEAD + 12)))


def _members(network: Network) -> dict[int, MemberRow]:
    """Everybody who works in the centres; those whom a visitor may sign in as have a password."""
    staffed = {centre for member in network.staff for centre in member.centres}
    # One that charges VAT, so that all four lines of a quote are seen.
    place = next(
        c.id
        for c in network.centres
        if c.village_code == DEMONSTRATION_VILLAGE and c.id in staffed and vat_per_mille_of(c.id)
    )
    cast = {
        "owner": next(m for m in network.owners if place in m.centres),
        "operator": next(m for m in network.staff if place in m.centres),
    }
    known = {member.id: username for username, member in cast.items()}
    return {member.id: _member(member, known.get(member.id)) for member in network.members}


def _national() -> list[MemberRow]:
    """Those who sit at no centre and whom a visitor may sign in as."""
    names, draws = read_people_names(), Draws(SEED, "national")
    national = {
        "ministry": Post(Role.MINISTRY),
        "inspector": Post(Role.INSPECTOR),
        "analyst": Post(Role.ANALYST),
        "administrator": Post(Role.ADMINISTRATOR),
        "entity": Post(Role.ENTITY_OFFICER, entity=DEMONSTRATION_CHAMBER),
    }
    return [
        MemberRow(username, names.omani(draws).text, "OM", (post,), DEMONSTRATION_PASSWORD)
        for username, post in national.items()
    ]


def _officers() -> dict[int, MemberRow]:
    """An officer at each entity, who gave the answers of the history."""
    names = read_people_names()
    return {
        entity.number: MemberRow(
            f"officer-{entity.code}", names.omani(Draws(SEED, "officer", entity.code)).text, "OM",
            (Post(Role.ENTITY_OFFICER, entity=entity.number),), id=new_id(),
        )
        for entity in catalogue.entities()
    }  # fmt: skip


def _approvers(network: Network, members: dict[int, MemberRow]) -> dict[int, tuple[UUID, UUID]]:
    """Of each centre an owner and another person; the owner twice where nobody else is there."""
    at: dict[int, list[UUID]] = {centre.id: [] for centre in network.centres}
    for member in sorted(network.members, key=lambda m: (m.role != "owner", m.id)):
        for centre in member.centres:
            at[centre].append(_key(members[member.id]))
    return {centre: (people[0], people[-1]) for centre, people in at.items()}


def _workers(network: Network, members: dict[int, MemberRow]) -> dict[int, list[Worker]]:
    """Who may serve at each centre, as it was loaded."""
    return {
        centre: [Worker(_key(members[one.id]), members[one.id].name) for one in people]
        for centre, people in serving_at(network).items()
    }


def _key(member: MemberRow) -> UUID:
    assert member.id is not None
    return member.id


def _member(member: Member, username: str | None) -> MemberRow:
    role = Role.OWNER if member.role == "owner" else Role.OPERATOR
    return MemberRow(
        username=username or f"{member.role}-{member.id:04d}",
        name=member.name.text,
        nationality=member.name.nationality,
        posts=tuple(Post(role, centre) for centre in member.centres),
        password=DEMONSTRATION_PASSWORD if username else None,
        id=new_id(),
    )


def _register_stand_ins() -> int:
    """Every entity's line leads to its stand-in; keys are fetched when the stand-in runs."""
    entities = catalogue.entities()
    for entity in entities:
        register_endpoint(
            entity=entity.number,
            url=f"{settings.SANAD_SANDBOX_URL}/entities/{entity.code}",
            public_key=None,
            at=HISTORY_STARTS,
        )
    return len(entities)
