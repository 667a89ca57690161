import { useQuery } from "@tanstack/react-query";
import { healthQuery } from "../../api/queries.ts";
import { StateDot } from "../../ui/badge.tsx";
import { Panel } from "../../ui/page.tsx";
import { Loaded } from "../../ui/states.tsx";

/** How Fairlead itself does, check by check. */
export function HealthPanel() {
  const query = useQuery(healthQuery);
  return (
    <Panel title="Health of this Fairlead" actions={query.data && <StateDot state={query.data.status} />}>
      <Loaded query={query}>
        {(health) => (
          <ul className="divide-y divide-line">
            {health.checks.map((check) => (
              <li
                key={check.name}
                className="grid items-baseline gap-x-4 gap-y-0.5 px-3 py-2.5 sm:grid-cols-[12rem_6rem_1fr]"
              >
                <span className="font-medium first-letter:uppercase">{check.name.replaceAll(/[_-]/g, " ")}</span>
                <StateDot state={check.status} />
                <span className="text-soft">
                  {check.summary}
                  {check.remedy && check.status !== "ok" && <span className="block text-muted">{check.remedy}</span>}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}
