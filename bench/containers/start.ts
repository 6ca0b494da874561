import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause } from '../../src/platform/deadline.ts';
import { podman } from '../../test/support/engine.ts';
import { BUSYBOX } from '../../test/support/images.ts';
import type { Effort } from '../effort.ts';
import { withRig } from '../rig.ts';
import { round, type Row } from '../row.ts';
import { median, percentile, repeat, spread } from '../stats.ts';

const IMAGE = 'localhost/greenroom-bench/service';
const PORT = 8080;
const POLL_MS = 5;
/** What each container needs, and how many units of time it waits before it listens. */
const GRAPH: Readonly<Record<string, { readonly units: number; readonly needs: readonly string[] }>> = {
  database: { units: 1, needs: [] },
  cache: { units: 0.5, needs: [] },
  api: { units: 1, needs: ['database', 'cache'] },
};

/** Three containers of which one needs the others, their image there, over the same started by hand. */
export async function warmStart({ generations, startSeconds }: Effort): Promise<Row[]> {
  return withImage(async () => {
    const samples = await repeat(Math.ceil(generations / 4), async () => {
      return { critical: await byHand(startSeconds), greenroom: await byGreenroom(startSeconds) };
    });
    return [
      {
        name: 'three containers, warm, over their critical path',
        value: round(median(samples.map(({ critical, greenroom }) => greenroom / critical))),
        unit: '×',
        goal: 1.1,
        note: `${spread(samples.map(({ greenroom }) => greenroom))}; by hand ${spread(samples.map(({ critical }) => critical))}`,
      },
    ];
  });
}

/** From the moment a server in a container listens to the moment a waiting member knows it. */
export async function listening({ generations, startSeconds }: Effort): Promise<Row[]> {
  return withImage(async () => {
    const samples = await repeat(Math.ceil(generations / 2), () =>
      withRig(configOf({ only: { units: 1, needs: [] } }, startSeconds), async ({ session }) => {
        await session.wait({ resources: null });
        const ready = uptime();
        const log = readFileSync(join(session.welcome.logDir, 'only.log'), 'utf8');
        return ready - Number(/^listens (\d+\.\d+)/m.exec(log)?.[1]) * 1_000;
      }),
    );
    return [
      {
        name: 'a container listens to a waiting member knows it, p50',
        value: round(percentile(samples, 0.5)),
        unit: 'ms',
        goal: 50,
        note: `${spread(samples)}; the clock has steps of 10 ms`,
      },
    ];
  });
}

/** Milliseconds since the machine was booted: the one clock that a container without any tools can read. */
const uptime = (): number => Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1_000;

async function withImage<T>(use: () => Promise<T>): Promise<T> {
  const context = mkdtempSync(join(tmpdir(), 'greenroom-bench-service-'));
  try {
    copyFileSync(BUSYBOX, join(context, 'busybox'));
    writeFileSync(join(context, 'Containerfile'), 'FROM scratch\nCOPY busybox /bin/\n');
    await podman('build', '--pull=never', '--tag', IMAGE, context);
    return await use();
  } finally {
    rmSync(context, { recursive: true, force: true });
    await podman('rmi', '--force', IMAGE);
  }
}

const script = (seconds: number): readonly string[] => [
  '/bin/busybox',
  'sh',
  '-c',
  `/bin/busybox sleep ${seconds}; read -r now _ </proc/uptime; echo "listens $now"; exec /bin/busybox httpd -f -p ${PORT} -h /`,
];

/**
 * Milliseconds to the end of the critical path, as a good script has it: on one network, each as soon as what it needs
 * listens. What starts at the same time has the machine's cores in common, as it has with Greenroom.
 */
async function byHand(startSeconds: number): Promise<number> {
  const network = `greenroom-bench-${process.pid}`;
  const before = performance.now();
  await podman('network', 'create', network);
  const listens = new Map<string, Promise<void>>();
  for (const [name, { units, needs }] of Object.entries(GRAPH)) {
    const needed = Promise.all(needs.map(async (need) => listens.get(need)));
    listens.set(
      name,
      needed.then(() => untilListens(`${network}-${name}`, network, units * startSeconds)),
    );
  }
  try {
    await Promise.all(listens.values());
    return performance.now() - before;
  } finally {
    await Promise.allSettled(listens.values());
    for (const name of listens.keys()) await podman('rm', '--force', '--ignore', '--time', '0', `${network}-${name}`);
    await podman('network', 'rm', network);
  }
}

async function untilListens(name: string, network: string, seconds: number): Promise<void> {
  const options = ['--detach', '--pull=never', '--network', network, '--publish', `127.0.0.1::${PORT}`];
  await podman('run', '--name', name, ...options, IMAGE, ...script(seconds));
  const address = await podman('port', name, String(PORT));
  while (!(await fetch(`http://${address}/`).then(Boolean, () => false))) await pause(POLL_MS);
}

function byGreenroom(startSeconds: number): Promise<number> {
  return withRig(configOf(GRAPH, startSeconds), async ({ session }) => {
    const before = performance.now();
    await session.wait({ resources: null });
    return performance.now() - before;
  });
}

function configOf(graph: typeof GRAPH, startSeconds: number): string {
  const constants = Object.entries(graph).map(([name, { units, needs }]) => {
    const command = JSON.stringify(script(units * startSeconds));
    return `const ${name} = container({ image: '${IMAGE}', port: ${PORT}, command: ${command}, needs: { ${needs.join(', ')} } });`;
  });
  return `(() => { ${constants.join('\n')} return { resources: { ${Object.keys(graph).join(', ')} }, linger: 0 }; })()`;
}
