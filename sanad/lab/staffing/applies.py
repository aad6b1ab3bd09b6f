"""Whether Erlang's formulas say enough of a model, and if not, why the twin is asked."""

from enum import StrEnum
from typing import Final

from sanad.lab.staffing.work import Work
from sanad.lab.twin.network.model import SLOT_SECONDS, Model
from sanad.lib.bilingual import Text

# A visit's squared coefficient of variation; the exponential's is 1. A mean wait follows
# (1 + variation) / 2 closely (Lee and Longton 1959), so within these bounds it is off by a fifth.
NEAR_EXPONENTIAL: Final = (0.6, 1.4)
LONGEST_PART: Final = 1.0  # of a half hour that a mean visit may take; lagged from a quarter on
EVEN_DAYS: Final = 0.15  # spread of the days beyond chance, relative, that is still even


class Method(StrEnum):
    """How the people needed were found."""

    ERLANG_C = "erlang_c"
    ERLANG_A = "erlang_a"
    TWIN = "twin"


class Why(StrEnum):
    """Why Erlang's formulas do, or what they do not say."""

    HOLDS = "holds"
    APPOINTMENTS = "appointments"
    AWAY = "away"
    OUTAGES = "outages"
    LONG = "long"
    VARIED = "varied"
    UNEVEN = "uneven"


METHOD_NAMES: Final = {
    Method.ERLANG_C: Text("صيغة إرلنغ للمنتظرين", "Erlang C"),
    Method.ERLANG_A: Text("صيغة إرلنغ لمن يغادرون", "Erlang A"),
    Method.TWIN: Text("المحاكاة", "the twin"),
}
REASONS: Final = {
    Why.HOLDS: Text(
        "تكفي الصيغ: الخدمة أقصر من نصف الساعة، وتفاوتها قريب من الأسي، والأيام متقاربة.",
        "The formulas do: service is shorter than a half hour, its spread is near the exponential, "
        "and the days are alike.",
    ),
    Why.APPOINTMENTS: Text(
        "لا تكفي الصيغ: بعض الناس يأتون بموعد.",
        "The formulas do not do: some people come by appointment.",
    ),
    Why.AWAY: Text(
        "لا تكفي الصيغ: يغيب من عند المناضد وقتا عرفه السجل.",
        "The formulas do not do: the log shows that people are away from the counters for a time.",
    ),
    Why.OUTAGES: Text(
        "لا تكفي الصيغ: يبطؤ العمل عند تعطل البوابات.",
        "The formulas do not do: work slows down while portals are down.",
    ),
    Why.LONG: Text(
        "لا تكفي الصيغ: الخدمة أطول من نصف الساعة الذي يُحسب فيه.",
        "The formulas do not do: service takes longer than the half hour that is staffed.",
    ),
    Why.VARIED: Text(
        "لا تكفي الصيغ: تفاوت مدد الخدمة بعيد عن الأسي.",
        "The formulas do not do: the spread of service times is far from the exponential.",
    ),
    Why.UNEVEN: Text(
        "لا تكفي الصيغ: تتفاوت الأيام أكثر مما تفعل المصادفة.",
        "The formulas do not do: the days differ by more than chance.",
    ),
}


def method_of(model: Model, work: Work) -> tuple[Method, Why]:
    """The method for a model, with its reason. Load is below one wherever Erlang C staffs.

    The first thing that the formulas do not say is the reason for the twin.
    """
    low, high = NEAR_EXPONENTIAL
    for beyond, why in (
        (model.booked > 0, Why.APPOINTMENTS),
        (model.break_seconds > 0, Why.AWAY),
        (model.outage_pace < 1, Why.OUTAGES),
        (work.mean > LONGEST_PART * SLOT_SECONDS, Why.LONG),
        (not low <= work.variation <= high, Why.VARIED),
        (model.day_spread > EVEN_DAYS, Why.UNEVEN),
    ):
        if beyond:
            return Method.TWIN, why
    return (Method.ERLANG_A if work.patience > 0 else Method.ERLANG_C), Why.HOLDS
