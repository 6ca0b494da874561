/** Who has no slot has no port of a gateway, and uses the one that is nobody's. */
import { expect, test } from 'vitest';
import { gateway } from '../../../src/gateway/index.ts';
import { Project } from '../../support/project.ts';

const CONFIG = `
const api = command({ run: ['node', 'service.mjs'], gateway: {} });
export default defineConfig({ resources: { api }, workers: 1, linger: 0 });
`;

test('a member without a slot sees the whole behind the gateway, a worker its own port', async () => {
  await using project = new Project(CONFIG);
  const [runner, worker] = await Promise.all([project.join('runner'), project.join('worker')]);
  const { endpoints: worker1 } = await worker.ready();
  const { endpoints: nobody, env } = await runner.ready();

  expect(env.GREENROOM_API_URL).toBe(nobody.api.url);
  expect(nobody.api.port).not.toBe(worker1.api.port);
  const pids = await Promise.all(
    [nobody, worker1].map(async ({ api }) => ((await (await fetch(api.url)).json()) as { pid: number }).pid),
  );
  expect(new Set(pids).size).toBe(1);
  expect(await gateway(nobody.api).exchanges()).toMatchObject([{ resource: 'api', status: 200 }]);
  expect(await gateway(worker1.api).exchanges()).toMatchObject([{ slot: worker1.api.gatewaySlot, status: 200 }]);

  runner.kill();
  worker.kill();
});
