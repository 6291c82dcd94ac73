"""Builds of blocks in the database: what is new is stored, what was kept stays as it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from gis.database.bulk import as_multi, copy_frame, new_ids
from gis.geometry.rebuild import parents_of
from gis.store.ground.block_lineage import save_lineage
from gis.store.ground.blocks import current_build, former_blocks
from gis.store.tables import Block, BlockBuild, Enclosure


@dataclass(frozen=True)
class SavedBuild:
    """How many blocks were kept, and the ids of those that are new and of those that retired."""

    n_kept: int
    new: list[int]
    retired: list[int]


def save_build(
    session: Session,
    community_id: int,
    blocks: gpd.GeoDataFrame,
    *,
    digest: str,
    report: dict,
    now: datetime,
) -> SavedBuild:
    """Store the blocks of a community as they are now; former blocks not among them retire.

    Parameters
    ----------
    blocks
        ``block_id, enclosure_id, n_buildings, area_m2, geometry`` in EPSG:4326. From a rebuild
        also ``kept`` (``block_id`` is then that of the database), ``parents`` and
        ``enclosure_digest``; without ``kept`` every block is new.
    digest
        SHA-256 of what they were built from.
    report
        Coverage figures of the build.

    Notes
    -----
    Retired blocks stay with what lies in them until it is brought over, and `remove_unused` is
    asked. When every block was kept, the build goes on too, and drafts drawn on it stay fit to be
    published.
    """
    former = former_blocks(session, community_id)
    kept = blocks["kept"].to_numpy(bool) if "kept" in blocks else np.zeros(len(blocks), dtype=bool)
    retired = np.setdiff1d(former["block_id"], blocks["block_id"].to_numpy()[kept])
    _update_kept(session, former, blocks[kept])
    build = current_build(session, community_id)
    if build is not None and kept.all() and not len(retired):
        build.input_digest, build.report = digest, report
        new: list[int] = []
    else:
        build = _next_build(session, build, community_id, digest, report, now)
        new = _save_blocks(session, build, blocks, kept, former)
        _retire(session, retired.tolist(), now)
    return SavedBuild(int(kept.sum()), new, retired.tolist())


def _next_build(
    session: Session,
    build: BlockBuild | None,
    community_id: int,
    digest: str,
    report: dict,
    now: datetime,
) -> BlockBuild:
    """Put a new build in the place of the current one."""
    if build is not None:
        build.current = False
        session.flush()
    build = BlockBuild(community_id=community_id, input_digest=digest, built_at=now, report=report)
    session.add(build)
    session.flush()
    return build


def _save_blocks(
    session: Session,
    build: BlockBuild,
    blocks: gpd.GeoDataFrame,
    kept: np.ndarray,
    former: gpd.GeoDataFrame,
) -> list[int]:
    """Store what is new of enclosures, blocks and their lineage; gives the ids of new blocks."""
    enclosure = _save_enclosures(session, build, blocks, kept, former)
    fresh = blocks[~kept]
    ids = new_ids(session, Block, len(fresh)).tolist()
    number = int(former["number"].max()) if len(former) else 0
    rows = pd.DataFrame(
        {
            "id": ids,
            "build_id": build.id,
            "community_id": build.community_id,
            "enclosure_id": enclosure[~kept],
            "number": number + np.arange(1, len(fresh) + 1),
            "n_buildings": fresh["n_buildings"].to_numpy(),
            "area_m2": fresh["area_m2"].to_numpy(),
            "geom": as_multi(fresh.geometry),
        }
    )
    copy_frame(session, Block, rows)
    if len(former):
        save_lineage(session, ids, _parents_of(fresh, former))
    return ids


def _parents_of(fresh: gpd.GeoDataFrame, former: gpd.GeoDataFrame) -> Sequence:
    if "parents" in fresh:
        return list(fresh["parents"])
    shapes, grounds = (np.asarray(f.geometry.array, dtype=object) for f in (fresh, former))
    return parents_of(shapes, grounds, former["block_id"].to_numpy())


def _save_enclosures(
    session: Session,
    build: BlockBuild,
    blocks: gpd.GeoDataFrame,
    kept: np.ndarray,
    former: gpd.GeoDataFrame,
) -> np.ndarray:
    """Store the enclosures that are new, as unions of their blocks.

    Returns
    -------
    (n,) database id of the enclosure of each block; kept blocks are moved where theirs is new.
    """
    stored = blocks["block_id"].map(former.set_index("block_id")["enclosure_id"]).where(kept)
    known = _unchanged(blocks, stored, former)
    changed = ~blocks["enclosure_id"].isin(list(known))
    shapes = blocks.loc[changed, ["enclosure_id", "geometry"]].dissolve(
        by="enclosure_id", method="coverage", sort=True
    )
    ids = new_ids(session, Enclosure, len(shapes))
    digests = {}
    if "enclosure_digest" in blocks:
        digests = dict(zip(blocks["enclosure_id"], blocks["enclosure_digest"], strict=True))
    rows = {
        "id": ids,
        "build_id": build.id,
        "community_id": build.community_id,
        "number": np.arange(len(ids)),
        "digest": [digests.get(number) for number in shapes.index],
        "geom": as_multi(shapes.geometry),
    }
    copy_frame(session, Enclosure, pd.DataFrame(rows))
    id_of = known | dict(zip(shapes.index, ids.tolist(), strict=True))
    enclosure = blocks["enclosure_id"].map(id_of)
    moved = changed & kept
    _update_blocks(session, "enclosure_id", blocks["block_id"][moved], enclosure[moved])
    return enclosure.to_numpy()


def _unchanged(
    blocks: gpd.GeoDataFrame, stored: pd.Series, former: gpd.GeoDataFrame
) -> dict[object, int]:
    """Find the enclosures that are stored already: their database ids by number."""
    if "enclosure_digest" not in blocks or not len(former):
        return {}
    digest_of = former.drop_duplicates("enclosure_id").set_index("enclosure_id")["enclosure_digest"]
    same = stored.map(digest_of) == blocks["enclosure_digest"]
    whole = same.groupby(blocks["enclosure_id"]).all()
    found = stored[blocks["enclosure_id"].map(whole)].astype(int)
    return dict(zip(blocks["enclosure_id"][found.index], found, strict=True))


def _update_kept(session: Session, former: gpd.GeoDataFrame, kept: gpd.GeoDataFrame) -> None:
    """Store the number of buildings where it is another one on the same ground."""
    before = kept["block_id"].map(former.set_index("block_id")["n_buildings"])
    other = kept[before != kept["n_buildings"]]
    _update_blocks(session, "n_buildings", other["block_id"], other["n_buildings"])


def _update_blocks(session: Session, column: str, blocks: pd.Series, values: pd.Series) -> None:
    rows = zip(blocks.tolist(), values.tolist(), strict=True)
    changes = [{"id": int(block), column: int(value)} for block, value in rows]
    if changes:
        session.execute(update(Block), changes)


def _retire(session: Session, ids: Sequence[int], now: datetime) -> None:
    session.execute(update(Block).where(Block.id.in_(ids)).values(retired_at=now))
    session.flush()


def remove_unused(
    session: Session,
    community_id: int,
    blocks: Collection[int],
    *,
    builds_in_use: Collection[int],
) -> None:
    """Delete retired blocks that nothing needs, and enclosures and builds left empty."""
    session.execute(delete(Block).where(Block.id.in_(list(blocks))))
    used = exists().where(Block.enclosure_id == Enclosure.id)
    session.execute(delete(Enclosure).where(Enclosure.community_id == community_id, ~used))
    in_use = (
        exists().where(Block.build_id == BlockBuild.id)
        | exists().where(Enclosure.build_id == BlockBuild.id)
        | BlockBuild.id.in_(list(builds_in_use))
    )
    builds = delete(BlockBuild).where(
        BlockBuild.community_id == community_id, ~BlockBuild.current, ~in_use
    )
    session.execute(builds)
    session.flush()
    session.expire_all()


def retire_build(session: Session, community_id: int, now: datetime) -> list[int]:
    """Take all blocks of a community out of use; gives their ids."""
    build = current_build(session, community_id)
    if build is None:
        return []
    query = select(Block.id).where(Block.community_id == community_id, Block.retired_at.is_(None))
    blocks = list(session.scalars(query))
    build.current = False
    _retire(session, blocks, now)
    return blocks
