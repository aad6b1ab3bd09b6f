from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "sanad.catalogue"
    label = "catalogue"
