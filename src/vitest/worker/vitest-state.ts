/** What only Vitest's own state tells a worker. The same in both majors, and what the plugins of others use too. */
interface VitestState {
  readonly config: { readonly isolate: boolean };
  readonly ctx: { readonly pool: string };
  /** Called, and waited for, before the worker ends. */
  onCleanup(listener: () => unknown): void;
  /** Called when the run is cancelled. */
  onCancel(listener: () => unknown): void;
}

const here = globalThis as { readonly __vitest_worker__?: VitestState };

/** Whether each file has modules of its own: then a worker's state ends with each file. */
export function isIsolated(): boolean {
  const state = here.__vitest_worker__;
  return state === undefined || state.config.isolate || /vm/i.test(state.ctx.pool);
}

export function atCancel(act: () => unknown): void {
  here.__vitest_worker__?.onCancel(act);
}

export function atWorkerEnd(act: () => unknown): void {
  here.__vitest_worker__?.onCleanup(act);
}
