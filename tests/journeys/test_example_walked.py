"""The worked example walked by analyst, minister, owner and investor, by keys, looked at."""

import pytest
from django.urls import reverse

from sanad.db.scope import acting, national_scope
from sanad.lab import studies
from sanad.lab.example import worked
from sanad.lab.models import StudyState
from sanad.lib.business_day import business_date
from tests.journeys.keyboard import Keyboard
from tests.journeys.test_in_the_browser import sign_in
from tests.lab.worked_small import make_small
from tests.network import HUDA, TEN
from tests.web.browser import DESK, PHONE, OpenPage

SAME = {"ar": "مطابقة حتى آخر رقم", "en": "the same to the last digit"}
NAME = {"ar": "مستند يُطلب مرة واحدة", "en": "A document asked for once"}
TWENTY = {"ar": "٢٠", "en": "20"}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "size"), [("ar", DESK), ("en", PHONE)], ids=["ar-desk", "en-phone"]
)
def test_the_example_is_walked_by_four(
    served: str, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, language: str,
    size: tuple[int, int],
) -> None:  # fmt: skip
    make_small(monkeypatch)
    made = worked.load(on=business_date(TEN), at=TEN, by=HUDA)

    def somebody(username: str = "") -> Keyboard:
        hands = Keyboard(
            open_page(language, size), f"example-{language}-{size[0]}/{username or 'investor'}"
        )
        if username:
            sign_in(hands, served, username)
        return hands

    analyst = somebody("nasser")
    analyst.page.goto(served + reverse("lab_example"))
    analyst.look("example")
    study = reverse("lab_study", args=[made.studies["procedures"]])
    analyst.press(f"main a[href='{study}']")
    analyst.look("study")
    analyst.press("form[action$='/again/'] button")
    with acting(national_scope()):
        again = next(one for one in studies.newest() if one.again_of)
    assert again.state == StudyState.WAITING
    studies.run(again.id, now=lambda: TEN)
    analyst.page.goto(served + reverse("lab_study", args=[again.id]))
    assert analyst.page.get_by_text(SAME[language]).count() == 1

    minister = somebody("huda")
    minister.page.goto(served + reverse("lab_portfolio", args=[made.portfolios["middle"]]))
    minister.look("portfolio")
    minister.page.goto(served + reverse("lab_roadmap"))
    minister.look("roadmap")
    minister.press("form[action$='/publish/'] button")
    minister.look("published")

    owner = somebody("salim")
    owner.page.goto(served + reverse("owner_future"))
    owner.write("#field-price_percent", TWENTY[language])
    owner.press("form[action='#what-if'] button")
    assert "price_percent=" in owner.page.url
    owner.look("what-if")
    owner.page.goto(served + reverse("roster"))
    owner.look("roster")

    investor = somebody()
    investor.page.goto(served + reverse("roadmap"))
    assert investor.page.get_by_text(NAME[language]).first.is_visible()
    investor.look("public-roadmap")
    investor.page.goto(served + reverse("invest"))
    investor.press("main tbody a")
    assert "/invest/" in investor.page.url
    investor.look("a-wilayat")
