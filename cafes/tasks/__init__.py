from cafes.tasks.planning import plan_all_sessions
from cafes.tasks.returns import take_up_left_returns, work_on_return

__all__ = ["plan_all_sessions", "take_up_left_returns", "work_on_return"]
