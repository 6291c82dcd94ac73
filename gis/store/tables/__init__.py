"""All tables; importing this package fills ``Base.metadata``."""

from gis.database.base import STORED_SRID, TILE_SRID, Base
from gis.store.tables.account import (
    GridWorker,
    SignInPlace,
    SignInWait,
    UserAccount,
    UserArea,
    UserRole,
    UserSession,
)
from gis.store.tables.audit import AuditEntry
from gis.store.tables.batch import DataSource, ImportBatch, ImportDefect
from gis.store.tables.disclosure import Disclosure
from gis.store.tables.division import DivisionUnit
from gis.store.tables.drawing import Drawing
from gis.store.tables.geocoding import GeocodeRun, RegisterKey, RegisterVersion
from gis.store.tables.ground import (
    Barrier,
    Block,
    BlockBuild,
    BlockLineage,
    BlockLoad,
    Building,
    Compound,
    Enclosure,
    LandCover,
    WaitingBlock,
)
from gis.store.tables.incident import BlockIncidentCount, Incident, Topic, TopicWord
from gis.store.tables.plan import (
    BlockAssignment,
    Grid,
    GridCode,
    GridLineage,
    LivePlan,
    Plan,
)
from gis.store.tables.platform import Platform
from gis.store.tables.register import (
    Address,
    AddressAlias,
    Household,
    LocationDecision,
    Place,
    Resident,
)
from gis.store.tables.search import SearchDoor, SearchKey, SearchName
from gis.store.tables.workspace import PlanEdition, PlanStep, PlanWorkspace

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
    "BlockIncidentCount",
    "BlockLineage",
    "BlockLoad",
    "Building",
    "Compound",
    "DataSource",
    "Disclosure",
    "DivisionUnit",
    "Drawing",
    "Enclosure",
    "GeocodeRun",
    "Grid",
    "GridCode",
    "GridLineage",
    "GridWorker",
    "Household",
    "ImportBatch",
    "ImportDefect",
    "Incident",
    "LandCover",
    "LivePlan",
    "LocationDecision",
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
