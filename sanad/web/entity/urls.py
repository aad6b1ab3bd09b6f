"""The entity officer's routes."""

from django.urls import path

from sanad.web.entity import views

urlpatterns = [
    path("entity/", views.requests, name="entity_requests"),
    path("entity/requests/<uuid:request_id>/", views.one_request, name="entity_request"),
]
