"""The same service again: for a person who had it before, or for the next person of a company.

Only answers that are still true by themselves are taken over. For the same person that is all but
coming days, civil numbers and what was said of one matter only; for another person of the same
company, it is what says who the company is.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sanad.cases.actions import locked, save_draft
from sanad.cases.models import Case
from sanad.cases.queries import CaseLine, lines
from sanad.cases.rules import Status
from sanad.catalogue import queries as catalogue
from sanad.catalogue.queries import validate
from sanad.lib.business_day import business_date
from sanad.lib.refusal import N_, Refused

SERVICES_SHOWN = 5
LOOKED_THROUGH = 40
CHANGES_EACH_TIME = frozenset({"civil_number", "date"})
NEVER_CHANGES = ("birth_date",)
# Said of one matter only: taken over, they would be sent again without being true.
SAID_ONCE = frozenset(
    {"payment_reference", "fine_number", "amount_shown", "lost_document_number", "subject", "facts",
     "notes", "reason", "end_reason", "complaint_about", "amount_claimed", "notice_text"}
)  # fmt: skip
OF_THE_COMPANY = ("employer_", "company_", "establishment_", "cr_number")


class NothingToRepeat(Refused):
    code = "cases.nothing_to_repeat"
    sentence = N_(
        "That request is of another person or company, or for another service, so nothing of it "
        "is taken over. Fill in the form."
    )


def earlier(person: UUID, *, at: datetime) -> list[CaseLine]:
    """The services that a person had at the centres in scope, each by its last request."""
    found = Case.objects.filter(person_id=person).exclude(status=Status.CANCELLED)
    newest = list(found.order_by("-opened_at", "-id")[:LOOKED_THROUGH])
    last = {case.service_id: case for case in reversed(newest)}
    kept = [case for case in newest if last[case.service_id] is case]
    offered = [line for line in lines(kept, at=at) if line.offered]
    return offered[:SERVICES_SHOWN]


def take_over_answers(*, case: UUID, like: UUID, at: datetime) -> int:
    """Fill a new draft from an earlier request; how many answers came over.

    Raises `NothingToRepeat`, or `NotNow` where the case is past its form.
    """
    now, before = locked(case), Case.objects.filter(id=like).first()
    if before is None or before.service_id != now.service_id:
        raise NothingToRepeat
    answers = _of_the_same(now, before, at=at)
    save_draft(case=case, answers=answers, at=at)
    return len(answers)


def _of_the_same(now: Case, before: Case, *, at: datetime) -> dict[str, Any]:
    """Answers that hold for the new request too, as the form of today takes them."""
    form = catalogue.service_by_id(now.service_id, business_date(at)).form
    is_person = now.person_id == before.person_id
    if not is_person and (now.company_id is None or now.company_id != before.company_id):
        raise NothingToRepeat
    keys = {
        field.key
        for field in form
        if (field.type not in CHANGES_EACH_TIME or field.key.endswith(NEVER_CHANGES))
        and field.key not in SAID_ONCE
        and (is_person or field.key.startswith(OF_THE_COMPANY))
    }
    answers = {key: value for key, value in before.answers.items() if key in keys}
    checked = validate(form, answers, on=business_date(at))
    return {key: value for key, value in checked.values.items() if key not in checked.problems}


def of_the_company(company: UUID, service: int, *, at: datetime) -> dict[str, Any]:
    """What a company's last request for a service said of the company itself."""
    found = Case.objects.filter(company_id=company, service_id=service).order_by(
        "-opened_at", "-id"
    )
    last = found.first()
    if last is None:
        return {}
    form = catalogue.service_by_id(service, business_date(at)).form
    keys = {one.key for one in form if one.key.startswith(OF_THE_COMPANY)}
    return {key: value for key, value in last.answers.items() if key in keys}
