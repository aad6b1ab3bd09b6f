"""Chances and risks of a wilayat in words, each by a rule that is said here."""

from typing import Final

from sanad.lab.opportunity.wilayats import DOES_NOT, LIVES, OPEN, Opportunity
from sanad.lib.bilingual import Text

CROWDED, ROOMY = 0.75, 1.25  # people a centre over the network's mean
DEPENDENT_PERCENT: Final = 40
VERDICTS: Final = {
    LIVES: Text(
        "من المتوقع أن يغطي مركز جديد تكاليفه حتى بأقل ما نتوقع",
        "A new centre is expected to cover its costs even at the low end",
    ),
    OPEN: Text(
        "قد يغطي مركز جديد تكاليفه وقد لا يغطيها",
        "A new centre may cover its costs or not",
    ),
    DOES_NOT: Text(
        "لا يغطي مركز جديد تكاليفه من معاملات البوابة حتى بأكثر ما نتوقع",
        "A new centre does not cover its costs from portal transactions, even at the high end",
    ),
}
SHORT: Final = {
    LIVES: Text("يغطي تكاليفه", "Covers its costs"),
    OPEN: Text("غير مؤكد", "Open"),
    DOES_NOT: Text("لا يغطي تكاليفه", "Does not cover them"),
}


def chances(one: Opportunity, network: float) -> list[Text]:
    """What speaks for it; `network` is people a centre in the whole network."""
    found = []
    if not one.centres:
        found.append(Text(
            f"لا مركز في الولاية، وسكانها {one.wilayat.people:,}.",
            f"The wilayat has no centre and {one.wilayat.people:,} people.",
        ))  # fmt: skip
    elif (each := one.wilayat.people / one.centres) > ROOMY * network:
        found.append(Text(
            f"لكل مركز {each:,.0f} من السكان، والمتوسط في الشبكة {network:,.0f}.",
            f"{each:,.0f} people for each centre, where the network's mean is {network:,.0f}.",
        ))  # fmt: skip
    if one.advised:
        found.append(Text(
            f"يقترح حساب المواقع أن يضاف هنا من المراكز: {one.advised}.",
            f"Siting would add centres here: {one.advised}.",
        ))  # fmt: skip
    if one.next_percent.mid > 0:
        found.append(Text(
            f"يتوقع أن تزيد معاملات المحافظة في السنة القادمة بنسبة {one.next_percent.mid:.0f}%.",
            f"The governorate's transactions are forecast to rise by {one.next_percent.mid:.0f}% "
            "next year.",
        ))  # fmt: skip
    if one.verdict == LIVES:
        found.append(VERDICTS[LIVES])
    return found


def risks(one: Opportunity, network: float) -> list[Text]:
    """What speaks against it, as plainly."""
    found = []
    if one.verdict != LIVES:
        found.append(Text(
            f"{VERDICTS[one.verdict].ar}: يتوقع له {one.expected.mid:,.0f} معاملة في الشهر، وهو "
            f"يتعادل عند {one.break_even.mid:,.0f}.",
            f"{VERDICTS[one.verdict].en}: {one.expected.mid:,.0f} transactions a month are "
            f"expected, and it breaks even at {one.break_even.mid:,.0f}.",
        ))  # fmt: skip
    if one.change_percent < 0:
        found.append(Text(
            f"هبطت معاملات المحافظة على البوابة {-one.change_percent:.0f}% بين {one.first_year} "
            f"و {one.year}، ويتوقع أن تتغير في السنة القادمة بين {one.next_percent.low:+.0f}% "
            f"و {one.next_percent.high:+.0f}%.",
            f"The governorate's portal transactions fell by {-one.change_percent:.0f}% from "
            f"{one.first_year} to {one.year}; next year's change is forecast between "
            f"{one.next_percent.low:+.0f}% and {one.next_percent.high:+.0f}%.",
        ))  # fmt: skip
    if one.entity_percent >= DEPENDENT_PERCENT:
        found.append(Text(
            f"{one.entity_percent:.0f}% من دخل المراكز هنا من خدمات جهة واحدة ({one.entity.ar})، "
            "وإن نقلتها إلى الخدمة الذاتية ذهب هذا الدخل.",
            f"{one.entity_percent:.0f}% of what centres earn here is from one entity "
            f"({one.entity.en}); if it moves to self-service, that is gone.",
        ))  # fmt: skip
    if one.surplus:
        found.append(Text(
            f"عدد المراكز هنا اليوم أكبر مما تحتمله المعاملات بمقدار {one.surplus}.",
            f"There are more centres here today than the transactions carry, by {one.surplus}.",
        ))  # fmt: skip
    if one.centres and (each := one.wilayat.people / one.centres) < CROWDED * network:
        found.append(Text(
            f"المنافسة شديدة: لكل مركز {each:,.0f} من السكان، والمتوسط في الشبكة {network:,.0f}.",
            f"Competition is strong: {each:,.0f} people for each centre, where the network's mean "
            f"is {network:,.0f}.",
        ))  # fmt: skip
    return found


SAID: Final = (
    Text(
        "حقيقي: السكان وعدد المراكز ومعاملات كل محافظة على بوابة الوزارة في كل سنة.",
        "Real: people, the number of centres and each governorate's yearly transactions on the "
        "ministry's portal.",
    ),
    Text(
        "افتراض: نصيب الولاية من معاملات محافظتها بنسبة سكانها، ونصيب المركز الجديد كنصيب غيره.",
        "Assumed: a wilayat's part of its governorate's transactions is its part of the people, "
        "and a new centre gets as many as every other.",
    ),
    Text(
        "افتراض: تكاليف مركز فيه صاحبه وعامل واحد، بثلاثة مستويات لكل بند، ولا توجد قائمة منشورة.",
        "Assumed: what a centre with its owner and one paid worker costs, at three levels for each "
        "line; no list is published.",
    ),
    Text(
        "خارج الحساب: الخدمات الخاصة ومنصة عمان للأعمال، فلا ينشر ما تدره على كل مركز. "
        "وقد تعيش بها مراكز لا تعيش من البوابة وحدها.",
        "Left out: private services and the Oman Business platform, because what they bring to a "
        "centre is not published. With them a centre may live that does not live on the portal.",
    ),
)  # fmt: skip
