"""The reader of providers' quarterly returns: from a file as e-mailed to checked visits.

It knows neither Django nor the database, so that what it says of a file depends on the file alone.
"""

from cafes.returns.check import check_return, read_return
from cafes.returns.quarter import Quarter
from cafes.returns.refusals import DEFAULT_LIMITS, Limits, UnreadableReturn
from cafes.returns.results import DuplicateRow, RejectedRow, VisitRecord
from cafes.returns.tally import Tally

__all__ = [
    "DEFAULT_LIMITS",
    "DuplicateRow",
    "Limits",
    "Quarter",
    "RejectedRow",
    "Tally",
    "UnreadableReturn",
    "VisitRecord",
    "check_return",
    "read_return",
]
