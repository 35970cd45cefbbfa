"""Which specialties are close to one another: those of one family. Data."""

from __future__ import annotations

from functools import cache
from typing import Final

RELATED: Final = 600

FAMILIES: Final[dict[str, tuple[str, ...]]] = {
    "primary care": (
        "Family Medicine",
        "Internal Medicine",
        "Pediatrics",
        "Geriatric Medicine",
        "Preventive Medicine",
        "Hospital Medicine",
    ),
    "medicine": (
        "Internal Medicine",
        "Hospital Medicine",
        "Cardiology",
        "Endocrinology",
        "Gastroenterology",
        "Geriatric Medicine",
        "Hematology",
        "Infectious Disease",
        "Nephrology",
        "Oncology",
        "Pulmonary Disease",
        "Rheumatology",
        "Allergy & Immunology",
    ),
    "surgery": (
        "General Surgery",
        "Cardiothoracic Surgery",
        "Colorectal Surgery",
        "Neurosurgery",
        "Orthopaedic Surgery",
        "Otolaryngology",
        "Plastic Surgery",
        "Urology",
        "Vascular Surgery",
        "Ophthalmology",
        "Obstetrics & Gynecology",
    ),
    "acute care": ("Emergency Medicine", "Critical Care Medicine", "Anesthesiology", "Hospital Medicine"),
    "chest and intensive care": ("Pulmonary Disease", "Critical Care Medicine", "Sleep Medicine"),
    "mind and nerves": (
        "Psychiatry",
        "Child & Adolescent Psychiatry",
        "Neurology",
        "Neurosurgery",
        "Addiction Medicine",
        "Sleep Medicine",
    ),
    "movement": (
        "Physical Medicine & Rehabilitation",
        "Sports Medicine",
        "Orthopaedic Surgery",
        "Rheumatology",
        "Pain Medicine",
    ),
    "relief": ("Palliative Medicine", "Pain Medicine", "Geriatric Medicine", "Oncology", "Anesthesiology"),
    "cancer": ("Oncology", "Hematology", "Radiation Oncology", "Palliative Medicine"),
    "children": ("Pediatrics", "Neonatology", "Child & Adolescent Psychiatry"),
    "birth": ("Obstetrics & Gynecology", "Neonatology", "Family Medicine"),
    "imaging and laboratory": ("Radiology", "Nuclear Medicine", "Radiation Oncology", "Pathology", "Medical Genetics"),
    "populations": ("Preventive Medicine", "Occupational Medicine", "Infectious Disease", "Addiction Medicine"),
    "skin and immunity": ("Dermatology", "Allergy & Immunology", "Rheumatology"),
}

_FAMILIES_OF: Final[dict[str, frozenset[str]]] = {
    name.casefold(): frozenset(family for family, members in FAMILIES.items() if name in members)
    for name in {name for members in FAMILIES.values() for name in members}
}


@cache
def are_related(one: str, other: str) -> bool:
    """Whether two specialties belong to one family; names in any case."""
    nobody: frozenset[str] = frozenset()
    return bool(_FAMILIES_OF.get(one.casefold(), nobody) & _FAMILIES_OF.get(other.casefold(), nobody))
