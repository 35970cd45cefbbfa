"""Web hooks: signed, sent again when nobody took them, and as unruly as a test wants them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import stripe
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from stripe_emulator import deliveries
from tests.stripe_emulator.desk import StripeDesk
from tests.stripe_emulator.shop import Shop
from tests.supervisor.watching import eventually

OLD, NEW = "whsec_old", "whsec_new"


@dataclass
class Receiver:
    """Whoever is told: it keeps what comes, and answers with one status after the other, at last with 200."""

    statuses: list[int] = field(default_factory=list)
    came: list[Request] = field(default_factory=list)
    url: str = ""

    def __call__(self, environ: dict[str, object], start_response: object) -> object:
        request = Request(environ)
        request.get_data()
        self.came.append(request)
        return Response(status=self.statuses.pop(0) if self.statuses else 200)(environ, start_response)  # type: ignore[arg-type]

    def events(self) -> list[str]:
        return [stripe.Event.construct_from(request.get_json(), "").id for request in self.came]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    handler = type("Quiet", (WSGIRequestHandler,), {"log_request": lambda *_: None})
    server = make_server("127.0.0.1", 0, found, threaded=True, request_handler=handler)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    found.url = f"http://sierra.localhost:{server.server_port}/stripe/webhook/"
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_message_is_signed_with_both_secrets_while_one_takes_the_others_place(
    stripe_desk: StripeDesk, receiver: Receiver
) -> None:
    stripe_desk.listen(receiver.url, NEW, OLD)
    customer = stripe_desk.client.v1.customers.create({"name": "Sierra"})
    eventually(lambda: bool(receiver.came), "the web hook has come")
    (request,) = receiver.came
    assert request.host.startswith("sierra.localhost")
    header = request.headers["Stripe-Signature"]
    for secret in (OLD, NEW):
        event = stripe.Webhook.construct_event(request.get_data(), header, secret)
        assert (event.type, event.data.object["id"]) == ("customer.created", customer.id)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(request.get_data(), header, "whsec_other")


def test_what_nobody_took_is_sent_again_and_at_last_given_up(
    stripe_desk: StripeDesk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "PAUSES", (0, 0))
    receiver.statuses = [500, 302, 200]
    stripe_desk.listen(receiver.url, NEW)
    stripe_desk.client.v1.customers.create({"name": "Sierra"})
    eventually(lambda: len(receiver.came) == 3, "it has come a third time")
    assert len(set(receiver.events())) == 1
    receiver.statuses = [500] * 3
    stripe_desk.client.v1.customers.create({"name": "Lakes"})
    eventually(lambda: deliveries.counts(stripe_desk.emulator.world)["given_up"] == 1, "it was given up")
    event = stripe_desk.client.v1.events.list({"limit": 1}).data[0]
    assert event.pending_webhooks == 1
    stripe_desk.tell("hooks/again", event=event.id)
    eventually(lambda: len(receiver.came) == 7, "it has come again")


def test_mischief_doubles_and_shuffles_and_is_the_same_for_the_same_seed(stripe_desk: StripeDesk) -> None:
    stripe_desk.hold(NEW, duplicates=0.3, seed=7)
    for number in range(40):
        stripe_desk.client.v1.customers.create({"name": f"Society {number}"})
    in_order = [event.id for event in reversed(stripe_desk.client.v1.events.list({"limit": 100}).data)]
    hooks = stripe_desk.take(shuffled=7)
    names = [hook.event for hook in hooks]
    assert set(names) == set(in_order)
    assert 4 <= len(names) - len(in_order) <= 20
    assert list(dict.fromkeys(names)) != in_order
    assert stripe.Webhook.construct_event(hooks[0].body, hooks[0].signature, NEW).id == names[0]
    assert stripe_desk.take() == []


def test_delayed_hooks_overtake_each_other(stripe_desk: StripeDesk, receiver: Receiver) -> None:
    stripe_desk.listen(receiver.url, NEW)
    stripe_desk.tell("hooks", longest_delay=0.5, seed=3)
    made = [stripe_desk.client.v1.customers.create({"name": f"Society {number}"}).id for number in range(8)]
    eventually(lambda: len(receiver.came) == len(made), "all have come")
    came = [request.get_json()["data"]["object"]["id"] for request in receiver.came]
    assert sorted(came) == sorted(made)
    assert came != made


def test_only_what_an_endpoint_listens_to_is_sent_to_it(shop: Shop, receiver: Receiver) -> None:
    endpoint = shop.client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["customer.updated"]})
    assert endpoint.secret
    customer = shop.client.v1.customers.create({"name": "Sierra"})
    shop.client.v1.customers.update(customer.id, {"name": "Renamed"})
    eventually(lambda: bool(receiver.came), "the web hook has come")
    body, header = receiver.came[0].get_data(), receiver.came[0].headers["Stripe-Signature"]
    assert stripe.Webhook.construct_event(body, header, endpoint.secret).type == "customer.updated"
    shop.client.v1.webhook_endpoints.update(endpoint.id, {"disabled": True})
    shop.client.v1.customers.update(customer.id, {"name": "Renamed again"})
    assert len(receiver.came) == 1
