/** What makes a config unusable although each of its values has the right shape. */
import type { Plan } from '../protocol/plan.ts';
import { preflight } from '../resources/drivers.ts';
import { checkNames } from './check-names.ts';
import { checkCircles, checkNeeds } from './check-needs.ts';
import { checkSlices } from './check-slices.ts';
import { checkCapacity, checkGateProbe, checkProbe } from './check-probes.ts';
import type { Config, Gates } from './define.ts';

/**
 * Checks names, needs and probes of a config whose values have the right shape.
 * @throws GreenroomError with the first mistake found: CONFIG_RESERVED_NAME, CONFIG_DUPLICATE_NAME,
 *   CONFIG_UNKNOWN_NEED, CONFIG_CYCLE or CONFIG_INVALID
 */
export function checkGraph(config: Pick<Config, 'resources' | 'suite'> & { readonly gates: Gates }): void {
  const { resources, gates, suite } = config;
  checkNames(resources, gates);
  for (const [name, { needs }] of Object.entries(resources)) checkNeeds(`resources.${name}`, needs, resources);
  for (const [name, { needs }] of Object.entries(gates)) checkNeeds(`gates.${name}`, needs, resources);
  if (suite?.needs !== undefined) checkNeeds('suite', suite.needs, resources);
  checkCircles(resources);
  checkSlices(resources);
  for (const [name, { needs, options, healthy }] of Object.entries(resources)) {
    checkProbe(`resources.${name}`, needs, options['ready']);
    checkCapacity(`resources.${name}.ready`, options['ready']);
    checkProbe(`resources.${name}`, needs, healthy);
    checkCapacity(`resources.${name}.healthy`, healthy);
  }
  for (const [name, { needs, probe }] of Object.entries(gates)) {
    checkProbe(`gates.${name}`, needs, probe);
    checkGateProbe(`gates.${name}.probe`, probe);
    checkCapacity(`gates.${name}.probe`, probe);
  }
}

/**
 * Checks that the programs and packages a plan needs are installed.
 * @throws GreenroomError BINARY_NOT_FOUND or PACKAGE_NOT_FOUND
 */
export async function checkPlan(plan: Plan): Promise<void> {
  await preflight(plan);
}
