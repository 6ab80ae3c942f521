"""What this room's events are called on the audit page: what completes “Grace Okafor …”."""

from __future__ import annotations

from sutg.audit.wording import describe_events

EVENTS = {
    "provider_created": "added an organisation",
    "membership_granted": "gave a person a role in an organisation",
    "invited": "invited a person",
    "invitation_mailed": "sent the mail of an invitation",
    "invitation_mail_failed": "could not send the mail of an invitation",
    "invitation_resent": "sent an invitation again",
    "invitation_revoked": "took an invitation back",
    "invitation_accepted": "accepted an invitation",
    "profile_saved": "changed what an organisation says of itself",
    "insurance_added": "added an insurance",
    "insurance_withdrawn": "took an insurance back",
    "policy_added": "added a policy",
    "policy_withdrawn": "took a policy back",
    "document_added": "added a document",
    "document_uploaded": "uploaded a version of a document",
    "document_put_aside": "put a document aside",
    "document_read": "read a document",
    "safeguarding_post_named": "named a safeguarding lead or deputy",
    "safeguarding_post_ended": "ended the post of a safeguarding lead or deputy",
    "staff_member_added": "added a person to the register of staff and volunteers",
    "staff_member_changed": "changed a person on the register of staff and volunteers",
    "staff_member_left": "wrote down the last day of a person on the register of staff and volunteers",
    "staff_check_added": "added a check or training of a person on the register",
    "staff_check_withdrawn": "took a check or training back",
    "staff_register_read": "read the register of staff and volunteers",
    "membership_ended": "ended a role of a person in an organisation",
    "access_reviewed": "signed a review of who may do what",
    "person_left": "ended all that a person could do in an organisation",
    "person_left_everywhere": "ended all that a person could do anywhere, and closed the account",
    "neighbourhood_lead_ended": "ended a person’s lead of a neighbourhood",
    "neighbourhood_lead_appointed": "made a person lead of neighbourhoods",
}


def describe() -> None:
    """Called once, when the app is ready."""
    describe_events(EVENTS)
