import { expect, test } from "vitest";
import { named, noAbort, rootedHost } from "../../tests/rooted-host.ts";
import { NotHere } from "./collector.ts";
import { sensors } from "./sensors.ts";
import { slots } from "./values.ts";

const slot = slots("sensor");
const root = "/sys/class/hwmon";

test("channels of all chips, keyed by device", async () => {
  const host = rootedHost({
    [`${root}/hwmon0/name`]: "coretemp\n",
    [`${root}/hwmon0/device`]: "-> ../../../devices/platform/coretemp.0",
    [`${root}/hwmon0/temp1_input`]: "45000\n",
    [`${root}/hwmon0/temp1_label`]: "Package id 0\n",
    [`${root}/hwmon0/temp1_max`]: "80000\n",
    [`${root}/hwmon0/temp1_crit`]: "100000\n",
    [`${root}/hwmon1/name`]: "nct6775\n",
    [`${root}/hwmon1/fan2_input`]: "1200\n",
    [`${root}/hwmon1/in0_input`]: "1008\n",
    [`${root}/hwmon1/temp3_input`]: "-128000\n",
    [`${root}/hwmon1/temp4_input`]: "broken\n",
    [`${root}/hwmon1/power1_average`]: "35000000\n",
    [`${root}/hwmon2/temp1_input`]: "1\n",
  });
  const readings = await sensors.create(host).collect(0, noAbort);
  expect(readings.map((reading) => [reading.key, named(slot, reading.values)])).toEqual([
    [
      "coretemp/coretemp.0/temp1",
      { temperature_celsius: 45, temperature_high_celsius: 80, temperature_critical_celsius: 100 },
    ],
    ["nct6775/fan2", { fan_rpm: 1200 }],
    ["nct6775/in0", { voltage_volts: expect.closeTo(1.008, 9) }],
    ["nct6775/power1", { power_watts: 35 }],
    ["nct6775/temp3", {}],
    ["nct6775/temp4", {}],
  ]);
  expect(readings[0]?.labels).toEqual({ chip: "coretemp", device: "coretemp.0", label: "Package id 0", type: "temp" });
});

test("not here without sensors", async () => {
  await expect(sensors.create(rootedHost({})).collect(0, noAbort)).rejects.toThrow(NotHere);
});
