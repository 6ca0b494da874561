import { endpointEnv } from '../config/env-names.ts';
import type { ReadyReply } from '../protocol/messages.ts';
import type { Endpoints, FunctionRef, Json, Plan } from '../protocol/plan.ts';
import { hasSlot, seesWhole, slicesOf } from './slices.ts';
import type { State } from './state.ts';

/** Milliseconds the config's `env` function has. */
const ENV_MS = 10_000;

type Call = (fn: FunctionRef, args: readonly Json[], timeout: number) => Promise<Json>;

/**
 * Makes what ready members get: endpoints, and the environment that follows from them. What is cut into slices is only
 * seen by who has one. For all others it is computed once per change.
 */
export class Publisher {
  private readonly plan: Plan;
  private readonly call: Call;
  /** For those with a slot, and for those without one. */
  private readonly cached = new Map<
    boolean,
    { readonly of: State['resources']; readonly reply: Promise<ReadyReply> }
  >();

  constructor(plan: Plan, call: Call) {
    this.plan = plan;
    this.call = call;
  }

  /** The user's `env` function is called again for the next reader. */
  forget(): void {
    this.cached.clear();
  }

  /** Rejects with what the user's `env` function threw. */
  publish(state: State, lease: string): Promise<ReadyReply> {
    const slices = slicesOf(state, lease);
    const whole = Object.entries(readyEndpoints(state)).filter(([name]) => seesWhole(state, lease, name));
    if (Object.keys(slices).length > 0) return this.compute({ ...Object.fromEntries(whole), ...slices });
    const slotted = hasSlot(state, lease);
    const cached = this.cached.get(slotted);
    if (cached?.of === state.resources) return cached.reply;
    const reply = this.compute(Object.fromEntries(whole));
    this.cached.set(slotted, { of: state.resources, reply });
    return reply;
  }

  private async compute(endpoints: Endpoints): Promise<ReadyReply> {
    const { specEnv } = this.plan;
    const own = endpointEnv(endpoints);
    if (specEnv === undefined) return { endpoints, env: own };
    const mapped = isFunctionRef(specEnv) ? await this.call(specEnv, [endpoints as unknown as Json], ENV_MS) : specEnv;
    return { endpoints, env: { ...own, ...(mapped as Record<string, string>) } };
  }
}

const isFunctionRef = (value: FunctionRef | Readonly<Record<string, string>>): value is FunctionRef =>
  '$function' in value;

/** Endpoints of everything that is ready. */
export function readyEndpoints(state: State): Endpoints {
  return Object.fromEntries(
    Object.entries(state.resources).flatMap(([name, resource]) =>
      resource.state === 'ready' ? [[name, resource.endpoint] as const] : [],
    ),
  );
}
