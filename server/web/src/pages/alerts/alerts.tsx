import { getRouteApi } from "@tanstack/react-router";
import { PageHead } from "../../ui/page.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { AlertList } from "./alert-list.tsx";
import { Receivers } from "./receivers.tsx";
import { Rules } from "./rules.tsx";

const route = getRouteApi("/alerts");

/** Alerts, the rules that make them and the receivers that hear of them. */
export function AlertsPage() {
  const { tab = "alerts" } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <PageHead title="Alerts" />
      <Tabs
        label="Alerting"
        value={tab}
        onChange={(next) => void navigate({ search: { tab: next }, replace: true })}
        tabs={[
          { value: "alerts", label: "Alerts" },
          { value: "rules", label: "Rules" },
          { value: "receivers", label: "Receivers" },
        ]}
      >
        {tab === "alerts" && <AlertList />}
        {tab === "rules" && <Rules />}
        {tab === "receivers" && <Receivers />}
      </Tabs>
    </>
  );
}
