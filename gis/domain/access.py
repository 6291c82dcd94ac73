"""Who may do what, and where: roles, permissions, and the scope every query is held to.

A scope is decided by community and grid, never by geometry. Default rights follow the
roles of community grid governance; `gis.words.permissions` lists them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gis.errors import Message, NotAllowed
from gis.words.permissions import PERMISSIONS, PERMISSIONS_OF_ROLE

ROLES = tuple(PERMISSIONS_OF_ROLE)


@dataclass(frozen=True)
class Scope:
    """A signed-in person's rights: what (permissions) and where (communities, grids).

    Parameters
    ----------
    user_id
        Account id; None for the command line.
    login, name
        For the audit trail and the page.
    roles
        Roles held.
    community_ids
        Communities the roles hold in; None means all of them.
    grid_codes
        Grids assigned to the person as worker today.
    """

    user_id: int | None
    login: str
    name: str
    roles: frozenset[str]
    community_ids: frozenset[int] | None
    grid_codes: frozenset[str] = field(default_factory=frozenset)

    @property
    def account_id(self) -> int:
        """Give the account of a person who signed in.

        Raises
        ------
        LookupError
            It is the command line, which has none.
        """
        if self.user_id is None:
            raise LookupError(f"{self.login} has no account")
        return self.user_id

    @property
    def permissions(self) -> frozenset[str]:
        """Everything the roles allow.

        Examples
        --------
        >>> scope = Scope(1, "w", "W", frozenset({"worker"}), frozenset({7}))
        >>> scope.may("household.view_own_grid"), scope.may("plan.edit")
        (True, False)
        """
        if "system" in self.roles:
            return frozenset(PERMISSIONS)
        known = (PERMISSIONS_OF_ROLE[r] for r in self.roles if r in PERMISSIONS_OF_ROLE)
        return frozenset().union(*known)

    def may(self, permission: str) -> bool:
        """Say whether any role allows it.

        Raises
        ------
        KeyError
            There is no such permission; see `gis.words.permissions`.
        """
        if permission not in PERMISSIONS:
            raise KeyError(f"there is no permission {permission}")
        return permission in self.permissions

    @property
    def has_whole_area(self) -> bool:
        """Say whether the roles hold in every community."""
        return self.community_ids is None

    def covers(self, community_id: int | None) -> bool:
        """Say whether a community lies in the area; what has no community needs the whole area."""
        return self.community_ids is None or community_id in self.community_ids


SYSTEM = Scope(None, "system", "system", frozenset({"system"}), None)
"""The command line, run by someone who can read the database anyway; audited as ``system``."""


def require(scope: Scope, permission: str, community_id: int | None = None) -> None:
    """Refuse what the person's roles or area do not include.

    Parameters
    ----------
    scope
        Who asks.
    permission
        What for.
    community_id
        Where; None when the thing has no single community.

    Raises
    ------
    NotAllowed
        The roles lack the permission, or the community is outside the area.
    """
    if not scope.may(permission):
        raise NotAllowed(
            "your roles do not include “{permission}”; ask an administrator",
            permission=Message(permission),
        )
    if community_id is not None and not scope.covers(community_id):
        raise NotAllowed("this community is outside your area")
