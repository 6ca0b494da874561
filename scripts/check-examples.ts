/** Checks the types of every TypeScript example in README and docs, as a user would have it in a project. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');

/** What examples take for granted: the config that is registered, and functions of the user's. */
const GIVEN = `
import { command, defineConfig } from 'greenroom';
import { mockLlm } from 'greenroom/llm';
import { postgres } from 'greenroom/postgres';

const [db, llm] = [postgres(), mockLlm()];
const api = command({ run: ['node', 'api.js'], needs: { db } });
const payments = command({ run: ['node', 'payments.js'], gateway: {} });
const config = defineConfig({ resources: { db, llm, api, payments } });

declare module 'greenroom' {
  interface Register {
    config: typeof config;
  }
}
declare global {
  function ask(question: string): Promise<string>;
  function placeOrder(): Promise<void>;
  function createTenant(url: string): Promise<string>;
  function dropTenants(url: string): Promise<void>;
  function connect(url: string, tenant: string): Promise<void>;
  function disconnect(): Promise<void>;
}
`;
/** A package that is not among ours. */
const FOREIGN = `
declare module '@testcontainers/postgresql' {
  import { GenericContainer, type StartedTestContainer } from 'testcontainers';
  export class PostgreSqlContainer extends GenericContainer {
    override start(): Promise<StartedTestContainer & { getConnectionUri(): string }>;
  }
}
`;
/** What an example that imports nothing stands in. */
const AROUND = `
import { capacity, command, gate, http } from 'greenroom';
import { container, image } from 'greenroom/container';
import { mockLlm } from 'greenroom/llm';
import { postgres } from 'greenroom/postgres';

declare const db: ReturnType<typeof postgres>;
declare const llm: ReturnType<typeof mockLlm>;
declare const storage: ReturnType<typeof command>;
declare const apiImage: ReturnType<typeof image>;
`;
const API = `declare const api: ReturnType<typeof command>;\n`;
/** Each registers its own config; in one program there is one. */
const REGISTERS = /^declare module 'greenroom' \{\n.*?^\}\n/ms;

/** Name → text of each. */
function examples(): Readonly<Record<string, string>> {
  const pages = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  const found = ['README.md', ...pages.map((name) => `docs/${name}`)].flatMap((page) => {
    const blocks = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```ts\n(.*?)^```/gms)];
    return blocks.map(([, text = ''], index) => [`${basename(page, '.md')}-${index + 1}.ts`, complete(text)] as const);
  });
  return Object.fromEntries(found);
}

function complete(text: string): string {
  if (text.startsWith('import ') || text.startsWith('// ')) return text.replace(REGISTERS, '');
  const isPart = /^\w+: /.test(text);
  return `${AROUND}${text.includes('const api =') ? '' : API}${isPart ? `void { ${text} };` : text}`;
}

/** The source of each module that users import. */
function sources(): Readonly<Record<string, readonly string[]>> {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Package;
  return Object.fromEntries(
    Object.entries(exports).flatMap(([name, entry]) => {
      if (typeof entry === 'string') return [];
      const source = entry.types.replace('./dist/', '').replace(/\.d\.ts$/, '.ts');
      return [[name.replace('.', 'greenroom'), [join(ROOT, source)]]];
    }),
  );
}

interface Package {
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
}

const dir = mkdtempSync(join(tmpdir(), 'greenroom-examples-'));
try {
  symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'));
  const config = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: { rootDir: '/', paths: sources() },
    include: ['*.ts'],
  };
  const files = { ...examples(), 'given.ts': GIVEN, 'foreign.d.ts': FOREIGN };
  const project = { 'package.json': '{ "type": "module" }', 'tsconfig.json': JSON.stringify(config) };
  for (const [name, text] of Object.entries({ ...files, ...project })) writeFileSync(join(dir, name), text);
  const { status } = spawnSync(join(ROOT, 'node_modules', '.bin', 'tsc'), ['--noEmit', '-p', dir], {
    cwd: dir,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}
