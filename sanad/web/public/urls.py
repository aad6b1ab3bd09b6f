"""Routes for everybody."""

from django.urls import path

from sanad.web.public import (
    approve,
    catalogue,
    centres,
    client_screen,
    figures,
    front,
    invest,
    mine,
    roadmap,
    track,
    waiting,
)

urlpatterns = [
    path("", front.front, name="front"),
    path("services/", catalogue.services, name="catalogue"),
    path("services/<slug:code>/", catalogue.service, name="service"),
    path("centres/", centres.centres, name="centres"),
    path("centres/<int:number>/", centres.centre, name="centre"),
    path("network-figures/", figures.figures, name="network_figures"),
    path("network-figures.csv", figures.figures_csv, name="network_figures_csv"),
    path("network-figures.schema.json", figures.figures_schema, name="network_figures_schema"),
    path("invest/", invest.invest, name="invest"),
    path("invest/<int:wilayat>/", invest.invest_wilayat, name="invest_wilayat"),
    path("invest.csv", invest.invest_csv, name="invest_csv"),
    path("invest.schema.json", invest.invest_schema, name="invest_schema"),
    path("roadmap/", roadmap.roadmap, name="roadmap"),
    path("roadmap.csv", roadmap.roadmap_csv, name="roadmap_csv"),
    path("roadmap.schema.json", roadmap.roadmap_schema, name="roadmap_schema"),
    path("waiting/", waiting.how_we_queue, name="how_we_queue"),
    path("track/", track.track, name="track"),
    path("track/<str:code>/", track.tracked, name="tracked"),
    path("approve/<str:secret>/", approve.approve, name="approve"),
    path("client/<str:secret>/", client_screen.screen, name="client_screen"),
    path("client/<str:secret>/now/", client_screen.now, name="client_screen_now"),
    path("mine/send/", mine.send_page, name="send_page"),
    path("mine/<str:token>/", mine.mine, name="mine"),
    path("receipts/check/", track.check_receipt, name="check_receipt"),
]
