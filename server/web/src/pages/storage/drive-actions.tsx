import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { DriveDetail } from "../../api/storage-types.ts";
import { useMay } from "../../app/session.ts";
import { CommandDialog } from "../../commands/command-dialog.tsx";
import { newKey, sendCommand } from "../../commands/send-command.ts";
import { formatDuration } from "../../format/units.ts";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Icon } from "../../ui/icons.tsx";
import { ActionMenu } from "../../ui/menu.tsx";
import { AcknowledgeCounters, countersOf } from "./drive-acknowledge.tsx";
import { useOpenTest } from "./drive-tests.tsx";
import { useTakes } from "./parts.tsx";
import { driveName } from "./words.ts";

type TestType = "short" | "long" | "conveyance";

/** What can be done with a drive; nothing for who may not, and with one that is gone. */
export function DriveActions({ drive }: { drive: DriveDetail }) {
  const may = useMay("operator");
  const takes = useTakes(drive.serverId, "drive.acknowledge");
  const [isOpen, setOpen] = useState(false);
  const [command, setCommand] = useState<string | null>(null);
  if (!may || drive.goneAt !== null) return null;
  const counters = countersOf(drive);
  return (
    <div className="flex flex-wrap items-center gap-2">
      <TestMenu drive={drive} />
      {(counters.length > 0 || drive.baseline !== null) && (
        <Button
          icon="check"
          disabled={!takes}
          title={takes ? "" : notAllowed("drive.acknowledge", drive.serverName)}
          onClick={() => setOpen(true)}
        >
          Acknowledge
        </Button>
      )}
      {isOpen && (
        <AcknowledgeCounters
          drive={drive}
          onClose={() => setOpen(false)}
          onSent={(id) => {
            setOpen(false);
            setCommand(id);
          }}
        />
      )}
      {command !== null && (
        <CommandDialog id={command} title={driveName(drive)} changes={["storage"]} onClose={() => setCommand(null)} />
      )}
    </div>
  );
}

function notAllowed(command: string, serverName: string): string {
  return `The agent on ${serverName} does not allow ${command}: add it to allow in /etc/fairlead-agent.yaml`;
}

/** The drive's tests with how long each takes, as it says. */
function testsOf(drive: DriveDetail): { type: TestType; label: string; takes: string }[] {
  const { short, extended, conveyance } = drive.selfTest.minutes;
  const about = (minutes: number | null) => (minutes === null ? "" : `about ${formatDuration(minutes * 60)}`);
  return [
    { type: "short", label: "Short test", takes: about(short) },
    { type: "long", label: "Long test", takes: about(extended) },
    ...(conveyance === null
      ? []
      : [{ type: "conveyance" as const, label: "Conveyance test", takes: about(conveyance) }]),
  ];
}

function TestMenu({ drive }: { drive: DriveDetail }) {
  const { begin, dialogs, hindered } = useSelfTest(drive);
  return (
    <>
      <ActionMenu
        label={`Self-tests of ${driveName(drive)}`}
        trigger={
          <Button icon="play" disabled={hindered !== null} title={hindered ?? ""}>
            Self-test <Icon name="down" size={14} />
          </Button>
        }
        actions={testsOf(drive).map(({ type, label, takes }) => ({
          label: takes === "" ? label : `${label}, ${takes}`,
          onSelect: () => begin(type),
        }))}
      />
      {dialogs}
    </>
  );
}

/** The same as buttons, beside the log of tests. */
export function TestButtons({ drive }: { drive: DriveDetail }) {
  const may = useMay("operator");
  const { begin, dialogs, hindered } = useSelfTest(drive);
  if (!may || drive.goneAt !== null) return null;
  return (
    <>
      {testsOf(drive).map(({ type, label, takes }) => (
        <Button key={type} small disabled={hindered !== null} title={hindered ?? takes} onClick={() => begin(type)}>
          {label}
        </Button>
      ))}
      {dialogs}
    </>
  );
}

function useSelfTest(drive: DriveDetail) {
  const client = useQueryClient();
  const takes = useTakes(drive.serverId, "drive.selftest");
  const open = useOpenTest(drive);
  const [asked, setAsked] = useState<{ type: TestType; key: string } | null>(null);
  const [command, setCommand] = useState<string | null>(null);
  const busy = open !== undefined || drive.selfTest.running !== null;
  const wanted = testsOf(drive).find(({ type }) => type === asked?.type);
  async function send() {
    if (asked === null) return;
    const made = await sendCommand(drive.serverId, "drive.selftest", { drive: drive.key, type: asked.type }, asked.key);
    setCommand(made.id);
    void client.invalidateQueries({ queryKey: ["commands"] });
  }
  const name = driveName(drive);
  return {
    hindered: busy ? "A self-test runs already" : takes ? null : notAllowed("drive.selftest", drive.serverName),
    begin: (type: TestType) => setAsked({ type, key: newKey() }),
    dialogs: (
      <>
        <Confirm
          open={asked !== null}
          onOpenChange={() => setAsked(null)}
          title={`${wanted?.label ?? "Self-test"} of ${name}?`}
          action="Start"
          onConfirm={send}
        >
          The drive tests itself{wanted?.takes ? ` for ${wanted.takes}` : ""} and goes on working meanwhile, a little
          slower. {asked?.type === "long" && "It reads its whole surface. "}The command follows it to its end; to cancel
          the command aborts the test.
        </Confirm>
        {command !== null && (
          <CommandDialog id={command} title={name} changes={["storage"]} onClose={() => setCommand(null)} />
        )}
      </>
    ),
  };
}
