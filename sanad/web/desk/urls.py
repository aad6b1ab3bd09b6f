"""The operator's routes."""

from django.urls import path

from sanad.web.desk import case, client, documents, line, merge, money, people, work

urlpatterns = [
    path("desk/", line.desk, name="desk"),
    path("desk/next/", line.call_next, name="desk_next"),
    path("desk/quick/", line.quick, name="desk_quick"),
    path("desk/tickets/<uuid:ticket>/<slug:verb>/", line.ticket, name="desk_ticket"),
    path("desk/visits/<uuid:visit>/finish/", line.finish, name="desk_finish"),
    path("desk/visits/<uuid:visit>/person/", people.person, name="desk_person"),
    path("desk/visits/<uuid:visit>/company/", people.company, name="desk_company"),
    path("desk/visits/<uuid:visit>/services/", line.services, name="desk_services"),
    path("desk/visits/<uuid:visit>/mandate/<slug:service>/", client.mandate, name="desk_mandate"),
    path("desk/approvals/<uuid:approval>/", client.approval, name="desk_approval"),
    path("desk/people/<uuid:person>/", merge.file, name="desk_person_file"),
    path("desk/people/<uuid:person>/consent/", merge.withdraw, name="desk_withdraw_consent"),
    path("desk/people/<uuid:person>/merge/<uuid:other>/", merge.merge, name="desk_merge"),
    path("desk/people/merges/<uuid:merge>/undo/", merge.undo, name="desk_undo_merge"),
    path("desk/people/<uuid:person>/reveal/", people.reveal, name="desk_reveal"),
    path("desk/cases/<uuid:case>/", case.case, name="desk_case"),
    path("desk/cases/<uuid:case>/draft/", case.draft, name="desk_draft"),
    path("desk/cases/<uuid:case>/complete/", case.complete, name="desk_complete"),
    path("desk/cases/<uuid:case>/reopen/", case.reopen, name="desk_reopen"),
    path("desk/cases/<uuid:case>/person/", people.wrong_person, name="desk_wrong_person"),
    path("desk/cases/<uuid:case>/documents/", documents.documents, name="desk_documents"),
    path("desk/cases/<uuid:case>/files/<slug:code>/", documents.file, name="desk_file"),
    path("desk/cases/<uuid:case>/not-duplicate/", case.not_duplicate, name="desk_not_duplicate"),
    path("desk/cases/<uuid:case>/take-over/", case.take_over, name="desk_take_over"),
    path("desk/cases/<uuid:case>/mandate/", client.new_mandate, name="desk_new_mandate"),
    path("desk/cases/<uuid:case>/quote/", money.quote, name="desk_quote"),
    path("desk/cases/<uuid:case>/agree/", client.agree, name="desk_agree"),
    path("desk/cases/<uuid:case>/pay/", money.pay, name="desk_pay"),
    path("desk/cases/<uuid:case>/submit/", case.submit, name="desk_submit"),
    path("desk/cases/<uuid:case>/hand-over/", case.hand_over, name="desk_hand_over"),
    path("desk/cases/<uuid:case>/cancel/", money.cancel, name="desk_cancel"),
    path("desk/receipts/<uuid:receipt>/", money.receipt, name="desk_receipt"),
    path("desk/work/", work.work, name="desk_work"),
]
