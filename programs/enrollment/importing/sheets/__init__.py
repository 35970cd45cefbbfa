"""Sheets of people, read without Django: good rows and everything that is wrong with the others, both as data."""

from programs.enrollment.importing.sheets.faults import Fault, Sheet, SheetError
from programs.enrollment.importing.sheets.pairs import ExistingPair, read_existing_pairs
from programs.enrollment.importing.sheets.roster import Member, read_roster
from programs.enrollment.importing.sheets.signups import read_form_export, read_signups

__all__ = [
    "ExistingPair",
    "Fault",
    "Member",
    "Sheet",
    "SheetError",
    "read_existing_pairs",
    "read_form_export",
    "read_roster",
    "read_signups",
]
