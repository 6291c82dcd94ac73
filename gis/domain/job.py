"""The life of a job: asked, running, and in the end done, failed or cancelled."""

from __future__ import annotations

from datetime import timedelta

JOB_STATES = ("asked", "running", "done", "failed", "cancelled")

UNFINISHED = ("asked", "running")

SILENCE = timedelta(seconds=30)
"""A running job that nobody has heard of for so long has lost its worker, and is begun again."""

MOST_STARTS = 3
"""A job that lost its worker so often is not begun again: it may be what kills the worker."""

KEPT = timedelta(days=30)
"""How long an ended job is listed."""

FILES_KEPT = timedelta(days=1)
"""How long the files of an ended job are kept; they may hold personal data."""

MOST_WAITING = 20
"""Unfinished jobs that one person may have."""
