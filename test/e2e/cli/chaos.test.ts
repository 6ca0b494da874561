import { expect, test } from 'vitest';
import { cliProject } from '../../support/cli-project.ts';

test('chaos kills a resource that is up, which is healed; the incident says who it was', async () => {
  await using project = cliProject();
  expect(await project.greenroom('up')).toMatchObject({ code: 0 });
  expect(await project.greenroom('chaos', 'kill', 'store')).toMatchObject({ code: 0, stdout: 'store was killed' });
  expect(await project.greenroom('up')).toMatchObject({ code: 0 });
  const [picture] = JSON.parse((await project.greenroom('status', '--json')).stdout) as readonly {
    readonly state: { readonly incidents: readonly unknown[] };
  }[];
  expect(picture?.state.incidents).toMatchObject([{ id: 'I-1', resource: 'store', stopped: {}, restarts: 1 }]);
  expect(await project.greenroom('down')).toMatchObject({ code: 0 });
});

test('chaos says what is wrong, and ends with 2', async () => {
  await using project = cliProject();
  expect(await project.greenroom('chaos', 'kill', 'store')).toMatchObject({ code: 2 });
  expect(await project.greenroom('up')).toMatchObject({ code: 0 });
  const act = await project.greenroom('chaos', 'kil', 'store');
  expect(act).toMatchObject({ code: 2 });
  expect(act.stderr).toContain('did you mean `kill`');
  const unknown = await project.greenroom('chaos', 'kill', 'stor');
  expect(unknown).toMatchObject({ code: 2 });
  expect(unknown.stderr).toContain('UNKNOWN_RESOURCE');
  expect(await project.greenroom('down')).toMatchObject({ code: 0 });
});
