import type { ContainerRuntime } from "../runtime.ts";
import type { Connection } from "./connection.ts";
import { limited, withSignal } from "./deadline.ts";
import { unlessGone } from "./failure.ts";
import { toVolume, toVolumes } from "./listings.ts";

/** The engine's volumes. */
export function volumeOperations({
  docker,
  read,
  write,
}: Connection): Pick<ContainerRuntime, "volumes" | "createVolume" | "findVolume" | "removeVolume"> {
  const volume = (name: string) => docker.getVolume(encodeURIComponent(name));
  return {
    async volumes(signal) {
      return toVolumes(await read("list volumes", () => withSignal(docker.listVolumes(), limited(30_000, signal))));
    },
    async createVolume({ name, driver = "local", options = {}, labels = {} }, signal) {
      const body = { Name: name, Driver: driver, DriverOpts: options, Labels: labels };
      const asked = () => withSignal(docker.createVolume(body), limited(60_000, signal));
      await write(`create volume ${name}`, asked);
    },
    async findVolume(name, signal) {
      const asked = () => withSignal(volume(name).inspect(), limited(30_000, signal));
      const raw = await read(`inspect volume ${name}`, asked).catch(unlessGone);
      return raw === undefined ? undefined : toVolume(raw);
    },
    async removeVolume(name, signal) {
      const asked = () => withSignal(volume(name).remove(), limited(60_000, signal));
      await write(`remove volume ${name}`, asked).catch(unlessGone);
    },
  };
}
