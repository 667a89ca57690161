import { useMemo } from "react";
import type { DatabaseDetail } from "../../api/database-types.ts";
import { useMetrics } from "../../api/metrics.ts";
import History from "../../charts/history.tsx";
import type { ChartPanel } from "../../charts/panels.ts";
import type { RangeSearch } from "../../charts/range.tsx";
import { LoadingRows } from "../../ui/states.tsx";
import { Ago, When } from "../../ui/time.tsx";
import { DatabaseState } from "./engine.tsx";
import { lastAnswer } from "./last-answer.ts";
import { databasePanels } from "./panels.ts";

type Props = { database: DatabaseDetail; search: RangeSearch; onSearch: (search: RangeSearch) => void };

/** The history of a database's values; of one that does not answer first its last hour that is known. */
export default function Charts({ database, search, onSearch }: Props) {
  // The charts' shape hangs on which values there are, not on the values.
  const known = Object.entries(database.latest?.values ?? {})
    .filter(([, value]) => value !== null)
    .map(([metric]) => metric)
    .join(" ");
  const panels = useMemo(
    () => databasePanels(database.id, database.engine, new Set(known.split(" "))),
    [database.id, database.engine, known],
  );
  const shown = { database, search, onSearch, panels };
  const answers = database.status === "up" && database.goneAt === null;
  return answers ? <History panels={panels} search={search} onSearch={onSearch} /> : <Silent {...shown} />;
}

const lookBack = { last: 30 * 86_400 };

function Silent({ database, search, onSearch, panels }: Props & { panels: readonly ChartPanel[] }) {
  const wanted = useMemo(() => [{ id: database.id, kind: "database", metric: "up" }], [database.id]);
  const { data, isPending } = useMetrics(wanted, lookBack);
  const [up] = data?.series ?? [];
  const since = database.goneAt ?? database.stateSince;
  const last = data && up && lastAnswer(up, data.to, since === null ? undefined : Date.parse(since));
  const asked = search.range !== undefined || search.from !== undefined;
  // What can't be asked for is no reason to hide the charts.
  const nothing = data !== undefined && last === undefined && !asked;
  // A range of its own beside the span: taking the span back shows the present.
  const span = asked || last === undefined ? search : { range: "1h", from: String(last.from), to: String(last.to) };
  return (
    <>
      <div role="note" className="panel mb-3 space-y-1 p-3">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <DatabaseState database={database} />
          {since !== null && (
            <span className="text-soft">
              since <When at={since} /> (<Ago at={since} />)
            </span>
          )}
        </p>
        {(database.statusReason || database.error) && (
          <p className="text-soft [overflow-wrap:anywhere]">Last error: {database.statusReason || database.error}</p>
        )}
        {nothing && <p className="text-muted">It did not answer in the last 30 days: there is nothing to draw.</p>}
        {span !== search && <p className="text-muted">The charts end where it last answered.</p>}
      </div>
      {isPending && !asked ? (
        <LoadingRows rows={8} />
      ) : (
        !nothing && <History panels={panels} search={span} onSearch={onSearch} />
      )}
    </>
  );
}
