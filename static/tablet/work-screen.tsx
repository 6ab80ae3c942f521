/** Which screen is shown while somebody has the tablet open. */
import type { JSX } from "preact";

import { choicesOf } from "./choices";
import type { Service } from "./day";
import { entryOf } from "./entry";
import { type Ground, type Weather, staffOf } from "./ground";
import { givenInWords } from "./handed";
import type { SessionSeen, VisitSeen } from "./journal";
import type { Open } from "./lock";
import { AttentionScreen } from "./screens/attention";
import { HandOver } from "./screens/hand-over";
import { summary } from "./screens/check";
import { Button, ChooseOne, Heading } from "./screens/parts";
import { AddPerson } from "./screens/people";
import { CloseScreen, DutyScreen, SessionScreen } from "./screens/session";
import { StatusStrip, Warnings } from "./screens/status";
import { VisitScreen } from "./screens/visit";
import { type Acts, type HandingOver, type Place, type Work, useWork } from "./work";

interface Shown {
  work: Work;
  acts: Acts;
  weather: Weather;
  isBusy: boolean;
}

/** `told`: what there is to say to whoever has just opened it. */
export function AtWork(props: {
  ground: Ground;
  open: Open;
  weather: Weather;
  told: string;
  onHandOver: HandingOver;
}): JSX.Element {
  const { ground, open, weather } = props;
  const { work, acts, warning, notice, isBusy } = useWork(ground, open, weather, props);
  if (!work) {
    return warning ? <Warnings warnings={[warning]} isUrgent /> : <p role="status">Opening…</p>;
  }
  return (
    <>
      <StatusStrip
        status={weather.status}
        isOnline={weather.isOnline}
        now={ground.now().getTime()}
        onAttention={acts.toAttention}
      />
      {warning && <Warnings warnings={[warning]} isUrgent />}
      <p class="app-notice" role="status">
        {notice}
      </p>
      <CurrentScreen work={work} acts={acts} weather={weather} isBusy={isBusy} />
    </>
  );
}

function CurrentScreen(shown: Shown): JSX.Element {
  const { work, acts, weather } = shown;
  const { place, session } = work;
  switch (place.at) {
    case "attention":
      return (
        <AttentionScreen
          records={place.records}
          quarantined={weather.status.quarantined}
          onAgain={acts.sendAgain}
          onBack={acts.toSession}
        />
      );
    case "people":
      return <AddPerson staff={place.staff} onAdd={acts.addPerson} onBack={acts.toSession} />;
    default:
      return session?.isOpen ? (
        <InSession {...shown} session={session} place={place} />
      ) : (
        <OutOfSession {...shown} />
      );
  }
}

function OutOfSession({ work, acts, weather }: Shown): JSX.Element {
  if (work.place.at === "duty") {
    return (
      <DutyScreen
        title="Open today’s session"
        confirm="Open the session"
        people={staffOf(weather.day)}
        duty={work.duty}
        onChange={acts.setDuty}
        onNext={acts.openSession}
        onBack={acts.toSession}
      />
    );
  }
  const wasClosed = work.session?.isClosed ?? false;
  return (
    <>
      <Heading name="closed">{wasClosed ? "The session is closed" : "No session is open"}</Heading>
      {wasClosed && <p>Everything that was recorded is kept and will be sent.</p>}
      <Button
        onTap={() => {
          acts.go({ at: "duty" });
        }}
      >
        Open a session
      </Button>
      <GivePin acts={acts} />
      <SaveFile acts={acts} weather={weather} />
    </>
  );
}

function InSession(
  shown: Shown & { session: SessionSeen; place: Exclude<Place, { at: "attention" } | { at: "people" }> },
): JSX.Element {
  const { work, acts, weather, session, place } = shown;
  switch (place.at) {
    case "duty":
      return (
        <DutyScreen
          title="Who is on duty?"
          confirm="Save"
          people={staffOf(weather.day)}
          duty={work.duty}
          onChange={acts.setDuty}
          onNext={() => {
            acts.saveDuty(session.id);
          }}
          onBack={acts.toSession}
        />
      );
    case "visit":
      return <Entering {...shown} />;
    case "seen":
      return <OneVisit visit={place.visit} services={weather.day?.services ?? []} acts={acts} />;
    case "hand":
      return (
        <HandOver
          onChoose={(language) => {
            acts.handOver(session.id, place.visit.id, language);
          }}
          onBack={acts.toSession}
        />
      );
    case "withdraw":
      return <Withdrawing visit={place.visit} session={session.id} acts={acts} />;
    case "close":
      return (
        <CloseScreen
          recorded={session.visits.filter(({ isWithdrawn }) => !isWithdrawn).length}
          onClose={(tally, reason) => {
            acts.closeSession(session.id, tally, reason);
          }}
          onBack={acts.toSession}
        />
      );
    case "session":
      return (
        <>
          <SessionScreen
            session={session}
            names={new Map(staffOf(weather.day).map(({ id, name }) => [id, name]))}
            onRecord={acts.startVisit}
            onVisit={(visit) => {
              acts.go({ at: "seen", visit });
            }}
            onDuty={() => {
              acts.toDuty(session.duty);
            }}
            onClose={() => {
              acts.go({ at: "close" });
            }}
          />
          <GivePin acts={acts} />
          <SaveFile acts={acts} weather={weather} />
        </>
      );
  }
}

function Entering({
  work,
  acts,
  session,
  weather,
  isBusy,
}: Shown & { session: SessionSeen }): JSX.Element | null {
  const { entry } = work;
  return (
    entry && (
      <VisitScreen
        entry={entry}
        services={weather.day?.services ?? []}
        isSaving={isBusy}
        onChange={acts.enter}
        onSave={() => {
          acts.saveVisit(session.id, entry);
        }}
        onLeave={acts.leaveVisit}
      />
    )
  );
}

/** For a tablet that cannot send any more. A file beside the queue does no harm: what arrives twice counts once. */
function SaveFile({ acts, weather }: { acts: Acts; weather: Weather }): JSX.Element | null {
  const { saved, attention } = weather.status;
  return saved + attention === 0 ? null : (
    <p>
      <button type="button" class="app-link" onClick={acts.saveToFile}>
        Save what is not sent to a file
      </button>
    </p>
  );
}

function GivePin({ acts }: { acts: Acts }): JSX.Element {
  return (
    <p>
      <button type="button" class="app-link" onClick={acts.toPeople}>
        Give somebody a PIN
      </button>
    </p>
  );
}

function OneVisit(props: { visit: VisitSeen; services: readonly Service[]; acts: Acts }): JSX.Element {
  const { visit, services, acts } = props;
  return (
    <>
      <Heading name={visit.id}>Visit at {visit.body.arrived_at ?? "an unknown time"}</Heading>
      {visit.reason && <p>{visit.reason}</p>}
      {visit.hasAnswered && (
        <p>{visit.given === undefined ? "The visitor answered alone." : givenInWords(visit.given)}</p>
      )}
      <dl class="nhsuk-summary-list">
        {summary(entryOf(visit.id, visit.body), services).map(({ step, label, value }) => (
          <div class="nhsuk-summary-list__row" key={step}>
            <dt class="nhsuk-summary-list__key">{label}</dt>
            <dd class="nhsuk-summary-list__value">{value}</dd>
          </div>
        ))}
      </dl>
      <div class="app-actions">
        <Button
          onTap={() => {
            acts.startChange(visit);
          }}
        >
          Change this visit
        </Button>
        <Button
          kind="secondary"
          onTap={() => {
            acts.go({ at: "hand", visit });
          }}
        >
          Hand to the visitor
        </Button>
        <Button
          kind="secondary"
          onTap={() => {
            acts.go({ at: "withdraw", visit });
          }}
        >
          This visit should not count
        </Button>
        <Button kind="secondary" onTap={acts.toSession}>
          Back
        </Button>
      </div>
    </>
  );
}

function Withdrawing(props: { visit: VisitSeen; session: string; acts: Acts }): JSX.Element {
  const { visit, session, acts } = props;
  return (
    <>
      <ChooseOne
        question="Why should this visit not count?"
        choices={choicesOf("withdrawal")}
        onChoose={(reason) => {
          acts.withdraw(session, visit.id, reason);
        }}
      />
      <Button kind="secondary" onTap={acts.toSession}>
        Leave it as it is
      </Button>
    </>
  );
}
