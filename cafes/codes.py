"""The code lists of a visit: what is stored → what a page says. One place, for pages, tablets, figures and files.

A reason's code is that of the category it counts under (reports.measures), or counts as another reason. Returns write
reasons in their labels; reports.codings counts both alike, and a test holds the two together.
"""

from __future__ import annotations

from django.db.models import TextChoices


class CameFor(TextChoices):
    SELF = "self", "Themselves"
    AS_CARER = "as_carer", "Somebody they care for"
    WITH_SOMEONE = "with_someone", "Somebody they came with"


class RouteIn(TextChoices):
    """Who told them of the café, or sent them."""

    SELF = "self", "Found it themselves"
    FAMILY_OR_CARER = "family_or_carer", "Family, friend or carer"
    GP = "gp", "GP"
    CENTRAL_ACCESS_POINT = "central_access_point", "Central Access Point"
    NHS_111 = "nhs_111", "NHS 111"
    POLICE = "police", "Police"
    AMBULANCE = "ambulance", "Ambulance service"
    EMERGENCY_DEPARTMENT = "emergency_department", "A&E"
    MENTAL_HEALTH_TEAM = "mental_health_team", "Mental health team"
    COMMUNITY_ORGANISATION = "community_organisation", "Another community organisation"
    OTHER = "other", "Another way"


class Reason(TextChoices):
    STRESS = "stress", "Stress"
    ANXIETY = "anxiety", "Anxiety"
    DEPRESSION = "depression", "Depression"
    ISOLATION = "isolation", "Isolation"
    BEREAVEMENT = "bereavement", "Bereavement"
    RELATIONSHIP = "relationship", "Relationship"
    MONEY_OR_DEBT = "money_or_debt", "Money or debt"
    HOUSING = "housing", "Housing"
    SUICIDAL_THOUGHTS = "suicidal_thoughts", "Suicidal thoughts"
    SELF_HARM = "self_harm", "Self-harm"
    IN_CRISIS = "in_crisis", "In crisis"
    WORK = "work", "Work or study"
    SUBSTANCE_USE = "substance_use", "Alcohol or drugs"
    OTHER = "other", "Another reason"


class SupportKind(TextChoices):
    ONE_TO_ONE = "one_to_one", "One-to-one"
    GROUP = "group", "Group"
    ACTIVITY = "activity", "Activity"
    PEER_SUPPORT = "peer_support", "Peer support"
    REFRESHMENTS = "refreshments", "Refreshments"
    PRACTICAL_HELP = "practical_help", "Practical help"
    INFORMATION = "information", "Information or self-help"
    SAFETY_PLANNING = "safety_planning", "Coping or safety plan"


class Helped(TextChoices):
    """What the visitor says helped."""

    SOMEONE_TO_LISTEN = "someone_to_listen", "Someone to listen"
    SAFE_SPACE = "safe_space", "A safe space"
    COMPANY = "company", "Company"
    SHARED_EXPERIENCE = "shared_experience", "Somebody who has been there"
    ADVICE = "advice", "Advice or information"
    COPING = "coping", "Ways of coping"
    PRACTICAL_HELP = "practical_help", "Practical help"
    ACTIVITY = "activity", "Something to do"
    NOTHING = "nothing", "Nothing helped"


class Outcome(TextChoices):
    SUPPORTED = "supported", "Supported and left"
    SIGNPOSTED = "signposted", "Signposted to community support"
    REFERRED = "referred", "Referred onwards"
    EMERGENCY = "emergency", "Emergency help was called"
    LEFT_BEFORE = "left_before", "Left before support"


class Alternative(TextChoices):
    """What they would have done otherwise."""

    EMERGENCY_DEPARTMENT = "emergency_department", "Gone to A&E"
    CALLED_999 = "called_999", "Called 999"
    GP = "gp", "Seen a GP"
    NHS_111 = "nhs_111", "Called NHS 111"
    CENTRAL_ACCESS_POINT = "central_access_point", "Called the Central Access Point"
    POLICE = "police", "Called the police"
    NOTHING = "nothing", "Done nothing"
    HARMED_SELF = "harmed_self", "Harmed themselves"
    OTHER = "other", "Something else"


class CorrectionReason(TextChoices):
    """Why a record was changed after its session closed, or withdrawn."""

    MISTYPED = "mistyped", "Something was mistyped"
    LEFT_OUT = "left_out", "Something was left out"
    DUPLICATE = "duplicate", "The visit was recorded twice"
    WRONG_PERSON = "wrong_person", "It was recorded for the wrong person"
    WRONG_SESSION = "wrong_session", "It belongs to another session"
    VISITOR_ASKED = "visitor_asked", "The visitor asked for it"
    RECOUNTED = "recounted", "People were counted again"
    OTHER = "other", "Another reason"


class Occasion(TextChoices):
    """Why what was counted is counted anew, where no person was asked for a ``CorrectionReason``."""

    RECORDED = "recorded", "Recorded while the session was open"
    ONE_PERSON = "one_person", "Return codes of one person were joined, or parted"
    RETURN_LOADED = "return_loaded", "A return was loaded or corrected"
    RECOUNTED = "recounted_whole", "Everything was counted anew"


REASONS_TO_COUNT_ANEW: dict[str, str] = {**dict(CorrectionReason.choices), **dict(Occasion.choices)}

# One-to-one support is of up to 50 minutes; more is unusual, and worth a second look.
USUAL_MINUTES = 50
MOST_MINUTES = 600
MOST_DISTRESS = 10
