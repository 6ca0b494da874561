/**
 * `npm run bench -- containers | core | gateway | llm | slices | vitest [--json] [--quick]`: measures, and prints each figure beside
 * its goal. A missed goal is no failure: whoever reads the figures knows what else the machine had to do. `--quick`
 * only shows that it works.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FULL, QUICK, type Effort } from './effort.ts';
import { toJson, toTable, type Row } from './row.ts';

const BENCHES: Readonly<Record<string, () => Promise<readonly ((effort: Effort) => Promise<Row[]>)[]>>> = {
  containers: async () => (await import('./containers/index.ts')).containers,
  core: async () => (await import('./core/index.ts')).core,
  gateway: async () => (await import('./gateway/index.ts')).gateway,
  llm: async () => (await import('./llm/index.ts')).llm,
  slices: async () => (await import('./slices/index.ts')).slices,
  vitest: async () => (await import('./vitest/index.ts')).vitest,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
});
const [name = ''] = positionals;
const load = BENCHES[name];
if (load === undefined) {
  console.error(`usage: npm run bench -- ${Object.keys(BENCHES).join(' | ')} [--json] [--quick]`);
  process.exitCode = 2;
} else {
  const runtimeDir = mkdtempSync(join(tmpdir(), 'greenroom-bench-'));
  process.env['GREENROOM_RUNTIME_DIR'] = runtimeDir;
  try {
    const rows: Row[] = [];
    for (const measure of await load()) {
      console.error(`measuring ${measure.name}`);
      rows.push(...(await measure(values.quick ? QUICK : FULL)));
    }
    console.log(toTable(rows));
    if (values.json) console.log(toJson(name, rows));
  } finally {
    rmSync(runtimeDir, { recursive: true, force: true });
  }
}
