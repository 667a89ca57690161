import { type QueryKey, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { commandQuery } from "../api/queries.ts";
import { Dialog } from "../ui/dialog.tsx";
import { CancelCommand } from "./cancel-command.tsx";
import { CommandProgress } from "./command-progress.tsx";

type Props = {
  id: string;
  title: string;
  onClose: () => void;
  /** What the command changes: asked for anew when it ended. */
  changes: QueryKey;
};

/** A command on its way, in a dialog that may be closed. */
export function CommandDialog({ id, title, onClose, changes }: Props) {
  const { data } = useQuery(commandQuery(id));
  useRefreshAtEnd(data?.finishedAt, changes);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      description="You may close this: the command goes on and stands under Commands."
    >
      <CommandProgress id={id} />
      {data && (
        <div className="mt-3 flex justify-end">
          <CancelCommand small command={data} />
        </div>
      )}
    </Dialog>
  );
}

function useRefreshAtEnd(finishedAt: string | null | undefined, changes: QueryKey): void {
  const client = useQueryClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once it ended, whatever the key's identity
  useEffect(() => {
    if (finishedAt) void client.invalidateQueries({ queryKey: changes });
  }, [finishedAt, client]);
}
