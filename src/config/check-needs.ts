import type { Needs, Resource } from '../resources/define.ts';
import type { Resources } from './define.ts';
import { circularNeeds, otherValue, unknownNeed } from './errors.ts';

/** The name a resource value has in the config, if it is in there. */
export function nameOf(resources: Resources, value: Resource): string | undefined {
  return Object.keys(resources).find((name) => resources[name] === value);
}

/** Everything needed must be one of `resources`: the same value, not only one that looks the same. */
export function checkNeeds(what: string, needs: Needs, resources: Resources): void {
  for (const [alias, value] of Object.entries(needs)) {
    if (nameOf(resources, value) !== undefined) continue;
    throw Object.hasOwn(resources, alias) ? otherValue(what, alias) : unknownNeed(what, alias);
  }
}

/** No resource may need itself, through others or directly. */
export function checkCircles(resources: Resources): void {
  const done = new Set<string>();
  const visit = (name: string, above: readonly string[]): void => {
    if (above.includes(name)) throw circularNeeds([...above.slice(above.indexOf(name)), name]);
    if (done.has(name)) return;
    for (const value of Object.values(resources[name]?.needs ?? {})) {
      const needed = nameOf(resources, value);
      if (needed !== undefined) visit(needed, [...above, name]);
    }
    done.add(name);
  };
  for (const name of Object.keys(resources)) visit(name, []);
}
