"""Notes with a secret in them are refused; ordinary notes with all their numbers are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanad.lib.secrets_in_text import SecretRefused, holds_secret, require_no_secret
from tests.refusals import said

SECRETS = """
password 12345
Password: rose
password=Ahmed@2020
his password is Muscat2024
her password was oman1970
pass word 998877
the passcode is 4471
pwd: sultan
pwd 2468
PIN 1234
pin: 0000
PIN code 4821
pin number is 7788
the pin of the card is 5566
his PIN for the portal is 9911
OTP 482913
OTP: 482 913
otp is 4 8 2 9 1 3
the OTP was 559012
verification code 119922
Verification code: 11-99-22
one-time code 778812
one time code is 7788
login code 123456
activation code is 556677
security code 123
CVV 321
cvv: 998
CVC2 112
sms code 887766
the code that came is 445566
code sent 445566
482913 is the OTP
1234 is his pin
4471 is the passcode
access code 90210
password for the portal is Salalah#1
2FA 123456
كلمة السر 12345
كلمة المرور: وردة
كلمه السر هي 98765
كلمة مرورها Ahmed2020
كلمة المرور أحمد٢٠٢٠
الرقم السري ١٢٣٤
الرقم السري هو 5566
رقمه السري 9988
رقم سري: 7766
رمز التحقق ٤٨٢٩١٣
رمز التحقق هو 482 913
رمز الدخول 5512
رمز التفعيل: 778899
الرمز السري 4455
الرمز الذي وصل 445566
الكود اللي وصله ٤٤٥٥٦٦
كود التفعيل 9911
الباسوورد oman123
الباسورد ٩٨٧٦٥
باسورد: عمان
١٢٣٤ هو الرقم السري
4111 1111 1111 1111
4111111111111111
card 5555-5555-5555-4444
البطاقة ٤١١١ ١١١١ ١١١١ ١١١١
3782 822463 10005
2223003122003222
41111111 11111111
""".strip().splitlines()
ORDINARY = """
to compare with the card
The card's photo differs, so I compare the number
Called on 92345678, will come tomorrow
+968 9234 5678
phones 92345678 and 24567890
24567890 24567891
92345678 93456789
civil number 10482256
civil 71234567, passport P1234567
passport AB1234567 expires 2027-03-01
CR 1234567 of the company
commercial registration 1049382, branch 2
receipt 1482 of 2025-09-30
receipt number 100234 printed again
card reference 123456789012
terminal reference 445566
paid 3.150 by card, reference 778899
IBAN OM81 0180 0000 0129 9123 456
request QXNV-7H2K-P3RT
The code of the request is on the receipt
postal code 133
P.O. box 1482, PC 112
she forgot her password and will come back
The password is forgotten; the portal sent a new one to her phone
We never ask for a password or a code
password: not asked
the OTP did not arrive on 92345678
asked 3 times for the pin pad
pinned to the file since 2024
his opinion 2 of 3
shipping 12345
employee 4471 of 250
plate 12345 A
meter number 40071234
land plot 1123, block 7
birth date 1990-05-31
fee 25.000 for 2 years
licence number 88213 ends on 2026-01-01
2 photos, 1 contract, 3 copies
changed their mind
للمقارنة مع البطاقة
الصورة في البطاقة مختلفة
اتصلت على ٩٢٣٤٥٦٧٨ وستأتي غدًا
هاتف ٢٤٥٦٧٨٩٠ أو ٩٣٤٥٦٧٨٩
الرقم المدني ١٠٤٨٢٢٥٦
رقم الجواز P1234567
السجل التجاري ١٢٣٤٥٦٧
الإيصال رقم ١٤٨٢ بتاريخ ٣٠/٩/٢٠٢٥
مرجع البطاقة 445566778899
رسوم ٢٥ ريالًا لسنتين
نسي كلمة المرور وسيعود
لا نطلب كلمة السر ولا رمز التحقق
كلمة المرور: لم تُطلب
رمز التحقق لم يصل إلى الهاتف 92345678
الرمز البريدي ١٣٣
رمز الطلب QXNV-7H2K-P3RT
رقم الطلب 100234 والسجل 1234567
غيّر رأيه
سبب الإلغاء: دفع مرتين
الوكالة رقم 5521 لعام 2024
رقم اللوحة 12345 أ
عداد الكهرباء 40071234
قطعة ١١٢٣ مربع ٧
IBAN ٨١ ٠١٨٠ ٠٠٠٠ ٠١٢٩ ٩١٢٣ ٤٥٦
مستعجل، السفر يوم 2025-10-05
بطاقة العامل تنتهي 2025-12-01
""".strip().splitlines()


def test_the_lists_are_long_enough_and_say_nothing_twice():
    assert len(set(SECRETS)) == len(SECRETS) >= 60
    assert len(set(ORDINARY)) == len(ORDINARY) >= 60


@pytest.mark.parametrize("text", SECRETS)
def test_a_secret_is_refused_and_not_repeated(text):
    with pytest.raises(SecretRefused) as refusal:
        require_no_secret(text)

    assert all(text not in sentence for sentence in said(refusal.value))


@pytest.mark.parametrize("text", SECRETS)
def test_it_is_found_in_the_middle_of_a_note(text):
    assert holds_secret(f"called in the morning, {text} and asked again")


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_note_passes_as_it_came(text):
    assert require_no_secret(text) == text


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text):
    assert holds_secret(text) in (True, False)


@given(st.integers(70_000_000, 99_999_999))
def test_no_phone_or_civil_number_is_a_secret(number):
    assert not holds_secret(f"{number}")
    assert not holds_secret(f"+968 {number} / {number}")
