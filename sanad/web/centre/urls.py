"""The owner's routes, and those of the till that operators share."""

from django.urls import path

from sanad.web.centre import (
    cash,
    future,
    line,
    prices,
    refunds,
    roster,
    settlement,
    staff,
    till,
    today,
)

urlpatterns = [
    path("centre/today/", today.today, name="owner_today"),
    path("centre/future/", future.future, name="owner_future"),
    path("centre/staff/", staff.staff, name="staff"),
    path("centre/roster/", roster.roster, name="roster"),
    path("centre/roster/take/<slug:form>/", roster.roster_file, name="roster_file"),
    path("centre/staff/<uuid:account>/remove/", staff.remove, name="staff_remove"),
    path("centre/prices/", prices.own_prices, name="own_prices"),
    path("centre/prices/<slug:service>/", prices.own_price, name="own_price"),
    path("centre/line/", line.point_groups, name="line_choices"),
    path("centre/line/overnight/", line.overnight, name="line_overnight"),
    path("centre/drawer/", till.drawer, name="drawer"),
    path("centre/drawers/<uuid:drawer_id>/count/", till.count, name="drawer_count"),
    path("centre/refunds/", refunds.refunds_list, name="refunds"),
    path("centre/refunds/<uuid:refund>/<slug:verb>/", refunds.decide, name="refund_decide"),
    path("centre/day/", till.day, name="till_day"),
    path("centre/cash/", cash.move, name="cash_move"),
    path("centre/cash/<uuid:move>/undo/", cash.undo, name="cash_undo"),
    path("centre/safe/", cash.safe, name="safe"),
    path("centre/held/", settlement.held, name="held"),
    path("centre/held/<slug:entity>/", settlement.statement, name="held_statement"),
    path("centre/match/", settlement.match, name="match"),
    path("centre/match/<uuid:line>/explain/", settlement.explain, name="match_explain"),
]
