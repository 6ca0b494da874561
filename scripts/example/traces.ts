/** What a run leaves traces of outside of its own memory, collected while it runs and looked for again afterwards. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../../src/platform/identity.ts';
import { until } from '../../src/platform/deadline.ts';
import type { Claim } from './proof.ts';

/** How long everything may take to be gone after the last lease: linger, stopping, removing. */
const GONE_MS = 30_000;
const LOOK_EVERY_MS = 50;

interface Trace {
  readonly pid: number;
  readonly start: string;
}

/** Watches a runtime directory that only this run uses. */
export class Traces {
  private readonly runtimeDir: string;
  private readonly processes = new Map<string, Trace>();
  private readonly directories = new Set<string>();
  private readonly logs = new Set<string>();
  private readonly timer: NodeJS.Timeout;

  constructor(runtimeDir: string) {
    this.runtimeDir = runtimeDir;
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  /** Waits until nothing is left, and says what was there. */
  async gone(): Promise<Claim> {
    const gone = await until(() => this.left().length === 0, GONE_MS);
    clearInterval(this.timer);
    const seen = `${this.processes.size} processes, their data and their sockets are gone`;
    return {
      holds: gone && this.processes.size > 0 && this.directories.size > 0,
      claim: 'nothing left',
      detail: gone ? seen : `still there: ${this.left().join(', ')}`,
    };
  }

  /** The log directory of each generation there was. */
  get generations(): readonly string[] {
    return [...this.logs];
  }

  private left(): readonly string[] {
    this.look();
    return [
      ...[...this.processes.values()].filter(isAlive).map(({ pid }) => `process ${pid}`),
      ...[...this.directories].filter(existsSync),
      ...this.files().filter((file) => !isTombstone(file)),
    ];
  }

  /** Generation files name the coordinators; ledgers list what those have made. */
  private look(): void {
    const records = this.files().filter((file) => /(gen-\d+\.json|ledger-\d+\.ndjson)$/.test(file));
    for (const line of records.flatMap((file) => read(file).split('\n'))) this.note(line);
  }

  private note(text: string): void {
    const record = parse(text);
    if (record.pid !== undefined && record.start !== undefined) {
      this.processes.set(`${record.pid} ${record.start}`, { pid: record.pid, start: record.start });
    }
    if (record.logDir !== undefined) this.logs.add(record.logDir);
    if (record.type === 'directory' && record.path !== undefined) this.directories.add(record.path);
  }

  private files(): readonly string[] {
    return readdirSync(this.runtimeDir, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name));
  }
}

/** The file of a generation that has stopped stays, so that its number is never given again. */
const isTombstone = (file: string): boolean => /gen-\d+\.json$/.test(file) && 'stopped' in parse(read(file));

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // removed meanwhile
  }
}

/** A line may be half written. */
function parse(text: string): { pid?: number; start?: string; type?: string; path?: string; logDir?: string } {
  try {
    return JSON.parse(text) as object;
  } catch {
    return {};
  }
}
