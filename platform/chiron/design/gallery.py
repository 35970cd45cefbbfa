"""The living style page: every component on one page, and two pages as they are meant to look.

For development and demonstration; tests look at it. The people are invented.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from chiron.design import charts, csp, icons
from chiron.design.frame import Link


class SampleForm(forms.Form):
    """One field of every kind that forms use."""

    name = forms.CharField(label="How should we address you?", help_text="As your mentor will read it.")
    email = forms.EmailField(label="Mail address")
    miles = forms.IntegerField(label="How far would you drive?", help_text="In miles.", min_value=0)
    stage = forms.ChoiceField(
        label="Where are you in your training?",
        choices=[("", "Choose one"), ("student", "Medical student"), ("resident", "Resident")],
    )
    meet = forms.ChoiceField(
        label="How would you like to meet?",
        choices=[("person", "In person"), ("online", "Online"), ("either", "Either")],
        widget=forms.RadioSelect,
    )
    help_with = forms.MultipleChoiceField(
        label="What would you like help with?",
        help_text="As many as fit.",
        choices=[("job", "A first job"), ("boards", "Boards"), ("balance", "Work and life"), ("lead", "Leadership")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    story = forms.CharField(label="What brings you here?", widget=forms.Textarea, required=False)
    birthday = forms.DateField(label="A first day", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    picture = forms.FileField(label="A picture", required=False)
    society_id = forms.CharField(label="Member number", disabled=True, initial="SV-1184", required=False)
    agree = forms.BooleanField(label="I will keep what we talk about between us.")


class CodeForm(forms.Form):
    """A code from a mail."""

    code = forms.CharField(
        label="The code from your mail",
        help_text="Six letters or digits.",
        min_length=6,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "6"}),
    )


NAV = (Link("Home", "/", current=True), Link("Programs", "/programs/"), Link("Evenings", "/evenings/"))
STAFF_NAV = (
    Link("Today", "/staff/"),
    Link("Programs", "/staff/programs/", current=True),
    Link("People", "/staff/people/"),
    Link("Mail", "/staff/mail/"),
    Link("Reports", "/staff/reports/"),
    Link("Settings", "/staff/settings/"),
)

_MATTERS = ("Interests", "Closeness", "Help wanted", "Specialty", "Times")
_PAIRS = (
    ("Brittany Williams", "Resident · Pediatrics", "Dr. Michelle Armstrong", "Geriatrics · under 10 miles", "success",
     "clear", (264, 180, 172, 120, 76)),
    ("Jorge Hale", "Medical student", "Dr. Linda Okafor", "Cardiology · under 5 miles", "success", "clear",
     (230, 214, 150, 90, 90)),
    ("Amira Noor", "Pre-med", "Dr. Sam Reyes", "Family medicine, retired · under 25 miles", "warning", "close call",
     (196, 190, 185, 80, 80)),
    ("Kai Thompson", "Early career · Emergency medicine", "Dr. Ruth Feld", "Emergency medicine · under 25 miles",
     "success", "clear", (258, 150, 90, 130, 60)),
    ("Priya Shah", "Resident · Neurology", "Dr. Alan Brandt", "Psychiatry · under 10 miles", "danger", "weak",
     (110, 139, 180, 70, 42)),
)  # fmt: skip


def pairs() -> list[dict[str, Any]]:
    names = ("mentee", "mentee_is", "mentor", "mentor_is", "tone", "said")
    return [
        {
            **dict(zip(names, about, strict=True)),
            "parts": list(zip(_MATTERS, points, strict=True)),
            "total": sum(points),
        }
        for *about, points in _PAIRS
    ]


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component."""
    faulty = SampleForm({"email": "not an address", "meet": "person"}, auto_id="faulty_%s")
    supply = [charts.Bar("Family medicine", 31), charts.Bar("Pediatrics", 24), charts.Bar("Emergency medicine", 9)]
    context = {
        "form": SampleForm(),
        "faulty": faulty,
        "icons": tuple(icons.PATHS),
        "pairs": pairs(),
        "page": Paginator(range(117), 25).page(2),
        "tabs": [
            Link("People", "?tab=people", current=True),
            Link("Pairs", "?tab=pairs"),
            Link("Report", "?tab=report"),
        ],
        "steps": ["About you", "What you want", "How you meet", "Send"],
        "bar_chart": charts.bar_chart(
            "supply", "Mentors by specialty", "Family medicine has the most mentors, 31; emergency medicine 9.", supply
        ),
        "dot_strip": charts.dot_strip(
            "spread",
            "How well the pairs fit",
            "117 pairs between 540 and 860, most near 700.",
            [541, 560, 602, 611, 640, 655, 660, 661, 688, 690, 702, 703, 704, 731, 731, 740, 774, 780, 812, 851],
            low=500,
            high=900,
        ),
    }
    return render(request, "design/gallery.html", context)


def offer(request: HttpRequest) -> HttpResponse:
    """A participant's page: a mentor is offered."""
    return render(request, "design/gallery_offer.html", {"frame": _frame(NAV, "Brittany Williams")})


def desk(request: HttpRequest) -> HttpResponse:
    """A staff page: suggested pairs."""
    matters = list(zip(_MATTERS, (30, 25, 25, 15, 5), strict=True))
    context = {"frame": _frame(STAFF_NAV, "Dana Whitfield"), "pairs": pairs(), "matters": matters}
    return render(request, "design/gallery_desk.html", context)


def code(request: HttpRequest) -> HttpResponse:
    """A page with one question; any code of six signs is right."""
    form = CodeForm(request.POST or None)
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "design/gallery_code.html", {"form": form, "right": form.is_valid()}, status=status)


def mail(request: HttpRequest) -> HttpResponse:
    """A mail, which carries its styles within; no page may do that."""
    response = render(request, "mail/gallery.html")
    response.headers[csp.HEADER] = csp.policy(style_src="'unsafe-inline'")
    return response


def _frame(nav: tuple[Link, ...], person: str) -> dict[str, Any]:
    return {
        "nav": nav,
        "person": person,
        "account": "/me/",
        "sign_out": "/sign-out/",
        "elsewhere": Link("Staff area", "/staff/"),
        "ask": "/staff/ask/",
    }
