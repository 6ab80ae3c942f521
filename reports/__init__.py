"""Measures, disclosure control, and the neighbourhood's figures as page, file and REST. The one way out."""
