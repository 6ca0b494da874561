/** What an engine says of a container. Both engines have these fields. */
import { z } from 'zod';
import { GreenroomError, isGreenroomError } from '../protocol/failure.ts';
import { bare } from './build/store.ts';
import type { Engine } from './engine.ts';

const binding = z.object({ HostPort: z.string() });
const inspected = z.tuple([
  z.object({
    Id: z.string(),
    Image: z.string(),
    State: z.object({
      Running: z.boolean(),
      Pid: z.int(),
      Health: z.object({ Status: z.string() }).nullish(),
      Healthcheck: z.object({ Status: z.string() }).nullish(),
    }),
    NetworkSettings: z.object({
      Ports: z.record(z.string(), z.array(binding).nullish()).nullish(),
      Networks: z.record(z.string(), z.object({ IPAddress: z.string().nullish() })).nullish(),
    }),
  }),
]);

export interface Inspected {
  readonly id: string;
  /** Id of what it runs. */
  readonly image: string;
  readonly running: boolean;
  /** Of its first process, as the host has it where the engine runs on this machine; 0 before there is one. */
  readonly pid: number;
  /** Port in the container → port on 127.0.0.1. */
  readonly published: ReadonlyMap<number, number>;
  /** Network → its own address there. */
  readonly networks: ReadonlyMap<string, string>;
  /** Of its health check, where it has one. */
  readonly health: string | undefined;
}

/** Undefined where there is no such container. @throws GreenroomError ENGINE_FAILED */
export async function inspectContainer(engine: Engine, name: string): Promise<Inspected | undefined> {
  const text = await engine.run(['container', 'inspect', name]).catch((error: unknown) => {
    if (isGreenroomError(error) && /no such (container|object)/i.test(error.message)) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const parsed = inspected.safeParse(JSON.parse(text));
  if (!parsed.success) throw notUnderstood(engine, parsed.error);
  const [{ Id, Image, State, NetworkSettings }] = parsed.data;
  return {
    id: Id,
    image: bare(Image),
    running: State.Running,
    pid: State.Pid,
    health: (State.Health ?? State.Healthcheck)?.Status || undefined,
    published: new Map(
      Object.entries(NetworkSettings.Ports ?? {}).flatMap(([inside, bindings]) =>
        bindings?.[0] === undefined ? [] : [[Number.parseInt(inside, 10), Number(bindings[0].HostPort)] as const],
      ),
    ),
    networks: new Map(
      Object.entries(NetworkSettings.Networks ?? {}).map(([network, { IPAddress }]) => [network, IPAddress ?? '']),
    ),
  };
}

function notUnderstood(engine: Engine, error: z.ZodError): GreenroomError {
  return new GreenroomError({
    code: 'ENGINE_FAILED',
    message: `${engine.kind} container inspect gave what is not understood: ${z.prettifyError(error)}`,
    hint: `see whether this version of ${engine.kind} is one that Greenroom works with: podman 4.3 or docker 24, or later`,
  });
}
