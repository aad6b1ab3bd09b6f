"""Names of weekdays in both languages, from Sunday."""

from typing import Final

from sanad.lib.bilingual import Text

WEEKDAY_NAMES: Final = (
    Text("الأحد", "Sunday"), Text("الاثنين", "Monday"), Text("الثلاثاء", "Tuesday"),
    Text("الأربعاء", "Wednesday"), Text("الخميس", "Thursday"), Text("الجمعة", "Friday"),
    Text("السبت", "Saturday"),
)  # fmt: skip
