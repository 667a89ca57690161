import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pauseImage } from "./podman.ts";
import {
  failed,
  forever,
  noPodmanStage as missing,
  type PodmanStage,
  startPodmanStage,
  succeeded,
} from "./podman-stage.ts";

describe.skipIf(missing !== undefined)(`containers that others own (${missing ?? "private podman"})`, () => {
  let stage: PodmanStage;

  beforeAll(async () => {
    stage = await startPodmanStage({ "1": [forever, "ENV RELEASE=1"], "2": [forever, "ENV RELEASE=2"] });
    await stage.engine.image(pauseImage.replace("localhost/", ""), [forever]);
  }, 60_000);

  afterAll(() => stage?.close());

  const states = async () => {
    const all = JSON.parse(stage.engine.cli("ps", "-a", "--format", "json")) as { Id: string; State: string }[];
    return all.map(({ Id, State }) => `${Id} ${State}`).sort();
  };

  /** Every way to replace it is refused with these words, and nothing has changed. */
  async function refused(name: string, words: RegExp): Promise<void> {
    const before = await states();
    const saved = await stage.run({ containerBackup: { container: name, options: {} } });
    expect([saved.status, saved.reason]).toEqual([succeeded, ""]);
    const update = await stage.update(name, "2");
    expect([update.status, update.reason]).toEqual([failed, expect.stringMatching(words)]);
    const forced = await stage.update(name, "2", { forceReason: "because" });
    expect([forced.status, forced.reason]).toEqual([failed, expect.stringMatching(words)]);
    const back = await stage.run({ containerRestore: { backup: saved.output.backup } });
    expect([back.status, back.reason]).toEqual([failed, expect.stringMatching(words)]);
    expect(await states()).toEqual(before);
  }

  test("a pod's, its infra container's, and what hangs on them from outside", async () => {
    const { engine, app } = stage;
    engine.cli("pod", "create", "--name", "together", "--network", "none");
    engine.cli("run", "-d", "--pod", "together", "--name", "inside", "--volume", "shop:/shop", `${app}:1`);
    engine.cli("run", "-d", "--name", "lender", "--network", "none", "--volume", "lent:/lent", `${app}:1`);
    engine.cli("run", "-d", "--pod", "together", "--name", "borrower", "--volumes-from", "lender", `${app}:1`);
    await refused("inside", /inside belongs to the Podman pod together/);
    const infra = (await stage.named("")).find((name) => name.includes("-infra "))?.split(" ")[0] ?? "";
    expect((await stage.update(infra, "2")).reason).toMatch(/belongs to the Podman pod together/);
    // Not in the pod itself, but it would take one of the pod along.
    const { status, reason } = await stage.update("lender", "2");
    expect([status, reason]).toEqual([failed, expect.stringMatching(/borrower belongs to the Podman pod together/)]);
    engine.cli("pod", "rm", "-f", "together");
    await stage.remove("lender");
  });

  test("a pod of play kube", async () => {
    const file = join(stage.folder, "pod.yaml");
    const container = `{name: web, image: "${stage.app}:1"}`;
    writeFileSync(file, `apiVersion: v1\nkind: Pod\nmetadata: {name: shop}\nspec: {containers: [${container}]}\n`);
    stage.engine.cli("play", "kube", "--network", "none", file);
    expect(await stage.named("shop-web")).toEqual(["shop-web running"]);
    await refused("shop-web", /shop-web belongs to the Podman pod shop/);
    stage.engine.cli("pod", "rm", "-f", "shop");
  });

  test("a systemd unit's, and one that it starts with --rm", async () => {
    const { engine, app } = stage;
    const base = ["run", "-d", "--network", "none"];
    engine.cliOfUnit("web.service", ...base, "--name", "quadlet", `${app}:1`);
    engine.cliOfUnit("job.service", ...base, "--name", "brief", "--rm", `${app}:1`);
    await refused("quadlet", /systemd unit web\.service.*(systemctl restart web\.service|systemctl stop web\.service)/);
    await refused("brief", /systemd unit job\.service/);
    const { output } = await stage.run({ containerBackup: { container: "quadlet", options: {} } });
    const copy = await stage.run({ containerRestore: { backup: output.backup, name: "copied" } });
    expect([copy.status, copy.reason, copy.output.notes]).toEqual([
      succeeded,
      "",
      ["the copy is run by no systemd unit: its label was left out"],
    ]);
    expect(await stage.update("copied", "2")).toMatchObject({ status: succeeded });
    await stage.remove("copied");
    await stage.remove("quadlet", "brief");
  });
});
