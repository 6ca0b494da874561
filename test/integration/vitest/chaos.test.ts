import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MAJORS, vitestProject } from '../../support/vitest-project.ts';

const SERVER = `
  import { createServer } from 'node:http';
  createServer((request, response) => response.end('{}')).listen(Number(process.env.PORT), '127.0.0.1');
`;

/** Waits for a file that another worker writes, and notes what begins and ends. */
const TOOLS = `
  import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
  export const note = (line) => appendFileSync('order', line + '\\n');
  export const say = (name) => writeFileSync(name, '');
  export async function until(name) {
    for (let tries = 0; !existsSync(name); tries += 1) {
      if (tries > 400) throw new Error('nobody wrote ' + name);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
`;

const FILES = {
  'greenroom.config.ts': `
    import { command, defineConfig, http } from 'greenroom';
    const db = command({ run: ['node', 'server.mjs'], ready: http('/') });
    const own = command({ run: ['node', 'server.mjs'], ready: http('/'), scope: 'worker' });
    export default defineConfig({ resources: { db, own }, linger: 0 });
  `,
  'server.mjs': SERVER,
  'tools.mjs': TOOLS,
  'vitest.config.ts': `
    import greenroom from 'greenroom/vitest';
    export default { plugins: [greenroom()], test: { include: ['specs/{alone,others}.test.ts'], maxWorkers: 2, testTimeout: 20000 } };
  `,
  'specs/alone.test.ts': `
    import { beforeAll, describe, expect } from 'vitest';
    import { chaos, endpoint, exclusive, healed, test } from 'greenroom/vitest';
    import { note, say, until } from '../tools.mjs';

    beforeAll(async () => {
      await until('others-began');
      say('asks');
    }, 20000);

    describe('alone', () => {
      exclusive('db');
      test.each([1, 2])('survives a kill %i', async (nth) => {
        note('alone+');
        await chaos('db').kill();
        await healed('db', { atLeast: nth });
        expect((await fetch(endpoint('db').url)).ok).toBe(true);
        note('alone-');
      });
    });

    test('is refused without', async () => {
      await expect(chaos('db').kill()).rejects.toThrow(/shared with other workers[^]*NOT_EXCLUSIVE[^]*exclusive\\('db'\\)/);
      await expect(chaos('nothing').kill()).rejects.toThrow('UNKNOWN_RESOURCE');
    });

    test('kills its own', async () => {
      await chaos('own').kill();
    });
  `,
  'specs/others.test.ts': `
    import { expect, test } from 'vitest';
    import { note, say, until } from '../tools.mjs';

    test.each(Array.from({ length: 30 }, (_, index) => index))('uses it %i', async (index) => {
      note('other+');
      if (index === 0) {
        say('others-began');
        await until('asks');
      }
      for (let calls = 0; calls < 10; calls += 1) expect((await fetch(process.env.GREENROOM_DB_URL)).ok).toBe(true);
      note('other-');
    });
  `,
};

test.each(MAJORS)(
  'Vitest %i: specs of other workers are held while one breaks what it has to itself',
  async (major) => {
    await using project = vitestProject(FILES, { major });
    const { files, output } = await project.vitest('run');
    const results = files.flatMap(({ assertionResults }) => assertionResults);
    expect(
      results.filter(({ status }) => status !== 'passed'),
      output,
    ).toEqual([]);
    expect(results).toHaveLength(34);
    expect(output).toMatch(/stopped by lease \d+, pid \d+/);

    const lines = readFileSync(`${project.dir}/order`, 'utf8').trim().split('\n');
    expect(lines.filter((line) => line === 'alone-')).toHaveLength(2);
    // Each begins when the one before is over.
    for (const [index, line] of lines.entries()) {
      if (line.endsWith('+')) expect(lines[index + 1], lines.join(' ')).toBe(line.replace('+', '-'));
    }
    await project.nothingLeft();
  },
);
