"""Why a wilayat is advised to have more centres or fewer, in words."""

from collections.abc import Callable
from dataclasses import dataclass

from sanad.lib.bilingual import Text


@dataclass(frozen=True)
class Facts:
    """What is known of a wilayat. Volumes are transactions a year."""

    people: int
    centres: int
    more: int
    fewer: int
    volume: float
    then: float  # of a centre, when the centres that are advised stand
    kept: float  # of a centre, when the surplus is gone
    without: int  # people with no centre within reach
    people_a_centre: float  # in the whole network
    least: float
    most: float
    within_km: float


Reason = Callable[[Facts], Text]


def more(facts: Facts) -> Text:
    """Why centres should be added."""
    if not facts.centres:
        ar = f"لا مركز في الولاية وسكانها {facts.people:,}."
        en = f"The wilayat has {facts.people:,} people and no centre."
    else:
        each, load = facts.people / facts.centres, facts.volume / facts.centres
        ar = (
            f"لكل مركز {each:,.0f} من السكان، والمتوسط في الشبكة {facts.people_a_centre:,.0f}؛ "
            f"ونصيبه من المعاملات {load:,.0f} في السنة، والمركز يحتمل {facts.most:,.0f}."
        )
        en = (
            f"A centre has {each:,.0f} people where the network's mean is "
            f"{facts.people_a_centre:,.0f}, and {load:,.0f} transactions a year where a centre "
            f"carries {facts.most:,.0f}."
        )
    return Text(
        f"{ar} وبعد الإضافة يكون لكل مركز {facts.then:,.0f}، وهو يعيش على {facts.least:,.0f}.",
        f"{en} Then each would have {facts.then:,.0f}; a centre lives on {facts.least:,.0f}.",
    )


def fewer(facts: Facts) -> Text:
    """Why centres are too many."""
    load = facts.volume / max(1, facts.centres)
    return Text(
        f"عدد المراكز {facts.centres}، ونصيب الواحد {load:,.0f} معاملة في السنة، والمركز يعيش على "
        f"{facts.least:,.0f}. وما زاد لا يعيش وإن وزع المتعاملون في حدود {facts.within_km:g} كم "
        f"على أفضل وجه؛ وبدونه يكون لكل مركز {facts.kept:,.0f}.",
        f"{facts.centres} centres share the customers: {load:,.0f} transactions a year for each, "
        f"and a centre lives on {facts.least:,.0f}. However customers within "
        f"{facts.within_km:g} km are shared, these cannot live; without them each would have "
        f"{facts.kept:,.0f}.",
    )


def none(facts: Facts) -> Text:
    """Why people have no centre, and whether one of their own could live."""
    ar = f"أبعد من {facts.within_km:g} كم عن أي مركز: {facts.without:,} من السكان."
    en = f"{facts.without:,} people are farther than {facts.within_km:g} km from any centre."
    if facts.volume < facts.least:
        return Text(
            f"{ar} ومعاملات الولاية كلها {facts.volume:,.0f} في السنة فلا يعيش عليها مركز (يعيش "
            f"على {facts.least:,.0f})؛ فالأنسب زيارات دورية أو مركز مدعوم.",
            f"{en} The whole wilayat has {facts.volume:,.0f} transactions a year, and a centre "
            f"lives on {facts.least:,.0f}: regular visits or a subsidised centre would serve them.",
        )
    return Text(
        f"{ar} ومعاملات الولاية {facts.volume:,.0f} في السنة تكفي ليعيش مركز (على "
        f"{facts.least:,.0f}).",
        f"{en} The wilayat's {facts.volume:,.0f} transactions a year would let a centre live "
        f"(on {facts.least:,.0f}).",
    )
