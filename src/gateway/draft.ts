import { Body, withoutSecrets } from './bodies.ts';
import type { End, Exchange } from './exchange.ts';
import type { FaultKind } from './fault.ts';

/** What is known when an exchange begins. */
export interface Beginning {
  readonly id: string;
  readonly via?: string | undefined;
  readonly resource: string;
  readonly slot?: number | undefined;
  readonly spec?: string | undefined;
  readonly method?: string | undefined;
  readonly path?: string | undefined;
}

/** An exchange that goes on. */
export class Draft {
  readonly beginning: Beginning;
  readonly request: Body;
  readonly response: Body;
  status: number | undefined;
  declaredBytes: number | undefined;
  fault: FaultKind | undefined;
  queued = 0;
  private readonly at = Date.now();
  private readonly since = performance.now();
  private readonly onEnd: (exchange: Exchange) => void;
  private requestEnd: number | undefined;
  private responseHead: number | undefined;
  private end: End = 'open';

  /** @param keep bytes of each body that are kept */
  constructor(beginning: Beginning, keep: number, onEnd: (exchange: Exchange) => void) {
    this.beginning = beginning;
    this.request = new Body(keep);
    this.response = new Body(keep);
    this.onEnd = onEnd;
  }

  get isOpen(): boolean {
    return this.end === 'open';
  }

  get elapsed(): number {
    return performance.now() - this.since;
  }

  requestEnded(): void {
    this.requestEnd ??= this.elapsed;
  }

  answered(status: number): void {
    this.status = status;
    this.responseHead = this.elapsed;
  }

  /** The first end counts: what follows only comes of it. */
  close(end: Exclude<End, 'open'>, error?: string): void {
    if (!this.isOpen) return;
    this.end = end;
    this.onEnd(this.snapshot(error));
  }

  /** As it is now. */
  snapshot(error?: string): Exchange {
    const { beginning, request, response } = this;
    const known = {
      ...beginning,
      path: beginning.path === undefined ? undefined : withoutSecrets(beginning.path),
      at: this.at,
      status: this.status,
      queued: round(this.queued),
      requestEnd: rounded(this.requestEnd),
      responseHead: rounded(this.responseHead),
      duration: round(this.elapsed),
      requestBytes: request.bytes,
      responseBytes: response.bytes,
      declaredBytes: this.declaredBytes,
      end: this.end,
      fault: this.fault,
      error,
      requestBody: request.text,
      responseBody: response.text,
    };
    return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) as unknown as Exchange;
  }
}

const round = (ms: number): number => Math.round(ms * 100) / 100;
const rounded = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : round(ms));
