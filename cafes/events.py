"""What this room's events are called on the audit page: what completes “Grace Okafor …”."""

from __future__ import annotations

from sutg.audit.wording import describe_events, describe_record

EVENTS = {
    "cafe_proposed": "proposed a café",
    "cafe_changed": "changed what is said of a café",
    "cafe_renamed": "gave a café another name",
    "cafe_moved": "moved a café to another status",
    "cafe_move_called_off": "called off a café’s move to another status",
    "cafe_address_added": "added an address of a café",
    "delivery_point_ended": "ended a delivery point",
    "cafe_opening_begun": "added weekly opening times",
    "cafe_opening_changed": "changed weekly opening times",
    "cafe_opening_ended": "ended weekly opening times",
    "cafe_day_changed": "changed a café’s opening on one day",
    "cafe_day_as_usual": "put a café’s opening on one day back",
    "community_service_added": "added a community service",
    "community_service_edited": "changed a community service",
    "community_service_checked": "checked a community service",
    "community_service_ended": "ended a community service",
    "incident_raised": "wrote down an incident",
    "incident_acknowledged": "took an incident in hand",
    "incident_note_written": "added to an incident",
    "incident_closed": "closed an incident",
    "return_received": "sent a return",
    "return_checked": "checked a return",
    "return_seen": "saw what a return holds",
    "return_cafes_named": "said which cafés a return means",
    "return_confirmed": "confirmed a return",
    "return_loaded": "loaded a return",
    "return_handed_back": "handed a return back",
    "return_discarded": "discarded a return",
    "return_given_up": "gave a return up",
    "session_opened": "opened a session",
    "session_added": "added a session",
    "session_cancelled": "cancelled a session",
    "session_restored": "restored a session",
    "session_duty_set": "said who is on duty at a session",
    "sessions_planned": "planned sessions",
    "session_closed": "closed a session",
    "session_reconciled": "reconciled a session",
    "visit_difference_settled": "settled which of two accounts of a visit stands",
    "visit_differs": "recorded a visit that had been recorded in other words",
    "visits_recorded": "recorded visits",
    "visit_changed": "put a visit right",
    "visit_withdrawn": "withdrew a visit",
    "return_codes_joined": "said that two return codes are one person’s",
    "return_codes_parted": "said that two return codes are not one person’s",
    "tablet_added": "added a tablet",
    "tablet_link_renewed": "made a new link for a tablet",
    "tablet_enrolled": "enrolled a tablet",
    "tablet_link_voided": "made a link that enrols a tablet stop working",
    "tablet_revoked": "ended a tablet’s access",
    "tablet_share_kept": "kept a tablet’s recovery share",
    "tablet_pin_allowed": "allowed somebody a new PIN on a tablet",
    "tablet_share_given": "gave a tablet its recovery share back, for a new PIN",
    "tablet_records_received": "sent what a tablet recorded",
    "tablet_file_loaded": "loaded a file that a tablet saved",
    "tablet_silent": "noticed that a tablet with records is not heard of",
    "tablet_record_retried": "tried a tablet’s record again",
    "tablet_record_stands": "had a visit say what a tablet’s record says",
    "tablet_record_taken_up": "took up a tablet’s record again that was set aside",
    "tablet_record_set_aside": "set a tablet’s record aside",
}


def describe() -> None:
    """Called once, when the app is ready."""
    describe_events(EVENTS)
    describe_record("cafes_incident", "Incident", url_name="cafes:incident")
    describe_record("cafes_tabletrecord", "Record of a tablet", url_name="cafes:tablet_record")
