from cafes.tasks.returns import take_up_left_returns, work_on_return

__all__ = ["take_up_left_returns", "work_on_return"]
