"""Accounts and what they may: the roles of a user, and the communities and grids they hold in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from gis.domain.access import Scope, require
from gis.errors import NotFound
from gis.store.tables import DivisionUnit, GridWorker, UserAccount, UserArea, UserRole

_WHOLE_AREA = frozenset({"administrator", "auditor"})
"""Roles that hold everywhere when no area is named."""


@dataclass(frozen=True)
class UserRow:
    """One account as the list of accounts shows it."""

    id: int
    login: str
    name: str
    roles: tuple[str, ...]
    areas: tuple[str, ...]
    last_sign_in_at: datetime | None
    password_must_change: bool
    disabled_at: datetime | None


@dataclass(frozen=True)
class Standing:
    """What a signed-in account is today.

    Parameters
    ----------
    scope
        What it may.
    language
        ``zh``, ``en`` or not chosen.
    must_change
        Whether the password has to be changed before anything else.
    """

    scope: Scope
    language: str | None
    must_change: bool


def find_standing(session: Session, user_id: int, *, today: date) -> Standing | None:
    """Find what an account may today; None when it is gone or disabled."""
    account = session.get(UserAccount, user_id)
    if account is None or account.disabled_at is not None:
        return None
    scope = scope_of(session, account, today=today)
    return Standing(scope, account.language, account.password_must_change)


def find_account(session: Session, login: str, *, for_update: bool = False) -> UserAccount | None:
    """Find an account by its login, locked against a second attempt at the same time if wished."""
    query = select(UserAccount).where(UserAccount.login == login)
    return session.scalar(query.with_for_update() if for_update else query)


def get_account(session: Session, user_id: int, *, for_update: bool = False) -> UserAccount:
    """Get an account that is known to be there, locked for a change if wished."""
    return session.get_one(UserAccount, user_id, with_for_update=for_update or None)


def lock_account(session: Session, account: UserAccount) -> None:
    """Read an account as it is now, and let nobody change it meanwhile."""
    session.refresh(account, with_for_update=True)


def accounts_named(session: Session, logins: Collection[str]) -> list[UserAccount]:
    """List the accounts that have one of some logins."""
    return list(session.scalars(select(UserAccount).where(UserAccount.login.in_(logins))))


def add_account(session: Session, *, roles: Iterable[str], **columns: object) -> UserAccount:
    """Store a new account with its roles."""
    account = UserAccount(**columns)
    session.add(account)
    session.flush()
    session.add_all(UserRole(user_id=account.id, role=role) for role in sorted(roles))
    return account


def put_roles(session: Session, user_id: int, roles: Iterable[str]) -> None:
    """Give an account other roles."""
    session.execute(delete(UserRole).where(UserRole.user_id == user_id))
    session.add_all(UserRole(user_id=user_id, role=role) for role in sorted(roles))


def put_areas(session: Session, user_id: int, unit_ids: Iterable[int]) -> None:
    """Give an account other areas: division units within which its roles hold."""
    session.execute(delete(UserArea).where(UserArea.user_id == user_id))
    session.add_all(UserArea(user_id=user_id, division_unit_id=i) for i in unit_ids)
    session.flush()


def units_by_code(session: Session, codes: Collection[str]) -> dict[str, int]:
    """Find the division units that have some codes today: their ids by code."""
    query = select(DivisionUnit.code, DivisionUnit.id)
    query = query.where(DivisionUnit.code.in_(codes), DivisionUnit.valid_to.is_(None))
    return dict(session.execute(query).all())


def roles_of(session: Session, user_id: int) -> frozenset[str]:
    """Give the roles of a user."""
    return frozenset(session.scalars(select(UserRole.role).where(UserRole.user_id == user_id)))


def scope_of(session: Session, account: UserAccount, *, today: date) -> Scope:
    """Give what an account may today: its roles, communities and assigned grids."""
    roles = roles_of(session, account.id)
    grids = session.scalars(
        select(GridWorker.grid_code).where(
            GridWorker.user_id == account.id,
            GridWorker.valid_from <= today,
            or_(GridWorker.valid_to.is_(None), GridWorker.valid_to > today),
        )
    )
    area = community_ids_of(session, account.id, roles)
    return Scope(account.id, account.login, account.name, roles, area, frozenset(grids))


def community_ids_of(
    session: Session, user_id: int, roles: frozenset[str]
) -> frozenset[int] | None:
    """Give the communities below a user's areas; None when that is every one."""
    units = session.scalars(
        select(UserArea.division_unit_id).where(UserArea.user_id == user_id)
    ).all()
    if not units:
        return None if roles & _WHOLE_AREA else frozenset()
    top = select(DivisionUnit.id).where(DivisionUnit.level == "county")
    if set(session.scalars(top)) <= set(units):
        return None
    tree = select(DivisionUnit.id, DivisionUnit.level).where(DivisionUnit.id.in_(units))
    below = tree.cte("below", recursive=True)
    below = below.union_all(
        select(DivisionUnit.id, DivisionUnit.level).join(
            below, DivisionUnit.parent_id == below.c.id
        )
    )
    return frozenset(session.scalars(select(below.c.id).where(below.c.level == "community")))


def user_row(session: Session, scope: Scope, login: str) -> UserRow:
    """Give one account with its roles and areas; needs ``user.manage``.

    Raises
    ------
    NotFound
        There is no such account.
    """
    found = list_users(session, scope, login=login)
    if not found:
        raise NotFound("there is no account “{login}”", login=login)
    return found[0]


def list_users(session: Session, scope: Scope, *, login: str | None = None) -> Sequence[UserRow]:
    """List all accounts, or the one of a login, with roles and areas; needs ``user.manage``."""
    require(scope, "user.manage")
    roles = _gathered(UserRole.user_id, UserRole.role)
    areas = (
        select(
            UserArea.user_id,
            func.array_agg(func.distinct(DivisionUnit.code)).label("values"),
        )
        .join(DivisionUnit, DivisionUnit.id == UserArea.division_unit_id)
        .group_by(UserArea.user_id)
        .subquery()
    )
    query = (
        select(UserAccount, roles.c["values"], areas.c["values"])
        .outerjoin(roles, roles.c.user_id == UserAccount.id)
        .outerjoin(areas, areas.c.user_id == UserAccount.id)
        .order_by(UserAccount.login)
    )
    rows = session.execute(query if login is None else query.where(UserAccount.login == login))
    return [
        UserRow(
            account.id,
            account.login,
            account.name,
            tuple(sorted(role_names or ())),
            tuple(sorted(codes or ())),
            account.last_sign_in_at,
            account.password_must_change,
            account.disabled_at,
        )
        for account, role_names, codes in rows
    ]


def _gathered(key, value):  # noqa: ANN001, ANN202  (a subquery)
    return select(key, func.array_agg(value).label("values")).group_by(key).subquery()
