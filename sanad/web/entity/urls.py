"""The entity officer's routes."""

from django.urls import path

from sanad.web.entity import portal, views

urlpatterns = [
    path("entity/", views.requests, name="entity_requests"),
    path("entity/requests/<uuid:request_id>/", views.one_request, name="entity_request"),
    path("entity/portal/", portal.portal, name="entity_portal"),
    path("entity/portal/<int:outage>/withdraw/", portal.withdraw, name="entity_outage_withdraw"),
]
