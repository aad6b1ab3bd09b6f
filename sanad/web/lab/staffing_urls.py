"""The routes of people and hours."""

from django.urls import path

from sanad.web.lab import staffing

urlpatterns = [
    path("lab/staffing/", staffing.staffing, name="lab_staffing"),
    path("lab/staffing/<int:number>/", staffing.staffing_centre, name="lab_staffing_centre"),
]
