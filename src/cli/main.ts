#!/usr/bin/env node
/**
 * The `greenroom` command. It imports nothing before it knows that this Node can run the rest: on an older one the
 * imports themselves would fail, with a stack trace.
 */
import { unsupportedNode } from '../platform/node-version.ts';

const problem = unsupportedNode(process.versions.node);
if (problem === undefined) {
  const { main } = await import('./program.ts');
  const code = await main(process.argv);
  // Nothing that was written may be lost: a pipe is written to in the background on some systems.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
} else {
  process.stderr.write(`error: ${problem} [PLATFORM_UNSUPPORTED]\n`);
  process.exit(2);
}
