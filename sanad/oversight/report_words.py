"""The words of the printed quarter report, in both languages. No Django in here."""

from typing import Final

from sanad.lib.bilingual import Text

QUARTERS: Final = {
    1: Text("الربع الأول", "First quarter"),
    2: Text("الربع الثاني", "Second quarter"),
    3: Text("الربع الثالث", "Third quarter"),
    4: Text("الربع الرابع", "Fourth quarter"),
}
WORDS: Final = {
    "network": Text("شبكة مراكز سند", "The network of Sanad centres"),
    "report": Text("تقرير الربع", "Report of the quarter"),
    "product": Text("سند", "Sanad"),
    "period": Text("الفترة", "Period"),
    "to": Text("إلى", "to"),
    "issued": Text("صدر في", "Issued"),
    "calibration": Text("المعايرة", "Calibration"),
    "seed": Text("بذرة المحاكاة", "Seed of the simulation"),
    "version": Text("إصدار البرنامج", "Version of the program"),
    "simulated": Text("بيانات محاكاة للعرض", "Simulated, for demonstration"),
    "simulated_long": Text(
        "كل ما يُحسب في هذا التقرير جاء من تاريخ محاكى، وليس من عمل حقيقي. والحقيقي فيه: الأماكن"
        " وأعداد المراكز والسكان وسلسلة الوزارة وما أُعلن.",
        "Everything counted in this report comes from a simulated history and not from real work."
        " Real are the places, the number of centres, the people, the ministry's series and what"
        " was announced.",
    ),
    "page": Text("صفحة", "Page"),
    "of": Text("من", "of"),
    "announced_title": Text("المعلن والمحسوب", "Announced and counted"),
    "announced_lead": Text(
        "ما أُعلن عن الربع إلى جانب ما يعدّه هذا النظام صفًا صفًا. لا يدخل المعلن في أي حساب.",
        "What was announced of the quarter beside what this system counts, row by row. What was"
        " announced enters no calculation.",
    ),
    "figure": Text("الرقم", "Figure"),
    "announced": Text("المعلن", "Announced"),
    "counted": Text("المحسوب", "Counted"),
    "not_announced": Text("لم يُعلن", "not announced"),
    "kpis_title": Text("مؤشرات الأداء", "Key figures"),
    "kpis_lead": Text(
        "لكل مؤشر تعريفه وصيغته ووحدته ومصدره. والمؤشر الذي لا شيء يقاس فيه ليس صفرًا.",
        "Each with its definition, formula, unit and source. A figure with nothing to measure is"
        " not zero.",
    ),
    "formula": Text("الصيغة", "Formula"),
    "unit": Text("الوحدة", "Unit"),
    "source": Text("المصدر", "Source"),
    "nothing": Text("لا شيء يقاس", "nothing to measure"),
    "governorates_title": Text("المحافظات", "Governorates"),
    "governorate": Text("المحافظة", "Governorate"),
    "centres": Text("المراكز", "Centres"),
    "jobs": Text("الوظائف", "Jobs"),
    "people": Text("السكان", "People"),
    "people_per_centre": Text("السكان لكل مركز", "People per centre"),
    "transactions": Text("المعاملات", "Transactions"),
    "share": Text("الحصة", "Share"),
    "per_centre": Text("لكل مركز", "Per centre"),
    "together": Text("المجموع", "Together"),
    "people_note": Text(
        "السكان: نهاية عام 2024، من الكتاب الإحصائي السنوي 2025.",
        "People: end of 2024, by the Statistical Year Book 2025.",
    ),
    "map_title": Text("المعاملات على الخريطة", "Transactions on the map"),
    "map_note": Text(
        "مربع لكل محافظة في مكانها تقريبًا، والشمال في الأعلى. اللون بحسب الترتيب: الأغمق أكثر.",
        "A tile for each governorate, roughly where it lies, north at the top. The shade goes by"
        " rank: the darker, the more.",
    ),
    "fewest": Text("الأقل", "fewest"),
    "most": Text("الأكثر", "most"),
    "services_title": Text("أكثر عشر خدمات", "Ten services with the most transactions"),
    "service": Text("الخدمة", "Service"),
    "entity": Text("الجهة", "Entity"),
    "no_services": Text(
        "لم تُسجَّل معاملة في هذا الربع.", "No transaction was recorded in this quarter."
    ),
    "series_title": Text("سلسلة الوزارة", "The ministry's own series"),
    "series_lead": Text(
        "معاملات بوابة الوزارة ودخلها كما في بياناتها المفتوحة: أرقام حقيقية لم يعدّها هذا النظام.",
        "Transactions and income on the ministry's portal, as its open data has them: real figures"
        " that this system did not count.",
    ),
    "chart_title": Text("المعاملات بالآلاف", "Transactions, in thousands"),
    "year": Text("السنة", "Year"),
    "income": Text("الدخل، ر.ع.", "Income, OMR"),
    "income_note": Text(
        "قدّر الناشر دخل عام 2016 بواقع 2.000 ر.ع. لكل معاملة.",
        "The publisher imputed the income of 2016 at OMR 2.000 a transaction.",
    ),
    "by_governorate_title": Text("المعاملات بحسب المحافظة والسنة", "By governorate and year"),
    "disagree_title": Text(
        "المعلن والبيانات المفتوحة لا يتفقان", "Announced figures and open data do not agree"
    ),
    "disagree": Text(
        "أُعلن أكثر من 800,000 معاملة في الربع الثالث من 2025 وحده، وفي السلسلة المفتوحة 615,093"
        " معاملة في عام 2025 كله. لا يُعرف سبب الفرق: قد تكون البوابة عدّت بعض الخدمات فقط، أو عدّ"
        " الإعلان المراحل لا الطلبات. لا يختار هذا التقرير بينهما: يعمل النظام على أي من المعايرتين"
        " ويذكر دائمًا من أيتهما جاء الرقم.",
        "More than 800,000 transactions were announced for the third quarter of 2025 alone; the"
        " open series has 615,093 for the whole of 2025. Why they differ is not known: the portal"
        " may have counted some services only, or the announcement stages and not requests. This"
        " report does not choose between them: the system runs on either calibration and always"
        " says from which of them a figure comes.",
    ),
    "trail_title": Text("من أين جاءت الأرقام", "Where the figures come from"),
    "transaction_is": Text("تعريف المعاملة", "What a transaction is"),
    "counted_from": Text("مصدر المحسوب", "Counted from"),
    "announced_by": Text("مصدر المعلن", "Announced figures"),
    "series_by": Text("مصدر السلسلة", "Series by"),
    "series_source": Text(
        "وزارة التجارة والصناعة وترويج الاستثمار، البيانات المفتوحة عن شبكة سند، عبر نسخة عامة.",
        "Ministry of Commerce, Industry and Investment Promotion, open data on the Sanad network,"
        " through a public copy.",
    ),
    "history": Text("التاريخ", "History"),
    "real_history": Text("سجل عمل الشبكة نفسها", "the network's own record of its work"),
    "again": Text(
        "من أعاد الحساب بالبيانات والإصدار والبذرة نفسها حصل على الأرقام نفسها. وكل رقم على الشاشة"
        " يقود إلى صفوفه.",
        "Whoever counts again from the same data, version and seed gets the same figures. On the"
        " screens each figure leads to its rows.",
    ),
}  # fmt: skip
