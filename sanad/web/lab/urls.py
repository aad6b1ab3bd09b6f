"""The Lab's routes."""

from django.urls import path

from sanad.web.lab import (
    cases,
    comparing,
    conformance,
    export,
    process,
    siting,
    uploading,
    waiting,
    worked_example,
)
from sanad.web.lab.roadmap_urls import urlpatterns as roadmap
from sanad.web.lab.scenario_urls import urlpatterns as studies
from sanad.web.lab.staffing_urls import urlpatterns as staffing
from sanad.web.lab.sustainability_urls import urlpatterns as sustainability

SERVICE = "lab/<slug:taken>/<slug:service>"
UPLOAD = "lab/uploads/<slug:upload>"
urlpatterns = [
    *studies,
    *roadmap,
    *staffing,
    *sustainability,
    path("lab/", process.studies, name="lab"),
    path("lab/example/", worked_example.worked_example, name="lab_example"),
    path("lab/example/load/", worked_example.worked_example_load, name="lab_example_load"),
    path("lab/siting/", siting.siting, name="lab_siting"),
    path("lab/uploads/", uploading.listed, name="lab_uploads"),
    path("lab/uploads/columns/<slug:draft>/", uploading.columns, name="lab_columns"),
    path(f"{UPLOAD}/", process.process, name="lab_upload_process"),
    path(f"{UPLOAD}/waiting/", waiting.waiting, name="lab_upload_waiting"),
    path(f"{UPLOAD}/procedure/", conformance.conformance, name="lab_upload_conformance"),
    path(f"{UPLOAD}/compare/", comparing.comparing, name="lab_upload_compare"),
    path(f"{UPLOAD}/cases/", cases.cases, name="lab_upload_cases"),
    path(f"{UPLOAD}/take/<slug:form>/", export.export, name="lab_upload_export"),
    path(f"{UPLOAD}/delete/", uploading.delete, name="lab_upload_delete"),
    path("lab/<slug:taken>/entities/", comparing.entities, name="lab_entities"),
    path(f"{SERVICE}/", process.process, name="lab_process"),
    path(f"{SERVICE}/waiting/", waiting.waiting, name="lab_waiting"),
    path(f"{SERVICE}/procedure/", conformance.conformance, name="lab_conformance"),
    path(f"{SERVICE}/compare/", comparing.comparing, name="lab_compare"),
    path(f"{SERVICE}/cases/", cases.cases, name="lab_cases"),
    path(f"{SERVICE}/take/<slug:form>/", export.export, name="lab_export"),
]
