import type { Server, Socket } from 'node:net';
import { LONGEST_MS } from '../platform/deadline.ts';
import { GreenroomError, toFailure, type Failure } from '../protocol/failure.ts';
import type { Hello, Request } from '../protocol/messages.ts';
import { touching } from '../health/incidents.ts';
import { SUITE } from '../protocol/plan.ts';
import { answerSchema, numberedSchema, requestSchema } from '../protocol/schema.ts';
import { redact } from '../protocol/redact.ts';
import type { Elected } from './candidacy.ts';
import type { ConfigHost } from './config-host.ts';
import { check, Connection, type Peer } from './connection.ts';
import type { Dispatcher } from './dispatcher.ts';
import { closure } from './graph.ts';
import { Holders } from './holders.ts';

/** The door: turns connections into events, and answers what only asks. */
export class Door {
  private readonly elected: Elected;
  private readonly dispatcher: Dispatcher;
  private readonly host: ConfigHost;
  /** Asks how these resources are, and the lease's own parts of them. Never rejects. */
  private readonly checkHealth: (resources: readonly string[], lease: string) => Promise<void>;
  /** Connections that have not said hello yet. */
  private readonly strangers = new Set<Socket>();
  private readonly members = new Map<string, Connection>();
  /** Pids of those without a lease. */
  private readonly observers = new Map<string, number>();
  private readonly holders: Holders;
  private nextLease = 1;
  private closed = false;

  constructor(
    elected: Elected,
    dispatcher: Dispatcher,
    host: ConfigHost,
    checkHealth: (resources: readonly string[], lease: string) => Promise<void>,
  ) {
    this.elected = elected;
    this.dispatcher = dispatcher;
    this.host = host;
    this.checkHealth = checkHealth;
    this.holders = new Holders(elected.generation.nonce);
  }

  open(server: Server): void {
    server.on('connection', (socket) => this.accept(socket));
  }

  /** From here on, newcomers get end of file without an answer: they look for the next generation. */
  close(server: Server): void {
    this.closed = true;
    server.close();
    for (const socket of this.strangers) socket.destroy();
  }

  reply(member: string, id: number, value: unknown): void {
    this.members.get(member)?.send({ type: 'reply', id, value });
  }

  fail(member: string, id: number, failure: Failure): void {
    this.members.get(member)?.send({ type: 'failed', id, failure });
  }

  /** Tells those who hold this lease, or all members, that they must ask for a resource again. */
  changed(resource: string, lease?: string): void {
    const told = lease === undefined ? [...this.members.keys()] : this.holders.of(lease);
    for (const member of told) this.members.get(member)?.send({ type: 'changed', resource });
  }

  /** Tells a member why its lease is gone. The connection stays: what it had is free only when its process is dead. */
  dismiss(member: string, failure: Failure): void {
    for (const holder of this.holders.of(member)) this.members.get(holder)?.finish({ type: 'bye', failure });
  }

  private accept(socket: Socket): void {
    if (this.closed) {
      socket.destroy();
      return;
    }
    this.strangers.add(socket);
    socket.once('close', () => this.strangers.delete(socket));
    new Connection(socket, this.elected.generation.token, (hello, connection) => this.admit(hello, connection));
  }

  private admit(hello: Hello, connection: Connection): Peer {
    const { configHash, configFile } = this.elected.generation;
    if (hello.configHash !== undefined && hello.configHash !== configHash) throw keyConflict(configFile);
    this.strangers.delete(connection.socket);
    switch (hello.role) {
      case 'host':
        return this.admitHost(connection);
      case 'observer':
        return this.admitObserver(connection, hello.pid);
      case 'runner':
      case 'worker':
        return this.admitMember(hello, hello.role, connection);
    }
  }

  private admitHost(connection: Connection): Peer {
    this.sayWelcome(connection);
    this.host.connected(connection.socket);
    return { onMessage: (message) => this.host.answered(check(answerSchema, message)), onClose: () => undefined };
  }

  private admitObserver(connection: Connection, pid: number): Peer {
    const id = `observer-${this.nextLease}`;
    this.observers.set(id, pid);
    return this.admitPeer(connection, id, () => {
      this.observers.delete(id);
      this.endWaits(id);
    });
  }

  /** A connection without a lease of its own is closed: nothing may go on for the sake of its waits. */
  private endWaits(id: string): void {
    const { waiters, healthWaits, uses } = this.dispatcher.state;
    if ([...waiters, ...healthWaits, ...uses].some(({ member }) => member === id))
      this.dispatcher.dispatch({ kind: 'left', lease: id });
  }

  private admitMember(hello: Hello, role: 'runner' | 'worker', connection: Connection): Peer {
    const { run = 'unnamed', pid, workers } = hello;
    const shared = this.holders.sharedWith(hello, this.dispatcher.state);
    if (shared !== undefined) {
      this.dispatcher.dispatch({ kind: 'taken', lease: shared, pid });
      return this.admitHolder(connection, shared, `${shared}-${this.nextLease}`);
    }
    const lease = `L${this.nextLease}`;
    // NOTE: the join is an event before the welcome is written, so that no stop can be decided in between.
    this.dispatcher.dispatch({ kind: 'joined', lease, role, run, pid, ...(workers === undefined ? {} : { workers }) });
    return this.admitHolder(connection, lease, lease);
  }

  /** One connection of a lease, which ends with the last of them. What each waits for ends with itself. */
  private admitHolder(connection: Connection, lease: string, id: string): Peer {
    this.holders.add(lease, id);
    return this.admitPeer(
      connection,
      id,
      () => {
        if (id !== lease) this.endWaits(id);
        if (this.holders.remove(lease, id)) this.dispatcher.dispatch({ kind: 'left', lease });
      },
      lease,
    );
  }

  private admitPeer(connection: Connection, id: string, left: () => void, lease?: string): Peer {
    this.nextLease += 1;
    this.members.set(id, connection);
    this.sayWelcome(connection, lease);
    let unwatch: () => void = () => undefined;
    return {
      onMessage: (message) => {
        const { id: asked } = numberedSchema.safeParse(message).data ?? {};
        try {
          const request = check(requestSchema, message) as Request;
          if (request.type === 'watch') unwatch = this.watch(connection, request.id);
          else this.handle(id, connection, request);
        } catch (error) {
          if (asked === undefined) throw error;
          connection.send({ type: 'failed', id: asked, failure: toFailure(error, 'BAD_MESSAGE') });
        }
      },
      onClose: () => {
        unwatch();
        this.members.delete(id);
        left();
      },
    };
  }

  private sayWelcome(connection: Connection, lease?: string): void {
    const { generation } = this.elected;
    const { leases } = this.dispatcher.state;
    const slot = lease === undefined ? undefined : leases[lease]?.slot;
    connection.send({
      type: 'welcome',
      key: generation.key,
      generation: generation.generation,
      nonce: generation.nonce,
      ...(lease === undefined ? {} : { lease }),
      ...(slot === undefined ? {} : { slot }),
      logDir: generation.logDir,
      leases: Object.keys(leases).length,
      coordinator: { pid: process.pid, upSince: generation.at },
    });
  }

  private watch(connection: Connection, id: number): () => void {
    connection.send({ type: 'reply', id, value: redact(this.dispatcher.state) });
    return this.dispatcher.watch((event) => connection.send({ type: 'event', event }));
  }

  private handle(member: string, connection: Connection, request: Exclude<Request, { type: 'watch' }>): void {
    const { dispatcher } = this;
    const { id } = request;
    const done = (): void => connection.send({ type: 'reply', id, value: null });
    switch (request.type) {
      case 'wait': {
        const resources = this.known(request.resources);
        this.knownGates(request.gates.map((gate) => gate.name));
        const { gates, timeout } = request;
        const limit = timeout === undefined ? {} : { timeout: Math.min(timeout, LONGEST_MS) };
        const lease = this.holders.leaseOf(member);
        const unit = request.unit === undefined ? {} : { unit: request.unit };
        const exclusive = request.exclusive === undefined ? {} : { exclusive: this.known(request.exclusive) };
        const how = { ...unit, ...limit, ...exclusive };
        dispatcher.dispatch({ kind: 'waiting', member, request: id, resources, gates, lease, ...how });
        return;
      }
      case 'rest':
        dispatcher.dispatch({ kind: 'rested', member, waits: request.waits });
        done();
        return;
      case 'chaos': {
        const { resource, act, force } = request;
        this.known([resource]);
        const lease = this.holders.leaseOf(member);
        const pid = this.observers.get(member) ?? dispatcher.state.leases[lease]?.pid ?? 0;
        dispatcher.dispatch({ kind: 'chaos.asked', member, request: id, lease, pid, resource, act, force });
        return;
      }
      case 'release':
        dispatcher.dispatch({ kind: 'released', lease: this.holders.leaseOf(member), unit: request.unit });
        done();
        return;
      case 'keep':
      case 'reset': {
        const lease = this.holders.leaseOf(member);
        dispatcher.dispatch({ kind: 'slices.asked', member, request: id, lease, act: request.type });
        return;
      }
      case 'status':
        connection.send({ type: 'reply', id, value: redact(dispatcher.state) });
        return;
      case 'hold':
        dispatcher.dispatch({ kind: 'hold', resources: this.known(request.resources) });
        done();
        return;
      case 'retry':
        dispatcher.dispatch({ kind: 'retry' });
        done();
        return;
      case 'finish':
        dispatcher.dispatch({ kind: 'finishing', member, request: id });
        return;
      case 'incidents':
        void this.answerIncidents(connection, this.holders.leaseOf(member), request);
        return;
      case 'health': {
        const { resource, what, atLeast } = request;
        this.known([resource]);
        const timeout = Math.min(request.timeout, LONGEST_MS);
        dispatcher.dispatch({ kind: 'health.awaited', member, request: id, resource, what, atLeast, timeout });
        return;
      }
      case 'report':
        dispatcher.dispatch({ kind: 'reported', lease: this.holders.leaseOf(member), failure: request.failure });
        done();
        return;
      case 'down': {
        const { leases } = dispatcher.state;
        if (Object.keys(leases).length > 0 && !request.force) throw inUse(leases);
        done();
        dispatcher.dispatch({ kind: 'stop', reason: request.force ? 'down --force' : 'down' });
      }
    }
  }

  /** What was just noticed by a member may not have been noticed here yet: with `check`, health is asked first. */
  private async answerIncidents(
    connection: Connection,
    lease: string,
    { id, resources, from, until, check: ask }: Extract<Request, { type: 'incidents' }>,
  ): Promise<void> {
    const { dispatcher } = this;
    const needed = closure(dispatcher.state.graph, resources);
    if (ask === true) await this.checkHealth(needed, lease);
    const question = { resources: needed, lease, from, until: until ?? Date.now() };
    connection.send({ type: 'reply', id, value: redact(touching(dispatcher.state.incidents, question)) });
  }

  private known(names: readonly string[] | null): readonly string[] {
    const all = Object.keys(this.dispatcher.state.graph.resources);
    const unknown = names?.find((name) => !all.includes(name));
    if (unknown !== undefined) throw unknownName('UNKNOWN_RESOURCE', 'resource', unknown, all);
    return names ?? all.filter((name) => name !== SUITE);
  }

  private knownGates(names: readonly string[]): void {
    const all = Object.keys(this.dispatcher.state.graph.gates);
    const unknown = names.find((name) => !all.includes(name));
    if (unknown !== undefined) throw unknownName('UNKNOWN_GATE', 'gate', unknown, all);
  }
}

function unknownName(
  code: 'UNKNOWN_RESOURCE' | 'UNKNOWN_GATE',
  what: string,
  name: string,
  all: readonly string[],
): GreenroomError {
  const known = all.length === 0 ? 'the config has none' : `the config has ${all.join(', ')}`;
  return new GreenroomError({ code, message: `there is no ${what} ${name}`, hint: known, subject: name });
}

function inUse(leases: Readonly<Record<string, { readonly pid: number; readonly run: string }>>): GreenroomError {
  const holders = Object.entries(leases).map(([id, lease]) => `${id} (pid ${lease.pid}, run ${lease.run})`);
  return new GreenroomError({
    code: 'LEASES_LIVE',
    message: `the infrastructure is still used by ${holders.join(', ')}`,
    hint: 'wait for them, or stop it under them with `greenroom down --force`',
  });
}

function keyConflict(configFile: string): GreenroomError {
  return new GreenroomError({
    code: 'KEY_CONFLICT',
    message: `the infrastructure of this key was started from another config: ${configFile}`,
    hint: 'give the configs different keys, or stop the other with `greenroom down`',
  });
}
