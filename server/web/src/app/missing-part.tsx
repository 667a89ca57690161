import { useEffect } from "react";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icons.tsx";
import { mayReloadFor, type PartMissing } from "./load-part.ts";

/** Said in place of a part that did not come; where the server has another version, the page gets it, once by itself. */
export function MissingPart({ error: { newer }, onRetry }: { error: PartMissing; onRetry: () => void }) {
  useEffect(() => {
    if (newer !== null && mayReloadFor(newer, () => sessionStorage)) location.reload();
  }, [newer]);
  return (
    <div role="alert" className="panel m-auto flex max-w-xl gap-3 p-4">
      <Icon name="warning" size={18} className="mt-0.5 text-warn" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">
          {newer === null ? "This part of the page could not be loaded" : "Fairlead has a new version"}
        </p>
        <p className="text-soft">
          {newer === null
            ? "Check your network, or whether Fairlead is running."
            : "This part belongs to the version that this page came with. Reload the page to get the new one."}
        </p>
        <div className="mt-2 flex gap-2">
          <Button small look="primary" icon="refresh" onClick={() => location.reload()}>
            Reload
          </Button>
          {newer === null && (
            <Button small onClick={onRetry}>
              Try again
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}
