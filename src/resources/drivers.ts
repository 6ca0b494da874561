/** The resource kinds by name. A driver is loaded when a plan has its kind. */
import type { Plan, ResourcePlan } from '../protocol/plan.ts';
import type { Driver } from './driver.ts';
import { preflightProbe } from './probes/preflight.ts';

const DRIVERS: Readonly<Record<string, () => Promise<Driver>>> = {
  command: async () => (await import('./command/service.ts')).serviceDriver,
  job: async () => (await import('./command/job.ts')).jobDriver,
  dir: async () => (await import('./dir/driver.ts')).dirDriver,
  ports: async () => (await import('./ports/driver.ts')).portsDriver,
  container: async () => (await import('./container/driver.ts')).containerDriver,
  containerJob: async () => (await import('./container/job.ts')).containerJobDriver,
  testcontainer: async () => (await import('./testcontainer/driver.ts')).testcontainerDriver,
  custom: async () => (await import('./custom/driver.ts')).customDriver,
  suite: async () => (await import('./suite/driver.ts')).suiteDriver,
  postgres: async () => (await import('./postgres/driver.ts')).postgresDriver,
  redis: async () => (await import('./redis/driver.ts')).redisDriver,
  mockLlm: async () => (await import('./llm/driver.ts')).mockLlmDriver,
  image: async () => (await import('./image/driver.ts')).imageDriver,
};

/** The driver of a kind that the config layer has let through; what has a gateway is started behind it. */
export async function driverOf({ kind, options }: Pick<ResourcePlan, 'kind' | 'options'>): Promise<Driver> {
  const load = DRIVERS[kind];
  if (load === undefined) throw new Error(`no driver for the resource kind ${kind}`);
  const driver = await load();
  if (options['gateway'] === undefined) return driver;
  const { behindGateway } = await import('./gateway/driver.ts');
  return behindGateway(driver);
}

/**
 * Checks the programs and packages that a plan needs, before anything of it starts.
 *
 * @throws GreenroomError BINARY_NOT_FOUND, PACKAGE_NOT_FOUND or CONFIG_INVALID, for the first resource or gate in the
 * order of the config that lacks something.
 */
export async function preflight(plan: Plan): Promise<void> {
  for (const [name, resource] of Object.entries(plan.resources)) {
    const driver = await driverOf(resource);
    await driver.preflight?.(name, resource, plan.root, plan.env);
  }
  for (const [name, gate] of Object.entries(plan.gates)) {
    if (gate.probe !== undefined) preflightProbe(name, gate.probe, plan.root, plan.env);
  }
}
