"""Geocoding runs: gone on with after a kill, repeatable, and no more than a change can reach."""

import random

import pytest
from sqlalchemy import func, select, text

from gis.actions.access.work import Work
from gis.actions.location import geocode
from gis.actions.location.geocode import begin_run, geocode_subject, outcome_of, run_next_chunk
from gis.actions.location.register import load_register
from gis.actions.location.review import accept_candidate, place_pin, undo
from gis.address import gather
from gis.domain.access import SYSTEM, Scope
from gis.errors import Conflict
from gis.store import tables as t
from gis.store.location import runs
from tests.drawn_town import NAMES, NOW, STREETS, frame, house_place, incident_row, put
from tests.factories import make_user

TEXTS = [
    *(f"{NAMES[i]}{STREETS[s]}{n}号" for i in (0, 1) for s in range(4) for n in (1, 3, 14, 15)),
    *(f"{STREETS[s]}{n}号" for s in range(4) for n in (2, 12, 99)),
    "古榕社区滨江陆3号", "宾江路4号", "滨江路3号附2", "古榕社区榕江大道3号2栋501室",
    "古州镇卧龙社区", "榕江大道", "新开路5号", "古榕社区新开路5号", "阳光小区3栋",
    "古榕社区阳光小区3栋", "胡说八道", "",
]  # fmt: skip


@pytest.fixture
def described(town, town_session):
    """Give a session with incidents of every kind of text, located once."""
    rows = [incident_row(f"R{i}", words or None) for i, words in enumerate(TEXTS)]
    assert put(town_session, "incidents", frame("incidents", rows)).state == "committed"
    run_all(town_session)
    return town_session


def run_all(session, **options):
    return geocode_subject(Work(session, SYSTEM, NOW), "incidents", **options)


def places(session) -> dict:
    columns = [c for c in t.Incident.__table__.columns if c.name not in ("run_id", "located_at")]
    session.expire_all()
    return {r.number: tuple(map(str, r)) for r in session.execute(select(*columns))}


def reviewer(session) -> Scope:
    user = make_user(session, "reviewer", "community_manager")
    return Scope(user.id, user.login, user.name, frozenset({"community_manager"}), None)


def waiting_incident(session) -> t.Incident:
    found = select(t.Incident).where(t.Incident.status == "review").order_by(t.Incident.number)
    return session.scalars(found.limit(1)).one()


# Repeated and interrupted


def test_a_second_run_on_the_same_register_asks_and_changes_nothing(described):
    before = places(described)
    again = run_all(described)
    assert (again.total, again.changed, again.kept) == (0, 0, len(TEXTS))
    whole = run_all(described, everything=True)
    assert (whole.total, whole.changed) == (len(TEXTS), 0) and places(described) == before
    versions = described.scalar(select(func.count()).select_from(t.RegisterVersion))
    run_all(described)
    assert described.scalar(select(func.count()).select_from(t.RegisterVersion)) == versions


def test_an_interrupted_run_is_gone_on_with_where_it_stopped(described):
    expected = places(described)
    described.execute(
        text("UPDATE incident SET status = 'none', level = 'none', located_at = NULL")
    )
    register = load_register(described, now=NOW)
    run = begin_run(Work(described, SYSTEM, NOW), "incidents", register)
    assert not run_next_chunk(Work(described, SYSTEM, NOW), run, register, chunk_size=10)
    half = runs.lock_run(described, run)
    assert (half.seen, half.total, half.state) == (10, len(TEXTS), "running")
    assert begin_run(Work(described, SYSTEM, NOW), "incidents", register) == run
    while not run_next_chunk(Work(described, SYSTEM, NOW), run, register, chunk_size=10):
        pass
    outcome = outcome_of(described, run)
    assert outcome.total == len(TEXTS) == outcome.accepted + outcome.review + outcome.unmatched
    assert places(described) == expected
    assert runs.list_runs(described, "incidents")[0].state == "finished"


def test_a_run_whose_register_has_changed_is_begun_anew(described):
    register = load_register(described, now=NOW)
    run = begin_run(Work(described, SYSTEM, NOW), "incidents", register, everything=True)
    run_next_chunk(Work(described, SYSTEM, NOW), run, register, chunk_size=5)
    described.execute(
        text("UPDATE address SET number = '77' WHERE id = (SELECT min(id) FROM address)")
    )
    changed = load_register(described, now=NOW)
    assert changed.version != register.version
    with pytest.raises(Conflict, match="start geocoding again"):
        run_next_chunk(Work(described, SYSTEM, NOW), run, changed)
    other = begin_run(Work(described, SYSTEM, NOW), "incidents", changed)
    assert other != run and runs.lock_run(described, run).state == "abandoned"


# What a change can reach


def change_register(session, rng: random.Random) -> None:
    """Add, move, rename or empty an entry of the register, whatever comes."""
    ids = session.scalars(select(t.Address.id).order_by(t.Address.id)).all()
    one = session.get(t.Address, rng.choice(ids))
    kind = rng.choice(["add", "new street", "move", "renumber", "rename", "estate", "hide", "text"])
    if kind in ("add", "new street", "estate"):
        parts = {
            "add": {"street": rng.choice(STREETS), "number": str(rng.randint(1, 20))},
            "new street": {"street": rng.choice(["新开路", "滨河路"]), "number": "5"},
            "estate": {"estate": "阳光小区", "building": "3"},
        }[kind]
        written = one.community + "".join(parts.values())
        lon, lat = house_place(rng.randint(0, 1), rng.randint(0, 3), rng.randint(0, 8))
        session.add(
            t.Address(
                text=written, community=one.community, community_id=one.community_id,
                import_batch_id=one.import_batch_id, geom=f"SRID=4326;POINT({lon} {lat})", **parts,
            )
        )  # fmt: skip
    elif kind == "move":
        one.geom = f"SRID=4326;POINT({' '.join(map(str, house_place(0, 0, rng.randint(0, 8))))})"
    elif kind == "renumber":
        one.number = str(rng.randint(1, 20))
    elif kind == "rename":
        one.street = rng.choice([*STREETS, "滨江路南段"])
    elif kind == "hide":
        one.geom = None
    else:
        one.text = rng.choice(TEXTS[:20])
    session.flush()


@pytest.mark.parametrize("seed", range(12))
def test_after_any_change_the_short_run_gives_what_a_whole_run_gives(described, seed):
    rng = random.Random(seed)
    for _ in range(rng.randint(1, 3)):
        change_register(described, rng)
    short = run_all(described)
    found = places(described)
    whole = run_all(described, everything=True)
    assert whole.changed == 0 and places(described) == found
    assert short.total <= whole.total


def test_a_change_of_one_street_leaves_the_records_of_others_alone(described):
    one = described.scalars(
        select(t.Address).where(t.Address.street == STREETS[3]).order_by(t.Address.id).limit(1)
    ).one()
    one.number = "88"
    described.flush()
    asked = run_all(described)
    sure = [w for w in TEXTS[:12] if STREETS[0] in w or STREETS[1] in w]
    assert asked.kept >= len(sure) - 4 and asked.total < len(TEXTS)


def test_new_outlines_of_communities_reach_everything(described):
    described.execute(
        text("UPDATE division_unit SET geom = ST_Multi(ST_Buffer(geom, 0.00001))"
             " WHERE level = 'community' AND code = '522632100001'")
    )  # fmt: skip
    assert run_all(described).total == len(TEXTS)


# What people decided


def test_a_pin_is_remembered_for_its_text_and_forgotten_when_undone(described):
    record = waiting_incident(described)
    scope, (lon, lat) = reviewer(described), house_place(0, 3, 8)
    decision = place_pin(Work(described, scope, NOW), "incident", record.id, lon=lon, lat=lat)
    put(described, "incidents", frame("incidents", [incident_row("N1", record.address_text)]))
    run_all(described)
    other = described.scalars(select(t.Incident).where(t.Incident.number == "N1")).one()
    assert (other.status, other.level, other.evidence) == ("accepted", "pin", "alias")
    assert other.block_id == record.block_id
    undo(Work(described, scope, NOW), decision)
    run_all(described)
    described.expire_all()
    assert other.status == "review" and other.level != "pin"


def test_a_chosen_candidate_is_remembered_for_its_text(described):
    record = waiting_incident(described)
    address = described.scalars(select(t.Address).order_by(t.Address.id).limit(1)).one()
    scope = reviewer(described)
    accept_candidate(Work(described, scope, NOW), "incident", record.id, address.id)
    put(described, "incidents", frame("incidents", [incident_row("N1", record.address_text)]))
    run_all(described)
    other = described.scalars(select(t.Incident).where(t.Incident.number == "N1")).one()
    assert (other.status, other.address_id) == ("accepted", address.id)


def test_a_decided_record_is_never_asked_again(described):
    record = waiting_incident(described)
    lon, lat = house_place(1, 1, 1)
    place_pin(Work(described, reviewer(described), NOW), "incident", record.id, lon=lon, lat=lat)
    before = places(described)[record.number]
    outcome = run_all(described, everything=True)
    assert outcome.total == len(TEXTS) - 1 and places(described)[record.number] == before


def test_the_stretch_is_large_enough_for_a_county():
    assert geocode.CHUNK >= 5_000


# Ties


def test_a_tie_within_one_block_settles_itself_and_one_over_two_blocks_waits(
    town, town_session, monkeypatch
):
    monkeypatch.setitem(gather.TOLERANCE_M, "number", 10.0)
    lon, lat = house_place(0, 0, 0)
    for street, reach in (("同名路", 0.0003), ("异地路", 0.0012)):
        batch = town_session.scalar(select(func.min(t.Address.import_batch_id)))
        for step in (-reach, reach):
            town_session.add(
                t.Address(
                    text=f"{street}8号{step}", street=street, number="8", import_batch_id=batch,
                    geom=f"SRID=4326;POINT({lon} {lat + step})",
                )
            )  # fmt: skip
    town_session.flush()
    rows = [incident_row("T1", "同名路8号"), incident_row("T2", "异地路8号")]
    put(town_session, "incidents", frame("incidents", rows))
    run_all(town_session)
    first, second = town_session.scalars(select(t.Incident).order_by(t.Incident.number))
    assert "several_places" in first.evidence and "several_places" in second.evidence
    assert first.evidence.endswith("same_block") and first.status == "accepted"
    assert first.block_id is not None and first.address_id is None
    assert second.status == "review" and second.block_id is None
