import { pathToFileURL } from 'node:url';

/** Where in a module something was thrown: `path:line`, or the path alone where the stack does not say. */
export function placeIn(module: string, error: unknown): string {
  const line = lineIn(module, error);
  return line === undefined ? module : `${module}:${line}`;
}

/** Undefined when the module is not on the stack. */
export function lineIn(module: string, error: unknown): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  // Node says the URL, Vitest the path.
  const [, behind = ''] = stack.split(
    stack.includes(`${module}:`) ? `${module}:` : `${pathToFileURL(module).href}:`,
    2,
  );
  return /^\d+/.exec(behind)?.[0];
}
