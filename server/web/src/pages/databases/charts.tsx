import { useMemo } from "react";
import type { DatabaseDetail } from "../../api/database-types.ts";
import History from "../../charts/history.tsx";
import type { RangeSearch } from "../../charts/range.tsx";
import { databasePanels } from "./panels.ts";

type Props = { database: DatabaseDetail; search: RangeSearch; onSearch: (search: RangeSearch) => void };

/** The history of a database's values. */
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
  return <History panels={panels} search={search} onSearch={onSearch} />;
}
