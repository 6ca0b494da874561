import { timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import type { z } from 'zod';
import { GreenroomError, toFailure, type Failure } from '../protocol/failure.ts';
import { MAX_LINE_BYTES, PROTOCOL_VERSION, type FromCoordinator, type Hello } from '../protocol/messages.ts';
import { fits, lineReader, toLine } from '../protocol/ndjson.ts';
import { helloSchema } from '../protocol/schema.ts';

/** Milliseconds a connection has until its hello. */
const HELLO_MS = 5_000;
/** Milliseconds a peer has to take our last words. */
const LAST_WORDS_MS = 1_000;

/** What a connection does with its messages, once it has said who it is. */
export interface Peer {
  onMessage(message: unknown): void;
  onClose(): void;
}

/**
 * The coordinator's side of one connection: hello, token and framing. What cannot be understood is answered with one
 * error and the end of the connection; nobody else notices.
 */
export class Connection {
  readonly socket: Socket;
  private readonly token: string;
  private readonly welcome: (hello: Hello, connection: Connection) => Peer;
  private peer: Peer | undefined;
  private ended = false;

  constructor(socket: Socket, token: string, welcome: (hello: Hello, connection: Connection) => Peer) {
    this.socket = socket;
    this.token = token;
    this.welcome = welcome;
    const timer = setTimeout(() => this.end({ type: 'refused', failure: noHello() }), HELLO_MS);
    const read = lineReader(
      (line) => {
        clearTimeout(timer);
        this.receive(line);
      },
      () => this.end(this.lastWords(tooLarge())),
    );
    socket.on('data', (chunk: Buffer) => {
      if (!this.ended) read(chunk);
    });
    // The end of a connection is told by `close`, whatever the reason.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(timer);
      this.ended = true;
      this.peer?.onClose();
    });
  }

  send(message: FromCoordinator): void {
    if (this.ended) return;
    const line = toLine(message);
    if (fits(line)) this.socket.write(line);
    else if (message.type === 'reply') this.send({ type: 'failed', id: message.id, failure: tooLarge() });
    else this.end(this.lastWords(tooLarge()));
  }

  /** Says one more thing and closes. A peer that does not read it is cut off after a while. */
  end(message: FromCoordinator): void {
    this.finish(message);
    this.socket.end();
    setTimeout(() => this.socket.destroy(), LAST_WORDS_MS).unref();
  }

  /** Says one more thing and hears no more, but leaves the connection open: its end tells when the peer is dead. */
  finish(message: FromCoordinator): void {
    if (this.ended) return;
    this.ended = true;
    this.socket.write(toLine(message));
  }

  private lastWords(failure: Failure): FromCoordinator {
    return this.peer ? { type: 'bye', failure } : { type: 'refused', failure };
  }

  private receive(line: string): void {
    if (this.ended) return;
    try {
      const message: unknown = JSON.parse(line);
      if (this.peer) this.peer.onMessage(message);
      else this.peer = this.welcome(this.checkHello(message), this);
    } catch (error) {
      this.end(this.lastWords(toFailure(error, 'BAD_MESSAGE')));
    }
  }

  private checkHello(message: unknown): Hello {
    const hello = check(helloSchema, message);
    const given = Buffer.from(hello.token);
    const known = Buffer.from(this.token);
    if (given.length !== known.length || !timingSafeEqual(given, known)) throw wrongToken();
    if (hello.v !== PROTOCOL_VERSION) throw badMessage(`protocol ${hello.v} instead of ${PROTOCOL_VERSION}`);
    return hello;
  }
}

/** Checks a message against a schema. @throws GreenroomError BAD_MESSAGE that names the fields. */
export function check<T>(schema: z.ZodType<T>, message: unknown): T {
  const result = schema.safeParse(message);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => `${issue.path.join('.') || 'message'}: ${issue.message}`);
  throw badMessage(issues.join('; '));
}

const badMessage = (why: string): GreenroomError =>
  new GreenroomError({ code: 'BAD_MESSAGE', message: `a message was not understood: ${why}` });

const wrongToken = (): GreenroomError =>
  new GreenroomError({
    code: 'WRONG_TOKEN',
    message: 'the token is not the one of this generation',
    hint: 'read it from the file that GREENROOM_FILE names',
  });

const noHello = (): Failure => ({ code: 'BAD_MESSAGE', message: `no hello within ${HELLO_MS} ms` });

const tooLarge = (): Failure => ({
  code: 'MESSAGE_TOO_LARGE',
  message: `a message exceeded ${MAX_LINE_BYTES} bytes`,
});
