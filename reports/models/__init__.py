from reports.models.adjustment import Adjustment
from reports.models.figure import Figure
from reports.models.locked_figure import LockedFigure
from reports.models.month_lock import MonthLock

__all__ = ["Adjustment", "Figure", "LockedFigure", "MonthLock"]
