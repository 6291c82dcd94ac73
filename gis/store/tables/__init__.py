"""All tables; importing this package fills ``Base.metadata``."""

from gis.database.base import STORED_SRID, TILE_SRID, Base
from gis.store.tables.access.account import (
    SignInPlace,
    SignInWait,
    UserAccount,
    UserArea,
    UserRole,
    UserSession,
)
from gis.store.tables.access.audit import AuditEntry
from gis.store.tables.access.disclosure import Disclosure
from gis.store.tables.area.division import DivisionUnit
from gis.store.tables.area.platform import Platform
from gis.store.tables.casework.incident import Incident
from gis.store.tables.casework.topic import Topic, TopicWord
from gis.store.tables.counts.block_counts import BlockCount
from gis.store.tables.ground.blocks import Block, BlockBuild, BlockLineage, Enclosure, WaitingBlock
from gis.store.tables.ground.features import Barrier, Building, Compound, LandCover
from gis.store.tables.jobs.job import Job, JobFile
from gis.store.tables.location.address import Address, AddressAlias, LocationDecision
from gis.store.tables.location.geocoding import GeocodeRun, RegisterKey, RegisterVersion
from gis.store.tables.location.search import SearchDoor, SearchKey, SearchName
from gis.store.tables.plan.plan import BlockAssignment, Grid, GridCode, GridLineage, LivePlan, Plan
from gis.store.tables.plan.worker import GridWorker
from gis.store.tables.plan.workspace import PlanEdition, PlanStep, PlanWorkspace
from gis.store.tables.provenance.batch import DataSource, FormerRow, ImportBatch, ImportDefect
from gis.store.tables.register.household import Household, Resident
from gis.store.tables.register.organisation import Organisation
from gis.store.tables.register.place import Place

__all__ = [
    "STORED_SRID",
    "TILE_SRID",
    "Address",
    "AddressAlias",
    "AuditEntry",
    "Barrier",
    "Base",
    "Block",
    "BlockAssignment",
    "BlockBuild",
    "BlockCount",
    "BlockLineage",
    "Building",
    "Compound",
    "DataSource",
    "Disclosure",
    "DivisionUnit",
    "Enclosure",
    "FormerRow",
    "GeocodeRun",
    "Grid",
    "GridCode",
    "GridLineage",
    "GridWorker",
    "Household",
    "ImportBatch",
    "ImportDefect",
    "Incident",
    "Job",
    "JobFile",
    "LandCover",
    "LivePlan",
    "LocationDecision",
    "Organisation",
    "Place",
    "Plan",
    "PlanEdition",
    "PlanStep",
    "PlanWorkspace",
    "Platform",
    "RegisterKey",
    "RegisterVersion",
    "Resident",
    "SearchDoor",
    "SearchKey",
    "SearchName",
    "SignInPlace",
    "SignInWait",
    "Topic",
    "TopicWord",
    "UserAccount",
    "UserArea",
    "UserRole",
    "UserSession",
    "WaitingBlock",
]
