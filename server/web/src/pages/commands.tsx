import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { commandsQuery } from "../api/queries.ts";
import { typeWords } from "../commands/command-progress.tsx";
import { CommandTable } from "../commands/command-table.tsx";
import { wordOf } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Choice, capital } from "../ui/filter.tsx";
import { PageHead, Panel } from "../ui/page.tsx";
import { EmptyState, Loaded } from "../ui/states.tsx";

const route = getRouteApi("/commands");
const statuses = (
  ["queued", "sent", "accepted", "running", "succeeded", "failed", "rolled_back", "expired", "cancelled"] as const
).map((status) => [status, capital(wordOf(status))] as const);
const typeChoices = Object.entries(typeWords).sort((a, b) => a[1].localeCompare(b[1]));

/** Everything that servers were told to do, live. */
export function CommandsPage() {
  const { status, type, server } = route.useSearch();
  const navigate = route.useNavigate();
  const [limit, setLimit] = useState(50);
  const query = useQuery(commandsQuery({ status, type, server }, limit));
  const change = (part: { status?: string | undefined; type?: string | undefined }) =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  return (
    <>
      <PageHead title="Commands" />
      <search className="mb-3 grid grid-cols-2 gap-2 md:flex">
        <Choice
          label="Status"
          any="Any status"
          value={status}
          options={statuses}
          onChange={(next) => change({ status: next })}
        />
        <Choice
          label="Type"
          any="Any type"
          value={type}
          options={typeChoices}
          onChange={(next) => change({ type: next })}
        />
      </search>
      <Panel>
        <Loaded
          query={query}
          isEmpty={(page) => page.items.length === 0}
          empty={
            <EmptyState icon="commands" title={status || type ? "No command matches" : "No command was sent yet"}>
              Start, stop, restart and update containers from a server's or the fleet's container list.
            </EmptyState>
          }
        >
          {(page) => (
            <>
              <CommandTable commands={page.items} />
              {page.nextCursor && limit < 500 && (
                <div className="border-t border-line p-2 text-center">
                  <Button look="quiet" busy={query.isFetching} onClick={() => setLimit(Math.min(500, limit * 2))}>
                    Older ones
                  </Button>
                </div>
              )}
            </>
          )}
        </Loaded>
      </Panel>
    </>
  );
}
