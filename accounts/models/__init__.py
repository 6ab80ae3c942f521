from accounts.models.appointment import Appointment
from accounts.models.user import User

__all__ = ["Appointment", "User"]
