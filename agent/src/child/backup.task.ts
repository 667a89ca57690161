import { runPackerRequest } from "../backups/packer-requests.ts";
import type { ChildTask } from "./tasks.ts";

/** Packs folders into archives, unpacks and checks them; see PackerRequest. */
export const task: ChildTask = { run: runPackerRequest };
