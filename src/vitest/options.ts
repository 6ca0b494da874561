/** What somebody may get wrong before there is a run, and no compiler has told. */
import { guessed } from '../config/unknown-name.ts';
import { GreenroomError } from '../protocol/failure.ts';
import { unsupportedNode } from '../platform/node-version.ts';
import { withExitCode } from './exit-code.ts';

const KNOWN = ['infraExitCode', 'retry'];
const MOST = 255;

/** @throws CONFIG_INVALID, PLATFORM_UNSUPPORTED */
export function checkOptions(options: object): void {
  const old = unsupportedNode(process.versions.node);
  if (old !== undefined) throw wrong('PLATFORM_UNSUPPORTED', old, 'run Vitest with one of these');
  const { infraExitCode: code, retry } = options as { readonly infraExitCode?: unknown; readonly retry?: unknown };
  const unknown = Object.keys(options).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) throw mistake(`there is no option \`${unknown}\`${guessed(unknown, KNOWN)}`);
  const fits = Number.isInteger(code) && Number(code) >= 1 && Number(code) <= MOST;
  if (retry !== undefined && retry !== 'infra') {
    throw mistake(`retry: expected 'infra', got ${JSON.stringify(retry)}`);
  }
  if (code !== undefined && !fits) {
    throw mistake(`infraExitCode: expected a whole number from 1 to ${MOST}, got ${JSON.stringify(code)}`);
  }
}

function mistake(text: string): Error {
  return wrong('CONFIG_INVALID', `greenroom() of vitest.config: ${text}`, `its options are ${KNOWN.join(', ')}`);
}

function wrong(code: 'CONFIG_INVALID' | 'PLATFORM_UNSUPPORTED', message: string, hint: string): Error {
  return withExitCode(new GreenroomError({ code, message, hint }));
}
