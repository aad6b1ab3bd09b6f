"""The owner's routes, and those of the till that operators share."""

from django.urls import path

from sanad.web.centre import prices, refunds, staff, till, today

urlpatterns = [
    path("centre/today/", today.today, name="owner_today"),
    path("centre/staff/", staff.staff, name="staff"),
    path("centre/staff/<uuid:account>/remove/", staff.remove, name="staff_remove"),
    path("centre/prices/", prices.own_prices, name="own_prices"),
    path("centre/prices/<slug:service>/", prices.own_price, name="own_price"),
    path("centre/drawer/", till.drawer, name="drawer"),
    path("centre/drawers/<uuid:drawer_id>/count/", till.count, name="drawer_count"),
    path("centre/refunds/", refunds.refunds_list, name="refunds"),
    path("centre/refunds/<uuid:refund>/<slug:verb>/", refunds.decide, name="refund_decide"),
    path("centre/day/", till.day, name="till_day"),
]
