"""The routes of initiatives, portfolios and the roadmap; before those of snapshots."""

from django.urls import path

from sanad.web.lab import initiative_pages, portfolio_pages, roadmap_pages

INITIATIVE = "lab/initiatives/<slug:code>"
PORTFOLIO = "lab/portfolios/<uuid:portfolio>"
urlpatterns = [
    path("lab/initiatives/", initiative_pages.listed, name="lab_initiatives"),
    path("lab/initiatives/new/", initiative_pages.new, name="lab_initiative_new"),
    path(f"{INITIATIVE}/", initiative_pages.initiative, name="lab_initiative"),
    path(f"{INITIATIVE}/change/", initiative_pages.change, name="lab_initiative_change"),
    path(f"{INITIATIVE}/step/", initiative_pages.step, name="lab_initiative_step"),
    path(f"{INITIATIVE}/milestone/", initiative_pages.reach, name="lab_initiative_milestone"),
    path("lab/portfolios/", portfolio_pages.listed, name="lab_portfolios"),
    path("lab/portfolios/new/", portfolio_pages.new, name="lab_portfolio_new"),
    path(f"{PORTFOLIO}/", portfolio_pages.portfolio, name="lab_portfolio"),
    path(f"{PORTFOLIO}/stop/", portfolio_pages.stop, name="lab_portfolio_stop"),
    path(f"{PORTFOLIO}/again/", portfolio_pages.again, name="lab_portfolio_again"),
    path(f"{PORTFOLIO}/adopt/", portfolio_pages.adopt, name="lab_portfolio_adopt"),
    path("lab/roadmap/", roadmap_pages.roadmap, name="lab_roadmap"),
    path("lab/roadmap/move/<slug:code>/", roadmap_pages.move, name="lab_roadmap_move"),
    path("lab/roadmap/publish/", roadmap_pages.publish, name="lab_roadmap_publish"),
    path("lab/roadmap/take/<slug:form>/", roadmap_pages.take, name="lab_roadmap_take"),
]
