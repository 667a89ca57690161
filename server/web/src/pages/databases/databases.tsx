import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icons.tsx";
import { PageHead } from "../../ui/page.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { databaseStates, engineName, engineNames, stateWord } from "./engine.tsx";
import { type DatabaseFilter, usualSort } from "./queries.ts";
import { columns, DatabaseTable } from "./table.tsx";

const route = getRouteApi("/databases");
const roles = ["primary", "replica", "standalone", "cluster", "member", "router", "arbiter", "sentinel"];
const typingMs = 250;

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
      <SearchField value={search.q ?? ""} onChange={(q) => onChange({ q: q || undefined })} />
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
      <select
        className="field md:hidden"
        aria-label="Sort by"
        value={search.sort ?? usualSort}
        onChange={(event) => onChange({ sort: event.target.value })}
      >
        {columns.map(({ label, sort, down }) => (
          <option key={label} value={down ? `-${sort}` : sort}>
            By {label.toLowerCase()}
          </option>
        ))}
      </select>
    </search>
  );
}

/** Asks the server when the typing pauses, not at each letter. */
function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  useEffect(() => {
    // Changed from outside: the filter was cleared, or the address.
    if (value !== sent.current) setText(value);
    sent.current = value;
  }, [value]);
  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      onChange(text);
    }, typingMs);
    return () => clearTimeout(timer);
  });
  return (
    <div className="relative col-span-2 md:w-72">
      <Icon name="search" size={14} className="absolute top-1/2 left-2.5 -translate-y-1/2 text-muted" />
      <input
        type="search"
        className="field pl-8!"
        placeholder="Search name, address, server"
        aria-label="Search databases"
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </div>
  );
}

function Choice(props: {
  label: string;
  value: string | undefined;
  any: string;
  options: readonly (readonly [string, string])[];
  onChange: (value: string | undefined) => void;
}) {
  return (
    <select
      className="field md:w-40"
      aria-label={props.label}
      value={props.value ?? ""}
      onChange={(event) => props.onChange(event.target.value || undefined)}
    >
      <option value="">{props.any}</option>
      {props.options.map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
