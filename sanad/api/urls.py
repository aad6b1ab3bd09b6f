"""The API and the two questions of whoever watches. Everything below /api/ answers in JSON."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer

from sanad.api import counter, entity, health, provider, public
from sanad.api.problems import NoSuchAddress, Problem, answer_in_problems, problem, with_problems


class Renderer(JSONRenderer):
    """Arabic as Arabic, not as escapes."""

    json_dumps_params = {"ensure_ascii": False}


class Api(NinjaAPI):
    """The API, whose description also has the one shape of its errors."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        schema["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        return schema


api = Api(
    title="Sanad",
    version="1.0.0",
    description="The entities' door and the open catalogue. docs/api.md explains the signatures.",
    urls_namespace="api",
    docs_url=None,
    renderer=Renderer(),
)
answer_in_problems(api)
api.add_router("/counter/v1", counter.router)
api.add_router("/entity/v1", entity.router)
api.add_router("/provider/v1", provider.router)
api.add_router("/public/v1", public.router)


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """An address that the API does not have."""
    return problem(NoSuchAddress())


def _patterns() -> list[URLPattern]:
    found = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern)]
    for pattern in found:
        view = pattern.callback
        if view is not None and pattern.name != "api-root":
            pattern.callback = with_problems(view)
        else:
            pattern.callback = nothing_here
    return found


urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("api/", (_patterns(), "ninja", "api")),
    re_path("^api/", nothing_here),
]
