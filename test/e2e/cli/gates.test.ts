import { expect, test } from 'vitest';
import { cliProject } from '../../support/cli-project.ts';

/** Healthy at once; synced from its fifth answer about it on. `slow` is never synced. */
const FILES = {
  'server.mjs': `import { createServer } from 'node:http';
let asked = 0;
createServer(({ url }, response) => {
  if (url === '/catalog') asked += 1;
  response.end(JSON.stringify(asked >= 5));
}).listen(Number(process.env.PORT), '127.0.0.1');
`,
  'greenroom.config.ts': `import { command, defineConfig, gate, http } from 'greenroom';
const api = command({ run: ['node', 'server.mjs'], ready: http('/health') });
const slow = command({ run: ['node', 'server.mjs'], ready: http('/health') });
export default defineConfig({
  resources: { api, slow },
  gates: {
    catalog: gate({ needs: { api }, probe: http('api', '/catalog', (synced) => synced) }),
    never: gate({ needs: { api, slow }, probe: http('slow', '/health', () => false), timeout: 300 }),
  },
  env: ({ api }) => ({ API_URL: api.url }),
  linger: 0,
});
`,
  'spec.mjs': `const answer = await fetch(process.env.API_URL);
console.log('synced:', await answer.json());
`,
};

test('run and exec begin when the gates over what they need are open, and end with 12 when one stays shut', async () => {
  await using project = cliProject(FILES);
  const run = await project.greenroom('run', '--needs', 'api', '--', 'node', 'spec.mjs');
  expect(run).toMatchObject({ code: 0, stdout: 'synced: true' });
  expect(run.stderr).toMatch(/gate catalog +open/);

  for (const command of [['run'], ['exec', '--procs', '2']]) {
    const shut = await project.greenroom(...command, '--', 'node', 'spec.mjs');
    expect(shut).toMatchObject({ code: 12, stdout: '' });
    expect(shut.stderr).toContain('gate never did not open within 300 ms: it is closed: ');
  }
  await project.nothingLeft();
});
