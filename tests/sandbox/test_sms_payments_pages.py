"""Messages and payments are taken once; the page says what this is."""


def test_a_message_is_taken_once_by_its_id(sandbox):
    message = {"id": "m-1", "to": "+96892345678", "text": "طلبكم قيد المراجعة"}

    first = sandbox.http.post("/sms/messages", json=message)
    again = sandbox.http.post("/sms/messages", json=message)

    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    kept = sandbox.http.get("/control/sms").json()
    assert kept["count"] == 1
    assert kept["messages"][0]["text"] == message["text"]
    other = sandbox.http.post("/sms/messages", json={**message, "text": "غيرها"})
    assert other.status_code == 409
    assert sandbox.http.get("/control/sms").json()["count"] == 1


def test_a_message_to_no_number_is_refused(sandbox):
    refused = sandbox.http.post("/sms/messages", json={"id": "1", "to": "12", "text": "x"})

    assert refused.json()["fields"] == ["to"]


def test_a_payment_is_registered_once_by_its_id(sandbox):
    payment = {"payment_id": "p-1", "amount_baisa": 4500}

    first = sandbox.http.post("/payments", json=payment)
    again = sandbox.http.post("/payments", json=payment)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.json()["status"] == "open"
    assert first.json()["provider_ref"] == "PAY-00000001"
    assert sandbox.http.get("/payments/p-1").json() == first.json()
    changed = sandbox.http.post("/payments", json={**payment, "amount_baisa": 4501})
    assert changed.status_code == 409
    assert sandbox.http.get("/payments/p-1").json()["amount_baisa"] == 4500


def test_only_whole_baisa_above_zero_are_paid(sandbox):
    for wrong in (0, -1, 4.5, "4500"):
        document = {"payment_id": "p-2", "amount_baisa": wrong}
        assert sandbox.http.post("/payments", json=document).json()["fields"] == ["amount_baisa"]
    assert sandbox.http.get("/payments/p-2").status_code == 404


def test_the_page_says_in_both_languages_that_it_is_a_simulation(sandbox, request_document):
    empty = sandbox.http.get("/").text
    sandbox.submit("rop", request_document())
    page = sandbox.http.get("/").text

    assert "لم يصل أي طلب بعد" in empty
    assert "هذه محاكاة" in page
    assert "This is a simulation" in page
    assert '<th scope="row"><bdi dir="ltr">rop</bdi></th><td><bdi dir="ltr">1</bdi></td>' in page


def test_the_process_says_that_it_is_well(sandbox):
    assert sandbox.http.get("/healthz").json() == {"status": "ok"}
