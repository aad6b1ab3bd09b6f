"""Routes for everybody."""

from django.urls import path

from sanad.web.public import catalogue, centres, front, track

urlpatterns = [
    path("", front.front, name="front"),
    path("services/", catalogue.services, name="catalogue"),
    path("services/<slug:code>/", catalogue.service, name="service"),
    path("centres/", centres.centres, name="centres"),
    path("centres/<int:number>/", centres.centre, name="centre"),
    path("track/", track.track, name="track"),
    path("track/<str:code>/", track.tracked, name="tracked"),
    path("receipts/check/", track.check_receipt, name="check_receipt"),
]
