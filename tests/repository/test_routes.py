"""Every route is guarded: by our own guard, or by another that is named here with its reason."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from sanad.accounts.roles import Role

# What is not opened by our guard: the beginning of the route's module and why.
OTHERS = {
    "allauth.account.": "signing in; allauth guards its own pages",
    "allauth.mfa.": "second factor and passkeys; allauth guards its own pages",
    "sanad.api.": "the API guards by signature, by rate and by visitors' eyes; see tests/api",
}


def routes(patterns: list[URLPattern | URLResolver] | None = None, before: str = "") -> Iterator:
    """Every route with the view that answers it."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, path)
        else:
            yield path, one.name, one.callback


def test_every_route_is_guarded_or_named_here_with_a_reason():
    unguarded = [
        f"{path} ({view.__module__})"
        for path, _, view in routes()
        if not hasattr(view, "roles") and not view.__module__.startswith(tuple(OTHERS))
    ]

    assert unguarded == []
    assert len(list(routes())) > 50


def test_a_guard_names_roles_that_exist():
    for path, _, view in routes():
        assert getattr(view, "roles", frozenset()) <= set(Role), path


def test_every_reason_is_still_needed():
    modules = {view.__module__ for _, _, view in routes() if not hasattr(view, "roles")}

    assert [name for name in OTHERS if not any(m.startswith(name) for m in modules)] == []


def test_routes_have_names_of_their_own():
    names = [name for path, name, _ in routes() if name and not path.startswith("api/")]

    assert len(names) == len(set(names))
