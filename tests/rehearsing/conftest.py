"""Rehearsals write mail, so their tests have a real mail server."""

from tests.beside.conftest import letters, mail_server

__all__ = ["letters", "mail_server"]
