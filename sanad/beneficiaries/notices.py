"""What messages say. No names and no numbers of people: a phone may be in other hands."""

from sanad.lib.bilingual import Text

NOTICES = {
    "receipt": Text(
        ar="سند: دفعتَ {amount} ر.ع. للطلب {code}. الإيصال {number}. "
        "إن دفعت غير ذلك فأخبرنا: {link}",
        en="Sanad: you paid OMR {amount} for request {code}. Receipt {number}. "
        "If you paid anything else, tell us: {link}",
    ),
    "payment_link": Text(
        ar="سند: للدفع {amount} ر.ع. للطلب {code} استخدم هذا الرابط: {link}",
        en="Sanad: to pay OMR {amount} for request {code}, use this link: {link}",
    ),
    "fee_stated": Text(
        ar="سند: حددت {entity} الرسم الحكومي للطلب {code}: {amount} ر.ع. "
        "راجع المركز للموافقة عليه ودفعه: {link}",
        en="Sanad: {entity} has stated the government fee for request {code}: OMR {amount}. "
        "See the centre to agree and pay: {link}",
    ),
    "submitted": Text(
        ar="سند: وصل طلبك {code} إلى {entity}. تابعه هنا: {link}",
        en="Sanad: {entity} has received your request {code}. Follow it here: {link}",
    ),
    "returned": Text(
        ar="سند: أعادت {entity} طلبك {code} لاستكمال ناقص. راجع المركز أو انظر هنا: {link}",
        en="Sanad: {entity} returned your request {code} for a correction. "
        "See the centre or look here: {link}",
    ),
    "approved": Text(
        ar="سند: وافقت {entity} على طلبك {code}. التفاصيل هنا: {link}",
        en="Sanad: {entity} approved your request {code}. Details here: {link}",
    ),
    "rejected": Text(
        ar="سند: لم توافق {entity} على طلبك {code}. السبب هنا: {link}",
        en="Sanad: {entity} rejected your request {code}. The reason is here: {link}",
    ),
    "approve": Text(
        ar="سند: يطلب {centre_name} موافقتك على خدمة «{service}». اقرأ وأجب خلال {minutes} دقيقة: "
        "{link} لا تعطِ أحدًا رمزًا.",
        en="Sanad: {centre_name} asks you to agree to “{service}”. Read and answer within "
        "{minutes} minutes: {link} Give nobody a code.",
    ),
    "page": Text(
        ar="سند: صفحتك لمدة يوم واحد: تفويضاتك، ومن اطّلع على بياناتك، ومستنداتك المحفوظة: {link}",
        en="Sanad: your page for one day: your mandates, who looked at your data, and the "
        "documents kept for you: {link}",
    ),
}
LINK = "{link}"
"""What stands in a kept text for a secret link, until the message is sent."""
