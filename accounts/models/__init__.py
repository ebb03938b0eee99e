from accounts.models.appointment import Appointment, Role
from accounts.models.citizen import Citizen, Gender, Population
from accounts.models.message import Message
from accounts.models.user import User

__all__ = ["Appointment", "Citizen", "Gender", "Message", "Population", "Role", "User"]
