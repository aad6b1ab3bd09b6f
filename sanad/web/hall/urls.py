"""The hall's routes: the tablet that gives tickets, and the board."""

from django.urls import path

from sanad.web.hall import board, follow, kiosk

urlpatterns = [
    path("hall/", kiosk.language, name="hall_kiosk"),
    path("hall/choose/", kiosk.choose, name="hall_choose"),
    path("hall/take/", kiosk.take, name="hall_take"),
    path("hall/tickets/<uuid:ticket_id>/", kiosk.ticket, name="hall_ticket"),
    path("ticket/<uuid:ticket_id>/", follow.follow, name="hall_follow"),
    path("hall/board/", board.board, name="hall_board"),
    path("hall/board/now/", board.now, name="hall_board_now"),
]
