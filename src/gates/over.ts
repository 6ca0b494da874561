import type { Plan } from '../protocol/plan.ts';

/**
 * The gates that who uses these resources must wait for: those over nothing else than them and what they need.
 *
 * @param resources null: all of the config.
 */
export function gatesOver({ resources: all, gates }: Plan, resources: readonly string[] | null): readonly string[] {
  const used = new Set<string>();
  const use = (name: string): void => {
    if (used.has(name)) return;
    used.add(name);
    Object.values(all[name]?.needs ?? {}).forEach(use);
  };
  (resources ?? Object.keys(all)).forEach(use);
  return Object.keys(gates).filter((name) => Object.values(gates[name]?.needs ?? {}).every((need) => used.has(need)));
}
