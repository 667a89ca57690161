import { getRouteApi } from "@tanstack/react-router";
import { Button } from "../../ui/button.tsx";
import { Choice, capital, SearchField, SortChoice } from "../../ui/filter.tsx";
import { PageHead } from "../../ui/page.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { databaseStates, engineName, engineNames, stateWord } from "./engine.tsx";
import { type DatabaseFilter, usualSort } from "./queries.ts";
import { columns, DatabaseTable } from "./table.tsx";

const route = getRouteApi("/databases");
const roles = ["primary", "replica", "standalone", "cluster", "member", "router", "arbiter", "sentinel"];

/** All database servers of the fleet. */
export function DatabasesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (part: DatabaseFilter) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  const filtered = [search.q, search.state, search.engine, search.role].some(Boolean);
  return (
    <>
      <PageHead title="Databases" />
      <Filters search={search} onChange={change} />
      <DatabaseTable
        filter={search}
        onSort={(sort) => change({ sort })}
        empty={
          filtered ? (
            <EmptyState
              icon="search"
              title="No database matches"
              action={
                <Button onClick={() => change({ q: undefined, state: undefined, engine: undefined, role: undefined })}>
                  Clear the filter
                </Button>
              }
            />
          ) : (
            <EmptyState icon="databases" title="No database is known yet">
              Agents find PostgreSQL, MySQL, MariaDB, Redis, Valkey, MongoDB and MinIO on their hosts and in containers
              by themselves; others can be named in an agent's configuration.
            </EmptyState>
          )
        }
      />
    </>
  );
}

function Filters({ search, onChange }: { search: DatabaseFilter; onChange: (part: DatabaseFilter) => void }) {
  return (
    <search className="mb-3 grid grid-cols-2 gap-2 md:flex md:items-center">
      <SearchField
        label="Search databases"
        placeholder="Search name, address, server"
        value={search.q ?? ""}
        onChange={(q) => onChange({ q: q || undefined })}
      />
      <Choice
        label="State"
        value={search.state}
        any="Any state"
        options={databaseStates.map((state) => [state, capital(stateWord(state))])}
        onChange={(state) => onChange({ state })}
      />
      <Choice
        label="Engine"
        value={search.engine}
        any="Any engine"
        options={engineNames.map((engine) => [engine, engineName(engine)])}
        onChange={(engine) => onChange({ engine })}
      />
      <Choice
        label="Role"
        value={search.role}
        any="Any role"
        options={roles.map((role) => [role, capital(role)])}
        onChange={(role) => onChange({ role })}
      />
      <SortChoice value={search.sort ?? usualSort} columns={columns} onChange={(sort) => onChange({ sort })} />
    </search>
  );
}
