#!/usr/bin/env node
/**
 * The `greenroom` command. It imports nothing before it knows that this Node can run the rest: on an older one the
 * imports themselves would fail, with a stack trace.
 */
import { unsupportedNode } from './node-version.ts';

const problem = unsupportedNode(process.versions.node);
if (problem === undefined) {
  const { main } = await import('./program.ts');
  process.exit(await main(process.argv));
} else {
  process.stderr.write(`${problem}\n`);
  process.exit(2);
}
