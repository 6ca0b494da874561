/** A project of a test's own: a config, a runtime directory, and members that are processes of their own. */
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { spawn, type ChildProcess } from 'node:child_process';
import { builtUrl } from '../../bench/built-url.ts';
import type { Event } from '../../src/coordinator/events.ts';
import type { IncidentsAsked, WaitFor } from '../../src/client/session.ts';
import type { Incident } from '../../src/protocol/incident.ts';
import { NODE_COMPILE_CACHE } from './copy.ts';
import { engineEnv } from './engine.ts';
import { expectNothingLeft, processesOf } from './leftovers.ts';
import { MEMBER_DIR } from './set-up-member.ts';

const DEADLINE_MS = 45_000;

/** What a config can use beside the main module's. */
const MODULES = [
  ['container', 'resources/container/index'],
  ['image', 'resources/image/index'],
  ['mockLlm', 'resources/llm/index'],
  ['postgres', 'resources/postgres/index'],
  ['redis', 'resources/redis/index'],
] as const;

/** A small HTTP service that says who it is; `SYNC_MS` delays what /catalog says. */
const SERVICE = `
import { createServer } from 'node:http';
const since = Date.now();
createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  const synced = Date.now() - since >= Number(process.env.SYNC_MS ?? 0);
  response.end(JSON.stringify({ pid: process.pid, synced, generation: synced ? 2 : 1 }));
}).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening as', process.pid));
`;

export interface Said {
  readonly kind: string;
  readonly value: any;
}

/** A member process: what it said, in order, and what can be done to it. */
export class Member {
  readonly child: ChildProcess;
  readonly heard: Said[] = [];
  private readonly wake = new Set<() => void>();
  ended = false;

  constructor(child: ChildProcess) {
    this.child = child;
    createInterface(child.stdout!).on('line', (line) => {
      this.heard.push(JSON.parse(line) as Said);
      this.wake.forEach((notify) => notify());
    });
    // Not `exit`, which may come before the last of what it said.
    child.once('close', () => {
      this.ended = true;
      this.wake.forEach((notify) => notify());
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Does nothing to one that has ended by itself. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    if (!this.ended) process.kill(this.pid, signal);
  }

  order(order: string, request?: WaitFor, asked?: object): void {
    this.child.stdin!.write(`${JSON.stringify({ order, request, asked })}\n`);
  }

  /** Resolves when a resource was healed, or checked, so many times. */
  async health(resource: string, what: 'healed' | 'checks' = 'healed', atLeast = 1): Promise<number> {
    const before = this.heard.filter(({ kind }) => kind === 'healthy').length;
    this.order('health', undefined, { resource, what, atLeast, timeout: DEADLINE_MS });
    return this.hears('healthy', before + 1);
  }

  async incidents(resources: readonly string[], asked: Partial<IncidentsAsked> = {}): Promise<readonly Incident[]> {
    const before = this.heard.filter(({ kind }) => kind === 'incidents').length;
    this.order('incidents', undefined, { resources, from: 0, ...asked });
    return this.hears('incidents', before + 1);
  }

  /** The first thing of that kind it says, now or later. */
  async hears(kind: string, nth = 1): Promise<any> {
    const found = await eventually(
      () => {
        const said = this.heard.filter((one) => one.kind === kind)[nth - 1];
        if (said === undefined && this.ended) throw new Error(`member ${this.pid} ended without saying ${kind}`);
        return said;
      },
      () => `member ${this.pid} to say ${kind}; it said ${JSON.stringify(this.heard).slice(0, 2_000)}`,
      this.wake,
    );
    return found.value;
  }

  async ends(): Promise<void> {
    await eventually(() => this.ended || undefined, `member ${this.pid} to end`, this.wake);
  }

  async ready(request: WaitFor = { resources: null }): Promise<any> {
    const before = this.heard.filter((said) => said.kind === 'ready').length;
    this.order('wait', request);
    return this.hears('ready', before + 1);
  }
}

/** Waits for a condition, woken by notifications or every 20 ms; fails by name at the deadline. */
export async function eventually<T>(
  look: () => T | undefined | Promise<T | undefined>,
  what: string | (() => string),
  wake: Set<() => void> = new Set(),
  ms = DEADLINE_MS,
): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms for ${typeof what === 'string' ? what : what()}`);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 20);
      const notify = (): void => {
        clearTimeout(timer);
        wake.delete(notify);
        resolve();
      };
      wake.add(notify);
    });
  }
}

export class Project {
  readonly dir: string;
  readonly runtimeDir: string;
  /** Where Greenroom keeps what it caches; another project may share it. */
  readonly cacheHome: string;
  readonly members: Member[] = [];
  readonly pids: number[] = [];
  private containers = false;

  /** `config`: the part after the imports; all that a config can use is imported. */
  constructor(config: string, cacheHome?: string) {
    const base = realpathSync(mkdtempSync(join(tmpdir(), 'gr-')));
    this.dir = join(base, 'project');
    this.runtimeDir = join(base, 'run');
    this.cacheHome = cacheHome ?? join(base, 'cache');
    mkdirSync(this.dir);
    writeFileSync(join(this.dir, 'service.mjs'), SERVICE);
    this.configure(config);
  }

  configure(config: string): void {
    this.containers ||= /\b(container|image)\(/.test(config);
    // The build starts in half the time that the sources take. Each import costs each process of the project its time.
    const kinds = MODULES.filter(([name]) => config.includes(`${name}(`)).map(
      ([name, module]) => `import { ${name} } from ${JSON.stringify(builtUrl(module))};`,
    );
    const all = 'all, any, check, command, custom, defineConfig, dir, exec, gate, http, log, ports, sql, tcp';
    const imports = [`import { ${all} } from ${JSON.stringify(builtUrl('index'))};`, ...kinds].join('\n');
    // No types, which Node would have to load a compiler to strip.
    writeFileSync(join(this.dir, 'greenroom.config.mjs'), `${imports}\n${config}\n`);
  }

  get env(): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '/',
      GREENROOM_RUNTIME_DIR: this.runtimeDir,
      XDG_CACHE_HOME: this.cacheHome,
      ...engineEnv(),
      NODE_COMPILE_CACHE,
    };
  }

  spawn(role: 'runner' | 'worker', env: Record<string, string> = {}): Member {
    const child = spawn(process.execPath, [join(process.env[MEMBER_DIR] ?? '', 'member.js'), role, 'test', this.dir], {
      cwd: this.dir,
      env: { ...this.env, ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const member = new Member(child);
    this.members.push(member);
    return member;
  }

  /** A member that has joined. */
  async join(role: 'runner' | 'worker' = 'runner', env: Record<string, string> = {}): Promise<Member> {
    const member = this.spawn(role, env);
    const welcome = await member.hears('joined');
    this.pids.push(welcome.coordinator.pid);
    return member;
  }

  /** Events of all generations of this project, oldest generation first. */
  generations(): readonly { readonly name: string; readonly events: readonly (Event & { seq: number })[] }[] {
    const base = join(this.dir, '.greenroom', 'generations');
    const number = (name: string): number => Number(name.split('-').at(-1));
    return list(base)
      .toSorted((a, b) => number(a) - number(b))
      .map((name) => ({ name, events: readEvents(join(base, name, 'events.ndjson')) }));
  }

  /** Keys that this project has had, once somebody has joined; several when its config was changed. */
  get keys(): readonly string[] {
    return readdirSync(this.runtimeDir);
  }

  /** Every file in the runtime directory. */
  runtimeFiles(): readonly string[] {
    return list(this.runtimeDir).flatMap((key) =>
      list(join(this.runtimeDir, key)).map((name) => join(this.runtimeDir, key, name)),
    );
  }

  /** Temporary directories of this project's generations. */
  tempDirs(): readonly string[] {
    const keys = list(this.runtimeDir);
    return [tmpdir(), '/dev/shm']
      .flatMap(list)
      .filter((name) => keys.some((key) => name.startsWith(`greenroom-${key}-`)));
  }

  /** Everything of this project that runs. */
  running(): readonly number[] {
    return processesOf({ runtimeDir: this.runtimeDir, projectDir: this.dir }).map(({ pid }) => pid);
  }

  async nothingLeft(ports: readonly number[] = []): Promise<void> {
    const { runtimeDir, dir: projectDir, pids, containers } = this;
    await expectNothingLeft({ runtimeDir, projectDir, pids, ports, containers });
    const temp = this.tempDirs();
    if (temp.length > 0) throw new Error(`temporary directories left: ${temp.join(', ')}`);
  }

  /** Ends the members by their pids, and removes the directories when all is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const member of this.members) if (!member.ended) member.kill('SIGKILL');
    try {
      await eventually(() => (this.running().length === 0 ? true : undefined), 'processes of the test to end');
    } finally {
      for (const pid of this.running()) process.kill(pid, 'SIGKILL');
      rmSync(join(this.dir, '..'), { recursive: true, force: true });
    }
  }
}

function readEvents(file: string): readonly (Event & { seq: number })[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Event & { seq: number });
  } catch {
    return [];
  }
}

function list(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}
