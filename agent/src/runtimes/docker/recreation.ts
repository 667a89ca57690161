import { podmanSnapshot, withPodmanTies } from "../podman/snapshot.ts";
import type { ContainerRuntime, Recreation } from "../runtime.ts";
import type { Connection } from "./connection.ts";
import { limited, withSignal } from "./deadline.ts";
import { fitnessOf } from "./describe.ts";
import type { EngineContainer } from "./engine-types.ts";
import { isMissingCall, unlessGone } from "./failure.ts";
import { imageInfo } from "./images.ts";
import type { Inspector } from "./inspector.ts";
import { createContainer } from "./library.ts";
import { reachOf } from "./reach.ts";
import { listContainers } from "./reading.ts";
import { planRecreation } from "./recreation-plan.ts";

/** The steps of a safe replacement on a Docker engine, or one that speaks like it. */
export function dockerRecreation(
  connection: Connection,
  inspect: Inspector,
  pull: ContainerRuntime["pullImage"],
): Recreation {
  const { docker, podman, container, write } = connection;

  async function whole(id: string, signal: AbortSignal): Promise<EngineContainer> {
    const raw = await inspect.container(id, signal);
    return podman ? await withPodmanTies(connection, raw, signal) : raw;
  }

  return {
    async snapshot(idOrName, signal) {
      const found = await inspect.container(idOrName, signal);
      const image = await inspect.image(found.Image, signal);
      const raw = podman ? await podmanSnapshot(connection, found, image, signal) : found;
      return {
        id: raw.Id,
        name: raw.Name.replace(/^\//, ""),
        image: raw.Config.Image ?? "",
        imageId: raw.Image,
        running: raw.State.Running === true,
        restartPolicy: raw.HostConfig.RestartPolicy ?? { Name: "no" },
        inspect: raw,
        imageInspect: image,
      };
    },
    async all(signal) {
      const found: EngineContainer[] = [];
      for (const { id } of await listContainers(connection, signal)) {
        const raw = await whole(id, signal).catch(unlessGone);
        if (raw) found.push(raw);
      }
      return found;
    },
    pull,
    async image(idOrReference, signal) {
      return imageInfo(await inspect.image(idOrReference, signal));
    },
    inspectImage: (idOrReference, signal) => inspect.image(idOrReference, signal),
    plan: (snapshot, reference, imageId, signal) =>
      planRecreation(connection, inspect, { snapshot, reference, imageId }, signal),
    async create(name, plan, signal) {
      const make = () => createContainer(docker, name, plan.create, limited(60_000, signal));
      const made = await write(`create ${name}`, make);
      for (const { name: network, endpoint } of plan.networks) {
        const asked = { Container: made.id, EndpointConfig: endpoint };
        const join = () => docker.getNetwork(encodeURIComponent(network)).connect(asked);
        await write(`connect ${name} to network ${network}`, () => withSignal(join(), limited(60_000, signal)));
      }
      return made.id;
    },
    async rename(id, name, signal) {
      await write(`rename to ${name}`, () => container(id).rename({ name, abortSignal: limited(30_000, signal) }));
    },
    async setRestartPolicy(id, policy, signal) {
      const asked = () => container(id).update({ RestartPolicy: policy, abortSignal: limited(30_000, signal) });
      await write("set the restart policy", asked).catch((error) => {
        // Older Podman can't; it also starts nothing by itself that was stopped.
        if (!podman || !isMissingCall(error)) throw error;
      });
    },
    async remove(id, { force }, signal) {
      const asked = () => container(id).remove({ force, v: false, abortSignal: limited(120_000, signal) });
      await write("remove the container", asked).catch(unlessGone);
    },
    async find(idOrName, signal) {
      const raw = await inspect.container(idOrName, signal).catch(unlessGone);
      return raw && { id: raw.Id, name: raw.Name.replace(/^\//, ""), imageId: raw.Image };
    },
    async fitness(id, signal) {
      return fitnessOf(await inspect.container(id, signal));
    },
    async reach(id, signal) {
      let raw = await inspect.container(id, signal);
      // In the network of another container its ports are the other one's.
      for (let hops = 0; hops < 5; hops++) {
        const mode = raw.HostConfig.NetworkMode ?? "";
        if (!mode.startsWith("container:")) break;
        raw = await inspect.container(mode.slice("container:".length), signal);
      }
      return reachOf(id, raw);
    },
  };
}
