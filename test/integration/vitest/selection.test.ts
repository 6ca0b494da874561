import { describe, expect, test } from 'vitest';
import type { Event } from '../../../src/coordinator/events.ts';
import { MAJORS, NEWEST, type VitestProject, vitestProject } from '../../support/vitest-project.ts';

const CONFIG = `
  import { command, defineConfig, gate, http } from 'greenroom';
  const service = () => command({ run: ['node', 'server.mjs', '0'], ready: http('/health') });
  const resources = { db: service(), llm: service(), queue: service() };
  const { llm } = resources;
  const catalog = gate({ needs: { llm }, probe: http('llm', '/synced', ({ synced }) => synced) });
  export default defineConfig({ resources, gates: { catalog }, linger: 0 });
`;

const passing = (docblock: string, options = '{}'): string => `${docblock}
  import { expect, inject, test } from 'vitest';
  test('passes', ${options}, () => expect(1).toBe(1));
`;

/** A project with these files as its specs. */
function withSpecs(specs: Readonly<Record<string, string>>, major: 4 | 5): VitestProject {
  const files = Object.fromEntries(Object.entries(specs).map(([name, text]) => [`specs/${name}.test.ts`, text]));
  const config = `
    import greenroom from 'greenroom/vitest';
    export default { plugins: [greenroom()], test: { include: [${Object.keys(specs)
      .map((name) => `'specs/${name}.test.ts'`)
      .join(', ')}], tags: [{ name: 'slow', description: 'of the user' }] } };
  `;
  return vitestProject({ 'greenroom.config.ts': CONFIG, 'vitest.config.ts': config, ...files }, { major });
}

function started(events: readonly Event[] = []): readonly string[] {
  return events.flatMap((event) => (event.kind === 'ready' ? [event.resource] : [])).toSorted();
}

describe.each(MAJORS)('Vitest %i', (major) => {
  test('only what the selected files need is started', async () => {
    const specs = { one: passing('// @needs db'), two: passing('/** @needs db llm */'), rest: passing('') };
    await using project = withSpecs(specs, major);
    const run = await project.vitest('run', 'one.test', 'two.test');
    expect(run.exitCode, run.output).toBe(0);
    expect(started(project.generations()[0])).toEqual(['db', 'llm']);
    const all = await project.vitest('run');
    expect(all.exitCode, all.output).toBe(0);
    expect(started(project.generations()[1])).toEqual(['db', 'llm', 'queue']);
  });

  test('a shard starts only what its own files need, though Vitest 4 collects those of all shards', async () => {
    await using project = withSpecs({ one: passing('// @needs db'), two: passing('// @needs llm') }, major);
    for (const shard of ['1/2', '2/2']) {
      const run = await project.vitest('run', `--shard=${shard}`);
      expect(run.exitCode, run.output).toBe(0);
    }
    expect(project.generations().flatMap(started).toSorted()).toEqual(['db', 'llm']);
  });
});

describe.each(NEWEST)('Vitest %i, once selected', (major) => {
  test('what a gate of a file needs is started with it', async () => {
    await using project = withSpecs({ gated: passing('// @needs\n// @gates catalog') }, major);
    const run = await project.vitest('run');
    expect(run.exitCode, run.output).toBe(0);
    expect(started(project.generations()[0])).toEqual(['llm']);
  });

  test('nothing is started for files that need nothing', async () => {
    await using project = withSpecs({ pure: passing('// @needs') }, major);
    const run = await project.vitest('run');
    expect(run.exitCode, run.output).toBe(0);
    expect(project.generations()).toEqual([]);
  });

  test('a resource that does not start fails the files that need it, and no others', async () => {
    const broken = CONFIG.replace('llm: service()', "llm: command({ run: ['node', '-e', 'process.exit(4)'] })");
    await using project = withSpecs({ broken: passing('// @needs llm'), fine: passing('// @needs db') }, major);
    project.write('greenroom.config.ts', broken);
    const run = await project.vitest('run');
    const results = run.files.map(({ name, status }) => `${/(\w+)\.test\.ts$/.exec(name)?.[1]} ${status}`);
    expect(results.toSorted(), run.output).toEqual(['broken failed', 'fine passed']);
    expect(run.exitCode).toBe(10);
  });

  test.each([
    ['resource', '// @needs qeue', 'UNKNOWN_RESOURCE', 'there is no resource `qeue`; did you mean `queue`?'],
    ['gate', '// @gates catalogue', 'UNKNOWN_GATE', 'there is no gate `catalogue`; did you mean `catalog`?'],
  ])('an unknown %s fails the file that asks for it, and no other', async (_, docblock, code, message) => {
    await using project = withSpecs({ wrong: passing(docblock), right: passing('// @needs db') }, major);
    const run = await project.vitest('run');
    const results = new Map(run.files.map((file) => [/(\w+)\.test\.ts$/.exec(file.name)?.[1], file] as const));
    expect(results.get('right')?.status, run.output).toBe('passed');
    expect(results.get('wrong')).toMatchObject({ status: 'failed' });
    expect(results.get('wrong')?.message).toContain(`specs/wrong.test.ts: ${message} [${code}]`);
    expect(run.exitCode).toBe(2);
    expect(started(project.generations()[0])).toEqual(['db']);
  });
});

describe.each(MAJORS)('Vitest %i collects', (major) => {
  test('specs may carry the names of resources and gates as tags, beside tags of the user', async () => {
    await using project = withSpecs({ tagged: passing('', "{ tags: ['db', 'catalog', 'slow'] }") }, major);
    const run = await project.vitest('run', '--tags-filter=db && slow');
    expect(run.exitCode, run.output).toBe(0);
    expect(run.files[0]?.assertionResults.map(({ status }) => status)).toEqual(['passed']);
    const list = await project.vitest('list', '--tags-filter=catalog');
    expect(list.output).toContain('tagged.test.ts > passes');
  });

  test.each([[[]], [['--static-parse=false']]])('a list starts nothing: list %s', async (args) => {
    await using project = withSpecs({ one: passing('// @needs db'), tagged: passing('', "{ tags: ['llm'] }") }, major);
    const { output, exitCode } = await project.vitest('list', ...args);
    expect(output).toContain('one.test.ts > passes');
    expect(output).toContain('tagged.test.ts > passes');
    expect(exitCode).toBe(0);
    expect(project.generations()).toEqual([]);
  });
});
