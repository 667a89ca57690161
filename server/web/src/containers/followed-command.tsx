import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useRef, useState } from "react";
import { CommandProgress } from "../commands/command-progress.tsx";
import { newKey, sendCommand } from "../commands/send-command.ts";
import { Dialog } from "../ui/dialog.tsx";

type Sent = { id: string; title: string };

/** Sends commands to a server and shows the last one's progress until it is closed. */
export function useCommands(serverId: string): {
  send: (type: string, args: Record<string, unknown>, title: string) => Promise<void>;
  follow: (id: string, title: string) => void;
  dialog: ReactNode;
} {
  const [sent, setSent] = useState<Sent | null>(null);
  const keys = useRef(new Map<string, string>());
  const client = useQueryClient();
  const follow = (id: string, title: string) => {
    setSent({ id, title });
    void client.invalidateQueries({ queryKey: ["commands"] });
  };
  return {
    follow,
    async send(type, args, title) {
      // The same once more, after it was not known whether it arrived, is one command.
      const what = JSON.stringify([type, args]);
      const key = keys.current.get(what) ?? newKey();
      keys.current.set(what, key);
      const { id } = await sendCommand(serverId, type, args, key);
      keys.current.delete(what);
      follow(id, title);
    },
    dialog: sent && (
      <Dialog
        open
        wide
        onOpenChange={() => setSent(null)}
        title={sent.title}
        description="You may close this: the command goes on and stands under Commands."
      >
        <CommandProgress id={sent.id} />
      </Dialog>
    ),
  };
}
