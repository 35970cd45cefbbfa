"""Medical specialties under their usual names, and what else they are called. Data; criteria say which are related."""

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


def _plain(name: str) -> str:
    """A name without the ways in which spellings differ: case, spaces, “and” for “&”."""
    return re.sub(r"\s*(/|-|&)\s*", r"\1", re.sub(r"\s+", " ", name.casefold().replace(" and ", " & ")).strip())


_KNOWN = {_plain(other): name for name, others in SPECIALTIES.items() for other in (name, *others)}


def usual_name(text: str) -> str:
    """The usual name of a specialty; one that is not in the list stays, in title case if it was all in capitals."""
    words = " ".join(text.split())
    known = _KNOWN.get(_plain(words))
    return known or (words.title() if words.isupper() and len(words) > len("XXXX") else words)
