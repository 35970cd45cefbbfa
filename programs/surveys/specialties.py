"""Medical specialties under their usual names, what else they are called, and their codes.

Data. Criteria say which are related. The codes are those of the NUCC Health Care Provider Taxonomy: the general code of
a specialty, or of the board under which most of its physicians are certified.
"""

from __future__ import annotations

import re
from typing import Final

SPECIALTIES: Final[dict[str, tuple[str, ...]]] = {
    "Addiction Medicine": ("addiction",),
    "Allergy & Immunology": ("allergy", "immunology", "a&i"),
    "Anesthesiology": ("anesthesia", "anesthesiologist", "anes", "anaesthesiology"),
    "Cardiology": ("cardiovascular disease", "cardiovascular medicine", "cards"),
    "Cardiothoracic Surgery": ("thoracic surgery", "cardiac surgery", "ct surgery"),
    "Child & Adolescent Psychiatry": ("child psychiatry",),
    "Colorectal Surgery": ("colon & rectal surgery",),
    "Critical Care Medicine": ("critical care", "ccm", "icu", "intensive care"),
    "Dermatology": ("derm",),
    "Emergency Medicine": ("em", "er", "emergency"),
    "Endocrinology": ("endo", "endocrinology, diabetes & metabolism"),
    "Family Medicine": ("fm", "family practice", "fp"),
    "Gastroenterology": ("gi", "gastro"),
    "General Surgery": ("surgery", "gen surg", "gs"),
    "Geriatric Medicine": ("geriatrics", "geri"),
    "Hematology": ("heme",),
    "Hospital Medicine": ("hospitalist", "hospitalist medicine"),
    "Infectious Disease": ("id", "infectious diseases"),
    "Internal Medicine": ("im", "general internal medicine", "internist", "gim"),
    "Medical Genetics": ("genetics", "genomics"),
    "Neonatology": ("neonatal-perinatal medicine", "nicu"),
    "Nephrology": ("nephro", "renal", "renal medicine"),
    "Neurology": ("neuro",),
    "Neurosurgery": ("neurological surgery", "nsgy"),
    "Nuclear Medicine": (),
    "Obstetrics & Gynecology": (
        "ob/gyn",
        "obgyn",
        "ob-gyn",
        "ob gyn",
        "gynecology",
        "obstetrics",
        "obstetrics/gynecology",
    ),
    "Occupational Medicine": ("occupational & environmental medicine",),
    "Oncology": ("medical oncology", "onc", "hematology/oncology", "heme/onc", "hem/onc", "hematology & oncology"),
    "Ophthalmology": ("ophtho", "ophthalmologist", "eye"),
    "Orthopaedic Surgery": ("orthopedic surgery", "orthopedics", "orthopaedics", "ortho"),
    "Otolaryngology": ("ent", "otolaryngology-head & neck surgery", "ear, nose & throat", "oto"),
    "Pain Medicine": ("pain", "pain management"),
    "Palliative Medicine": ("palliative care", "hospice & palliative medicine", "hospice", "hpm"),
    "Pathology": ("path", "anatomic pathology", "clinical pathology"),
    "Pediatrics": ("peds", "paediatrics", "pediatrician"),
    "Physical Medicine & Rehabilitation": ("pm&r", "pmr", "physiatry", "rehabilitation medicine", "rehab"),
    "Plastic Surgery": ("plastics",),
    "Preventive Medicine": ("public health & general preventive medicine", "prev med"),
    "Psychiatry": ("psych", "psychiatrist"),
    "Pulmonary Disease": (
        "pulmonology",
        "pulm",
        "pulmonary",
        "pulmonary medicine",
        "pulmonary & critical care",
        "pccm",
    ),
    "Radiation Oncology": ("rad onc",),
    "Radiology": ("rads", "diagnostic radiology", "interventional radiology", "ir"),
    "Rheumatology": ("rheum",),
    "Sleep Medicine": ("sleep",),
    "Sports Medicine": ("sports",),
    "Urology": ("uro", "gu"),
    "Vascular Surgery": ("vascular",),
}

NUCC_VERSION: Final = "21.1"
NUCC_CODES: Final[dict[str, str]] = {
    "Addiction Medicine": "207RA0401X",
    "Allergy & Immunology": "207K00000X",
    "Anesthesiology": "207L00000X",
    "Cardiology": "207RC0000X",
    "Cardiothoracic Surgery": "208G00000X",
    "Child & Adolescent Psychiatry": "2084P0804X",
    "Colorectal Surgery": "208C00000X",
    "Critical Care Medicine": "207RC0200X",
    "Dermatology": "207N00000X",
    "Emergency Medicine": "207P00000X",
    "Endocrinology": "207RE0101X",
    "Family Medicine": "207Q00000X",
    "Gastroenterology": "207RG0100X",
    "General Surgery": "208600000X",
    "Geriatric Medicine": "207RG0300X",
    "Hematology": "207RH0000X",
    "Hospital Medicine": "208M00000X",
    "Infectious Disease": "207RI0200X",
    "Internal Medicine": "207R00000X",
    "Medical Genetics": "207SG0201X",
    "Neonatology": "2080N0001X",
    "Nephrology": "207RN0300X",
    "Neurology": "2084N0400X",
    "Neurosurgery": "207T00000X",
    "Nuclear Medicine": "207U00000X",
    "Obstetrics & Gynecology": "207V00000X",
    "Occupational Medicine": "2083X0100X",
    "Oncology": "207RX0202X",
    "Ophthalmology": "207W00000X",
    "Orthopaedic Surgery": "207X00000X",
    "Otolaryngology": "207Y00000X",
    "Pain Medicine": "208VP0000X",
    "Palliative Medicine": "207RH0002X",
    "Pathology": "207ZP0102X",
    "Pediatrics": "208000000X",
    "Physical Medicine & Rehabilitation": "208100000X",
    "Plastic Surgery": "208200000X",
    "Preventive Medicine": "2083P0901X",
    "Psychiatry": "2084P0800X",
    "Pulmonary Disease": "207RP1001X",
    "Radiation Oncology": "2085R0001X",
    "Radiology": "2085R0202X",
    "Rheumatology": "207RR0500X",
    "Sleep Medicine": "207RS0012X",
    "Sports Medicine": "207QS0010X",
    "Urology": "208800000X",
    "Vascular Surgery": "2086S0129X",
}


def _plain(name: str) -> str:
    """A name without the ways in which spellings differ: case, spaces, “and” for “&”."""
    return re.sub(r"\s*(/|-|&)\s*", r"\1", re.sub(r"\s+", " ", name.casefold().replace(" and ", " & ")).strip())


_KNOWN = {_plain(other): name for name, others in SPECIALTIES.items() for other in (name, *others)}


def usual_name(text: str) -> str:
    """The usual name of a specialty; one that is not in the list stays, in title case if it was all in capitals."""
    words = " ".join(text.split())
    known = _KNOWN.get(_plain(words))
    return known or (words.title() if words.isupper() and len(words) > len("XXXX") else words)


def nucc_code(name: str) -> str:
    """The code of a specialty by its usual name; empty for one that is not in the list."""
    return NUCC_CODES.get(name, "")
