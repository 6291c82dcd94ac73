"""A tiny complete town in a session: everything the pages show, small enough to check by hand.

Two communities of the home town and one of a foreign town, each of 4 x 3 blocks of about
100 m; a river along the middle separates the two grids of a community::

    +---+---+---+---+
    | 8 | 9 |10 |11 |        blocks 0-11, row by row from the south-west;
    +---+---+---+---+        grid 001 has the two western columns,
    | 4 | 5 | 6 | 7 |        grid 002 the two eastern ones
    +---+---+---+---+
    | 0 | 1 | 2 | 3 |
    +---+---+---+---+

Community 1 has a published plan and a worker in its first grid; community 2 has a published
plan, a draft and no worker; community 3 (the foreign town) has no plan at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from shapely import LineString, MultiPolygon, Point, box, union_all
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis.domain.access import Scope
from gis.store import tables as t
from gis.store.counts.recount import recount

PASSWORD = "correct-horse-7"
"""Of every account made here."""


QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Hashes as the application does, without the work that is there against guessing."""


@cache
def password_hash() -> str:
    """Hash the password once."""
    return QUICK.hash(PASSWORD)


NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
SIDE = 0.001
"""Side of a block in degrees: about 100 m."""

COLUMNS, ROWS = 4, 3
WEST, SOUTH = 108.500, 25.930


def ewkt(shape: BaseGeometry) -> str:
    """Write a shape in EPSG:4326 the way the database reads it."""
    return f"SRID=4326;{shape.wkt}"


def block_square(community: int, number: int) -> BaseGeometry:
    """Give the square of a block: communities lie side by side, numbered from the west.

    Both sides of a border are computed alike, so that neighbours share their corners to the bit.
    """
    column, row = community * COLUMNS + number % COLUMNS, number // COLUMNS
    west, east = (WEST + c * SIDE for c in (column, column + 1))
    south, north = (SOUTH + r * SIDE for r in (row, row + 1))
    return box(west, south, east, north)


def _multi(shape: BaseGeometry) -> str:
    return ewkt(shape if isinstance(shape, MultiPolygon) else MultiPolygon([shape]))


@dataclass
class Community:
    """One community of the tiny town with what was made in it."""

    unit: t.DivisionUnit
    blocks: list[t.Block] = field(default_factory=list)
    plans: list[t.Plan] = field(default_factory=list)
    grids: list[t.Grid] = field(default_factory=list)
    addresses: list[t.Address] = field(default_factory=list)
    households: list[t.Household] = field(default_factory=list)
    build: t.BlockBuild | None = None

    @property
    def id(self) -> int:
        """Give the id of the community."""
        return self.unit.id


@dataclass
class Town:
    """The tiny town; ``users`` by login, which is the role (and ``worker_without_grid``)."""

    county: t.DivisionUnit
    town: t.DivisionUnit
    foreign_town: t.DivisionUnit
    communities: list[Community]
    users: dict[str, t.UserAccount]
    waiting: list[t.Household] = field(default_factory=list)
    incidents: list[t.Incident] = field(default_factory=list)

    def records(self) -> list[t.Base]:
        """Give every record of the town that is kept here."""
        records = [self.county, self.town, self.foreign_town, *self.users.values()]
        records += [*self.waiting, *self.incidents]
        for community in self.communities:
            records += [community.unit, community.build, *community.blocks, *community.plans]
            records += [*community.grids, *community.addresses, *community.households]
        return [record for record in records if record is not None]

    def scope(self, login: str) -> Scope:
        """Give the scope that this user would have after signing in."""
        role = "worker" if login.startswith("worker") else login.split("_two")[0]
        home = {c.id for c in self.communities[:2]}
        first = {self.communities[0].id}
        areas = {"planner": home, "town_coordinator": home, "community_manager": first}
        areas |= {"worker": first, "handler": first}
        ids = areas.get(role)
        return Scope(
            self.users[login].id,
            login,
            self.users[login].name,
            frozenset({role}),
            None if ids is None else frozenset(ids),
            frozenset({self.communities[0].grids[0].code} if login == "worker" else ()),
        )


def make_unit(
    session: Session, code: str, level: str, name: str, name_en: str, parent=None, shape=None
) -> t.DivisionUnit:
    """Add a division unit; communities get a band of 10 to 15 households."""
    unit = t.DivisionUnit(
        code=code,
        level=level,
        name=name,
        name_en=name_en,
        parent_id=parent.id if parent else None,
        parent_level=parent.level if parent else None,
        minimum=10,
        target=12,
        maximum=15,
        metric_epsg=4545,
        synthetic=True,
        geom=_multi(shape) if shape is not None else None,
    )
    session.add(unit)
    session.flush()
    return unit


def make_user(
    session: Session, login: str, role: str, units: tuple = (), name: str | None = None
) -> t.UserAccount:
    """Add an account with one role and its areas."""
    user = t.UserAccount(
        login=login,
        name=name or login.replace("_", " ").title(),
        password_hash=password_hash(),
        language="en",
    )
    session.add(user)
    session.flush()
    session.add(t.UserRole(user_id=user.id, role=role))
    session.add_all(t.UserArea(user_id=user.id, division_unit_id=u.id) for u in units)
    session.flush()
    return user


def make_batch(session: Session) -> t.ImportBatch:
    """Add an import from a synthetic source."""
    source = t.DataSource(
        name="tiny town",
        attribution="Made for tests",
        notice_zh="全部数据均为合成",
        notice_en="All data are synthetic",
        synthetic=True,
    )
    session.add(source)
    session.flush()
    batch = t.ImportBatch(
        kind="households", file_name="tiny.csv", state="committed", source_id=source.id
    )
    session.add(batch)
    session.flush()
    return batch


def make_ground(session: Session, community: Community, index: int, batch: t.ImportBatch) -> None:
    """Add the build, two enclosures, twelve blocks and a building in each of a community."""
    unit = community.unit
    community.build = t.BlockBuild(
        community_id=unit.id, input_digest=f"digest-{unit.code}", built_at=NOW
    )
    session.add(community.build)
    session.flush()
    enclosures = [
        t.Enclosure(
            build_id=community.build.id,
            community_id=unit.id,
            number=half,
            geom=_multi(union_all([block_square(index, n) for n in grid_numbers(half)])),
        )
        for half in (0, 1)
    ]
    session.add_all(enclosures)
    session.flush()
    for number in range(COLUMNS * ROWS):
        square = block_square(index, number)
        community.blocks.append(
            t.Block(
                build_id=community.build.id,
                community_id=unit.id,
                enclosure_id=enclosures[0 if number in grid_numbers(0) else 1].id,
                number=number,
                n_buildings=1,
                area_m2=11_100.0,
                geom=_multi(square),
            )
        )
        session.add(
            t.Building(
                community_id=unit.id,
                reference=f"{unit.code}-{number}",
                levels=3,
                dwellings=2,
                synthetic=True,
                import_batch_id=batch.id,
                geom=_multi(square.centroid.buffer(SIDE / 4, cap_style="square")),
            )
        )
    session.add_all(community.blocks)
    session.flush()


def grid_numbers(half: int) -> set[int]:
    """Give the block numbers of the western (0) or eastern (1) grid."""
    return {n for n in range(COLUMNS * ROWS) if (n % COLUMNS >= COLUMNS // 2) == bool(half)}


def make_people(session: Session, community: Community, index: int, batch: t.ImportBatch) -> None:
    """Add an address and two households of three people to every block."""
    unit = community.unit
    for block in community.blocks:
        centre = block_square(index, block.number).centroid
        address = t.Address(
            text=f"River Street {block.number + 1}, {unit.name_en}",
            community=unit.name,
            street="River Street",
            number=str(block.number + 1),
            community_id=unit.id,
            block_id=block.id,
            synthetic=True,
            import_batch_id=batch.id,
            geom=ewkt(centre),
        )
        session.add(address)
        session.flush()
        community.addresses.append(address)
        for nth in (1, 2):
            community.households.append(_household(unit, block, address, nth, centre, batch))
    session.add_all(community.households)
    session.flush()
    for household in community.households:
        session.add(
            t.Resident(
                household_id=household.id,
                name=household.head_name,
                relation="head",
                synthetic=True,
                import_batch_id=batch.id,
            )
        )
    session.flush()


def _household(unit, block, address, nth: int, centre: Point, batch) -> t.Household:
    return t.Household(
        number=f"H{unit.code[-3:]}{block.number:02d}{nth}",
        head_name=f"张{'甲乙'[nth - 1]}{block.number}",
        phone=f"1380013{unit.id % 10}{block.number:02d}{nth}",
        people=3,
        address_text=f"{address.text}, Flat {nth}",
        community_id=unit.id,
        block_id=block.id,
        address_id=address.id,
        level="room",
        score=1.0,
        status="accepted",
        geom=ewkt(Point(centre.x + nth * SIDE / 20, centre.y)),
        synthetic=True,
        import_batch_id=batch.id,
    )


def make_plan(
    session: Session,
    community: Community,
    *,
    state: str = "published",
    name: str = "First division",
    swap: frozenset[int] = frozenset(),
    created_by: t.UserAccount | None = None,
) -> t.Plan:
    """Add a plan of two grids; blocks in ``swap`` go to the other grid than usual."""
    unit, published = community.unit, state in ("published", "superseded")
    plan = t.Plan(
        community_id=unit.id,
        build_id=community.build.id,
        name=name,
        state=state,
        parameters={"minimum": 10, "target": 12, "maximum": 15, "seed": 0},
        quality={"share_in_band": 1.0, "compactness": 0.7, "barrier_share": 1.0},
        effective_from=date(2026, 1, 1) if published else None,
        published_at=NOW if published else None,
        created_by=created_by.id if created_by else None,
    )
    session.add(plan)
    session.flush()
    session.add(t.PlanEdition(plan_id=plan.id, edition=1, kind="drawn", saved_by=plan.created_by))
    halves = [grid_numbers(half) ^ swap for half in (0, 1)]
    grids = [_grid(session, community, plan, sequence, halves[sequence]) for sequence in (0, 1)]
    session.add_all(grids)
    session.flush()
    for grid, numbers in zip(grids, halves, strict=True):
        session.add_all(
            t.BlockAssignment(
                plan_id=plan.id,
                block_id=community.blocks[n].id,
                community_id=unit.id,
                grid_id=grid.id,
            )
            for n in sorted(numbers)
        )
    if state == "published":
        session.add(t.LivePlan(community_id=unit.id, plan_id=plan.id))
        community.grids = grids
    session.flush()
    community.plans.append(plan)
    return plan


def _grid(session: Session, community: Community, plan, sequence: int, numbers: set) -> t.Grid:
    code = f"{community.unit.code}{sequence + 1:03d}"
    if session.get(t.GridCode, code) is None:
        session.add(t.GridCode(code=code, community_id=community.id))
        session.flush()
    households = 2 * len(numbers)
    index = int(community.unit.code[-3:]) - 1
    within = 10 <= households <= 15
    return t.Grid(
        plan_id=plan.id,
        community_id=community.id,
        number=sequence + 1,
        code=code,
        households=households,
        people=6 * len(numbers),
        area_m2=11_100.0 * len(numbers),
        deviation=(households - 12) / 12,
        compactness=0.7,
        barrier_share=1.0,
        flags=[] if within else ["below_minimum" if households < 10 else "above_maximum"],
        reasons={},
        geom=_multi(union_all([block_square(index, n) for n in sorted(numbers)])),
    )


def make_incidents(session: Session, town: Town, batch: t.ImportBatch) -> None:
    """Add five noises and a theft in community 1."""
    first = town.communities[0]
    for nth, topic in enumerate(("noise",) * 5 + ("theft",)):
        address = first.addresses[0]
        town.incidents.append(
            t.Incident(
                number=f"E{nth:03d}",
                topic=topic,
                occurred_at=datetime(2026, 2, nth + 1, 20, 0, tzinfo=UTC),
                address_text=address.text,
                community_id=first.id,
                block_id=first.blocks[0].id,
                address_id=address.id,
                level="number",
                score=1.0,
                status="accepted",
                geom=ewkt(block_square(0, 0).centroid),
                synthetic=True,
                import_batch_id=batch.id,
            )
        )
    session.add_all(town.incidents)
    session.flush()


def make_waiting(session: Session, town: Town, batch: t.ImportBatch) -> None:
    """Add what waits for review in community 1: a doubtful, a tied and an unknown household."""
    first = town.communities[0]
    for nth, (text, status, evidence) in enumerate(
        (
            ("River Stret 3", "review", "street differs by one letter"),
            ("River Street 5", "review", "2 candidates in the same block"),
            ("the old mill", "none", None),
        )
    ):
        town.waiting.append(
            t.Household(
                id=UUID(int=0xABC0 + nth),
                number=f"W{nth}",
                head_name=f"李{'丙丁戊'[nth]}",
                people=2,
                address_text=text,
                community_id=first.id,
                status=status,
                level="number" if status == "review" else "none",
                score=0.7 if status == "review" else None,
                evidence=evidence,
                synthetic=True,
                import_batch_id=batch.id,
            )
        )
    session.add_all(town.waiting)
    session.flush()


def make_users(session: Session, county, town, first) -> dict[str, t.UserAccount]:
    """Add one user of every role, a second official, and a worker without a grid."""
    areas = {
        "administrator": (),
        "official": (county,),
        "official_two": (county,),
        "town_coordinator": (town,),
        "planner": (town,),
        "community_manager": (first,),
        "worker": (first,),
        "worker_without_grid": (first,),
        "handler": (first,),
        "auditor": (),
    }
    roles = {"official_two": "official", "worker_without_grid": "worker"}
    return {
        login: make_user(session, login, roles.get(login, login), units)
        for login, units in areas.items()
    }


def make_town(session: Session) -> Town:
    """Build the whole tiny town; the caller commits or rolls back."""
    squares = [union_all([block_square(i, n) for n in range(COLUMNS * ROWS)]) for i in range(3)]
    county = make_unit(
        session, "522632000000", "county", "榕江县", "Rongjiang", shape=union_all(squares)
    )
    home = make_unit(
        session, "522632100000", "town", "古州镇", "Guzhou", county, union_all(squares[:2])
    )
    foreign = make_unit(session, "522632101000", "town", "忠诚镇", "Zhongcheng", county, squares[2])
    communities = [
        Community(
            make_unit(session, f"522632{100 + (i == 2)}{i + 1:03d}", "community", zh, en, p, s)
        )
        for i, (zh, en, p, s) in enumerate(
            (
                ("古榕社区", "Gurong", home, squares[0]),
                ("卧龙社区", "Wolong", home, squares[1]),
                ("乐里社区", "Leli", foreign, squares[2]),
            )
        )
    ]
    town = Town(county, home, foreign, communities, {})
    batch = make_batch(session)
    river = [block_square(i, 1).bounds[2] for i in range(3)]
    for index, community in enumerate(communities):
        line = LineString([(river[index], SOUTH), (river[index], SOUTH + ROWS * SIDE)])
        session.add(
            t.Barrier(kind="river", name="都柳江", import_batch_id=batch.id, geom=ewkt(line))
        )
        make_ground(session, community, index, batch)
        make_people(session, community, index, batch)
    town.users = make_users(session, county, home, communities[0].unit)
    make_plan(session, communities[0], created_by=town.users["planner"])
    make_plan(session, communities[1], created_by=town.users["planner"])
    make_plan(
        session,
        communities[1],
        state="draft",
        name="Move the north",
        swap=frozenset({9}),
        created_by=town.users["planner"],
    )
    session.add(
        t.GridWorker(
            grid_code=communities[0].grids[0].code,
            user_id=town.users["worker"].id,
            valid_from=date(2026, 1, 1),
        )
    )
    make_incidents(session, town, batch)
    make_waiting(session, town, batch)
    recount(session, now=NOW)
    return town
