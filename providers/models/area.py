"""Places, local authorities and neighbourhoods: reference data that belongs to no tenant."""

from __future__ import annotations

from django.db import models

from sutg.common.catalogue import NotPersonal


class Place(models.Model):
    """Leicester, Leicestershire or Rutland."""

    catalogue = NotPersonal("published geography", texts="code name")
    code = models.CharField(max_length=10, primary_key=True)
    name = models.CharField(max_length=100)
    population_2018 = models.PositiveIntegerField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class LocalAuthority(models.Model):
    """A district or unitary authority by its GSS code, with how deprived it is.

    Deprivation is known here and not for neighbourhoods: no public mapping of primary care networks to small areas
    exists.
    """

    catalogue = NotPersonal("published geography", texts="code name")
    code = models.CharField("GSS code", max_length=9, primary_key=True)
    name = models.CharField(max_length=100)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="local_authorities")
    residents_2021 = models.PositiveIntegerField()
    small_areas = models.PositiveIntegerField(help_text="Lower layer super output areas (2021).")
    small_areas_most_deprived_fifth = models.PositiveIntegerField(help_text="Of these, in deciles 1 and 2 of IMD 2025.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Neighbourhood(models.Model):
    """The footprint of one primary care network. ``list_size`` is None where the source is known to be wrong."""

    catalogue = NotPersonal("published geography", texts="code name")
    code = models.CharField(max_length=10, primary_key=True)
    name = models.CharField(max_length=100, unique=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="neighbourhoods")
    list_size = models.PositiveIntegerField(null=True)
    local_authorities = models.ManyToManyField(LocalAuthority, related_name="neighbourhoods")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
