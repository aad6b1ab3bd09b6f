"""The small network that every test knows: three centres, seven who sign in, five who are served.

Khuwair (1) is in Muscat and charges VAT; Sohar (2) is in Al Batinah North; Sur (3) is in
Ash Sharqiyah South. Aisha serves at Khuwair and Badr beside her; Salim owns it. Muna decides for
the Chamber of Commerce.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from sanad.accounts.load import MemberRow, Post, load_members
from sanad.accounts.roles import Role
from sanad.catalogue.load import load_catalogue
from sanad.centres.load import CentreRow, load_centres, load_places
from sanad.eventlog.actions import ensure_months
from sanad.lib.bilingual import Text
from sanad.lib.opening_hours import Span, Weekday, WeeklyHours

KHUWAIR, SOHAR, SUR = 1, 2, 3
HEALTH, LABOUR, CHAMBER = 1, 3, 19
# A Tuesday, 10:00 in Muscat.
TEN = datetime(2025, 9, 30, 6, 0, tzinfo=UTC)
PASSWORD = "small-network-only"
RENEW_CARD = "moh-renew-resident-work-card"
RENEW_MEMBERSHIP = "occi-renew-membership"


def _id(number: int) -> UUID:
    return UUID(int=(0x0199 << 112) | (7 << 76) | (2 << 62) | number)


AISHA, BADR, SALIM, HUDA, MUNA, NASSER, YUSUF, KHALID, ZAHRA = map(_id, range(1, 10))
ALL_DAY = WeeklyHours({day: (Span(time(7, 0), time(22, 0)),) for day in Weekday if day < 5})
VILLAGES = {KHUWAIR: 401, SOHAR: 701, SUR: 3601}


@dataclass(frozen=True)
class Client:
    """Somebody who is served, with the key that names them."""

    civil: str
    name: Text
    phone: str


RAHUL = Client("71234567", Text("راهول مينون", "Rahul Menon"), "91234567")
MARYAM = Client("10482256", Text("مريم بنت خالد البلوشية", "Maryam Al Balushi"), "92345678")
IBRAHIM = Client("11223344", Text("إبراهيم بن سعيد الكندي", "Ibrahim Al Kindi"), "93456789")
NOORA = Client("12345678", Text("نورة بنت أحمد الهنائية", "Noora Al Hinai"), "94567890")
SAID = Client("13579246", Text("سعيد بن ناصر الحارثي", "Said Al Harthi"), "")


def load_small_network() -> None:
    """Everything that is there before a test begins; as the loader."""
    ensure_months(first=date(2025, 1, 1), last=date(2026, 12, 1))
    load_places()
    load_catalogue(demonstration=True, at=TEN)
    load_centres(
        [
            _centre(KHUWAIR, Text("مركز الاختبار - الخوير", "Test centre - Al Khuwair"), vat=50),
            _centre(SOHAR, Text("مركز الاختبار - صحار", "Test centre - Sohar")),
            _centre(SUR, Text("مركز الاختبار - صور", "Test centre - Sur")),
        ]
    )
    load_members(
        [
            _member(AISHA, "aisha", "عائشة", "Aisha", Post(Role.OPERATOR, KHUWAIR)),
            _member(BADR, "badr", "بدر", "Badr", Post(Role.OPERATOR, KHUWAIR)),
            _member(SALIM, "salim", "سالم", "Salim", Post(Role.OWNER, KHUWAIR)),
            _member(HUDA, "huda", "هدى", "Huda", Post(Role.MINISTRY)),
            _member(MUNA, "muna", "منى", "Muna", Post(Role.ENTITY_OFFICER, entity=CHAMBER)),
            _member(NASSER, "nasser", "ناصر", "Nasser", Post(Role.ANALYST)),
            _member(YUSUF, "yusuf", "يوسف", "Yusuf", Post(Role.ADMINISTRATOR)),
            _member(KHALID, "khalid", "خالد", "Khalid", Post(Role.INSPECTOR)),
            _member(ZAHRA, "zahra", "زهرة", "Zahra", Post(Role.OPERATOR, SOHAR)),
        ],
        at=datetime(2025, 1, 1, tzinfo=UTC),
    )


def _centre(number: int, name: Text, *, vat: int = 0) -> CentreRow:
    return CentreRow(
        id=number, name=name, village=VILLAGES[number], licence_no=f"TEST-{number:04d}",
        opened_on=date(2020, 1, 1), latitude=23.6, longitude=58.4,
        position_provenance="made up for tests", vat_per_mille=vat, hours=ALL_DAY, points=2,
    )  # fmt: skip


def _member(key: UUID, username: str, ar: str, en: str, *posts: Post) -> MemberRow:
    return MemberRow(username, Text(ar, en), "OM", posts, PASSWORD, key)
