"""The ministry's, inspectors', analysts' and administrators' routes."""

from django.urls import path

from sanad.web.network import (
    audit,
    calendar,
    people,
    portal,
    portals,
    quarter,
    quarter_rows,
    registry,
    series,
)

urlpatterns = [
    path("network/", registry.registry, name="network_registry"),
    path("network/centres/<int:number>/", registry.centre, name="network_centre"),
    path("network/holidays/", calendar.holidays, name="holidays"),
    path("network/holidays/<str:day>/remove/", calendar.remove, name="holiday_remove"),
    path("network/people/", people.people, name="people"),
    path("network/people/<uuid:account>/remove/", people.remove, name="people_remove"),
    path("network/quarter/", quarter.latest, name="quarter_latest"),
    path("network/quarter/<str:quarter>/", quarter.quarter, name="quarter"),
    path("network/quarter/<str:quarter>/report.pdf", quarter.report, name="quarter_report"),
    path(
        "network/quarter/<str:quarter>/governorates/",
        quarter_rows.governorates,
        name="quarter_governorates",
    ),
    path("network/quarter/<str:quarter>/centres/", quarter_rows.centres, name="quarter_centres"),
    path("network/quarter/<str:quarter>/wilayats/", quarter_rows.wilayats, name="quarter_wilayats"),
    path("network/quarter/<str:quarter>/entities/", quarter_rows.entities, name="quarter_entities"),
    path("network/quarter/<str:quarter>/services/", quarter_rows.services, name="quarter_services"),
    path("network/quarter/<str:quarter>/days/", quarter_rows.days, name="quarter_days"),
    path(
        "network/quarter/<str:quarter>/centres/<int:centre>/",
        quarter_rows.centre_days,
        name="quarter_centre",
    ),
    path(
        "network/quarter/<str:quarter>/services/<slug:service>/",
        quarter_rows.service_days,
        name="quarter_service",
    ),
    path(
        "network/quarter/<str:quarter>/centres/<int:centre>/<str:day>/",
        quarter_rows.submissions,
        name="quarter_submissions",
    ),
    path("network/series/", series.series, name="series"),
    path("network/portals/", portals.portals_page, name="network_portals"),
    path("network/portals/<int:entity>/", portal.portal_page, name="network_portal"),
    path("network/portals.csv", portals.download, name="network_portals_csv"),
    path("network/audit/", audit.audit, name="audit"),
    path("network/audit/seals/", audit.seals, name="audit_seals"),
]
