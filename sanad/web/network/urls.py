"""The ministry's, inspectors', analysts' and administrators' routes."""

from django.urls import path

from sanad.web.network import audit, calendar, people, portals, registry

urlpatterns = [
    path("network/", registry.registry, name="network_registry"),
    path("network/centres/<int:number>/", registry.centre, name="network_centre"),
    path("network/holidays/", calendar.holidays, name="holidays"),
    path("network/holidays/<str:day>/remove/", calendar.remove, name="holiday_remove"),
    path("network/people/", people.people, name="people"),
    path("network/people/<uuid:account>/remove/", people.remove, name="people_remove"),
    path("network/portals/", portals.portals_page, name="network_portals"),
    path("network/portals.csv", portals.download, name="network_portals_csv"),
    path("network/audit/", audit.audit, name="audit"),
    path("network/audit/seals/", audit.seals, name="audit_seals"),
]
