"""The life of a plan: draft, submitted, approved, published, superseded; or retired unused."""

from __future__ import annotations

from gis.errors import Conflict, Message, listed

PLAN_STATES = ("draft", "submitted", "approved", "published", "superseded", "retired")

_STEPS: dict[str, dict[str, str]] = {
    "submit": {"draft": "submitted"},
    "return": {"submitted": "draft", "approved": "draft"},
    "approve": {"submitted": "approved"},
    "publish": {"approved": "published"},
    "withdraw": {"published": "approved"},
    "supersede": {"published": "superseded"},
    "retire": {"draft": "retired", "submitted": "retired", "approved": "retired"},
}

STEPS = tuple(_STEPS)

PERMISSION_OF_STEP = {
    "submit": "plan.edit",
    "return": "plan.approve",
    "approve": "plan.approve",
    "publish": "plan.publish",
    "withdraw": "plan.publish",
    "retire": "plan.edit",
}
"""What a person must be allowed to take a step; the other steps nobody takes by hand."""


def next_state(state: str, step: str) -> str:
    """Give the state a plan is in after a step.

    Raises
    ------
    Conflict
        The step is not possible from this state; names the states it is possible from.

    Examples
    --------
    >>> next_state("draft", "submit")
    'submitted'
    """
    try:
        return _STEPS[step][state]
    except KeyError:
        possible = listed(_STEPS.get(step) or ["no state"])
        raise Conflict(
            "cannot {step} a plan that is {state}; possible from: {possible}",
            step=Message(step),
            state=Message(state),
            possible=possible,
        ) from None
