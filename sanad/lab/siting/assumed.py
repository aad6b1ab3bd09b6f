"""What the siting of the network assumes where nothing is published.

Every value is an assumption of this project and can be given otherwise.
"""

from dataclasses import dataclass
from typing import Final

from sanad.lib.bilingual import Text


@dataclass(frozen=True)
class Assumed:
    # Kilometres of road for one of the great circle. Countries and regions lie mostly between 1.2
    # and 1.5 (circuity); none was measured here for Oman.
    detour: float = 1.35
    # A centre lives on the yearly volume that this share of today's centres do not exceed.
    viable_quantile: float = 0.25
    # A centre can carry the yearly volume that this share of today's centres do not exceed.
    carried_quantile: float = 0.90
    # The seed of the demonstration's network, which makes up where a village lies.
    seed: int = 2025


SAID: Final = (
    Text(
        "افتراض: ما جرى في محافظة موزع على ولاياتها بنسبة سكانها، فلم ينشر ما جرى في كل ولاية.",
        "Assumed: a governorate's transactions are shared by its wilayats in proportion to their "
        "people; none are published by wilayat.",
    ),
    Text(
        "افتراض: سكان الولاية موزعون على قراها بنسبة مراكزها، ومواضع القرى والمراكز توضيحية.",
        "Assumed: a wilayat's people are shared by its villages in proportion to their centres; "
        "where villages and centres lie is illustrative.",
    ),
    Text(
        "افتراض: الولاية التي لا يعرف موضع مركزها الإداري تمثلها نقطة داخل حدودها، وقد تبعد عن "
        "سكانها.",
        "Assumed: where a wilayat's seat is not known, a point inside it stands for it and may lie "
        "far from its people.",
    ),
    Text(
        "افتراض: مسافة الطريق هي المسافة على سطح الأرض مضروبة في معامل التفاف ثابت.",
        "Assumed: a way by road is the great circle times one detour factor.",
    ),
    Text(
        "افتراض: يعيش المركز بحجم لا يتجاوزه ربع مراكز اليوم، ويحتمل حجما لا تتجاوزه تسعة أعشارها.",
        "Assumed: a centre lives on what a quarter of today's centres do not exceed, and carries "
        "what nine in ten do not exceed.",
    ),
)
