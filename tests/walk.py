"""The steps of a transaction, for tests that need a case somewhere along its way.

Each step is one transaction under the eyes of Aisha's centre, as in service.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sanad.beneficiaries import actions as beneficiaries
from sanad.beneficiaries.rules import Terms
from sanad.cases import actions as cases
from sanad.cases import queries as case_queries
from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.counter import actions as counter
from sanad.db.scope import acting, centre_scope, entity_scope, national_scope
from sanad.gateway import actions as gateway
from sanad.lib.business_day import business_date
from sanad.lib.ids import new_id
from sanad.till import actions as till
from sanad.till import queries as till_queries
from sanad.till import refunds
from tests.network import (
    AISHA,
    CHAMBER,
    HEALTH,
    KHUWAIR,
    LABOUR,
    MARYAM,
    MUNA,
    RENEW_CARD,
    RENEW_MEMBERSHIP,
    SALIM,
    TEN,
    Client,
)

# A service with a charge for a resend and a large government fee.
WORK_PERMIT = "mol-preliminary-approval-commercial"
ANSWERS = {
    RENEW_MEMBERSHIP: {
        "employer_cr_number": "1234567",
        "employer_name": "مؤسسة الخوير الحديثة",
        "membership_number": "4471",
        "membership_grade": "third",
        "membership_years": "one",
        "contact_phone": "92345678",
    },
    RENEW_CARD: {
        "worker_name": "RAHUL MENON",
        "worker_civil_number": "71234567",
        "worker_passport_number": "P1234567",
        "worker_nationality": "India",
        "worker_birth_date": "1990-05-31",
        "worker_phone": "91234567",
        "employer_name": "مؤسسة الخوير الحديثة",
        "employer_cr_number": "1234567",
        "employer_phone": "92345678",
        "occupation": "Electrician",
        "card_expiry_date": "2025-12-01",
        "handles_food": "other",
    },
    WORK_PERMIT: {
        "employer_name": "مؤسسة الخوير الحديثة",
        "employer_cr_number": "1234567",
        "employer_phone": "92345678",
        "occupation": "كهربائي",
        "occupation_category": "first",
    },
}
CEILING = 500_000
SERVED_BY = {RENEW_MEMBERSHIP: CHAMBER, RENEW_CARD: HEALTH, WORK_PERMIT: LABOUR}


def entity_listens(
    *, entity: int = CHAMBER, url: str = "http://entity.test", key: bytes | None = None,
    at: datetime = TEN,
) -> None:  # fmt: skip
    """An address and a key for an entity, as the ministry enters them."""
    with acting(national_scope()):
        gateway.register_endpoint(entity=entity, url=url, public_key=key, at=at)


def answer_body(
    request: UUID, kind: str, *, fields: list[str] | None = None, at: datetime = TEN,
    answer: UUID | None = None, **more: int,
) -> bytes:  # fmt: skip
    """The bytes of an entity's answer."""
    document = {
        "answer_id": str(answer or new_id()), "request_id": str(request), "kind": kind,
        "reason": {"ar": f"سبب {kind}", "en": f"Reason {kind}"}, "fields": fields or [],
        "decided_at": at.isoformat(), **more,
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False).encode()


@dataclass
class Walk:
    """A case on its way, with what the steps have made so far."""

    centre: int = KHUWAIR
    operator: UUID = AISHA
    client: Client = MARYAM
    service: str = RENEW_MEMBERSHIP
    at: datetime = TEN
    ceiling: int = CEILING
    made: dict[str, Any] = field(default_factory=dict)

    @property
    def case(self) -> UUID:
        return self.made["case"]

    def scope(self):  # type: ignore[no-untyped-def]
        return acting(centre_scope(self.centre, account=self.operator))

    def later(self, **duration: float) -> "Walk":
        self.at += timedelta(**duration)
        return self

    def person_seated(self) -> "Walk":
        """A visit without a ticket, and the client found or entered."""
        with self.scope():
            visit = counter.serve_without_ticket(
                centre=self.centre, point=1, at=self.at, by=self.operator
            )
            person = self.known_person(visit)
            cases.seat_person(visit=visit, person=person)
        self.made |= {"visit": visit, "person": person}
        return self

    def known_person(self, visit: UUID) -> UUID:
        """The client, found by the exact key or entered, in a scope that is open already."""
        found = cases.look_up_person(
            visit=visit, key_kind="civil", key=self.client.civil, at=self.at, by=self.operator
        ) or beneficiaries.register_person(
            centre=self.centre, key_kind="civil", key=self.client.civil,
            name_ar=self.client.name.ar, name_en=self.client.name.en, phone=self.client.phone,
            language="ar", nationality="OM", at=self.at, by=self.operator,
        )  # fmt: skip
        return found.id

    def opened(self) -> "Walk":
        """The mandate given and the case open."""
        if "visit" not in self.made:
            self.person_seated()
        with self.scope():
            mandate = self.spare_mandate()
            case = cases.open_case(
                visit=self.made["visit"], service_code=self.service, mandate=mandate, at=self.at,
                by=self.operator,
            )  # fmt: skip
        self.made |= {"mandate": mandate, "case": case}
        return self

    def agreed_anew(self) -> "Walk":
        """Another mandate of the same person, because the first ended."""
        with self.scope():
            self.made["mandate"] = self.spare_mandate()
            cases.renew_mandate(
                case=self.case, mandate=self.made["mandate"], at=self.at, by=self.operator
            )
        return self

    def revoked(self) -> "Walk":
        """The person takes the mandate back."""
        with self.scope():
            beneficiaries.revoke_mandate(
                case=self.case, centre=self.centre, at=self.at, by=self.operator
            )
        return self

    def spare_mandate(self) -> UUID:
        """A mandate that no case uses yet, in a scope that is open already."""
        service = catalogue.service(self.service, business_date(self.at))
        terms = Terms(
            centre=centres.centre(self.centre).name, service=service.name,
            entity=service.entity.name, ceiling_baisa=self.ceiling, fee_is_open=False,
            until="11:00",
        )  # fmt: skip
        return beneficiaries.grant_mandate(
            person=self.made["person"], service_id=service.id, service_code=service.code,
            centre=self.centre, terms=terms, language="ar", method="card_and_typed_name",
            signature=self.client.name.ar, card_seen=True, at=self.at, by=self.operator,
        )  # fmt: skip

    def filled_in(self) -> "Walk":
        """The form filled in and every document seen."""
        if "case" not in self.made:
            self.opened()
        with self.scope():
            problems = cases.save_draft(case=self.case, answers=ANSWERS[self.service], at=self.at)
            assert not problems, problems
            service = catalogue.service(self.service, business_date(self.at))
            for document in service.documents or ():
                cases.hold_document(case=self.case, code=document.code, at=self.at)
        return self

    def completed(self) -> "Walk":
        """Form and documents declared complete."""
        self.filled_in()
        with self.scope():
            cases.complete(case=self.case, at=self.at, by=self.operator)
        return self

    def quoted(self) -> "Walk":
        """The four lines worked out and agreed to."""
        if not self.made.get("case"):
            self.completed()
        with self.scope():
            quote = till.make_quote(case=self.case, at=self.at)
        with self.scope():
            till.agree_quote(quote=quote, at=self.at, by=self.operator)
        self.made["quote"] = quote
        return self

    def paid(self, means: str = "card", reference: str | None = None) -> "Walk":
        """The money taken and a receipt given."""
        if "quote" not in self.made:
            self.quoted()
        payment = new_id()
        if means == "cash":
            self.drawer_opened()
        with self.scope():
            receipt = till.pay(
                payment=payment, quote=self.made["quote"], means=means, at=self.at,
                by=self.operator,
                card_reference=reference or str(payment.int)[-12:] if means == "card" else "",
            )  # fmt: skip
        self.made |= {"payment": payment, "receipt": receipt}
        return self

    def paid_back(self) -> "Walk":
        """Given up before it was sent; what was paid goes back with a second person's word."""
        if not self.refund_asked().made["refund"]:
            return self
        with self.scope():
            refunds.approve(
                refund=self.made["refund"], at=self.at, by=SALIM, drawer=self.made.get("drawer"),
                card_reference=str(self.made["refund"].int)[-12:],
            )  # fmt: skip
        return self

    def refund_asked(self) -> "Walk":
        """Given up by whoever serves; a second person has not decided yet."""
        with self.scope():
            refund = till.cancel(
                case=self.case, reason="changed their mind", at=self.at, by=self.operator
            )
        self.made["refund"] = refund
        return self

    def drawer_opened(self, float_baisa: int = 20_000) -> "Walk":
        with self.scope():
            found = till_queries.open_drawer_of(self.operator)
            self.made["drawer"] = found.id if found else till.open_drawer(
                centre=self.centre, float_baisa=float_baisa, at=self.at, by=self.operator
            )  # fmt: skip
        return self

    def submitted(self) -> "Walk":
        """Handed to the line."""
        if "receipt" not in self.made:
            self.paid()
        with self.scope():
            self.made["delivery"] = gateway.submit(case=self.case, at=self.at, by=self.operator)
        return self

    def acknowledged(self) -> "Walk":
        """Taken by the entity, as if its answer to our call had just come."""
        entity_listens(entity=SERVED_BY[self.service], at=self.at)
        if "delivery" not in self.made:
            self.submitted()
        with self.scope():
            claimed = gateway.claim(delivery=self.made["delivery"], at=self.at)
        assert claimed is not None
        with self.scope():
            gateway.conclude(
                claimed=claimed, outcome=gateway.Outcome(202, 40, reference="occi-00000001"),
                at=self.at,
            )  # fmt: skip
        return self

    def answered(self, kind: str, *, fields: list[str] | None = None, **more: int) -> "Walk":
        """The entity's officer says something, and it takes effect."""
        if "case" not in self.made or self.status() != "sent":
            self.acknowledged()
        entity = SERVED_BY[self.service]
        raw = answer_body(self.made["delivery"], kind, fields=fields, at=self.at, **more)
        with acting(entity_scope(entity, account=MUNA)):
            answer = gateway.receive_answer(
                entity=entity, raw=raw, signature=b"", at=self.at, by=MUNA
            )
        with self.scope():
            gateway.apply_answer(answer=answer, at=self.at)
        self.made["answer"] = answer
        return self

    def bounced(self) -> "Walk":
        """Refused as it was by the entity's system, so back on the centre's desk."""
        return self.submitted().refused_by_the_system()

    def refused_by_the_system(self) -> "Walk":
        """The delivery that is under way comes back as it was."""
        entity_listens(entity=SERVED_BY[self.service], at=self.at)
        with self.scope():
            claimed = gateway.claim(delivery=self.made["delivery"], at=self.at)
        assert claimed is not None
        with self.scope():
            outcome = gateway.Outcome(422, 40, says="the licence number is missing")
            gateway.conclude(claimed=claimed, outcome=outcome, at=self.at)
        return self

    def sent_again(self) -> "Walk":
        """The corrected request handed to the line."""
        with self.scope():
            self.made["delivery"] = gateway.submit(case=self.case, at=self.at, by=self.operator)
        return self

    def finished_visit(self) -> "Walk":
        with self.scope():
            counter.finish(visit=self.made["visit"], at=self.at, by=self.operator)
        return self

    def view(self) -> case_queries.CaseView:
        """The case as its centre sees it, in a scope that is open already."""
        return case_queries.case(self.case, at=self.at)

    def status(self) -> str:
        with self.scope():
            return str(case_queries.case(self.case, at=self.at).line.status)
