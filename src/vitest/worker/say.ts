/** What a file or a spec says when it fails for want of infrastructure, and what is added to errors of specs. */
import { rootCause, type Failure } from '../../protocol/failure.ts';

/**
 * The error of who was held and cannot go on. Short, and without a stack: the main process has told the whole story
 * once, and where it was thrown says nothing. Vitest shows an error's message and its code.
 */
export function blocked(failure: Failure): Error {
  const root = rootCause(failure);
  const because = root === failure ? '' : `\nbecause ${root.message} [${root.code}]`;
  return plain(failure, `blocked by infrastructure: ${failure.message} [${failure.code}]${because}`);
}

/** The error of who worked with infrastructure that is gone. */
export function lost(failure: Failure): Error {
  return plain(failure, `infrastructure lost: ${failure.message} [${failure.code}]`);
}

/** An error with its hint, and without a stack. */
export function plain(failure: Failure, text: string): Error {
  return withoutStack(named(failure, text));
}

/** Where it was thrown says nothing. */
export function withoutStack(error: Error): Error {
  return Object.assign(error, { stack: `${error.name}: ${error.message}` });
}

/** Not a GreenroomError itself: Vitest would show its whole failure beside the message. */
function named({ code, hint }: Failure, text: string): Error {
  const message = hint === undefined ? text : `${text}\nhint: ${hint}`;
  return Object.assign(new Error(message), { name: 'GreenroomError', code });
}

/**
 * The error of who asked for what is not there to be had; its stack says where.
 *
 * @param asked What was called; the stack begins with who called it.
 */
export function mistaken(failure: Failure, asked?: (...args: never[]) => unknown): Error {
  const error = named(failure, `${failure.message} [${failure.code}]`);
  if (asked !== undefined) Error.captureStackTrace(error, asked);
  return error;
}

/** An error as it was thrown, or as Vitest keeps it. */
export interface Told {
  message: string;
  stack?: string;
}

/** Changes what an error says, in its message and in its stack: reports show the one or the other. */
export function retell(error: Told, change: (message: string) => string): void {
  const { message: before, stack } = error;
  const after = change(before);
  // Some have a message that cannot be set; an assignment would throw.
  if (!Reflect.set(error, 'message', after) || stack === undefined) return;
  const at = stack.indexOf(before);
  error.stack = at < 0 ? `${after}\n${stack}` : stack.slice(0, at) + after + stack.slice(at + before.length);
}

/** Adds facts to what an error says, a line each. */
export function addFacts(error: Told, facts: readonly string[]): void {
  if (facts.length > 0) retell(error, (message) => [message, ...facts.map((fact) => `↳ ${fact}`)].join('\n'));
}
