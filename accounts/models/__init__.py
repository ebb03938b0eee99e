from accounts.models.appointment import Appointment, Role
from accounts.models.citizen import Citizen, Gender, Population
from accounts.models.claim_code import ClaimCode
from accounts.models.guessing import Guessing
from accounts.models.member import Consent, Headship, Member, MemberKind, Purpose
from accounts.models.message import Message
from accounts.models.sent_file import FileState, SentFile
from accounts.models.user import User

__all__ = [
    "Appointment",
    "Citizen",
    "ClaimCode",
    "Consent",
    "FileState",
    "Gender",
    "Guessing",
    "Headship",
    "Member",
    "MemberKind",
    "Message",
    "Population",
    "Purpose",
    "Role",
    "SentFile",
    "User",
]
