"""Leases: what one worker has taken and others leave alone. That of a worker that has died runs out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, or_, select

from storage.clock import now

LEASE = timedelta(seconds=60)


def ran_out(until: Column[Any]) -> ColumnElement[bool]:
    """Its time is over, or lies impossibly far ahead: the clock jumped back."""
    moment = now()
    return or_(until < moment, until > moment + 2 * LEASE)


def free(until: Column[Any]) -> ColumnElement[bool]:
    """There is none, or it ran out."""
    return or_(until.is_(None), ran_out(until))


def owners(connection: Connection, owner: Column[Any]) -> list[str]:
    """Who holds leases."""
    return [str(one) for one in connection.scalars(select(owner).where(owner.is_not(None)).distinct())]
