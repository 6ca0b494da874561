/**
 * What a worker process keeps from one spec file to the next. On `process`: it is the only thing that every pool
 * shares between the files of a worker, and that all copies of this library have in common.
 */
const KEY = Symbol.for('greenroom.worker');
const holder = process as unknown as { [KEY]?: Record<string, object> };

/** The one object of this name; empty at first. */
export function kept<T extends object>(name: string): Partial<T> {
  const all = (holder[KEY] ??= {});
  return (all[name] ??= {});
}
