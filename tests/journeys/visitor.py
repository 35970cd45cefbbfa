"""Somebody in front of a browser, and what anybody does there: come in, read mail, look at the page."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from playwright.sync_api import Page, Response, expect

from tests.design.pages import TWO_VIEWS, View, look, watch
from tests.journeys.demonstration import Demonstration

# What the focused thing is called: its words, or those of its label.
FOCUSED = """(e => [e.innerText, e.ariaLabel, ...[...(e.labels || [])].map(label => label.innerText)].join(' '))(
  document.activeElement)"""


@dataclass
class Visitor:
    """A person at one of the demonstration's hosts."""

    page: Page
    demonstration: Demonstration
    complaints: list[str] = field(init=False)
    faults: list[str] = field(default_factory=list)
    views: deque[View] = field(default_factory=lambda: deque(TWO_VIEWS))

    def __post_init__(self) -> None:
        self.complaints = watch(self.page)

    def goto(self, address: str, *, status: int = 200) -> Response:
        """Open a page that answers with this status."""
        response = self.page.goto(address)
        assert response is not None
        assert response.status == status, f"{address} answers {response.status}"
        return response

    def press(self, name: str, *, exact: bool = False) -> None:
        """Press a button, or follow a link that looks like one."""
        either = self.page.get_by_role("button", name=name, exact=exact)
        either.or_(self.page.get_by_role("link", name=name, exact=exact)).first.click()

    def sees(self, *texts: str) -> None:
        """The texts stand on the page, now or soon."""
        for text in texts:
            expect(self.page.get_by_role("main")).to_contain_text(text)

    def heading(self, name: str) -> None:
        """The page's one heading."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(name)

    def look(self, *, closely: bool = True) -> None:
        """Look at this page as it is, and note what is not in order: closely in one view, in turn, with a glance at the
        other. What pages are made of is looked at closely in every view in `tests/design`.
        """
        self.views.rotate(closely)
        near = [self.views[0]] if closely else []
        self.faults += look(self.page, near, glance=[view for view in self.views if view not in near])

    def sign_in(self, address: str) -> None:
        """Come in by a code."""
        self.goto("/sign-in/")
        self.enter_code_for(address)
        self.is_in()

    def enter_code_for(self, address: str) -> None:
        """At the page that asks who one is: type an address, read the code in one's mail, type it."""
        before = len(self.demonstration.mails(address, "is your code"))
        self.page.get_by_label("Your mail address").fill(address)
        self.press("Send me a code")
        self.heading("Look into your mail")
        code = self.demonstration.await_mail(address, "is your code", after=before).code
        self.page.get_by_label("Code from the mail").fill(code)
        self.press("Sign in")

    def offered(self, key: str) -> str:
        """The name of the person whom the demonstration offers for a part."""
        self.goto("/sign-in/")
        line = self.page.get_by_role("listitem").filter(has=self.page.locator(f"form[action='/sign-in/as/{key}/']"))
        return line.locator(".muted").inner_text()

    def sign_in_as(self, key: str) -> None:
        """Come in as one of the demonstration's people."""
        self.goto("/sign-in/")
        self.page.locator(f"form[action='/sign-in/as/{key}/'] button").click()
        self.is_in()

    def is_in(self) -> None:
        """Signed in: there is a way out."""
        expect(self.page.locator("form[action='/sign-out/']").first).to_be_attached()

    def tab_to(self, name: str, *, most: int = 80) -> None:
        """Press Tab until what has the focus is called so, and see that the focus shows."""
        for _press in range(most):
            self.page.keyboard.press("Tab")
            if name in self.page.evaluate(FOCUSED):
                assert self.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
                return
        raise AssertionError(f"“{name}” is not reached by the keyboard on {self.page.url}")
