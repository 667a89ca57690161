import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "../api/client.ts";
import type { Command } from "../api/types.ts";
import { useMay } from "../app/session.ts";
import { Button } from "../ui/button.tsx";
import { notifyError } from "../ui/toast.tsx";

/** Ends a command that is under way; nothing for one that ended, and for who may not. */
export function CancelCommand({ command, small }: { command: Command; small?: boolean }) {
  const may = useMay("operator");
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  if (!may || command.finishedAt) return null;
  async function cancel() {
    setBusy(true);
    try {
      await post(`commands/${command.id}/cancel`);
      await client.invalidateQueries({ queryKey: ["command", command.id] });
      void client.invalidateQueries({ queryKey: ["commands"] });
    } catch (error) {
      notifyError(error);
    } finally {
      setBusy(false);
    }
  }
  return (
    <Button look="danger" small={small} busy={busy} onClick={() => void cancel()}>
      Cancel
    </Button>
  );
}
