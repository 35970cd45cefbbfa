"""Preparing a session, as a manager does."""

from __future__ import annotations

from datetime import date, timedelta

from tests.journeys.visitor import Visitor


def prepare_session(manager: Visitor, program: str, name: str) -> None:
    """A session of the one-to-one part whose sign-up is open from today on; leaves the manager at its board."""
    manager.goto(f"/staff/programs/{program}/")
    manager.press("New session")
    manager.heading("New session")
    manager.page.get_by_label("Name").fill(name)
    manager.look()
    manager.press("Prepare it")
    manager.heading(name)
    manager.look()
    manager.press("Move dates")
    today = date.fromisoformat(manager.page.evaluate("new Date().toISOString().slice(0, 10)"))
    manager.page.get_by_label("Sign-up opens").fill(str(today - timedelta(days=1)))
    manager.page.get_by_label("Last day to sign up").fill(str(today + timedelta(days=2)))
    manager.look()
    manager.press("Keep these dates")
    manager.sees("The dates are kept.")
    manager.press("Open sign-up")
    manager.sees("Sign-up open")
