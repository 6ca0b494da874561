import { expect, test } from 'vitest';
import { cliProject } from '../../support/cli-project.ts';

const at = Date.UTC(2026, 0, 1, 12, 0, 0);

/** As the Vitest plugin leaves it. */
const RUN = {
  '.greenroom/runs/r1/summary.json': JSON.stringify({
    v: 1,
    run: 'r1',
    counts: { collected: 9, passed: 5, failed: 3, skipped: 0, interrupted: 0, neverRan: 1, estimatedFiles: 0 },
    verdicts: [
      {
        file: 'specs/cart.test.ts',
        name: 'cart > adds',
        line: 42,
        verdict: 'LOGIC',
        error: 'expected 2 to be 3',
        evidence: [],
      },
      {
        file: 'specs/orders.test.ts',
        name: 'ships',
        line: 12,
        verdict: 'INFRA',
        code: 'RESOURCE_LOST',
        incident: 'I-1',
        error: 'fetch failed\nand more',
        evidence: [{ kind: 'incident', text: 'db was killed (SIGKILL)', at }],
      },
      {
        file: 'specs/orders.test.ts',
        name: 'restocks',
        line: 77,
        verdict: 'UNSURE',
        incident: 'I-1',
        error: 'Test timed out in 500ms.',
        evidence: [{ kind: 'incident', text: 'time ran out while it could use db', at }],
      },
      {
        file: 'specs/late.test.ts',
        name: 'waits',
        verdict: 'NEVER_RAN',
        evidence: [{ kind: 'run', text: 'the run was over before it', at }],
      },
    ],
    incidents: [
      {
        id: 'I-1',
        resource: 'db',
        from: at,
        until: at + 2100,
        text: 'I-1 db: db was killed',
        log: ['a', 'b', 'FATAL'],
      },
    ],
    interrupted: [],
    exitCode: 1,
  }),
  // Of a run that is being written.
  '.greenroom/runs/r2/summary.json': '{',
};
const TIME = /\d\d:\d\d:\d\d/g;

test('explain says of all that failed why', async () => {
  await using project = cliProject(RUN);
  const { code, stdout, stderr } = await project.greenroom('explain');
  expect(code, stderr).toBe(0);
  expect(stdout.replaceAll(TIME, '<time>')).toMatchInlineSnapshot(`
    "LOGIC  specs/cart.test.ts:42  cart > adds  look at your code
      error: expected 2 to be 3
      nothing of the infrastructure is known to have been wrong while it ran

    INFRA  specs/orders.test.ts:12  ships  not your code
      error: fetch failed
      <time> incident: db was killed (SIGKILL)
      I-1 db: db was killed
        | a
        | b
        | FATAL
      next: greenroom logs db
      code: RESOURCE_LOST

    UNSURE  specs/orders.test.ts:77  restocks  needs a rerun
      error: Test timed out in 500ms.
      <time> incident: time ran out while it could use db
      I-1 db: db was killed
        | a
        | b
        | FATAL
      next: greenroom logs db
      next: npx vitest run specs/orders.test.ts -t "restocks"

    NEVER_RAN  specs/late.test.ts  waits  not begun
      <time> run: the run was over before it"
  `);
});

test('explain says it of one spec: by its file and line, its file, or a part of its name', async () => {
  await using project = cliProject(RUN);
  const explained = async (spec: string): Promise<readonly string[]> => {
    const { stdout } = await project.greenroom('explain', spec, '--json');
    return (JSON.parse(stdout) as { readonly name: string }[]).map(({ name }) => name);
  };
  expect(await explained('specs/orders.test.ts:77')).toEqual(['restocks']);
  expect(await explained('./specs/orders.test.ts')).toEqual(['ships', 'restocks']);
  expect(await explained('orders.test.ts:12')).toEqual(['ships']);
  expect(await explained('add')).toEqual(['cart > adds']);
});

test('explain says what is wrong, and ends with 2', async () => {
  await using project = cliProject(RUN);
  const unknown = await project.greenroom('explain', 'specs/ordres.test.ts');
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toMatchInlineSnapshot(`
    "error: nothing in the last run that failed or never ran is called \`specs/ordres.test.ts\`; did you mean \`specs/orders.test.ts\`? [UNKNOWN_SPEC]
      hint:  5 of its 9 specs passed; what failed is in specs/cart.test.ts, specs/orders.test.ts, specs/late.test.ts"
  `);
  await using fresh = cliProject({});
  const none = await fresh.greenroom('explain');
  expect(none).toMatchObject({ code: 2 });
  expect(none.stderr).toContain('NO_RUN');
});
