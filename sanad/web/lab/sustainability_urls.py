"""The routes of what centres live on."""

from django.urls import path

from sanad.web.lab import sustainability, sustainability_centre

urlpatterns = [
    path("lab/sustainability/", sustainability.sustainability, name="lab_sustainability"),
    path(
        "lab/sustainability/centres.csv",
        sustainability.sustainability_csv,
        name="lab_sustainability_csv",
    ),
    path(
        "lab/sustainability/<int:centre>/",
        sustainability_centre.sustainability_centre,
        name="lab_sustainability_centre",
    ),
]
