"""Plans: an assignment block -> grid, with a parent, a life cycle, and one published at a time."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base, one_of, stored_geometry, tile_geometry
from gis.domain.lineage import REASONS
from gis.domain.plan import PLAN_STATES


class Plan(Base):
    """A dated division of one community; ``version`` guards against lost updates.

    ``edition`` rises with every change of its assignment (`PlanEdition`); ``locks`` are the grids,
    blocks and borders that editing leaves alone, as words such as ``grid:3``.
    """

    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("division_unit.id"))
    build_id: Mapped[int]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"))
    name: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="draft")
    version: Mapped[int] = mapped_column(server_default="1")
    edition: Mapped[int] = mapped_column(server_default="1")
    locks: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    parameters: Mapped[dict] = mapped_column(JSONB, server_default="{}")
    quality: Mapped[dict] = mapped_column(JSONB, server_default="{}")
    remarks: Mapped[str | None] = mapped_column(Text)
    effective_from: Mapped[date | None]
    effective_to: Mapped[date | None]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    submitted_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint(one_of("state", PLAN_STATES), name="state_is_known"),
        CheckConstraint(
            "(state IN ('published', 'superseded')) = (effective_from IS NOT NULL)",
            name="published_has_a_date",
        ),
        CheckConstraint(
            "effective_to IS NULL OR effective_to >= effective_from", name="dates_in_order"
        ),
        CheckConstraint(
            "approved_by IS NULL OR submitted_by IS NULL OR approved_by <> submitted_by",
            name="approved_by_a_second_person",
        ),
        ForeignKeyConstraint(
            ["build_id", "community_id"], ["block_build.id", "block_build.community_id"]
        ),
        UniqueConstraint("id", "community_id"),
        ExcludeConstraint(
            ("community_id", "="),
            (text("daterange(effective_from, effective_to)"), "&&"),
            name="ex_plan_one_in_force",
            using="gist",
            where=text("state IN ('published', 'superseded')"),
        ),
        Index("ix_plan_community_id", "community_id"),
    )

    @property
    def begins(self) -> date:
        """Give the day from which a published plan holds.

        Raises
        ------
        LookupError
            The plan was not published: no day was set.
        """
        if self.effective_from is None:
            raise LookupError(f"plan {self.id} is {self.state}: it has no day to hold from")
        return self.effective_from


class LivePlan(Base):
    """The pointer that publishing flips: which plan of a community is in force now."""

    __tablename__ = "live_plan"

    community_id: Mapped[int] = mapped_column(ForeignKey("division_unit.id"), primary_key=True)
    plan_id: Mapped[int]
    flipped_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        ForeignKeyConstraint(["plan_id", "community_id"], ["plan.id", "plan.community_id"]),
        UniqueConstraint("plan_id"),
    )


class GridCode(Base):
    """Every grid code ever issued; a code is never used twice.

    A code is issued when a plan that has it comes into force, and belongs to that ground from
    then on. One that only open plans propose has no ``issued_at``: nobody works under it yet.
    """

    __tablename__ = "grid_code"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("division_unit.id"))
    issued_at: Mapped[datetime | None] = mapped_column(server_default=func.now())
    retired_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("code ~ '^[0-9]{15}$'", name="code_has_15_digits"),
        CheckConstraint("retired_at IS NULL OR issued_at IS NOT NULL", name="retired_was_issued"),
        UniqueConstraint("code", "community_id"),
        Index("ix_grid_code_community_id", "community_id"),
    )


class GridLineage(Base):
    """What a grid got from a former one when its plan came into force; no parent: the first."""

    __tablename__ = "grid_lineage"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    plan_id: Mapped[int]
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("grid_code.code"))
    child_code: Mapped[str] = mapped_column(ForeignKey("grid_code.code"))
    households: Mapped[int]
    effective_from: Mapped[date]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint(one_of("reason", REASONS), name="reason_is_known"),
        ForeignKeyConstraint(["plan_id", "community_id"], ["plan.id", "plan.community_id"]),
        Index("ix_grid_lineage_plan_id", "plan_id"),
        Index("ix_grid_lineage_parent_code", "parent_code"),
        Index("ix_grid_lineage_child_code", "child_code"),
    )


class Grid(Base):
    """One grid of one plan: its code, its shape (the union of its blocks) and its figures.

    ``number`` tells the grids of a plan apart while their codes may still change, and is never
    given to another grid of the plan.
    ``border_shares`` is the share of the border with other grids along each kind of barrier,
    ``terms`` what each term of the objective cost, ``figures`` by flag what it is worded from.
    """

    __tablename__ = "grid"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int]
    community_id: Mapped[int]
    number: Mapped[int]
    code: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text, server_default="basic")
    name: Mapped[str | None] = mapped_column(Text)
    households: Mapped[int] = mapped_column(server_default="0")
    people: Mapped[int] = mapped_column(server_default="0")
    area_m2: Mapped[float]
    deviation: Mapped[float | None]
    compactness: Mapped[float | None]
    barrier_share: Mapped[float | None]
    flags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    reasons: Mapped[dict] = mapped_column(JSONB, server_default="{}")
    workload: Mapped[float | None]
    people_deviation: Mapped[float | None]
    workload_deviation: Mapped[float | None]
    border_m: Mapped[float | None]
    border_shares: Mapped[dict] = mapped_column(JSONB, server_default="{}")
    straddled_m: Mapped[float | None]
    terms: Mapped[dict] = mapped_column(JSONB, server_default="{}")
    figures: Mapped[dict] = mapped_column(JSONB, server_default="{}")
    geom: Mapped[object] = stored_geometry("MULTIPOLYGON")
    geom_3857: Mapped[object] = tile_geometry("MULTIPOLYGON")

    __table_args__ = (
        CheckConstraint("kind IN ('basic', 'exclusive')", name="kind_is_known"),
        ForeignKeyConstraint(
            ["plan_id", "community_id"], ["plan.id", "plan.community_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["code", "community_id"], ["grid_code.code", "grid_code.community_id"]
        ),
        UniqueConstraint("plan_id", "code", deferrable=True, initially="IMMEDIATE"),
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("number > 0", name="number_is_positive"),
        UniqueConstraint("id", "plan_id"),
        Index("ix_grid_code", "code"),
        Index("ix_grid_geom", "geom", postgresql_using="gist"),
        Index("ix_grid_geom_3857", "geom_3857", postgresql_using="gist"),
    )


class BlockAssignment(Base):
    """Block -> grid under one plan; the plan itself, of which grid shapes are only the picture.

    A plan assigns the blocks it was drawn on. When these are built anew, the new ones are assigned
    too (``carried``), each to the grid most of it lay in, so that every plan knows in which grid a
    block in use lies; what was drawn stays, with its retired blocks.
    """

    __tablename__ = "block_assignment"

    plan_id: Mapped[int] = mapped_column(primary_key=True)
    block_id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    grid_id: Mapped[int]
    carried: Mapped[bool] = mapped_column(server_default="false")

    __table_args__ = (
        ForeignKeyConstraint(
            ["plan_id", "community_id"], ["plan.id", "plan.community_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["block_id", "community_id"], ["block.id", "block.community_id"]),
        ForeignKeyConstraint(
            ["grid_id", "plan_id"], ["grid.id", "grid.plan_id"], ondelete="CASCADE"
        ),
        Index("ix_block_assignment_grid_id", "grid_id"),
        Index("ix_block_assignment_block_id", "block_id"),
    )
