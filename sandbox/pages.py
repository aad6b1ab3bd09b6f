"""The page for people and the answer for machines that ask whether the process is well."""

from html import escape
from typing import Final

from sandbox.control import counts
from sandbox.http import Request, Response, Route, json_response
from sandbox.world import World

_PAGE: Final = """<!doctype html>
<html lang="ar" dir="rtl">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>محاكاة الجهات – Entities, simulated</title></head>
<body>
<main>
<h1>محاكاة الجهات</h1>
<p>هذه محاكاة تقوم مقام بوابات الجهات ومزود خدمة الدفع وبوابة الرسائل النصية.
لا يصل شيء من هنا إلى أي جهة حقيقية.</p>
<div lang="en" dir="ltr">
<h2>Entities, simulated</h2>
<p>This is a simulation in place of the entities' portals, the payment provider and the SMS
gateway. Nothing from here reaches any real body.</p>
</div>
<table border="1">
<caption>الطلبات المستلمة – <span lang="en" dir="ltr">Requests received</span></caption>
<thead><tr>
<th scope="col">الجهة<br><span lang="en">Entity</span></th>
<th scope="col">المستلم<br><span lang="en">Received</span></th>
<th scope="col">المقبول<br><span lang="en">Accepted</span></th>
<th scope="col">المكرر<br><span lang="en">Duplicates</span></th>
<th scope="col">المرفوض شكلًا<br><span lang="en">Malformed or in conflict</span></th>
<th scope="col">الردود المرسلة<br><span lang="en">Answers sent</span></th>
</tr></thead>
<tbody>{rows}</tbody>
</table>
{empty}
</main>
</body>
</html>
"""
_EMPTY: Final = '<p>لم يصل أي طلب بعد. <span lang="en" dir="ltr">No request came in yet.</span></p>'


def home(world: World, request: Request) -> Response:
    found = counts(world)
    rows = "".join(
        f'<tr><th scope="row">{_cell(entity)}</th>'
        + "".join(f"<td>{_cell(number)}</td>" for number in row.values())
        + "</tr>"
        for entity, row in found.items()
    )
    page = _PAGE.format(rows=rows, empty="" if found else _EMPTY)
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "default-src 'none'",
    }
    return Response(200, page.encode(), headers)


def health(world: World, request: Request) -> Response:
    world.store.rows("SELECT 1")
    return json_response({"status": "ok"})


def _cell(value: object) -> str:
    return f'<bdi dir="ltr">{escape(str(value))}</bdi>'


ROUTES: Final[list[Route]] = [("GET", "/", home), ("GET", "/healthz", health)]
