import { getRouteApi } from "@tanstack/react-router";
import { useMay } from "../../app/session.ts";
import { PageHead, Panel } from "../../ui/page.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { notify } from "../../ui/toast.tsx";
import { PasswordForm } from "../sign-in.tsx";
import { ApiTokens } from "./api-tokens.tsx";
import { Audit } from "./audit.tsx";
import { EnrolmentTokens } from "./enrolment-tokens.tsx";
import { HealthPanel } from "./health.tsx";
import { Jobs } from "./jobs.tsx";
import { Users } from "./users.tsx";

const route = getRouteApi("/settings");

/** What people set up now and then, and how Fairlead itself does. */
export function SettingsPage() {
  const { tab = "health" } = route.useSearch();
  const navigate = route.useNavigate();
  const operator = useMay("operator");
  const admin = useMay("admin");
  const allowed = { enrolment: operator, users: admin, audit: admin }[tab] ?? true;
  return (
    <>
      <PageHead title="Settings" />
      <Tabs
        label="Settings"
        value={tab}
        onChange={(next) => void navigate({ search: { tab: next }, replace: true })}
        tabs={[
          { value: "health", label: "Health" },
          { value: "jobs", label: "Jobs" },
          ...(operator ? [{ value: "enrolment", label: "Enrolment tokens" }] : []),
          { value: "tokens", label: "API tokens" },
          ...(admin
            ? [
                { value: "users", label: "Users" },
                { value: "audit", label: "Audit log" },
              ]
            : []),
          { value: "account", label: "Your password" },
        ]}
      >
        {!allowed && (
          <Panel>
            <EmptyState icon="warning" title="Your role does not show this">
              An admin can give you another one under Settings, Users.
            </EmptyState>
          </Panel>
        )}
        {tab === "health" && <HealthPanel />}
        {tab === "jobs" && <Jobs />}
        {tab === "enrolment" && operator && <EnrolmentTokens />}
        {tab === "tokens" && <ApiTokens />}
        {tab === "users" && admin && <Users />}
        {tab === "audit" && admin && <Audit />}
        {tab === "account" && (
          <Panel title="Change your password" className="max-w-md">
            <div className="p-4">
              <PasswordForm onDone={() => notify("Your password is changed")} />
            </div>
          </Panel>
        )}
      </Tabs>
    </>
  );
}
